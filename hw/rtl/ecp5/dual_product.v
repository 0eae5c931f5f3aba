// Two products that share an operand in one 18 x 18 multiplier (ECP5 MULT18X18D): p = (a1 * 2^9 + a0) * b, where the upper seven
// bits of a0 * b overlap with the lower seven of a1 * b. Those are made again in look-up tables, which takes the two apart.
`default_nettype none

module dual_product (
    input wire clk_i,

    input  wire [ 8:0] a1_i,  // signed, -255 to 255
    input  wire [ 8:0] a0_i,
    input  wire [ 7:0] b_i,
    output wire [15:0] p1_o,  // one cycle later
    output wire [15:0] p0_o
);
  wire signed [17:0] a = {a1_i, 9'd0} + {{9{a0_i[8]}}, a0_i};
  reg signed [24:0] product_q;

  // a1 * b modulo 2^7, as sums that no synthesis takes for a multiplication
  reg [6:0] low_q;
  reg [6:0] low;
  integer i;
  always @* begin
    low = 7'd0;
    for (i = 0; i < 7; i = i + 1) low = low + ((a1_i[6:0] << i) & {7{b_i[i]}});
  end

  always @(posedge clk_i) begin
    product_q <= a * $signed(b_i);
    low_q <= low;
  end

  wire [7:0] above = {1'b0, product_q[15:9]} - {1'b0, low_q};  // bits 15:9 of a0 * b, and what they borrow
  wire [8:0] carry = {8'd0, above[6]} - {8'd0, above[7]};
  assign p0_o = {above[6:0], product_q[8:0]};
  assign p1_o = {product_q[24:16] + carry, low_q};
endmodule

`default_nettype wire
