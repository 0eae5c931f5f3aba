// Sum of signed terms: sums of two, a register behind each, and so on. As many cycles late as Count has levels of two.
`default_nettype none

module adder_tree #(
    parameter Count = 8,  // terms, a power of two
    parameter Width = 16  // bits of a term
) (
    input wire clk_i,

    input  wire [          Count*Width-1:0] terms_i,
    output wire [Width+$clog2(Count)-1:0] sum_o
);
  localparam Levels = $clog2(Count);

  generate
    if (Count < 2 || Count != (1 << Levels) || Width < 1) begin : gen_bad_count
      firebrick_error_count_must_be_a_power_of_two_of_at_least_2 u_error ();
    end
  endgenerate

  genvar level, i;
  generate
    for (level = 0; level < Levels; level = level + 1) begin : gen_level
      localparam InW = Width + level;
      localparam Sums = Count >> (level + 1);
      wire [2*Sums*InW-1:0] terms;
      reg [Sums*(InW+1)-1:0] sums_q;
      if (level == 0) begin : gen_first
        assign terms = terms_i;
      end else begin : gen_next
        assign terms = gen_level[level-1].sums_q;
      end
      for (i = 0; i < Sums; i = i + 1) begin : gen_sum
        wire signed [InW-1:0] a = terms[2*i*InW+:InW];
        wire signed [InW-1:0] b = terms[(2*i+1)*InW+:InW];
        always @(posedge clk_i) sums_q[i*(InW+1)+:InW+1] <= a + b;
      end
    end
  endgenerate
  assign sum_o = gen_level[Levels-1].sums_q;
endmodule

`default_nettype wire
