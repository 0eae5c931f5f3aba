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

  // ---- control of an image
  localparam [2:0] Idle = 3'd0, Await = 3'd1, Fetch = 3'd2, Run = 3'd3, Drain = 3'd4;
  // From the last step to the last result in the maps.
  localparam [4:0] Draining = 5'd24;

  reg [2:0] state_q;
  reg [4:0] timer_q;
  reg [7:0] layer_q;
  reg [2:0] finished_q;  // tiles
  reg [5:0] group_base_q;  // where the tile's groups begin in the rings of biases, digits and shifts
  reg source_q, first_tile_q;
  reg [31:0] cycles_q;
  wire [2:0] loaded;
  wire [3:0] tile_groups;
  wire flash_ready, stream_end, walk_done, last_tile, final_layer;
  wire is_idle = state_q == Idle;
  wire is_fetch = state_q == Fetch;
  wire start = start_i && idle_o;
  wire fetched = timer_q == 5'd4;
  wire drained = timer_q == Draining;
  wire tile_end = state_q == Drain && drained;
  wire layer_end = tile_end && last_tile;
  wire image_end = layer_end && final_layer;
  wire begin_run = state_q == Await && loaded != finished_q && !first_tile_q || is_fetch && fetched;
  wire begin_fetch = state_q == Await && loaded != finished_q && first_tile_q;

  assign idle_o = is_idle && flash_ready;
  assign cycles_o = cycles_q;

  always @(posedge clk_i) begin
    done_o <= !rst_i && image_end;
    timer_q <= (is_fetch || state_q == Drain) ? timer_q + 5'd1 : 5'd0;
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
    if (rst_i || image_end || (is_idle && !start)) source_q <= 1'b1;
    else if (start || layer_end) source_q <= !source_q;
    if (rst_i || start) group_base_q <= 6'd0;
    else if (tile_end) group_base_q <= group_base_q + {2'd0, tile_groups} + 6'd1;
  end

  // ---- stream from the flash
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

  wire [15:0] stream_data;
  wire program_we, digit_we, shift_we;
  wire [8:0] program_waddr, digit_waddr;
  wire [7:0] bias_we, weight_we, shift_waddr;
  wire [5:0] bias_waddr;
  wire [WeightW-1:0] weight_waddr;
  wire [127:0] weight_wdata;
  wire [WeightW:0] weight_base;
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
      .weight_base_i (weight_base),
      .data_o        (stream_data),
      .program_we_o  (program_we),
      .program_addr_o(program_waddr),
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

  // ---- the layer and its steps
  wire [7:0] words, out_columns, out_rows, last_column, last_row, pitch, zero_in, zero_out, min, max;
  wire [3:0] columns, rows;
  wire [2:0] move;
  wire [13:0] address_step;
  wire [8:0] column_step, row_step;
  small_program u_program (
      .clk_i         (clk_i),
      .we_i          (program_we),
      .addr_i        (program_waddr),
      .data_i        (stream_data),
      .layer_i       (layer_q[3:0]),
      .fetch_i       (is_fetch),
      .fetch_cycle_i (timer_q[2:0]),
      .tile_end_i    (tile_end),
      .last_tile_o   (last_tile),
      .groups_o      (tile_groups),
      .move_i        (move),
      .address_step_o(address_step),
      .column_step_o (column_step),
      .row_step_o    (row_step),
      .words_o       (words),
      .columns_o     (columns),
      .rows_o        (rows),
      .out_columns_o (out_columns),
      .out_rows_o    (out_rows),
      .last_column_o (last_column),
      .last_row_o    (last_row),
      .pitch_o       (pitch),
      .zero_in_o     (zero_in),
      .zero_out_o    (zero_out),
      .min_o         (min),
      .max_o         (max),
      .final_o       (final_layer)
  );

  wire step_valid, step_outside, step_first, step_last, step_pixel_last;
  wire [13:0] source_addr;
  small_walker u_walker (
      .clk_i         (clk_i),
      .clear_i       (rst_i || begin_fetch),
      .start_i       (begin_run),
      .first_tile_i  (first_tile_q),
      .words_i       (words),
      .columns_i     (columns),
      .rows_i        (rows),
      .groups_i      (tile_groups),
      .out_columns_i (out_columns),
      .out_rows_i    (out_rows),
      .done_o        (walk_done),
      .move_o        (move),
      .address_step_i(address_step),
      .column_step_i (column_step),
      .row_step_i    (row_step),
      .last_column_i (last_column),
      .last_row_i    (last_row),
      .valid_o       (step_valid),
      .address_o     (source_addr),
      .outside_o     (step_outside),
      .first_o       (step_first),
      .last_o        (step_last),
      .pixel_last_o  (step_pixel_last)
  );

  // ---- from steps to sums to results
  wire [31:0] source_data;
  wire sums_valid, sums_pixel_last;
  wire [127:0] sums;
  small_sums #(
      .WeightW(WeightW)
  ) u_sums (
      .clk_i            (clk_i),
      .rst_i            (rst_i),
      .clear_i          (start),
      .weight_we_i      (weight_we),
      .weight_addr_i    (weight_waddr),
      .weight_data_i    (weight_wdata),
      .bias_we_i        (bias_we),
      .bias_addr_i      (bias_waddr),
      .bias_data_i      (stream_data),
      .tile_start_i     (begin_run),
      .tile_end_i       (tile_end),
      .group_base_i     (group_base_q),
      .groups_i         (tile_groups),
      .weight_base_o    (weight_base),
      .valid_i          (step_valid),
      .outside_i        (step_outside),
      .first_i          (step_first),
      .last_i           (step_last),
      .pixel_last_i     (step_pixel_last),
      .channels_i       (source_data),
      .zero_point_i     (zero_in),
      .sums_valid_o     (sums_valid),
      .sums_pixel_last_o(sums_pixel_last),
      .sums_o           (sums)
  );

  wire result_valid;
  wire [13:0] result_addr;
  wire [1:0] result_byte;
  wire [7:0] result;
  small_results u_results (
      .clk_i            (clk_i),
      .rst_i            (rst_i),
      .digit_we_i       (digit_we),
      .digit_addr_i     (digit_waddr),
      .shift_we_i       (shift_we),
      .shift_addr_i     (shift_waddr),
      .data_i           (stream_data),
      .layer_start_i    (begin_fetch),
      .tile_start_i     (begin_run),
      .tile_end_i       (tile_end),
      .image_end_i      (image_end),
      .group_base_i     (group_base_q),
      .groups_i         (tile_groups),
      .zero_point_i     (zero_out),
      .min_i            (min),
      .max_i            (max),
      .pitch_i          (pitch),
      .sums_valid_i     (sums_valid),
      .sums_pixel_last_i(sums_pixel_last),
      .sums_i           (sums),
      .picture_next_i   (is_idle && picture_valid_i && picture_next_i),
      .valid_o          (result_valid),
      .addr_o           (result_addr),
      .byte_o           (result_byte),
      .data_o           (result),
      .class_o          (class_o),
      .score_o          (score_o)
  );

  // ---- maps
  small_maps u_maps (
      .clk_i       (clk_i),
      .source_i    (source_q),
      .read_i      (step_valid),
      .read_addr_i (source_addr),
      .read_data_o (source_data),
      .write_i     (is_idle ? picture_valid_i : result_valid),
      .write_addr_i(result_addr),
      .write_byte_i(is_idle ? picture_byte_i : result_byte),
      .write_data_i(is_idle ? picture_data_i : result)
  );

  assign trace_valid_o = result_valid;
  assign trace_layer_o = layer_q;
  assign trace_addr_o = {result_addr, result_byte};
  assign trace_data_o = result;
  assign trace_step_o = step_valid;
  assign trace_wait_o = state_q == Await && loaded == finished_q;
endmodule

`default_nettype wire
