// Two products that share an operand: a1 * b and a0 * b. Twin of the vendors' parts of this name, each one DSP block.
// Weights less their zero point are -255 to 255: with -256 a product of 32768 would not fit 16 bits.
`default_nettype none

module dual_product (
    input wire clk_i,

    input  wire [ 8:0] a1_i,  // signed, -255 to 255
    input  wire [ 8:0] a0_i,
    input  wire [ 7:0] b_i,
    output wire [15:0] p1_o,  // one cycle later
    output wire [15:0] p0_o
);
  reg signed [15:0] p1_q, p0_q;
  always @(posedge clk_i) begin
    p1_q <= $signed(a1_i) * $signed(b_i);
    p0_q <= $signed(a0_i) * $signed(b_i);
  end
  assign p1_o = p1_q;
  assign p0_o = p0_q;
endmodule

`default_nettype wire
