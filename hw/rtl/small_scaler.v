// One lane's multiplication by the channel's multiplier, four bits of it a cycle: (value * multiplier + nudge) / 2^31 less
// the bits behind the point, in eight steps. The multiplier comes as sixteen base-4 digits of -1 to 2, lowest first, two a step:
// such a multiple is one look-up table a bit. A digit's code: 0 is 0, 1 is +1, 2 is +2, 3 is -1.
// The nudge is 2^30, and -2^30 for negative values: then a right shift with the bit behind the point added rounds ties away
// from zero, as TFLite's RoundingDivideByPOT does.
`default_nettype none

module small_scaler (
    input wire clk_i,

    input wire        take_i,   // the value; its first step is in the next cycle
    input wire [31:0] value_i,
    input wire [ 3:0] digits_i, // of this step, the lower one in the low bits

    output wire [31:0] product_o  // in the eighth step
);
  reg [31:0] value_q;
  reg [31:0] partial_q;

  wire [32:0] once = {value_q[31], value_q};
  wire [32:0] twice = {value_q, 1'b0};
  wire minus0 = &digits_i[1:0];
  wire minus1 = &digits_i[3:2];
  wire [32:0] multiple0 = minus0 ? ~once : digits_i[1] ? twice : digits_i[0] ? once : 33'd0;
  wire [32:0] multiple1 = minus1 ? ~once : digits_i[3] ? twice : digits_i[2] ? once : 33'd0;

  wire [33:0] low = {{2{partial_q[31]}}, partial_q} + {multiple0[32], multiple0} + {33'd0, minus0};
  wire [33:0] high = {{2{low[33]}}, low[33:2]} + {multiple1[32], multiple1} + {33'd0, minus1};
  wire [35:0] total = {high, low[1:0]};
  assign product_o = total[34:3];
  wire unused_total = &{1'b0, total[35], total[2:0]};

  always @(posedge clk_i) begin
    if (take_i) begin
      value_q <= value_i;
      partial_q <= {value_i[31], 1'b1, 30'd0};
    end else begin
      partial_q <= total[35:4];
    end
  end
endmodule

`default_nettype wire
