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
      // a register each: simulators are slow with parts of a long one
      for (i = 0; i < (Count >> (level + 1)); i = i + 1) begin : gen_sum
        wire signed [InW-1:0] a, b;
        reg signed [InW:0] sum_q;
        if (level == 0) begin : gen_first
          assign {b, a} = terms_i[2*i*InW+:2*InW];
        end else begin : gen_next
          assign a = gen_level[level-1].gen_sum[2*i].sum_q;
          assign b = gen_level[level-1].gen_sum[2*i+1].sum_q;
        end
        always @(posedge clk_i) sum_q <= a + b;
      end
    end
  endgenerate
  assign sum_o = gen_level[Levels-1].gen_sum[0].sum_q;
endmodule

`default_nettype wire
