// Two products that share an operand in one DSP48E2 (Xilinx UltraScale+): (a1 * 2^16 + a0) * b, which synthesis recognises.
// A negative a0 * b borrows one from the upper product, which its sign gives back.
`default_nettype none

module dual_product (
    input wire clk_i,

    input  wire [ 8:0] a1_i,  // signed, -255 to 255
    input  wire [ 8:0] a0_i,
    input  wire [ 7:0] b_i,
    output wire [15:0] p1_o,  // two cycles later
    output wire [15:0] p0_o
);
  reg signed [24:0] a_q;
  reg signed [7:0] b_q;
  (* use_dsp = "yes" *) reg signed [32:0] product_q;
  always @(posedge clk_i) begin
    a_q <= {a1_i, 16'd0} + {{16{a0_i[8]}}, a0_i};
    b_q <= b_i;
    product_q <= a_q * b_q;
  end
  assign p0_o = product_q[15:0];
  assign p1_o = product_q[31:16] + {15'd0, product_q[15]};
  wire unused_sign = product_q[32];
endmodule

`default_nettype wire
