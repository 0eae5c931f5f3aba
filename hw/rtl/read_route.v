// Sends the bursts of one client to memory or to the scratchpad, and gives it the answers in order: where it turns from one to the other, all
// bursts of the first are answered before. A burst waits here until it is taken: one cycle at least, and one in two cycles at most.
`default_nettype none

module read_route #(
    parameter BusBytes = 16  // bytes of a beat
) (
    input wire clk_i,
    input wire rst_i,

    // client: the burst lies on the chip
    input  wire                  req_valid_i,
    output wire                  req_ready_o,
    input  wire                  req_on_chip_i,
    input  wire [          31:0] req_addr_i,
    input  wire [           8:0] req_beats_i,
    output wire                  rsp_valid_o,
    output wire [BusBytes*8-1:0] rsp_data_o,
    output wire                  rsp_last_o,

    // the burst, for memory and scratchpad
    output reg  [31:0] addr_o,
    output reg  [ 8:0] beats_o,

    // memory: at most 16 bursts wait for answers there
    output wire                  memory_valid_o,
    input  wire                  memory_ready_i,
    input  wire                  memory_rsp_valid_i,
    input  wire [BusBytes*8-1:0] memory_rsp_data_i,
    input  wire                  memory_rsp_last_i,

    // scratchpad
    output wire                  chip_valid_o,
    input  wire                  chip_ready_i,
    input  wire                  chip_rsp_valid_i,
    input  wire [BusBytes*8-1:0] chip_rsp_data_i,
    input  wire                  chip_rsp_last_i
);
  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  reg held_q, held_on_chip_q;  // a burst waits here
  reg on_chip_q;      // where the last burst went
  reg [5:0] open_q;   // bursts there that are not answered
  reg none_q;         // there are none
  wire may = held_q && (none_q || on_chip_q == held_on_chip_q);
  wire taken = may && (held_on_chip_q ? chip_ready_i : memory_ready_i);
  wire answered = rsp_valid_o && rsp_last_o;

  assign memory_valid_o = may && !held_on_chip_q;
  assign chip_valid_o = may && held_on_chip_q;
  assign req_ready_o = !held_q;

  always @(posedge clk_i) begin
    if (rst_i) open_q <= 6'd0;
    else open_q <= open_q + {5'd0, taken} - {5'd0, answered};
    if (rst_i) none_q <= 1'b1;
    else if (taken != answered) none_q <= answered && open_q == 6'd1;
    if (rst_i) held_q <= 1'b0;
    else held_q <= held_q ? !taken : req_valid_i;
  end
  always @(posedge clk_i) begin
    if (!held_q) {held_on_chip_q, addr_o, beats_o} <= {req_on_chip_i, req_addr_i, req_beats_i};
    if (taken) on_chip_q <= held_on_chip_q;
  end

  assign rsp_valid_o = memory_rsp_valid_i || chip_rsp_valid_i;
  assign rsp_data_o  = on_chip_q ? chip_rsp_data_i : memory_rsp_data_i;
  assign rsp_last_o  = on_chip_q ? chip_rsp_last_i : memory_rsp_last_i;
endmodule

`default_nettype wire
