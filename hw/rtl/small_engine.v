// A network engine for devices as small as an iCE40 UP5K: 16 products a cycle, feature maps in four single-port RAMs, program
// and weights streamed from a QSPI flash once an image. docs/icebreaker.md describes program and timing.
`default_nettype none

module small_engine #(
    parameter [23:0] Address = 24'h100000,  // of the network in the flash
    parameter WeightW = 8                   // bits of a weight address: rows of 16 weights
) (
    input wire clk_i,
    input wire rst_i,

    // picture, byte by byte while `idle_o`: into byte `picture_byte_i` of a word, then perhaps on to the next word
    input wire       picture_valid_i,
    input wire [7:0] picture_data_i,
    input wire [1:0] picture_byte_i,
    input wire       picture_next_i,

    // one image
    input  wire        start_i,
    output wire        idle_o,
    output reg         done_o,     // one cycle; the results stay
    output wire [ 9:0] class_o,    // the lowest index of the highest logit
    output wire [ 7:0] score_o,    // its logit
    output wire [31:0] cycles_o,   // from start to done

    // flash
    output wire       flash_cs_n_o,
    output wire       flash_sck_en_o,
    output wire       flash_io0_o,
    output wire       flash_io0_en_o,
    input  wire [3:0] flash_io_i,

    // observation: each result, what the engine waits for
    output wire        trace_valid_o,
    output wire [ 7:0] trace_layer_o,
    output wire [15:0] trace_addr_o,   // word << 2 | byte
    output wire [ 7:0] trace_data_o,
    output wire        trace_step_o,   // a word meets weights
    output wire        trace_wait_o    // for the flash
);
  generate
    if (WeightW < 1) begin : gen_bad_weights
      firebrick_error_weight_w_must_be_at_least_1 u_error ();
    end
  endgenerate

  // control
  localparam [2:0] Idle = 3'd0, Await = 3'd1, Fetch = 3'd2, Run = 3'd3, Drain = 3'd4;
  // From the last step to the last result in the maps.
  localparam [4:0] Draining = 5'd24;

  reg [2:0] state_q;
  reg [4:0] timer_q;
  reg [7:0] layer_q, tiles_q;
  reg [2:0] finished_q;
  reg source_q, first_tile_q;
  reg [31:0] cycles_q;
  wire [2:0] loaded;
  wire flash_ready, stream_end, walk_done;
  wire start = start_i && idle_o;
  wire fetched = timer_q == 5'd4;
  wire drained = timer_q == Draining;
  wire tile_end = state_q == Drain && drained;
  wire begin_run = state_q == Await && loaded != finished_q && !first_tile_q || state_q == Fetch && fetched;
  wire begin_fetch = state_q == Await && loaded != finished_q && first_tile_q;

  // constants of the layer
  reg [7:0] words_q, out_columns_q, out_rows_q, last_column_q, last_row_q, zero_in_q, zero_out_q, min_q, max_q, pitch_q;
  reg [3:0] columns_q, rows_q, groups_q, last_groups_q;
  reg final_q;
  wire [3:0] tile_groups = (tiles_q == 8'd0) ? last_groups_q : groups_q;
  wire layer_end = tile_end && tiles_q == 8'd0;
  wire image_end = layer_end && final_q;

  assign idle_o = state_q == Idle && flash_ready;
  assign cycles_o = cycles_q;

  always @(posedge clk_i) begin
    done_o <= !rst_i && image_end;
    timer_q <= (state_q == Fetch || state_q == Drain) ? timer_q + 5'd1 : 5'd0;
    if (start) cycles_q <= 32'd0;
    else if (state_q != Idle) cycles_q <= cycles_q + 32'd1;
    if (rst_i) state_q <= Idle;
    else
      case (state_q)
        Idle: if (start) state_q <= Await;
        Await: if (begin_fetch) state_q <= Fetch;
              else if (begin_run) state_q <= Run;
        Fetch: if (fetched) state_q <= Run;
        Run: if (walk_done) state_q <= Drain;
        default: if (drained) state_q <= image_end ? Idle : Await;
      endcase
    if (rst_i || start) begin
      layer_q <= 8'd0;
      finished_q <= 3'd0;
      first_tile_q <= 1'b1;
    end else if (tile_end) begin
      finished_q <= finished_q + 3'd1;
      first_tile_q <= layer_end;
      if (layer_end) layer_q <= layer_q + 8'd1;
    end else if (begin_run) first_tile_q <= 1'b0;
    // The picture goes into bank 0, which is the first layer's source.
    if (rst_i || image_end || (state_q == Idle && !start)) source_q <= 1'b1;
    else if (start || layer_end) source_q <= !source_q;
    if (state_q == Fetch && timer_q == 5'd3) tiles_q <= instruction[23:16];
    else if (tile_end) tiles_q <= tiles_q - 8'd1;
  end

  // program: 16 words of 32 bits a layer, a ring of 16 layers
  wire [15:0] stream_data;
  wire program_we;
  wire [8:0] program_addr;
  wire [2:0] move;
  wire [31:0] instruction;
  wire [7:0] program_read = {layer_q[3:0], state_q == Fetch ? {2'b10, timer_q[1:0]} : {1'b0, move}};
  ram_1r1w #(
      .Width(16),
      .Depth(256),
      .AddrW(8)
  ) u_program_low (
      .clk_i  (clk_i),
      .we_i   (program_we && !program_addr[0]),
      .waddr_i(program_addr[8:1]),
      .wdata_i(stream_data),
      .raddr_i(program_read),
      .rdata_o(instruction[15:0])
  );
  ram_1r1w #(
      .Width(16),
      .Depth(256),
      .AddrW(8)
  ) u_program_high (
      .clk_i  (clk_i),
      .we_i   (program_we && program_addr[0]),
      .waddr_i(program_addr[8:1]),
      .wdata_i(stream_data),
      .raddr_i(program_read),
      .rdata_o(instruction[31:16])
  );
  always @(posedge clk_i) begin
    if (state_q == Fetch)
      case (timer_q[2:0])
        3'd1: {out_rows_q, out_columns_q, rows_q, columns_q, words_q} <= instruction;
        3'd2: {zero_out_q, zero_in_q, last_row_q, last_column_q} <= instruction;
        3'd3: {groups_q, last_groups_q, max_q, min_q} <= {instruction[31:24], instruction[15:0]};
        3'd4: {final_q, pitch_q} <= {instruction[15], instruction[7:0]};
        default: ;
      endcase
  end

  // stream
  wire half_valid, half_ready;
  wire [15:0] half_data;
  spi_flash_reader #(
      .Address(Address)
  ) u_reader (
      .clk_i       (clk_i),
      .rst_i       (rst_i),
      .start_i     (start),
      .stop_i      (stream_end),
      .ready_o     (flash_ready),
      .half_valid_o(half_valid),
      .half_ready_i(half_ready),
      .half_data_o (half_data),
      .cs_n_o      (flash_cs_n_o),
      .sck_en_o    (flash_sck_en_o),
      .io0_o       (flash_io0_o),
      .io0_en_o    (flash_io0_en_o),
      .io_i        (flash_io_i)
  );
  wire [7:0] bias_we, weight_we, shift_waddr;
  wire [5:0] bias_waddr;
  wire digit_we, shift_we;
  wire [8:0] digit_waddr;
  wire [WeightW-1:0] weight_waddr;
  wire [127:0] weight_wdata;
  reg [WeightW:0] weight_base_q;
  small_loader #(
      .WeightW(WeightW)
  ) u_loader (
      .clk_i         (clk_i),
      .rst_i         (rst_i),
      .clear_i       (start),
      .half_valid_i  (half_valid),
      .half_ready_o  (half_ready),
      .half_data_i   (half_data),
      .end_o         (stream_end),
      .loaded_o      (loaded),
      .finished_i    (finished_q),
      .weight_base_i (weight_base_q),
      .data_o        (stream_data),
      .program_we_o  (program_we),
      .program_addr_o(program_addr),
      .bias_we_o     (bias_we),
      .bias_addr_o   (bias_waddr),
      .digit_we_o    (digit_we),
      .digit_addr_o  (digit_waddr),
      .shift_we_o    (shift_we),
      .shift_addr_o  (shift_waddr),
      .weight_we_o   (weight_we),
      .weight_addr_o (weight_waddr),
      .weight_data_o (weight_wdata)
  );

  // steps
  wire valid2, outside2, first2, last2, pixel_last2;
  wire [13:0] source_addr;
  small_walker u_walker (
      .clk_i         (clk_i),
      .clear_i       (rst_i || begin_fetch),
      .start_i       (begin_run),
      .first_tile_i  (first_tile_q),
      .words_i       (words_q),
      .columns_i     (columns_q),
      .rows_i        (rows_q),
      .groups_i      (tile_groups),
      .out_columns_i (out_columns_q),
      .out_rows_i    (out_rows_q),
      .done_o        (walk_done),
      .move_o        (move),
      .address_step_i(instruction[13:0]),
      .column_step_i ({instruction[14], instruction[23:16]}),
      .row_step_i    ({instruction[15], instruction[31:24]}),
      .last_column_i (last_column_q),
      .last_row_i    (last_row_q),
      .valid_o       (valid2),
      .address_o     (source_addr),
      .outside_o     (outside2),
      .first_o       (first2),
      .last_o        (last2),
      .pixel_last_o  (pixel_last2)
  );
  assign trace_step_o = valid2;
  assign trace_wait_o = state_q == Await && loaded == finished_q;

  // weights of a tile: over and over, once a pixel
  reg [WeightW:0] weight_q, weight_end_q;
  wire [WeightW:0] weight_next = weight_q + {{WeightW{1'b0}}, 1'b1};
  wire [127:0] weights, bias;
  always @(posedge clk_i) begin
    if (rst_i || start) begin
      weight_q <= {WeightW + 1{1'b0}};
      weight_base_q <= {WeightW + 1{1'b0}};
    end else if (tile_end) begin
      weight_q <= weight_end_q;
      weight_base_q <= weight_end_q;
    end else if (valid2) weight_q <= pixel_last2 ? weight_base_q : weight_next;
    if (valid2 && pixel_last2) weight_end_q <= weight_next;
  end

  reg [5:0] group_base_q, bias_q;
  wire take_bias;
  genvar part;
  generate
    for (part = 0; part < 8; part = part + 1) begin : gen_part
      ram_1r1w #(
          .Width(16),
          .Depth(1 << WeightW),
          .AddrW(WeightW)
      ) u_weights (
          .clk_i  (clk_i),
          .we_i   (weight_we[part]),
          .waddr_i(weight_waddr),
          .wdata_i(weight_wdata[16*part+:16]),
          .raddr_i(weight_q[WeightW-1:0]),
          .rdata_o(weights[16*part+:16])
      );
      ram_1r1w #(
          .Width(16),
          .Depth(64),
          .AddrW(6)
      ) u_bias (
          .clk_i  (clk_i),
          .we_i   (bias_we[part]),
          .waddr_i(bias_waddr),
          .wdata_i(stream_data),
          .raddr_i(bias_q),
          .rdata_o(bias[16*part+:16])
      );
    end
  endgenerate

  // operands
  wire [31:0] source_data;
  reg outside3_q, valid3_q, first3_q;
  reg [4:0] last_q, pixel_last_q;  // of stages 3 to 7
  always @(posedge clk_i) begin
    outside3_q <= outside2;
    first3_q <= first2;
    valid3_q <= valid2 && !rst_i;
    last_q <= rst_i ? 5'd0 : {last_q[3:0], valid2 && last2};
    pixel_last_q <= {pixel_last_q[3:0], pixel_last2};
  end
  wire [127:0] sums;
  small_array u_array (
      .clk_i      (clk_i),
      .valid_i    (valid3_q),
      .first_i    (first3_q),
      .channels_i (outside3_q ? {4{zero_in_q}} : source_data),
      .weights_i  (weights),
      .take_bias_o(take_bias),
      .bias_i     (bias),
      .sums_o     (sums)
  );

  // Groups of a tile: each unit counts them, and begins again with each pixel.
  reg [3:0] bias_left_q;
  wire bias_end = bias_left_q == 4'd0;
  always @(posedge clk_i) begin
    if (rst_i || start) group_base_q <= 6'd0;
    else if (tile_end) group_base_q <= group_base_q + {2'd0, tile_groups} + 6'd1;
    if (begin_run) begin
      bias_q <= group_base_q;
      bias_left_q <= tile_groups;
    end else if (take_bias) begin
      bias_q <= bias_end ? group_base_q : bias_q + 6'd1;
      bias_left_q <= bias_end ? tile_groups : bias_left_q - 4'd1;
    end
  end

  // scalers
  wire take7 = last_q[4];
  reg [2:0] digit_step_q;
  reg [5:0] digit_group_q, shift_group_q;
  reg pixel_last_scaled_q, product_q;
  wire scaling = take7 || digit_step_q != 3'd0;
  wire [15:0] digits;
  wire [127:0] products;
  always @(posedge clk_i) begin
    if (rst_i) digit_step_q <= 3'd0;
    else if (scaling) digit_step_q <= digit_step_q + 3'd1;
    product_q <= digit_step_q == 3'd7 && !rst_i;
    if (take7) pixel_last_scaled_q <= pixel_last_q[4];
    if (begin_run) digit_group_q <= group_base_q;
    else if (digit_step_q == 3'd7) digit_group_q <= pixel_last_scaled_q ? group_base_q : digit_group_q + 6'd1;
  end
  ram_1r1w #(
      .Width(16),
      .Depth(512),
      .AddrW(9)
  ) u_digits (
      .clk_i  (clk_i),
      .we_i   (digit_we),
      .waddr_i(digit_waddr),
      .wdata_i(stream_data),
      .raddr_i({digit_group_q, digit_step_q}),
      .rdata_o(digits)
  );
  genvar lane;
  generate
    for (lane = 0; lane < 4; lane = lane + 1) begin : gen_lane
      small_scaler u_scaler (
          .clk_i    (clk_i),
          .take_i   (take7),
          .value_i  (sums[32*lane+:32]),
          .digits_i (digits[4*lane+:4]),
          .product_o(products[32*lane+:32])
      );
    end
  endgenerate

  // results, a lane a cycle
  reg [1:0] shift_lane_q;
  reg pixel_last_shifted_q;
  wire shifting = product_q || shift_lane_q != 2'd0;
  wire [15:0] shift;
  wire [7:0] result;
  always @(posedge clk_i) begin
    if (rst_i) shift_lane_q <= 2'd0;
    else if (shifting) shift_lane_q <= shift_lane_q + 2'd1;
    if (product_q) pixel_last_shifted_q <= pixel_last_scaled_q;
    if (begin_run) shift_group_q <= group_base_q;
    else if (shift_lane_q == 2'd3) shift_group_q <= pixel_last_shifted_q ? group_base_q : shift_group_q + 6'd1;
  end
  ram_1r1w #(
      .Width(16),
      .Depth(256),
      .AddrW(8)
  ) u_shifts (
      .clk_i  (clk_i),
      .we_i   (shift_we),
      .waddr_i(shift_waddr),
      .wdata_i(stream_data),
      .raddr_i({shift_group_q, shift_lane_q}),
      .rdata_o(shift)
  );
  wire unused_shift = &{1'b0, shift[15:5]};
  small_rounder u_rounder (
      .clk_i       (clk_i),
      .take_i      (product_q),
      .products_i  (products),
      .shift_i     (shift[4:0]),
      .zero_point_i(zero_out_q),
      .min_i       (min_q),
      .max_i       (max_q),
      .result_o    (result)
  );

  // Where the results go. Stage 0 is the lane's product, stage 4 its result.
  reg [4:0] result_valid_q;
  reg [14:0] result_lane_q;  // {last group of its pixel, lane} of stages 0 to 4
  always @(posedge clk_i) begin
    result_valid_q <= rst_i ? 5'd0 : {result_valid_q[3:0], shifting};
    result_lane_q <= {result_lane_q[11:0], product_q ? pixel_last_scaled_q : pixel_last_shifted_q, shift_lane_q};
  end
  wire write = result_valid_q[4];
  wire [1:0] write_lane = result_lane_q[13:12];
  wire write_pixel_last = result_lane_q[14];

  reg [13:0] result_q, pixel_q;
  reg [7:0] offset_q;  // first word of the tile's groups in a pixel
  wire [13:0] next_pixel = pixel_q + {6'd0, pitch_q};
  wire is_idle = state_q == Idle;
  always @(posedge clk_i) begin
    if (begin_fetch || rst_i) offset_q <= 8'd0;
    else if (tile_end) offset_q <= offset_q + {4'd0, tile_groups} + 8'd1;
    if (begin_run) pixel_q <= {6'd0, offset_q};
    else if (write && write_lane == 2'd3 && write_pixel_last) pixel_q <= next_pixel;
    if (rst_i || image_end) result_q <= 14'd0;
    else if (begin_run) result_q <= {6'd0, offset_q};
    else if (write && write_lane == 2'd3) result_q <= write_pixel_last ? next_pixel : result_q + 14'd1;
    else if (is_idle && picture_valid_i && picture_next_i) result_q <= result_q + 14'd1;
  end

  small_maps u_maps (
      .clk_i       (clk_i),
      .source_i    (source_q),
      .read_i      (valid2),
      .read_addr_i (source_addr),
      .read_data_o (source_data),
      .write_i     (is_idle ? picture_valid_i : write),
      .write_addr_i(result_q),
      .write_byte_i(is_idle ? picture_byte_i : write_lane),
      .write_data_i(is_idle ? picture_data_i : result)
  );

  // the highest of the last layer's results
  reg [9:0] class_q;
  reg [7:0] score_q;
  always @(posedge clk_i) begin
    if (begin_fetch) begin
      class_q <= 10'd0;
      score_q <= 8'h80;
    end else if (write && $signed(result) > $signed(score_q)) begin
      class_q <= {result_q[7:0], write_lane};
      score_q <= result;
    end
  end
  assign class_o = class_q;
  assign score_o = score_q;

  assign trace_valid_o = write;
  assign trace_layer_o = layer_q;
  assign trace_addr_o = {result_q, write_lane};
  assign trace_data_o = result;
endmodule

`default_nettype wire
