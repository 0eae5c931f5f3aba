// The second rounding, zero point and clamp of four lanes' products, one lane a cycle: shifts right, adds the bit behind
// the point. A product comes from small_scaler, so a shift of 0 gives negative ones back what its nudge took. Results four
// cycles behind the lane's product.
`default_nettype none

module small_rounder (
    input wire clk_i,

    // products of lanes 0 to 3 from the low bits; the lanes follow in the next four cycles
    input wire         take_i,
    input wire [127:0] products_i,
    input wire [  4:0] shift_i,     // of the lane that is due

    // constants of the layer
    input wire [7:0] zero_point_i,
    input wire [7:0] min_i,
    input wire [7:0] max_i,

    output reg [7:0] result_o
);
  reg [127:0] products_q;

  wire signed [32:0] value0 = {products_q[31:0], products_q[31]};
  wire signed [32:0] by16 = shift_i[4] ? value0 >>> 16 : value0;
  reg signed [32:0] value1_q;
  reg [2:0] shift1_q;

  wire signed [32:0] by4 = shift1_q[2] ? value1_q >>> 4 : value1_q;
  wire signed [32:0] by2 = shift1_q[1] ? by4 >>> 2 : by4;
  wire signed [32:0] by1 = shift1_q[0] ? by2 >>> 1 : by2;
  wire negative1 = by1[32];
  wire fits1 = by1[31:9] == {23{negative1}};
  // Beyond nine bits any zero point leaves the result outside int8.
  reg signed [9:0] value2_q;
  reg behind2_q;

  reg signed [10:0] value3_q;
  wire signed [10:0] low = {{3{min_i[7]}}, min_i};
  wire signed [10:0] up = {{3{max_i[7]}}, max_i};

  always @(posedge clk_i) begin
    if (take_i) products_q <= products_i;
    else products_q <= {32'd0, products_q[127:32]};

    value1_q <= shift_i[3] ? by16 >>> 8 : by16;
    shift1_q <= shift_i[2:0];

    value2_q <= fits1 ? {negative1, by1[9:1]} : {negative1, {9{!negative1}}};
    behind2_q <= fits1 && by1[0];

    value3_q <= {value2_q[9], value2_q} + {{3{zero_point_i[7]}}, zero_point_i} + {10'd0, behind2_q};

    result_o <= (value3_q < low) ? min_i : (value3_q > up) ? max_i : value3_q[7:0];
  end
endmodule

`default_nettype wire
