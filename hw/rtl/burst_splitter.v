// Cuts a transfer of any length into AXI bursts that stay inside aligned windows of at most 256 bytes.
// Latency: the first burst is offered one cycle after the command; one burst a cycle, commands back to back.
`default_nettype none

module burst_splitter #(
    parameter BusBytes = 16,  // bytes of a beat, 8 or 16
    parameter TagBits  = 1,   // bits that go with each burst of a command
    parameter Window   = 256  // bytes, 128 or 256
) (
    input wire clk_i,
    input wire rst_i,

    // command: address on a beat boundary, at least one beat
    input  wire               cmd_valid_i,
    output wire               cmd_ready_o,
    input  wire [       31:0] cmd_addr_i,
    input  wire [       15:0] cmd_beats_i,
    input  wire [TagBits-1:0] cmd_tag_i,

    // bursts; last marks the final burst of the command
    output wire               burst_valid_o,
    input  wire               burst_ready_i,
    output wire [       31:0] burst_addr_o,
    output wire [        8:0] burst_beats_o,
    output wire               burst_last_o,
    output wire [TagBits-1:0] burst_tag_o
);
  localparam LaneBits = $clog2(BusBytes);
  localparam WindowBits = $clog2(Window);
  localparam SlotBits = WindowBits - LaneBits;
  localparam WindowBeats = Window / BusBytes;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Window != 128 && Window != 256) begin : gen_bad_window
      firebrick_error_window_must_be_128_or_256 u_error ();
    end
  endgenerate

  reg valid_q;
  reg [31:0] addr_q;
  reg [15:0] left_q;
  reg [TagBits-1:0] tag_q;

  // beats from the address to the end of its window
  wire [8:0] room = WindowBeats[8:0] - {{(9 - SlotBits) {1'b0}}, addr_q[WindowBits-1:LaneBits]};
  wire last = left_q <= {7'd0, room};
  wire step = valid_q && burst_ready_i;

  assign cmd_ready_o   = !valid_q || (step && last);
  assign burst_valid_o = valid_q;
  assign burst_addr_o  = addr_q;
  assign burst_beats_o = last ? left_q[8:0] : room;
  assign burst_last_o  = last;
  assign burst_tag_o   = tag_q;

  always @(posedge clk_i) begin
    if (rst_i) valid_q <= 1'b0;
    else if (cmd_ready_o) valid_q <= cmd_valid_i;
  end

  always @(posedge clk_i) begin
    if (cmd_valid_i && cmd_ready_o) begin
      addr_q <= cmd_addr_i;
      left_q <= cmd_beats_i;
      tag_q  <= cmd_tag_i;
    end else if (step) begin
      addr_q <= {addr_q[31:WindowBits] + {{(31 - WindowBits) {1'b0}}, 1'b1}, {WindowBits{1'b0}}};
      left_q <= left_q - {7'd0, room};
    end
  end
endmodule

`default_nettype wire
