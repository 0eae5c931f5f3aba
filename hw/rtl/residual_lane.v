// TFLite's ADD for one lane: both operands shifted left by 20, scaled to a common scale, summed, scaled to the result.
// With enable_i low the first operand passes. Nine cycles.
`default_nettype none

module residual_lane (
    input wire clk_i,

    // operands, and the constants of the layer beside them: two Q0.31 multipliers, right shifts, zero points
    input wire        enable_i,
    input wire [ 7:0] result_i,
    input wire [ 7:0] residual_i,
    input wire [ 7:0] result_zero_i,
    input wire [ 7:0] residual_zero_i,
    input wire [31:0] result_multiplier_i,
    input wire [31:0] residual_multiplier_i,
    input wire [ 4:0] result_right_i,
    input wire [ 4:0] residual_right_i,

    // constants of the sum, five cycles after the operands
    input wire [31:0] sum_multiplier_i,
    input wire [ 4:0] sum_right_i,

    // constants of the output, eight cycles after the operands
    input wire [7:0] zero_point_i,
    input wire [7:0] min_i,
    input wire [7:0] max_i,

    output reg [7:0] sum_o
);
  // stage 1: differences from the zero points, times 2^20
  wire signed [8:0] a = {result_i[7], result_i} - {result_zero_i[7], result_zero_i};
  wire signed [8:0] b = {residual_i[7], residual_i} - {residual_zero_i[7], residual_zero_i};
  reg [31:0] a_q, b_q, a_multiplier_q, b_multiplier_q;
  reg [4:0] a_right_q, b_right_q;
  always @(posedge clk_i) begin
    a_q <= {{3{a[8]}}, a, 20'd0};
    b_q <= {{3{b[8]}}, b, 20'd0};
    a_multiplier_q <= result_multiplier_i;
    b_multiplier_q <= residual_multiplier_i;
    a_right_q <= result_right_i;
    b_right_q <= residual_right_i;
  end

  // stages 2 to 4
  wire [31:0] a_scaled;
  wire [31:0] b_scaled;
  fixed_scale u_a (
      .clk_i       (clk_i),
      .value_i     (a_q),
      .multiplier_i(a_multiplier_q),
      .right_i     (a_right_q),
      .scaled_o    (a_scaled)
  );
  fixed_scale u_b (
      .clk_i       (clk_i),
      .value_i     (b_q),
      .multiplier_i(b_multiplier_q),
      .right_i     (b_right_q),
      .scaled_o    (b_scaled)
  );

  // stage 5, then 6 to 8
  reg [31:0] sum_q;
  always @(posedge clk_i) sum_q <= a_scaled + b_scaled;
  wire [31:0] scaled;
  fixed_scale u_sum (
      .clk_i       (clk_i),
      .value_i     (sum_q),
      .multiplier_i(sum_multiplier_i),
      .right_i     (sum_right_i),
      .scaled_o    (scaled)
  );

  // stage 9
  wire [8:0] passed;
  delay_line #(
      .Width (9),
      .Stages(8)
  ) u_pass (
      .clk_i (clk_i),
      .rst_i (1'b0),
      .data_i({result_i, enable_i}),
      .data_o(passed)
  );
  wire signed [32:0] value = {scaled[31], scaled} + {{25{zero_point_i[7]}}, zero_point_i};
  wire signed [32:0] low = {{25{min_i[7]}}, min_i};
  wire signed [32:0] up = {{25{max_i[7]}}, max_i};
  always @(posedge clk_i) sum_o <= !passed[0] ? passed[8:1] : (value < low) ? min_i : (value > up) ? max_i : value[7:0];
endmodule

`default_nettype wire
