// From the steps of a tile to the sums of its groups of four outputs: weights and biases in rings, operands, products. A pixel
// takes all weights of the tile, the next one the same again. Latency: five cycles from a group's last step to its sums.
`default_nettype none

module small_sums #(
    parameter WeightW = 8  // bits of a weight address: rows of 16 weights
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,  // an image starts

    // from the loader: part p of a row, or of a group's biases, are its bits 16 * p and up
    input wire [        7:0] weight_we_i,
    input wire [WeightW-1:0] weight_addr_i,
    input wire [      127:0] weight_data_i,
    input wire [        7:0] bias_we_i,
    input wire [        5:0] bias_addr_i,
    input wire [       15:0] bias_data_i,

    // tile: where its groups begin in the ring of biases, their count less one; where its weights begin
    input  wire             tile_start_i,
    input  wire             tile_end_i,
    input  wire [      5:0] group_base_i,
    input  wire [      3:0] groups_i,
    output wire [WeightW:0] weight_base_o,

    // a step, and one cycle behind it the word of the source map
    input wire        valid_i,
    input wire        outside_i,     // padding
    input wire        first_i,       // of a group
    input wire        last_i,
    input wire        pixel_last_i,  // last of a pixel's last group
    input wire [31:0] channels_i,
    input wire [ 7:0] zero_point_i,  // the value of padding

    // sums of a group, 32 bits a lane
    output wire         sums_valid_o,
    output wire         sums_pixel_last_o,  // of the last group of a pixel
    output wire [127:0] sums_o
);
  generate
    if (WeightW < 1) begin : gen_bad_weights
      firebrick_error_weight_w_must_be_at_least_1 u_error ();
    end
  endgenerate

  // weights of a tile: over and over, once a pixel
  reg [WeightW:0] weight_q, weight_base_q, weight_end_q;
  wire [WeightW:0] weight_next = weight_q + {{WeightW{1'b0}}, 1'b1};
  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      weight_q <= {WeightW + 1{1'b0}};
      weight_base_q <= {WeightW + 1{1'b0}};
    end else if (tile_end_i) begin
      weight_q <= weight_end_q;
      weight_base_q <= weight_end_q;
    end else if (valid_i) weight_q <= pixel_last_i ? weight_base_q : weight_next;
    if (valid_i && pixel_last_i) weight_end_q <= weight_next;
  end
  assign weight_base_o = weight_base_q;

  // biases, a group at a time
  reg [5:0] bias_q;
  reg [3:0] bias_left_q;
  wire take_bias;
  wire bias_end = bias_left_q == 4'd0;
  always @(posedge clk_i) begin
    if (tile_start_i) begin
      bias_q <= group_base_i;
      bias_left_q <= groups_i;
    end else if (take_bias) begin
      bias_q <= bias_end ? group_base_i : bias_q + 6'd1;
      bias_left_q <= bias_end ? groups_i : bias_left_q - 4'd1;
    end
  end

  wire [127:0] weights, bias;
  genvar part;
  generate
    for (part = 0; part < 8; part = part + 1) begin : gen_part
      ram_1r1w #(
          .Width(16),
          .Depth(1 << WeightW),
          .AddrW(WeightW)
      ) u_weights (
          .clk_i  (clk_i),
          .we_i   (weight_we_i[part]),
          .waddr_i(weight_addr_i),
          .wdata_i(weight_data_i[16*part+:16]),
          .raddr_i(weight_q[WeightW-1:0]),
          .rdata_o(weights[16*part+:16])
      );
      ram_1r1w #(
          .Width(16),
          .Depth(64),
          .AddrW(6)
      ) u_bias (
          .clk_i  (clk_i),
          .we_i   (bias_we_i[part]),
          .waddr_i(bias_addr_i),
          .wdata_i(bias_data_i),
          .raddr_i(bias_q),
          .rdata_o(bias[16*part+:16])
      );
    end
  endgenerate

  // operands: word and weights stand beside each other one cycle behind the step
  reg outside_q, valid_q, first_q;
  reg [4:0] last_q, pixel_last_q;  // one to five cycles behind the step
  always @(posedge clk_i) begin
    outside_q <= outside_i;
    first_q <= first_i;
    valid_q <= valid_i && !rst_i;
    last_q <= rst_i ? 5'd0 : {last_q[3:0], valid_i && last_i};
    pixel_last_q <= {pixel_last_q[3:0], pixel_last_i};
  end
  small_array u_array (
      .clk_i      (clk_i),
      .valid_i    (valid_q),
      .first_i    (first_q),
      .channels_i (outside_q ? {4{zero_point_i}} : channels_i),
      .weights_i  (weights),
      .take_bias_o(take_bias),
      .bias_i     (bias),
      .sums_o     (sums_o)
  );
  assign sums_valid_o = last_q[4];
  assign sums_pixel_last_o = pixel_last_q[4];
endmodule

`default_nettype wire
