// Two products that share an operand: a1 * b and a0 * b. Twin of the vendors' parts of this name, each one DSP block.
// Weights less their zero point are -255 to 255: with -256 a product of 32768 would not fit 16 bits.
`default_nettype none

module dual_product (
    input wire clk_i,

    input  wire [ 8:0] a1_i,  // signed, -255 to 255
    input  wire [ 8:0] a0_i,
    input  wire [ 7:0] b_i,
    output wire [15:0] p1_o,  // two cycles later
    output wire [15:0] p0_o
);
  reg signed [8:0] a1_q, a0_q;
  reg signed [7:0] b_q;
  reg signed [15:0] p1_q, p0_q;
  always @(posedge clk_i) begin
    {a1_q, a0_q, b_q} <= {a1_i, a0_i, b_i};
    p1_q <= a1_q * b_q;
    p0_q <= a0_q * b_q;
  end
  assign p1_o = p1_q;
  assign p0_o = p0_q;
endmodule

`default_nettype wire
