// Pc products of int8 activations and 9-bit weights, their sum, and the accumulator, for one lane or for two on the same
// multipliers. Operands arrive beside their weights; acc_o holds the sum three cycles and log2(Pc) later.
// Of two lanes each multiplier makes two products of one operand (dual_product, dual_sum): a patch serves both in one cycle; windows and
// taps, of which each lane has its own, take turns. The first lane's bits of a port are the low ones.
// Windows that lie side by side take no turns: the second lane's taps follow those of the first on the multipliers, and the last two,
// where there is no place for them, have multipliers of their own. Their weights stand at the first places of the second lane's word,
// which has zeros at all others where the first lane's taps are.
// A maximum starts at the bias and takes the greater of the accumulator and the product, both int8: its weight is 1.
`default_nettype none

module mac_lane #(
    parameter Lanes     = 1,  // 1, or 2 that share multipliers
    parameter Beside    = 0,  // 1: windows of two lanes lie side by side
    parameter Pc        = 8,  // multipliers
    parameter Taps      = 9,  // depthwise window
    parameter StepW     = 1,  // bits of the depthwise step
    parameter AccW      = 32,  // bits of an accumulator, at most 32
    parameter NarrowWeights = 0,  // 1: of two lanes, -127 to 127, which makes sums in DSP blocks
    parameter SerialMax = 0   // 1: a serial phase may keep its greatest tap instead of the sum
) (
    input wire clk_i,

    // operands: a patch word for all lanes, a window, or one tap
    input wire [             1:0] kind_i,    // 0 conv, 1 depthwise, 2 serial, 3 serial maximum
    input wire [        Pc*8-1:0] patch_i,
    input wire [Lanes*Taps*8-1:0] window_i,
    input wire [       StepW-1:0] step_i,    // depthwise: which Pc taps of the window
    input wire [     Lanes*8-1:0] tap_i,     // serial
    input wire [          Pc-1:0] tap_at_i,  // serial: one-hot multiplier
    input wire                    odd_i,     // depthwise, serial: the second lane's turn
    input wire [  Lanes*Pc*9-1:0] weights_i,

    // accumulate, two cycles and log2(Pc) after the operands
    input  wire [   Lanes-1:0] valid_i,
    input  wire                first_i,
    input  wire                greatest_i,  // the greater one, not the sum
    input  wire [Lanes*32-1:0] bias_i,
    output wire [Lanes*AccW-1:0] acc_o
);
  localparam Steps = (Taps + Pc - 1) / Pc;
  localparam InBlocks = (NarrowWeights != 0) ? 4 : 1;  // products that are added before the tree
  localparam TreeTerms = Pc / InBlocks;
  localparam ProductW = (Lanes == 1) ? 17 : 16;
  localparam TermW = ProductW + $clog2(InBlocks);
  localparam SumW = ProductW + $clog2(Pc);
  localparam Last = Lanes - 1;
  // of the second lane's taps beside the first lane's: those with multipliers of their own
  localparam Extra = (Beside != 0 && 2 * Taps > Pc) ? 2 * Taps - Pc : 0;

  generate
    if (Lanes != 1 && Lanes != 2) begin : gen_bad_lanes
      firebrick_error_lanes_must_be_1_or_2 u_error ();
    end
    if (Beside != 0 && (Lanes != 2 || Taps > Pc || 2 * Taps > Pc + 2)) begin : gen_bad_beside
      firebrick_error_windows_side_by_side_are_those_of_two_lanes_and_fit_pc_and_2 u_error ();
    end
    if (SerialMax != 0 && SerialMax != 1) begin : gen_bad_max
      firebrick_error_serial_max_must_be_0_or_1 u_error ();
    end
    if (AccW <= SumW || AccW > 32) begin : gen_bad_accumulator
      firebrick_error_acc_w_must_be_more_than_a_sum_has_and_at_most_32 u_error ();
    end
    if (Pc < 2) begin : gen_bad_multipliers
      firebrick_error_pc_must_be_at_least_2 u_error ();
    end
    if (NarrowWeights != 0 && (NarrowWeights != 1 || Lanes != 2 || Pc < 8)) begin : gen_bad_weights
      firebrick_error_narrow_weights_must_be_0_or_of_two_lanes_and_8_multipliers_1 u_error ();
    end
    if (Taps < 1 || Taps > (Pc << StepW)) begin : gen_bad_taps
      firebrick_error_taps_must_be_at_least_1_and_step_w_reach_them u_error ();
    end
  endgenerate

  wire [Taps*8-1:0] own = odd_i ? window_i[Last*Taps*8+:Taps*8] : window_i[0+:Taps*8];
  wire [7:0] tap = odd_i ? tap_i[Last*8+:8] : tap_i[0+:8];
  wire [Steps*Pc*8-1:0] window;  // with zeros behind the last tap
  wire [Pc*8-1:0] operands;
  wire [Pc*9-1:0] second_weights;
  wire [TreeTerms*TermW-1:0] extra_terms;  // of the second lane
  wire [Lanes*TreeTerms*TermW-1:0] terms;  // of the tree

  genvar j;
  generate
    for (j = 0; j < Steps * Pc; j = j + 1) begin : gen_window
      if (Beside != 0 && j >= Taps && j < 2 * Taps) begin : gen_beside
        assign window[j*8+:8] = window_i[j*8+:8];
      end else if (j < Taps) begin : gen_tap
        assign window[j*8+:8] = own[j*8+:8];
      end else begin : gen_none
        assign window[j*8+:8] = 8'd0;
      end
    end
    for (j = 0; j < Pc; j = j + 1) begin : gen_multiplier
      wire [7:0] tap_of_window;
      if (Steps == 1) begin : gen_one_step
        assign tap_of_window = window[j*8+:8];
      end else begin : gen_steps
        assign tap_of_window = window[(step_i*Pc+j)*8+:8];
      end
      assign operands[j*8+:8] = (kind_i == 2'd1) ? tap_of_window : kind_i[1] ? (tap_at_i[j] ? tap : 8'd0) : patch_i[j*8+:8];
      if (j < Extra) begin : gen_extra
        assign second_weights[j*9+:9] = (kind_i == 2'd1) ? 9'd0 : weights_i[(Pc+j)*9+:9];
      end else begin : gen_own
        assign second_weights[j*9+:9] = weights_i[(Last*Pc+j)*9+:9];
      end
    end
    for (j = 0; j < TreeTerms; j = j + 1) begin : gen_term
      if (Lanes == 1) begin : gen_one_product
        reg signed [7:0] x_q;
        reg signed [8:0] weight_q;
        reg signed [ProductW-1:0] product_q;
        always @(posedge clk_i) begin
          x_q <= operands[j*8+:8];
          weight_q <= weights_i[j*9+:9];
          product_q <= x_q * weight_q;
        end
        assign terms[j*TermW+:TermW] = product_q;
      end else if (NarrowWeights != 0) begin : gen_two_sums
        wire [TermW-1:0] sum1;
        dual_sum u_sum (
            .clk_i(clk_i),
            .a1_i (second_weights[4*j*9+:36]),
            .a0_i (weights_i[4*j*9+:36]),
            .b_i  (operands[4*j*8+:32]),
            .s1_o (sum1),
            .s0_o (terms[j*TermW+:TermW])
        );
        assign terms[(TreeTerms+j)*TermW+:TermW] = sum1 | extra_terms[j*TermW+:TermW];
      end else begin : gen_two_products
        wire [TermW-1:0] product1;
        dual_product u_product (
            .clk_i(clk_i),
            .a1_i (second_weights[j*9+:9]),
            .a0_i (weights_i[j*9+:9]),
            .b_i  (operands[j*8+:8]),
            .p1_o (product1),
            .p0_o (terms[j*TermW+:TermW])
        );
        assign terms[(TreeTerms+j)*TermW+:TermW] = product1 | extra_terms[j*TermW+:TermW];
      end
    end
  endgenerate

  // terms of the taps with multipliers of their own, where the second lane's other terms of a window are zero
  localparam Extras = 2;
  wire [Extras*ProductW-1:0] extra_products;
  generate
    for (j = 0; j < Extras; j = j + 1) begin : gen_extra_product
      if (j < Extra) begin : gen_multiplier
        reg signed [7:0] x_q;
        reg signed [8:0] weight_q;
        reg signed [ProductW-1:0] product_q;
        always @(posedge clk_i) begin
          x_q <= (kind_i == 2'd1) ? window_i[(Pc+j)*8+:8] : 8'd0;
          weight_q <= weights_i[(Pc+j)*9+:9];
          product_q <= x_q * weight_q;
        end
        assign extra_products[j*ProductW+:ProductW] = product_q;
      end else begin : gen_none
        assign extra_products[j*ProductW+:ProductW] = {ProductW{1'b0}};
      end
    end
    if (Extra == 0) begin : gen_no_extras
      assign extra_terms = {TreeTerms * TermW{1'b0}};
      wire unused_extra = &{1'b0, extra_products};
    end else if (InBlocks == 1) begin : gen_extras
      assign extra_terms = {{(TreeTerms - Extras) * TermW{1'b0}}, extra_products};
    end else begin : gen_sum_of_extras
      wire [TermW-2:0] sum;
      adder_tree #(
          .Count(Extras),
          .Width(ProductW)
      ) u_sum (
          .clk_i  (clk_i),
          .terms_i(extra_products),
          .sum_o  (sum)
      );
      reg [TermW-2:0] sum_q;
      always @(posedge clk_i) sum_q <= sum;
      assign extra_terms = {{(TreeTerms - 1) * TermW{1'b0}}, sum_q[TermW-2], sum_q};
    end
  endgenerate

  wire unused_step = &{1'b0, step_i};
  wire unused_greatest = &{1'b0, greatest_i};
  wire unused_bias = &{1'b0, bias_i};
  wire unused_second = &{1'b0, second_weights, extra_terms};

  genvar i;
  generate
    for (i = 0; i < Lanes; i = i + 1) begin : gen_sum
      reg [AccW-1:0] acc_q;
      wire signed [SumW-1:0] sum;
      adder_tree #(
          .Count(TreeTerms),
          .Width(TermW)
      ) u_tree (
          .clk_i  (clk_i),
          .terms_i(terms[i*TreeTerms*TermW+:TreeTerms*TermW]),
          .sum_o  (sum)
      );
      wire [AccW-1:0] base = first_i ? bias_i[i*32+:AccW] : acc_q;
      wire [AccW-1:0] term = {{(AccW - SumW) {sum[SumW-1]}}, sum};
      wire [AccW-1:0] kept, added;
      if (SerialMax != 0) begin : gen_max
        wire greater = $signed(sum[7:0]) > $signed(base[7:0]);
        assign kept  = base & {AccW{!(greatest_i && greater)}};
        assign added = term & {AccW{!(greatest_i && !greater)}};
      end else begin : gen_no_max
        assign kept  = base;
        assign added = term;
      end
      always @(posedge clk_i) if (valid_i[i]) acc_q <= kept + added;
      assign acc_o[i*AccW+:AccW] = acc_q;
    end
  endgenerate
endmodule

`default_nettype wire
