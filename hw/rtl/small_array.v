// Sixteen products a cycle: four channels meet the weights of four lanes; each lane sums its four products into an
// accumulator that starts from the lane's bias. The sums stand four cycles behind the operands.
`default_nettype none

module small_array (
    input wire clk_i,

    // operands; byte 4 * lane + channel of `weights_i` belongs to that lane and channel
    input wire         valid_i,
    input wire         first_i,
    input wire [ 31:0] channels_i,
    input wire [127:0] weights_i,

    // three cycles behind the operands: 32 bits a lane
    output wire         take_bias_o,
    input  wire [127:0] bias_i,

    // 32 bits a lane
    output wire [127:0] sums_o
);
  reg [2:0] valid_q, first_q;
  assign take_bias_o = valid_q[2] && first_q[2];

  always @(posedge clk_i) begin
    valid_q <= {valid_q[1:0], valid_i};
    first_q <= {first_q[1:0], first_i};
  end

  genvar lane;
  generate
    for (lane = 0; lane < 4; lane = lane + 1) begin : gen_lane
      wire signed [15:0] p0, p1, p2, p3;
      product_pair #(
          .InputReg(1)
      ) u_even (
          .clk_i(clk_i),
          .a0_i (channels_i[7:0]),
          .b0_i (weights_i[32*lane+:8]),
          .a1_i (channels_i[15:8]),
          .b1_i (weights_i[32*lane+8+:8]),
          .p0_o (p0),
          .p1_o (p1)
      );
      product_pair #(
          .InputReg(1)
      ) u_odd (
          .clk_i(clk_i),
          .a0_i (channels_i[23:16]),
          .b0_i (weights_i[32*lane+16+:8]),
          .a1_i (channels_i[31:24]),
          .b1_i (weights_i[32*lane+24+:8]),
          .p0_o (p2),
          .p1_o (p3)
      );
      wire signed [16:0] even = {p0[15], p0} + {p1[15], p1};
      wire signed [16:0] odd = {p2[15], p2} + {p3[15], p3};
      reg [17:0] sum_q;
      reg [31:0] acc_q;
      always @(posedge clk_i) begin
        sum_q <= {even[16], even} + {odd[16], odd};
        if (valid_q[2]) acc_q <= (first_q[2] ? bias_i[32*lane+:32] : acc_q) + {{14{sum_q[17]}}, sum_q};
      end
      assign sums_o[32*lane+:32] = acc_q;
    end
  endgenerate
endmodule

`default_nettype wire
