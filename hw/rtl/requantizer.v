// int32 accumulator to int8, as TFLite's reference kernels do it: shift left, saturating rounding doubling high multiply,
// rounding right shift (two roundings), zero point, clamp. Floor and absolute-value modes divide by a reciprocal,
// for average pools; even mode rounds the exact product once, ties to even, as ONNX Runtime does.
// One result a cycle, five cycles late.
`default_nettype none

module requantizer (
    input wire clk_i,

    // accumulator and its channel's constants
    input wire [31:0] acc_i,
    input wire [31:0] multiplier_i,  // Q0.31, not negative
    input wire [31:0] shift_i,       // [4:0] right, [12:8] left, [15] even, [16] floor, [17] absolute value, [31:18] addend after it

    // constants of the layer, with the result's last stage
    input wire [7:0] zero_point_i,
    input wire [7:0] min_i,
    input wire [7:0] max_i,

    output reg [7:0] result_o
);
  localparam [63:0] Half = 64'h0000_0000_4000_0000;

  // stage 1: left shift, absolute value
  wire        absolute = shift_i[17];
  wire [31:0] magnitude = (absolute && acc_i[31]) ? 32'd0 - acc_i : acc_i;
  reg  [31:0] value1_q, multiplier1_q;
  reg  [ 4:0] right1_q, right2_q, right3_q;
  reg even1_q, even2_q, even3_q, floor1_q, floor2_q, floor3_q, negate1_q, negate2_q, negate3_q, negate4_q;
  wire unused_shift = &{1'b0, shift_i[14:13], shift_i[7:5]};

  // stage 2: product
  reg signed [63:0] product_q;

  // stage 3: high half of the doubled product, rounded
  wire [63:0] rounded = product_q + (floor2_q || even2_q ? 64'd0 : Half);
  reg signed [31:0] high_q;
  reg half_q, rest_q;  // of what lies below the high half: its first bit, and whether any other is set
  wire unused_rounded = &{1'b0, rounded[63]};

  // stage 4: right shift, ties away from zero or to even
  wire [31:0] mask = ~(32'hffff_ffff << right3_q);
  wire [31:0] remainder = high_q & mask;
  wire [31:0] threshold = (mask >> 1) + {31'd0, high_q[31]};
  wire signed [31:0] shifted = high_q >>> right3_q;
  wire over = right3_q == 5'd0 ? half_q : remainder > (mask >> 1);
  wire beyond = right3_q == 5'd0 ? rest_q : (remainder & (mask >> 1)) != 32'd0 || half_q || rest_q;
  wire round_up = even3_q ? over && (beyond || shifted[0]) : !floor3_q && remainder > threshold;
  reg [31:0] scaled_q;

  // stage 5: zero point and clamp
  wire signed [32:0] signed_value = negate4_q ? 33'd0 - {scaled_q[31], scaled_q} : {scaled_q[31], scaled_q};
  wire signed [32:0] sum = signed_value + {{25{zero_point_i[7]}}, zero_point_i};
  wire signed [32:0] low = {{25{min_i[7]}}, min_i};
  wire signed [32:0] up = {{25{max_i[7]}}, max_i};

  always @(posedge clk_i) begin
    value1_q <= (magnitude << shift_i[12:8]) + (absolute ? {18'd0, shift_i[31:18]} : 32'd0);
    multiplier1_q <= multiplier_i;
    right1_q <= shift_i[4:0];
    even1_q <= shift_i[15];
    floor1_q <= shift_i[16];
    negate1_q <= absolute && acc_i[31];

    product_q <= $signed(value1_q) * $signed(multiplier1_q);
    right2_q <= right1_q;
    even2_q <= even1_q;
    floor2_q <= floor1_q;
    negate2_q <= negate1_q;

    high_q <= rounded[62:31];
    half_q <= rounded[30];
    rest_q <= rounded[29:0] != 30'd0;
    right3_q <= right2_q;
    even3_q <= even2_q;
    floor3_q <= floor2_q;
    negate3_q <= negate2_q;

    scaled_q <= shifted + {31'd0, round_up};
    negate4_q <= negate3_q;

    result_o <= (sum < low) ? min_i : (sum > up) ? max_i : sum[7:0];
  end
endmodule

`default_nettype wire
