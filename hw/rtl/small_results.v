// From the sums of a group to bytes of the result map: four scalers side by side take eight cycles, the rounder then a lane a
// cycle. Knows where in the map each result goes, and the highest of a layer. The picture's words are counted here too.
// Latency: 13 to 16 cycles from a group's sums to the results of its lanes.
`default_nettype none

module small_results (
    input wire clk_i,
    input wire rst_i,

    // from the loader: digits of the multipliers, eight words a group; shifts, four words a group
    input wire        digit_we_i,
    input wire [ 8:0] digit_addr_i,
    input wire        shift_we_i,
    input wire [ 7:0] shift_addr_i,
    input wire [15:0] data_i,

    // pulses: a layer starts, a tile starts or has ended, an image has ended
    input wire layer_start_i,
    input wire tile_start_i,
    input wire tile_end_i,
    input wire image_end_i,

    // tile: where its groups begin in the rings of digits and shifts, their count less one
    input wire [5:0] group_base_i,
    input wire [3:0] groups_i,

    // constants of the layer
    input wire [7:0] zero_point_i,
    input wire [7:0] min_i,
    input wire [7:0] max_i,
    input wire [7:0] pitch_i,       // words of a pixel

    // sums of a group, 32 bits a lane; groups come at least eight cycles apart
    input wire         sums_valid_i,
    input wire         sums_pixel_last_i,  // of the last group of a pixel
    input wire [127:0] sums_i,

    // results: a byte of a word of the map. Between images the word is the picture's
    input  wire        picture_next_i,  // on to the next word
    output wire        valid_o,
    output wire [13:0] addr_o,
    output wire [ 1:0] byte_o,
    output wire [ 7:0] data_o,

    // the highest of the layer's results, the lowest channel of several
    output wire [9:0] class_o,
    output wire [7:0] score_o
);
  // scalers
  reg [2:0] digit_step_q;
  reg [5:0] digit_group_q, shift_group_q;
  reg pixel_last_scaled_q, product_q;
  wire scaling = sums_valid_i || digit_step_q != 3'd0;
  wire [15:0] digits;
  wire [127:0] products;
  always @(posedge clk_i) begin
    if (rst_i) digit_step_q <= 3'd0;
    else if (scaling) digit_step_q <= digit_step_q + 3'd1;
    product_q <= digit_step_q == 3'd7 && !rst_i;
    if (sums_valid_i) pixel_last_scaled_q <= sums_pixel_last_i;
    if (tile_start_i) digit_group_q <= group_base_i;
    else if (digit_step_q == 3'd7) digit_group_q <= pixel_last_scaled_q ? group_base_i : digit_group_q + 6'd1;
  end
  ram_1r1w #(
      .Width(16),
      .Depth(512),
      .AddrW(9)
  ) u_digits (
      .clk_i  (clk_i),
      .we_i   (digit_we_i),
      .waddr_i(digit_addr_i),
      .wdata_i(data_i),
      .raddr_i({digit_group_q, digit_step_q}),
      .rdata_o(digits)
  );
  genvar lane;
  generate
    for (lane = 0; lane < 4; lane = lane + 1) begin : gen_lane
      small_scaler u_scaler (
          .clk_i    (clk_i),
          .take_i   (sums_valid_i),
          .value_i  (sums_i[32*lane+:32]),
          .digits_i (digits[4*lane+:4]),
          .product_o(products[32*lane+:32])
      );
    end
  endgenerate

  // rounder, a lane a cycle
  reg [1:0] shift_lane_q;
  reg pixel_last_shifted_q;
  wire shifting = product_q || shift_lane_q != 2'd0;
  wire [15:0] shift;
  always @(posedge clk_i) begin
    if (rst_i) shift_lane_q <= 2'd0;
    else if (shifting) shift_lane_q <= shift_lane_q + 2'd1;
    if (product_q) pixel_last_shifted_q <= pixel_last_scaled_q;
    if (tile_start_i) shift_group_q <= group_base_i;
    else if (shift_lane_q == 2'd3) shift_group_q <= pixel_last_shifted_q ? group_base_i : shift_group_q + 6'd1;
  end
  ram_1r1w #(
      .Width(16),
      .Depth(256),
      .AddrW(8)
  ) u_shifts (
      .clk_i  (clk_i),
      .we_i   (shift_we_i),
      .waddr_i(shift_addr_i),
      .wdata_i(data_i),
      .raddr_i({shift_group_q, shift_lane_q}),
      .rdata_o(shift)
  );
  wire unused_shift = &{1'b0, shift[15:5]};
  small_rounder u_rounder (
      .clk_i       (clk_i),
      .take_i      (product_q),
      .products_i  (products),
      .shift_i     (shift[4:0]),
      .zero_point_i(zero_point_i),
      .min_i       (min_i),
      .max_i       (max_i),
      .result_o    (data_o)
  );

  // Where the results go. Stage 0 is the lane's product, stage 4 its result.
  reg [4:0] valid_q;
  reg [14:0] lane_q;  // {last group of its pixel, lane} of stages 0 to 4
  always @(posedge clk_i) begin
    valid_q <= rst_i ? 5'd0 : {valid_q[3:0], shifting};
    lane_q <= {lane_q[11:0], product_q ? pixel_last_scaled_q : pixel_last_shifted_q, shift_lane_q};
  end
  assign valid_o = valid_q[4];
  assign byte_o = lane_q[13:12];
  wire group_end = valid_o && byte_o == 2'd3;
  wire pixel_last = lane_q[14];

  reg [13:0] addr_q, pixel_q;
  reg [7:0] offset_q;  // first word of the tile's groups in a pixel
  wire [13:0] next_pixel = pixel_q + {6'd0, pitch_i};
  always @(posedge clk_i) begin
    if (layer_start_i || rst_i) offset_q <= 8'd0;
    else if (tile_end_i) offset_q <= offset_q + {4'd0, groups_i} + 8'd1;
    if (tile_start_i) pixel_q <= {6'd0, offset_q};
    else if (group_end && pixel_last) pixel_q <= next_pixel;
    if (rst_i || image_end_i) addr_q <= 14'd0;
    else if (tile_start_i) addr_q <= {6'd0, offset_q};
    else if (group_end) addr_q <= pixel_last ? next_pixel : addr_q + 14'd1;
    else if (picture_next_i) addr_q <= addr_q + 14'd1;
  end
  assign addr_o = addr_q;

  // the highest
  reg [9:0] class_q;
  reg [7:0] score_q;
  always @(posedge clk_i) begin
    if (layer_start_i) begin
      class_q <= 10'd0;
      score_q <= 8'h80;
    end else if (valid_o && $signed(data_o) > $signed(score_q)) begin
      class_q <= {addr_q[7:0], byte_o};
      score_q <= data_o;
    end
  end
  assign class_o = class_q;
  assign score_o = score_q;
endmodule

`default_nettype wire
