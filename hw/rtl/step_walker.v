// Walks one strip of one phase: the loops over tiles, rows, pixels, channel groups and taps, one step a cycle.
//   conv, serial: tile, y, x, group in tile, ky, kx, c      (one line-buffer word, or one tap, a step)
//   depthwise:    y, group, x, cycle                        (one column of taps a step, or two, captured on the last)
// A kernel may be smaller than the depthwise window: rows below it are padding, and older columns have no weights.
// Of a phase with sparse steps it walks tiles, rows, pixels and taps, a step for each word of a pixel's patch: group_walker has the groups.
// The first `centre` groups of a 3 x 3 convolution take the centre tap only: a 1 x 1 convolution of the same source.
// A group is held back until its source rows, its weights and its place in the output are there, so that a step
// that has been issued never stalls. Outputs are registered: a step appears one cycle after its counters.
// What decides whether a step goes, and what comes behind it, stands in registers: walk_loops has the ends of the loops within a row,
// walk_taps the place in the source, walk_limits what they run to. Source rows of a strip's first row are there when it is begun.
`default_nettype none

module step_walker #(
    parameter PhaseW      = 384,      // bits of a phase's words
    parameter Pk          = 8,        // lanes
    parameter Pc          = 8,        // multipliers a lane
    parameter DwKh        = 3,        // depthwise window
    parameter DwKw        = 3,
    parameter Columns     = 1,        // of a window that a step may take, 1 or 2
    parameter Paired      = 0,        // not 0: a serial tap takes two cycles; 1, 2: a weight word of a window too; 2: a step that is a whole group too
    parameter SerialMax   = 0,        // serial phases may keep the greatest tap
    parameter EdgeRecords = 0,        // 1: windows at the edges have records of their own
    parameter Sparse      = 0,        // 1: of phases with sparse steps it asks for the patches, and group_walker makes the steps
    parameter AddrW       = 10,       // bits of a line-buffer word address
    parameter BankW       = 2         // bits of a bank number
) (
    input wire clk_i,
    input wire rst_i,

    // strip: what is walked, stable while busy
    input  wire              start_i,
    output wire              busy_o,
    input  wire [PhaseW-1:0] cfg_i,        // descriptor words of the phase
    input  wire              to_memory_i,  // results go to the row writer
    input  wire [      15:0] y_i,          // first output row of the strip

    // source: line buffer and slot of the first window row
    input wire [  BankW:0] src_banks_i,  // banks of the line buffer
    input wire [BankW-1:0] win_bank_i,
    input wire [AddrW-1:0] win_addr_i,
    input wire [     16:0] win_row_i,    // signed row number of it

    // destination: line buffer and slot of the strip's first row
    input wire [  BankW:0] dst_banks_i,
    input wire [BankW-1:0] dst_bank_i,
    input wire [AddrW-1:0] dst_addr_i,
    input wire [AddrW-1:0] dst_row_words_i,
    input wire [AddrW-1:0] dst_last_i,

    // weights of the strip's first tile, and when they are free
    input wire [15:0] words_base_i,
    input wire [15:0] groups_base_i,
    input wire        free_tiles_i,   // streamed block: a finished tile's weights are free
    input wire        free_all_i,     // resident block: this strip is the block's last

    // what the strip waits for
    input wire [15:0] rows_there_i,     // source rows that are complete
    input wire [15:0] groups_loaded_i,
    input wire        output_ready_i,
    input wire        residual_i,        // results wait for a row of another map
    input wire [15:0] residual_rows_i,   // rows of it that are complete
    input wire        patch_room_i,      // for the next patch of sparse steps

    // progress: ends of rows, and where the row after one begins
    output wire             row_end_o,    // a row is finished (all tiles)
    output wire             strip_end_o,  // with the last of them
    output wire [BankW-1:0] win_bank_o,   // of the row after it
    output wire [AddrW-1:0] win_addr_o,
    output wire [     16:0] win_row_o,
    output wire [BankW-1:0] dst_bank_o,
    output wire [AddrW-1:0] dst_addr_o,
    output wire [     15:0] words_end_o,  // weights after this tile
    output wire [     15:0] groups_end_o,
    output wire [      2:0] reason_o,     // 0 issues, 1 rows, 2 weights, 3 output, 5 set-up, 6 idle
    output wire             group_start_o,

    // patches of sparse steps: the first and the last word of one is asked for
    output wire fetch_start_o,
    output wire fetch_end_o,
    output reg  fetch_valid_o,  // with the step's operands: a word of one; whether it is the first or the last is the step's

    // step: what the array does
    output reg       step_valid_o,
    output reg [1:0] step_kind_o,   // 0 conv, 1 depthwise column, 2 serial tap, 3 one of a maximum
    output reg       step_pair_o,   // two columns
    output reg       step_first_o,  // first of a group; depthwise: first column, window cleared
    output reg       step_last_o,   // last of a group; depthwise: the window is complete
    output reg [7:0] step_tap_o,    // serial: multiplier that takes the tap; depthwise: last cycle of the window

    // step: operands in the source's line buffer
    output reg [BankW-1:0] step_bank_o,
    output reg [AddrW-1:0] step_addr_o,    // row address in that bank and those above it
    output reg [AddrW-1:0] step_next_o,    // row address in the banks below it
    output reg [     19:0] step_offset_o,  // byte in the row
    output reg [     19:0] step_second_o,  // of the second column
    output reg             step_pad_o,
    output reg             step_second_pad_o,
    output reg [ DwKh-1:0] step_row_pad_o,

    // step: weights, and which of them are free behind it
    output reg [15:0] step_words_o,       // weight word
    output reg [15:0] step_group_o,       // parameter record
    output reg        step_free_o,        // weights up to the end of this group are free
    output reg [15:0] step_free_words_o,
    output reg [15:0] step_free_groups_o,

    // step: place of the group's results in the destination's line buffer
    output reg [BankW-1:0] step_dst_bank_o,
    output reg [AddrW-1:0] step_dst_addr_o,
    output reg [     19:0] step_dst_offset_o,
    output reg             step_row_last_o,    // the group completes a destination row

    // step: place of the group's results in the map
    output reg        step_chunk_last_o,
    output reg        step_x_last_o,        // last column, last row, last group of the pixel in its tile
    output reg        step_y_last_o,
    output reg        step_pixel_last_o,
    output reg [15:0] step_y_o,
    output reg [15:0] step_x_o,
    output reg [15:0] step_channel_group_o
);
  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Row = 2'd1;
  localparam [1:0] Run = 2'd2;

  generate
    if (Pk < 1 || (Pk & (Pk - 1)) != 0 || Pc < 1 || Pc > 128) begin : gen_bad_array
      firebrick_error_pk_must_be_a_power_of_two_and_pc_at_most_128 u_error ();
    end
    if ((SerialMax != 0 && SerialMax != 1) || (EdgeRecords != 0 && EdgeRecords != 1)) begin : gen_bad_pools
      firebrick_error_serial_max_and_edge_records_must_be_0_or_1 u_error ();
    end
    if (DwKh < 1 || DwKw < 1) begin : gen_bad_window
      firebrick_error_dw_kh_and_dw_kw_must_be_at_least_1 u_error ();
    end
  endgenerate

  // ---- configuration
  wire cfg_single, cfg_pairs, cfg_serial, cfg_sparse;
  wire cfg_one_word, cfg_one_record, cfg_maximum, cfg_pixel_chunks;
  wire [15:0] cfg_edge_records;
  wire [7:0] cfg_halo_rows, cfg_kh, cfg_kw, cfg_sy, cfg_sx, cfg_pl, cfg_centre_groups;
  wire [15:0] cfg_rows, cfg_width, cfg_in_rows, cfg_in_width;
  wire [15:0] cfg_pitch, cfg_cw, cfg_groups, cfg_tile_groups, cfg_strip_rows, cfg_group_words;
  wire [15:0] cfg_dst_pitch, cfg_col_step, cfg_pad_bytes;
  wire [AddrW-1:0] cfg_row_words, cfg_last_bank;
  step_walker_fields #(
      .AddrW(AddrW)
  ) u_fields (
      .words_i        (cfg_i),
      .depthwise_o    (cfg_single),
      .serial_o       (cfg_serial),
      .sparse_o       (cfg_sparse),
      .pairs_o        (cfg_pairs),
      .one_word_o     (cfg_one_word),
      .one_record_o   (cfg_one_record),
      .maximum_o      (cfg_maximum),
      .edge_records_o (cfg_edge_records),
      .pixel_chunks_o (cfg_pixel_chunks),
      .halo_rows_o    (cfg_halo_rows),
      .rows_o         (cfg_rows),
      .width_o        (cfg_width),
      .in_rows_o      (cfg_in_rows),
      .in_width_o     (cfg_in_width),
      .kh_o           (cfg_kh),
      .kw_o           (cfg_kw),
      .sy_o           (cfg_sy),
      .sx_o           (cfg_sx),
      .pad_left_o     (cfg_pl),
      .pitch_o        (cfg_pitch),
      .pixel_words_o  (cfg_cw),
      .groups_o       (cfg_groups),
      .tile_groups_o  (cfg_tile_groups),
      .strip_rows_o   (cfg_strip_rows),
      .group_words_o  (cfg_group_words),
      .row_words_o    (cfg_row_words),
      .dst_pitch_o    (cfg_dst_pitch),
      .col_step_o     (cfg_col_step),
      .pad_bytes_o    (cfg_pad_bytes),
      .last_bank_o    (cfg_last_bank),
      .centre_groups_o(cfg_centre_groups)
  );

  wire pairs = Columns == 2 && cfg_pairs;
  wire cfg_dw = cfg_single || pairs;
  wire fetch = Sparse != 0 && cfg_sparse;  // a patch serves all groups of a pixel

  // ---- what the loops run to
  wire [15:0] first_count, next_count;
  wire first_one, next_one, first_loading, next_loading, kh_one, kw_one, width_one;
  wire [8:0] first_load, next_load, need_step;
  wire [7:0] centre_1, centre_2, last_tap;
  wire [15:0] words_step;
  walk_limits #(
      .Paired(Paired)
  ) u_limits (
      .clk_i          (clk_i),
      .depthwise_i    (cfg_dw),
      .pairs_i        (pairs),
      .width_i        (cfg_width),
      .kh_i           (cfg_kh),
      .kw_i           (cfg_kw),
      .sy_i           (cfg_sy),
      .sx_i           (cfg_sx),
      .pad_left_i     (cfg_pl),
      .pixel_words_i  (cfg_cw),
      .group_words_i  (cfg_group_words),
      .centre_groups_i(cfg_centre_groups),
      .first_count_o  (first_count),
      .next_count_o   (next_count),
      .first_one_o    (first_one),
      .next_one_o     (next_one),
      .first_load_o   (first_load),
      .next_load_o    (next_load),
      .first_loading_o(first_loading),
      .next_loading_o (next_loading),
      .kh_one_o       (kh_one),
      .kw_one_o       (kw_one),
      .width_one_o    (width_one),
      .centre_1_o     (centre_1),
      .centre_2_o     (centre_2),
      .words_step_o   (words_step),
      .last_tap_o     (last_tap),
      .need_step_o    (need_step)
  );

  // ---- counters
  reg [1:0] state_q;
  reg [15:0] tile_q, tile_next_q;            // groups before this tile, before the next one
  reg [15:0] groups_left_q;                  // groups from this tile on
  reg [15:0] group_q;                        // group of the step
  reg tile_centre_q, more_centre_q;          // the tile's first group, the tile's group after this takes the centre tap only
  reg next_centre_q;                         // the group behind this one does
  reg [15:0] tile_words_q, tile_groups_q;    // weights of the tile
  reg [15:0] words_q, groups_q;              // weight word of the step; group record
  reg [19:0] dst_x_q;
  reg [7:0] tap_q;

  // ---- loops within the row
  wire in_row = state_q == Row;
  wire go, row_go;
  wire advance;
  wire group_start, group_end, restart, further, column_end, pixel_end, next_group, row_end;
  wire group_end_next, g_end_next, row_end_next;
  wire loading, window_start, x_end, g_end;
  wire [15:0] x;
  reg last_tile_q;
  wire last_tile = groups_left_q <= cfg_tile_groups;
  wire [15:0] tile_size = last_tile ? groups_left_q : cfg_tile_groups;
  walk_loops u_loops (
      .clk_i           (clk_i),
      .rst_i           (rst_i),
      .advance_i       (advance),
      .depthwise_i     (cfg_dw),
      .width_i         (cfg_width),
      .kh_i            (cfg_kh),
      .kw_i            (cfg_kw),
      .first_count_i   (first_count),
      .next_count_i    (next_count),
      .first_one_i     (first_one),
      .next_one_i      (next_one),
      .first_load_i    (first_load),
      .next_load_i     (next_load),
      .first_loading_i (first_loading),
      .next_loading_i  (next_loading),
      .kh_one_i        (kh_one),
      .kw_one_i        (kw_one),
      .width_one_i     (width_one),
      .tile_size_i     (tile_size),
      .tile_one_i      (fetch || groups_left_q == 16'd1 || cfg_tile_groups == 16'd1),
      .next_centre_i   (next_centre_q),
      .group_start_o   (group_start),
      .group_end_o     (group_end),
      .restart_o       (restart),
      .further_o       (further),
      .column_end_o    (column_end),
      .pixel_end_o     (pixel_end),
      .next_group_o    (next_group),
      .row_end_o       (row_end),
      .loading_o       (loading),
      .window_start_o  (window_start),
      .x_end_o         (x_end),
      .g_end_o         (g_end),
      .x_o             (x),
      .group_end_next_o(group_end_next),
      .g_end_next_o    (g_end_next),
      .row_end_next_o  (row_end_next)
  );

  // ---- rows of the strip
  wire tile_end;    // the row is a tile's last
  wire rows;        // what the row of the next cycle needs is there
  wire rows_there;  // what the row needs
  wire [15:0] y;
  wire [BankW-1:0] win_bank, dst_bank;
  wire [AddrW-1:0] win_addr, dst_addr;
  wire [16:0] win_row;  // signed
  walk_rows #(
      .AddrW(AddrW),
      .BankW(BankW)
  ) u_rows (
      .clk_i          (clk_i),
      .idle_i         (state_q == Idle),
      .row_i          (in_row),
      .row_end_i      (row_end),
      .row_go_i       (row_go),
      .rows_i         (cfg_rows),
      .in_rows_i      (cfg_in_rows),
      .strip_rows_i   (cfg_strip_rows),
      .halo_rows_i    (cfg_halo_rows),
      .sy_i           (cfg_sy),
      .need_step_i    (need_step),
      .row_words_i    (cfg_row_words),
      .last_bank_i    (cfg_last_bank),
      .y_i            (y_i),
      .src_banks_i    (src_banks_i),
      .win_bank_i     (win_bank_i),
      .win_addr_i     (win_addr_i),
      .win_row_i      (win_row_i),
      .dst_banks_i    (dst_banks_i),
      .dst_bank_i     (dst_bank_i),
      .dst_addr_i     (dst_addr_i),
      .dst_row_words_i(dst_row_words_i),
      .dst_last_i     (dst_last_i),
      .rows_there_i   (rows_there_i),
      .residual_i     (residual_i),
      .residual_rows_i(residual_rows_i),
      .rows_next_o    (rows),
      .rows_o         (rows_there),
      .tile_end_o     (tile_end),
      .y_o            (y),
      .win_bank_o     (win_bank),
      .win_addr_o     (win_addr),
      .win_row_o      (win_row),
      .dst_bank_o     (dst_bank),
      .dst_addr_o     (dst_addr),
      .win_bank_next_o(win_bank_o),
      .win_addr_next_o(win_addr_o),
      .win_row_next_o (win_row_o),
      .dst_bank_next_o(dst_bank_o),
      .dst_addr_next_o(dst_addr_o)
  );

  // ---- where the step's operands lie
  wire [BankW-1:0] row_bank;
  wire [AddrW-1:0] row_addr;
  wire [16:0] tap_row, tap_col;  // signed
  wire [7:0] first_columns = cfg_kw ^ cfg_pl;
  wire before_map = pairs && first_columns[0];  // of a row's first two columns one is: their number is odd
  wire [16:0] second_col;
  wire [19:0] offset, second_offset;
  walk_taps #(
      .Pc     (Pc),
      .Columns(Columns),
      .AddrW  (AddrW),
      .BankW  (BankW)
  ) u_taps (
      .clk_i        (clk_i),
      .rewind_i     (state_q == Idle || row_go),
      .advance_i    (advance),
      .group_i      (next_group),
      .pixel_i      (pixel_end),
      .restart_i    (restart),
      .column_i     (column_end),
      .further_i    (further),
      .depthwise_i  (cfg_dw),
      .pairs_i      (pairs),
      .before_i     (before_map),
      .sx_i         (cfg_sx),
      .pad_left_i   (cfg_pl),
      .pad_bytes_i  (cfg_pad_bytes),
      .pitch_i      (cfg_pitch),
      .col_step_i   (cfg_col_step),
      .banks_i      (src_banks_i),
      .row_words_i  (cfg_row_words),
      .last_bank_i  (cfg_last_bank),
      .win_bank_i   (win_bank),
      .win_addr_i   (win_addr),
      .win_row_i    (win_row),
      .next_centre_i(next_centre_q),
      .bank_o       (row_bank),
      .addr_o       (row_addr),
      .row_o        (tap_row),
      .col_o        (tap_col),
      .offset_o     (offset),
      .second_col_o (second_col),
      .second_o     (second_offset)
  );

  // ---- gates
  wire same_weights = g_end || cfg_one_record;  // those of the tile's first group, which are there
  wire strip_ends = tile_end && last_tile_q;
  wire [1:0] waits;  // the step: for weights, for room
  walk_gates #(
      .Paired(Paired)
  ) u_gates (
      .clk_i           (clk_i),
      .rst_i           (rst_i),
      .start_i         (start_i),
      .row_i           (in_row),
      .run_i           (state_q == Run),
      .rows_i          (rows_there),
      .rows_next_i     (rows),
      .strip_ends_i    (strip_ends),
      .depthwise_i     (cfg_dw),
      .serial_i        (cfg_serial),
      .fetch_i         (fetch),
      .to_memory_i     (to_memory_i),
      .group_start_i   (group_start),
      .group_end_i     (group_end),
      .next_group_i    (next_group),
      .row_end_i       (row_end),
      .group_end_next_i(group_end_next),
      .row_end_next_i  (row_end_next),
      .loaded_i        (groups_loaded_i),
      .group_i         (in_row ? tile_groups_q : groups_q),
      .same_i          (same_weights),
      .output_ready_i  (output_ready_i),
      .patch_room_i    (patch_room_i),
      .busy_o          (busy_o),
      .go_o            (go),
      .row_go_o        (row_go),
      .advance_o       (advance),
      .waits_o         (waits)
  );

  assign group_start_o = go && group_start && !fetch;
  assign fetch_start_o = go && group_start && fetch;
  assign fetch_end_o = go && group_end && fetch;
  assign reason_o = (state_q == Idle) ? 3'd6 : in_row ? (rows_there ? 3'd5 : 3'd1) :
      waits[1] ? 3'd3 : waits[0] ? 3'd2 : 3'd0;
  assign row_end_o = row_go && last_tile_q;
  assign strip_end_o = row_go && strip_ends;
  assign words_end_o = words_q + words_step;
  assign groups_end_o = groups_q + 16'd1;

  // ---- rows and tiles
  wire [15:0] edge_records;  // in front of the phase's last
  always @(posedge clk_i) begin
    tile_next_q  <= tile_q + cfg_tile_groups;
    last_tile_q  <= last_tile;
    case (state_q)
      Idle: begin
        if (start_i) state_q <= Row;
        groups_left_q <= cfg_groups;
        tile_words_q <= words_base_i + edge_records;
        tile_groups_q <= groups_base_i + edge_records;
      end
      Row: if (rows_there) state_q <= Run;
      default:
      if (row_go) begin
        state_q <= strip_ends ? Idle : Row;
        if (tile_end) begin
          tile_q <= tile_next_q;
          groups_left_q <= groups_left_q - cfg_tile_groups;
          tile_words_q <= words_end_o;
          tile_groups_q <= groups_end_o;
        end
      end
    endcase
    if (state_q == Idle) tile_q <= 16'd0;
    if (rst_i) state_q <= Idle;
  end

  // ---- groups and their weights
  wire more_centre = !next_group ? more_centre_q : !fetch && (g_end ? tile_q < {8'd0, centre_1} : group_q < {8'd0, centre_2});
  wire first_centre = !fetch && ((state_q == Idle) ? cfg_centre_groups != 8'd0 : tile_next_q < {8'd0, cfg_centre_groups});
  always @(posedge clk_i)
    if (state_q == Idle || (row_go && tile_end)) begin
      tile_centre_q <= first_centre;
      next_centre_q <= first_centre;
    end else if (advance) begin
      more_centre_q <= more_centre;
      next_centre_q <= g_end_next ? tile_centre_q : more_centre;
    end
  wire tap_end = tap_q == Pc[7:0] - 8'd1;
  wire next_word = next_group || (!cfg_dw && (!cfg_serial || (!cfg_one_word && tap_end)));
  always @(posedge clk_i)
    if (advance) begin
      tap_q <= (group_end || cfg_one_word || tap_end) ? 8'd0 : tap_q + 8'd1;
      if (next_word) words_q <= (next_group && same_weights) ? tile_words_q : words_end_o;
      if (next_group) begin
        groups_q <= same_weights ? tile_groups_q : groups_end_o;
        group_q <= g_end ? tile_q : group_q + 16'd1;
      end
      if (pixel_end) dst_x_q <= x_end ? 20'd0 : dst_x_q + {4'd0, cfg_dst_pitch};
    end

  // ---- the step
  localparam PkW = $clog2(Pk);
  wire [19:0] group_offset = {4'd0, group_q} << PkW;  // bytes in a pixel, source and destination
  wire col_outside = tap_col[16] || tap_col[15:0] >= cfg_in_width;
  wire row_outside = tap_row[16] || tap_row[15:0] >= cfg_in_rows;
  // the last record is for whole windows; one in front of it for each tap that lies outside of the map
  wire [15:0] outside;
  generate
    if (EdgeRecords != 0) begin : gen_edges
      reg [15:0] outside_q;  // taps of the group before this one
      assign edge_records = cfg_edge_records;
      assign outside = (group_start ? 16'd0 : outside_q) +
          {15'd0, cfg_edge_records != 16'd0 && (col_outside || row_outside)};
      always @(posedge clk_i) if (go) outside_q <= outside;
    end else begin : gen_no_edges
      assign edge_records = 16'd0;
      assign outside = 16'd0;
    end
  endgenerate
  genvar i;
  wire [DwKh-1:0] window_outside;
  generate
    for (i = 0; i < DwKh; i = i + 1) begin : gen_row_pad
      wire signed [16:0] r = $signed(win_row) + i;
      assign window_outside[i] = i >= cfg_kh || r[16] || r[15:0] >= cfg_in_rows;
    end
  endgenerate

  always @(posedge clk_i) begin
    fetch_valid_o <= go && fetch;
    step_valid_o <= go && !fetch && loading;
    step_kind_o <= cfg_dw ? 2'd1 : {cfg_serial, cfg_serial && SerialMax != 0 && cfg_maximum};
    step_bank_o <= cfg_dw ? win_bank : row_bank;
    step_addr_o <= cfg_dw ? win_addr : row_addr;
    step_next_o <= (win_addr == cfg_last_bank) ? {AddrW{1'b0}} : win_addr + cfg_row_words;
    step_offset_o <= offset + ((cfg_dw || cfg_serial) ? group_offset : 20'd0);
    step_second_o <= second_offset + group_offset;
    step_pad_o <= col_outside || (!cfg_dw && row_outside);
    step_second_pad_o <= second_col[16] || second_col[15:0] >= cfg_in_width;
    step_pair_o <= pairs;
    step_row_pad_o <= window_outside;
    step_first_o <= cfg_dw ? window_start : group_start;
    step_last_o <= group_end;
    step_tap_o <= cfg_dw ? last_tap : tap_q;
    step_words_o <= words_q;
    step_group_o <= groups_q - outside;
    step_free_o <= (row_end && tile_end && free_tiles_i) || (strip_end_o && free_all_i);
    step_free_words_o <= words_end_o;
    step_free_groups_o <= groups_end_o;
    step_dst_bank_o <= dst_bank;
    step_dst_addr_o <= dst_addr;
    step_dst_offset_o <= dst_x_q + group_offset;
    step_row_last_o <= row_end && last_tile_q;
    step_chunk_last_o <= group_end && g_end && (x_end || cfg_pixel_chunks);
    step_x_last_o <= x_end;
    step_y_last_o <= y + 16'd1 == cfg_rows;
    step_pixel_last_o <= g_end;
    step_y_o <= y;
    step_x_o <= x;
    step_channel_group_o <= group_q;
    if (rst_i) {fetch_valid_o, step_valid_o} <= 2'b00;
  end

  wire unused_dw = &{1'b0, DwKw[0], cfg_maximum, cfg_pairs, first_columns, cfg_edge_records, cfg_sparse, patch_room_i};
endmodule

`default_nettype wire
