// Two sums of four products, of pairs that share an operand: a1 * b and a0 * b. Twin of a vendor's part of this name.
// Weights are -127 to 127: a sum of four products fits 17 bits.
`default_nettype none

module dual_sum (
    input wire clk_i,

    input  wire [35:0] a1_i,  // signed, 9 bits each, -127 to 127
    input  wire [35:0] a0_i,
    input  wire [31:0] b_i,
    output wire [17:0] s1_o,  // four cycles later
    output wire [17:0] s0_o
);
  wire [63:0] p1, p0;
  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : gen_product
      dual_product u_product (
          .clk_i(clk_i),
          .a1_i (a1_i[i*9+:9]),
          .a0_i (a0_i[i*9+:9]),
          .b_i  (b_i[i*8+:8]),
          .p1_o (p1[i*16+:16]),
          .p0_o (p0[i*16+:16])
      );
    end
  endgenerate

  adder_tree #(
      .Count(4),
      .Width(16)
  ) u_sum1 (
      .clk_i  (clk_i),
      .terms_i(p1),
      .sum_o  (s1_o)
  );
  adder_tree #(
      .Count(4),
      .Width(16)
  ) u_sum0 (
      .clk_i  (clk_i),
      .terms_i(p0),
      .sum_o  (s0_o)
  );
endmodule

`default_nettype wire
