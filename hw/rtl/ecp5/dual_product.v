// Two products that share an operand in one 18 x 18 multiplier (ECP5 MULT18X18D): p = (a1 * 2^9 + a0) * b, where the upper seven
// bits of a0 * b overlap with the lower seven of a1 * b. Those are made again in look-up tables, which takes the two apart.
`default_nettype none

module dual_product (
    input wire clk_i,

    input  wire [ 8:0] a1_i,  // signed, -255 to 255
    input  wire [ 8:0] a0_i,
    input  wire [ 7:0] b_i,
    output wire [15:0] p1_o,  // two cycles later
    output wire [15:0] p0_o
);
  reg signed [17:0] a_q;
  reg [6:0] a1_q;
  reg signed [7:0] b_q;
  reg signed [24:0] product_q;
  reg [6:0] low_q;

  // a1 * b modulo 2^7: the rows (a1 << i) * b[i] in pairs, and sums of those; 8 bits each, in order rows 0 and 1, 2 and 3, 4 and 5,
  // the sum of the latter, the sum of all. Row 6 is one bit.
  wire [39:0] x, x_gate, y, y_gate, sum;
  assign x = {sum[7:0], sum[15:8], 1'b0, a1_q[2:0], 4'd0, 1'b0, a1_q[4:0], 2'd0, 1'b0, a1_q};
  assign x_gate = {16'hffff, {8{b_q[4]}}, {8{b_q[2]}}, {8{b_q[0]}}};
  assign y = {sum[31:24], sum[23:16], 1'b0, a1_q[1:0], 5'd0, 1'b0, a1_q[3:0], 3'd0, 1'b0, a1_q[5:0], 1'b0};
  assign y_gate = {16'hffff, {8{b_q[5]}}, {8{b_q[3]}}, {8{b_q[1]}}};
  wire row6 = a1_q[0] & b_q[6];

  // Sums of gated operands, whose gates synthesis would put in front of the carry chain: (x & x_gate) ^ (y & y_gate) propagates,
  // and where that is 0 the carry is x & x_gate.
  localparam [15:0] GatedSum = 16'h7888;
  // pairs of bits of a sum below which one operand is 0
  localparam [9:0] Below = {2'd1, 2'd2, 2'd2, 2'd1, 2'd0};
  genvar s, i;
  generate
    for (s = 0; s < 5; s = s + 1) begin : gen_sum
      wire [4:0] carry;
      wire unused_carry = carry[4];
      for (i = 0; i < 4; i = i + 1) begin : gen_pair
        localparam At = 8 * s + 2 * i;
        if (i < Below[2*s+:2]) begin : gen_one
          assign sum[At+:2] = x[At+:2] & x_gate[At+:2];
          assign carry[i+1] = 1'b0;
        end else begin : gen_both
          CCU2C #(
              .INIT0    (GatedSum),
              .INIT1    (GatedSum),
              .INJECT1_0("NO"),
              .INJECT1_1("NO")
          ) u_carry (
              .CIN (carry[i]),
              .A0  (x[At]),
              .B0  (x_gate[At]),
              .C0  (y[At]),
              .D0  (y_gate[At]),
              .A1  (x[At+1]),
              .B1  (x_gate[At+1]),
              .C1  (y[At+1]),
              .D1  (y_gate[At+1]),
              .S0  (sum[At]),
              .S1  (sum[At+1]),
              .COUT(carry[i+1])
          );
        end
      end
      assign carry[0] = 1'b0;
    end
  endgenerate
  wire unused_sum = &{1'b0, sum[39]};

  always @(posedge clk_i) begin
    a_q <= {a1_i, 9'd0} + {{9{a0_i[8]}}, a0_i};
    a1_q <= a1_i[6:0];
    b_q <= b_i;
    product_q <= a_q * b_q;
    low_q <= {sum[38] ^ row6, sum[37:32]};
  end

  wire [7:0] above = {1'b0, product_q[15:9]} - {1'b0, low_q};  // bits 15:9 of a0 * b, and what they borrow
  wire [8:0] carry = {8'd0, above[6]} - {8'd0, above[7]};
  assign p0_o = {above[6:0], product_q[8:0]};
  assign p1_o = {product_q[24:16] + carry, low_q};
endmodule

`default_nettype wire
