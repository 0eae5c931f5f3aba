// int32 accumulator to int8, as TFLite's reference kernels do it: shift left, saturating rounding doubling high multiply,
// rounding right shift (two roundings), zero point, clamp. Floor and absolute-value modes divide by a reciprocal,
// for average pools. Float mode rounds the product to the 24 bits of a float32 number and that to the nearest integer,
// ties to even, as ONNX Runtime does. One result a cycle, five cycles late.
`default_nettype none

module requantizer #(
    parameter Float32 = 0  // whether there is a float mode
) (
    input wire clk_i,

    // accumulator and its channel's constants
    input wire [31:0] acc_i,
    input wire [31:0] multiplier_i,  // Q0.31, not negative
    input wire [31:0] shift_i,       // the fields of shift_fields

    // constants of the layer, with the result's last stage
    input wire [7:0] zero_point_i,
    input wire [7:0] min_i,
    input wire [7:0] max_i,

    output reg [7:0] result_o
);
  localparam [63:0] Half = 64'h0000_0000_4000_0000;

  wire [4:0] right, left;
  wire single, rounds_down, absolute;
  wire [13:0] addend;
  shift_fields u_fields (
      .words_i   (shift_i),
      .right_o   (right),
      .left_o    (left),
      .float32_o (single),
      .floor_o   (rounds_down),
      .absolute_o(absolute),
      .addend_o  (addend)
  );

  // stage 1: left shift, absolute value
  wire [31:0] magnitude = (absolute && acc_i[31]) ? 32'd0 - acc_i : acc_i;
  reg  [31:0] value1_q, multiplier1_q;
  reg  [ 4:0] right1_q, right2_q, right3_q;
  reg floor1_q, floor2_q, floor3_q, negate1_q, negate2_q, negate3_q, negate4_q;

  // stage 2: product
  reg signed [63:0] product_q;

  // stage 3: high half of the doubled product, rounded
  wire float2, float3;
  wire [63:0] rounded = product_q + (floor2_q || float2 ? 64'd0 : Half);
  reg signed [31:0] high_q;
  wire unused_rounded = &{1'b0, rounded[63], rounded[30:0]};

  // stage 4: right shift, ties away from zero, or as the float mode says
  wire [31:0] mask = ~(32'hffff_ffff << right3_q);
  wire [31:0] remainder = high_q & mask;
  wire [31:0] threshold = (mask >> 1) + {31'd0, high_q[31]};
  wire signed [31:0] shifted = high_q >>> right3_q;
  wire float_up;
  wire round_up = float3 ? float_up : !floor3_q && remainder > threshold;
  reg [31:0] scaled_q;

  generate
    if (Float32 != 0) begin : g_float
      reg float1_q, float2_q, float3_q;
      assign float2 = float2_q;
      assign float3 = float3_q;

      // stage 3: the first 26 bits behind the point, and whether any other is set
      wire [5:0] places = {1'b0, right2_q} + 6'd5;
      wire [63:0] moved = product_q >> places;
      reg [25:0] fraction_q;
      reg rest_q;
      wire unused_moved = &{1'b0, moved[63:26]};

      // stage 4: a float32 number of integer part n has bits down to 2^(log2(n) - 23) and is a tie when the product lies within
      // half of that around n + 1/2. Below one half its bits are twice as fine. Results of more than 8 bits are clamped.
      wire negative = shifted[31];
      wire [7:0] whole = shifted[7:0] ^ {8{negative}};
      reg [9:0] reach;
      integer i;
      always @* begin
        reach = 10'd0;
        for (i = 0; i < 8; i = i + 1) if (whole[i]) reach = 10'd4 << i;
      end
      wire none = whole == 8'd0;
      wire [9:0] below = none ? (negative ? 10'd2 : 10'd1) : reach;
      wire [9:0] above = none ? (negative ? 10'd1 : 10'd2) : reach;
      wire [25:0] first = 26'h200_0000 - {16'd0, below};
      wire [25:0] last = 26'h200_0000 + {16'd0, above};
      wire tie = fraction_q >= first && (fraction_q < last || (fraction_q == last && !rest_q));
      assign float_up = tie ? shifted[0] : fraction_q[25];

      always @(posedge clk_i) begin
        float1_q <= single;
        float2_q <= float1_q;
        float3_q <= float2_q;
        fraction_q <= moved[25:0];
        rest_q <= (product_q & ~(64'hffff_ffff_ffff_ffff << places)) != 64'd0;
      end
    end else begin : g_fixed
      assign float2 = 1'b0;
      assign float3 = 1'b0;
      assign float_up = 1'b0;
      wire unused_fixed = single;
    end
  endgenerate

  // stage 5: zero point and clamp
  wire signed [32:0] signed_value = negate4_q ? 33'd0 - {scaled_q[31], scaled_q} : {scaled_q[31], scaled_q};
  wire signed [32:0] sum = signed_value + {{25{zero_point_i[7]}}, zero_point_i};
  wire signed [32:0] low = {{25{min_i[7]}}, min_i};
  wire signed [32:0] up = {{25{max_i[7]}}, max_i};

  always @(posedge clk_i) begin
    value1_q <= (magnitude << left) + (absolute ? {18'd0, addend} : 32'd0);
    multiplier1_q <= multiplier_i;
    right1_q <= right;
    floor1_q <= rounds_down;
    negate1_q <= absolute && acc_i[31];

    product_q <= $signed(value1_q) * $signed(multiplier1_q);
    right2_q <= right1_q;
    floor2_q <= floor1_q;
    negate2_q <= negate1_q;

    high_q <= rounded[62:31];
    right3_q <= right2_q;
    floor3_q <= floor2_q;
    negate3_q <= negate2_q;

    scaled_q <= shifted + {31'd0, round_up};
    negate4_q <= negate3_q;

    result_o <= (sum < low) ? min_i : (sum > up) ? max_i : sum[7:0];
  end
endmodule

`default_nettype wire
