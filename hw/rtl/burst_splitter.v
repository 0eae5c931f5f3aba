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

    // command: address on a beat boundary, at least one beat; beats of its first burst, and whether that is the only one (first_burst)
    input  wire               cmd_valid_i,
    output wire               cmd_ready_o,
    input  wire [       31:0] cmd_addr_i,
    input  wire [       15:0] cmd_beats_i,
    input  wire [        8:0] cmd_first_i,
    input  wire               cmd_last_i,
    input  wire [TagBits-1:0] cmd_tag_i,

    // bursts; last marks the final burst of the command
    output wire               burst_valid_o,
    input  wire               burst_ready_i,
    output wire [       31:0] burst_addr_o,
    output wire [        8:0] burst_beats_o,
    output wire [       15:0] burst_rest_o,   // beats of the command behind this burst
    output wire               burst_last_o,
    output wire [TagBits-1:0] burst_tag_o
);
  localparam WindowBits = $clog2(Window);
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
  reg [TagBits-1:0] tag_q;
  // of this burst, made with its address: whoever takes it need not wait for them
  reg [8:0] beats_q;
  reg [15:0] rest_q;  // beats behind it
  reg last_q;

  wire free = !valid_q || burst_ready_i;  // for a burst: the next one of the command, or the first of another
  wire more = valid_q && !last_q;
  // every later burst begins at a window
  wire next_last = rest_q <= WindowBeats[15:0];

  assign cmd_ready_o   = free && !more;
  assign burst_valid_o = valid_q;
  assign burst_addr_o  = addr_q;
  assign burst_beats_o = beats_q;
  assign burst_rest_o  = rest_q;
  assign burst_last_o  = last_q;
  assign burst_tag_o   = tag_q;

  // as `if (cmd_ready_o) valid_q <= cmd_valid_i`, without the wait for what is ready: burst_ready_i comes late
  wire stays = valid_q && !(burst_ready_i && last_q);
  always @(posedge clk_i) begin
    if (rst_i) valid_q <= 1'b0;
    else valid_q <= stays || cmd_valid_i;
  end

  always @(posedge clk_i)
    if (free) begin
      if (more) begin
        addr_q  <= {addr_q[31:WindowBits] + {{(31 - WindowBits) {1'b0}}, 1'b1}, {WindowBits{1'b0}}};
        rest_q  <= next_last ? 16'd0 : rest_q - WindowBeats[15:0];
        last_q  <= next_last;
        beats_q <= next_last ? rest_q[8:0] : WindowBeats[8:0];
      end else begin
        addr_q  <= cmd_addr_i;
        rest_q  <= cmd_beats_i - {7'd0, cmd_first_i};
        tag_q   <= cmd_tag_i;
        last_q  <= cmd_last_i;
        beats_q <= cmd_first_i;
      end
    end
endmodule

`default_nettype wire
