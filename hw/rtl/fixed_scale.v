// value * multiplier / 2^31 / 2^right as TFLite does it: saturating rounding doubling high multiply, then a rounding right
// shift, ties away from zero. One value a cycle, three cycles late.
`default_nettype none

module fixed_scale (
    input wire clk_i,

    input  wire [31:0] value_i,
    input  wire [31:0] multiplier_i,  // Q0.31, not negative
    input  wire [ 4:0] right_i,
    output reg  [31:0] scaled_o
);
  localparam [63:0] Half = 64'h0000_0000_4000_0000;

  reg signed [63:0] product_q;
  reg [4:0] right1_q, right2_q;
  reg signed [31:0] high_q;

  wire [63:0] rounded = product_q + Half;
  wire unused_rounded = &{1'b0, rounded[63], rounded[30:0]};
  wire [31:0] mask = ~(32'hffff_ffff << right2_q);
  wire [31:0] remainder = high_q & mask;
  wire [31:0] threshold = (mask >> 1) + {31'd0, high_q[31]};
  wire signed [31:0] shifted = high_q >>> right2_q;

  always @(posedge clk_i) begin
    product_q <= $signed(value_i) * $signed(multiplier_i);
    right1_q  <= right_i;
    high_q    <= rounded[62:31];
    right2_q  <= right1_q;
    scaled_o  <= shifted + {31'd0, remainder > threshold};
  end
endmodule

`default_nettype wire
