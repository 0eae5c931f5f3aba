// Walks one strip of one phase: the loops over tiles, rows, pixels, channel groups and taps, one step a cycle.
//   conv, serial: tile, y, x, group in tile, ky, kx, c      (one line-buffer word, or one tap, a step)
//   depthwise:    y, group, x, cycle                        (one column of taps a step, or two, captured on the last)
// A kernel may be smaller than the depthwise window: rows below it are padding, and older columns have no weights.
// Of a phase with sparse steps it walks tiles, rows, pixels and taps, a step for each word of a pixel's patch: group_walker has the groups.
// The first `centre` groups of a 3 x 3 convolution take the centre tap only: a 1 x 1 convolution of the same source.
// A group is held back until its source rows, its weights and its place in the output are there, so that a step
// that has been issued never stalls. Outputs are registered: a step appears one cycle after its counters.
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

  // ---- counters
  reg  [1:0] state_q;
  reg [15:0] y_q, y_left_q;                     // output row; rows of the strip after this one
  reg [15:0] x_q, c_q;
  reg [ 7:0] ky_q, kx_q;
  reg [15:0] tile_q;                            // groups before this tile
  reg [15:0] g_q, g_left_q;                     // group in tile; groups of the tile after this one
  reg [15:0] tile_words_q, tile_groups_q;       // weights of the tile
  reg [15:0] words_q, first_words_q, groups_q;  // weight word of the step; of the group's first step; group record
  reg [BankW-1:0] win_bank_q, row_bank_q;
  reg [AddrW-1:0] win_addr_q, row_addr_q;
  reg [16:0] win_row_q, row_q;                  // signed
  reg [16:0] col0_q, col_q;                     // signed column of the window, of the tap
  reg [19:0] x_offset_q, col_offset_q, offset_q;
  reg [19:0] group_offset_q;                    // first source byte of the group (depthwise, serial)
  reg [19:0] dst_x_q, dst_offset_q;
  reg [BankW-1:0] dst_bank_q;
  reg [AddrW-1:0] dst_addr_q;
  reg [ 7:0] tap_q;
  reg        centre_q;                          // the group takes the centre tap only

  wire signed [16:0] win_row_s = win_row_q;

  // ---- slot arithmetic: a row is banks ahead, words ahead, or back at the start
  function [BankW+AddrW-1:0] slot_after;
    input [BankW-1:0] bank;
    input [AddrW-1:0] addr;
    input [BankW:0] rows;  // at most banks
    input [BankW:0] banks;
    input [AddrW-1:0] words;
    input [AddrW-1:0] last;
    reg [BankW+1:0] sum;
    reg [BankW-1:0] over;
    begin
      sum  = {2'b00, bank} + {1'b0, rows};
      over = sum[BankW-1:0] - banks[BankW-1:0];
      if (sum < {1'b0, banks}) slot_after = {sum[BankW-1:0], addr};
      else slot_after = {over, (addr == last) ? {AddrW{1'b0}} : addr + words};
    end
  endfunction

  localparam [BankW:0] OneRow = 1;
  wire [BankW+AddrW-1:0] win_after =
      slot_after(win_bank_q, win_addr_q, cfg_sy[BankW:0], src_banks_i, cfg_row_words, cfg_last_bank);
  wire [BankW+AddrW-1:0] row_after =
      slot_after(row_bank_q, row_addr_q, OneRow, src_banks_i, cfg_row_words, cfg_last_bank);
  wire [BankW+AddrW-1:0] dst_after =
      slot_after(dst_bank_q, dst_addr_q, OneRow, dst_banks_i, dst_row_words_i, dst_last_i);
  wire [BankW+AddrW-1:0] centre_row =
      slot_after(win_bank_q, win_addr_q, OneRow, src_banks_i, cfg_row_words, cfg_last_bank);
  wire [AddrW-1:0] win_next = (win_addr_q == cfg_last_bank) ? {AddrW{1'b0}} : win_addr_q + cfg_row_words;

  // ---- ends of the loops
  wire       c_end = c_q == cfg_cw - 16'd1;
  wire       kx_end = kx_q == cfg_kw - 8'd1;
  wire       ky_end = ky_q == cfg_kh - 8'd1;
  wire       x_end = x_q == cfg_width - 16'd1;
  wire       g_end = fetch || g_left_q == 16'd0;
  wire       tile_end = y_left_q == 16'd0;
  wire [15:0] groups_after = cfg_groups - tile_q - cfg_tile_groups;
  wire       last_tile = cfg_groups - tile_q <= cfg_tile_groups;

  // depthwise: cycles of the slot of this pixel, its last ones load a column each, or two; of an odd number the first is padding
  wire [7:0] first_columns = cfg_kw - cfg_pl;
  wire [7:0] first_loads = pairs ? {1'b0, first_columns[7:1]} + {7'd0, first_columns[0]} : first_columns;
  wire [7:0] loads = (x_q == 16'd0) ? first_loads : pairs ? 8'd1 : cfg_sx;
  wire odd = pairs && first_columns[0];
  wire [16:0] dw_col = {17{odd}};
  wire [19:0] dw_offset = odd ? 20'd0 - {4'd0, cfg_pitch} : 20'd0;
  wire [15:0] window_cycles = cfg_group_words << ((Paired == 1 || Paired == 2) ? 1 : 0);
  wire [7:0] steps = window_cycles[7:0];
  wire unused_cycles = &{1'b0, window_cycles[15:8]};
  wire [7:0] slot = (loads > steps) ? loads : steps;
  wire       slot_end = tap_q == slot - 8'd1;
  wire       loading = tap_q + loads >= slot;
  wire       window_start = x_q == 16'd0 && tap_q + loads == slot;

  wire group_start = cfg_dw ? tap_q == 8'd0 : (ky_q == 8'd0 && kx_q == 8'd0 && c_q == 16'd0);
  wire group_end = cfg_dw ? slot_end : (c_end && (centre_q || (ky_end && kx_end)));
  wire row_end = group_end && x_end && g_end;

  // ---- gates
  wire slow = (Paired != 0 && cfg_serial) || (Paired == 2 && !cfg_dw && !fetch && group_start && group_end);
  reg second_q;  // second cycle of a slow step, which issues it
  always @(posedge clk_i) second_q <= slow && may_go && !second_q;
  wire signed [16:0] need = win_row_q + {9'd0, cfg_kh};  // source rows up to the window's last
  wire [15:0] weights_ahead = groups_loaded_i - groups_q;
  wire weights_there = !weights_ahead[15] && weights_ahead != 16'd0;
  wire output_there = !to_memory_i || output_ready_i;
  wire rows_ready = (rows_there_i >= cfg_in_rows || $signed({1'b0, rows_there_i}) >= need) &&
      (!residual_i || residual_rows_i > y_q);
  wire may_go = state_q == Run && (!group_start || (fetch ? patch_room_i : weights_there && output_there));
  wire go = may_go && (!slow || second_q);

  assign busy_o = state_q != Idle;
  assign group_start_o = go && group_start && !fetch;
  assign fetch_start_o = go && group_start && fetch;
  assign fetch_end_o = go && group_end && fetch;
  assign reason_o = (state_q == Idle) ? 3'd6 : (state_q == Row) ? (rows_ready ? 3'd5 : 3'd1) :
      may_go ? 3'd0 : weights_there ? 3'd3 : 3'd2;
  assign row_end_o = go && row_end && last_tile;
  assign strip_end_o = row_end_o && tile_end;
  assign {win_bank_o, win_addr_o} = win_after;
  assign win_row_o = win_row_q + {9'd0, cfg_sy};
  assign {dst_bank_o, dst_addr_o} = dst_after;
  assign words_end_o = cfg_dw ? words_q + cfg_group_words : words_q + 16'd1;
  assign groups_end_o = groups_q + 16'd1;

  wire [15:0] rows_left = cfg_rows - y_i;
  // a block's first strip is longer, by the rows of a later phase's window that lie ahead of it
  wire [15:0] strip_rows = cfg_strip_rows + ((y_i == 16'd0) ? {8'd0, cfg_halo_rows} : 16'd0);
  wire [15:0] rows_here = (rows_left < strip_rows) ? rows_left : strip_rows;
  wire [15:0] tile_here = (cfg_groups < cfg_tile_groups) ? cfg_groups : cfg_tile_groups;
  wire [15:0] tile_next = (groups_after < cfg_tile_groups) ? groups_after : cfg_tile_groups;
  wire [19:0] first_offset = 20'd0 - {4'd0, cfg_pad_bytes};
  wire [16:0] first_col = 17'd0 - {9'd0, cfg_pl};
  wire [19:0] pk_bytes = Pk[19:0];
  wire [19:0] pc_bytes = Pc[19:0];
  wire [15:0] edge_records;  // in front of the phase's last

  // ---- where the next group begins: at its window's first tap, or at the centre
  wire next_centre = !fetch && ((state_q == Row || g_end) ? tile_q : tile_q + g_q + 16'd1) < {8'd0, cfg_centre_groups};
  wire [BankW+AddrW-1:0] next_row_slot = next_centre ? centre_row : {win_bank_q, win_addr_q};
  wire [16:0] next_row = win_row_q + {16'd0, next_centre};
  wire [16:0] next_col0 = g_end ? col0_q + {9'd0, cfg_sx} : col0_q;
  wire [19:0] next_x_offset = g_end ? x_offset_q + {4'd0, cfg_col_step} : x_offset_q;
  wire [19:0] next_shift = next_centre ? {4'd0, cfg_pitch} : 20'd0;

  always @(posedge clk_i) begin
    case (state_q)
      Idle:
      if (start_i) begin
        state_q <= Row;
        y_q <= y_i;
        y_left_q <= rows_here - 16'd1;
        tile_q <= 16'd0;
        g_left_q <= tile_here - 16'd1;
        tile_words_q <= words_base_i + edge_records;
        tile_groups_q <= groups_base_i + edge_records;
        win_bank_q <= win_bank_i;
        win_addr_q <= win_addr_i;
        win_row_q <= win_row_i;
        dst_bank_q <= dst_bank_i;
        dst_addr_q <= dst_addr_i;
      end
      Row: begin
        if (rows_ready) state_q <= Run;
        x_q <= 16'd0;
        ky_q <= 8'd0;
        kx_q <= 8'd0;
        c_q <= 16'd0;
        tap_q <= 8'd0;
        g_q <= 16'd0;
        words_q <= tile_words_q;
        first_words_q <= tile_words_q;
        groups_q <= tile_groups_q;
        centre_q <= next_centre;
        {row_bank_q, row_addr_q} <= next_row_slot;
        row_q <= next_row;
        x_offset_q <= first_offset;
        col_offset_q <= cfg_dw ? 20'd0 : first_offset + next_shift;
        offset_q <= cfg_dw ? dw_offset : first_offset + next_shift;
        col0_q <= first_col;
        col_q <= cfg_dw ? dw_col : first_col + {16'd0, next_centre};
        dst_x_q <= 20'd0;
      end
      Run:
      if (go) begin
        if (cfg_dw) begin
          tap_q <= slot_end ? 8'd0 : tap_q + 8'd1;
          if (loading) begin
            col_q <= col_q + (pairs ? 17'd2 : 17'd1);
            offset_q <= offset_q + (pairs ? {3'd0, cfg_pitch, 1'b0} : {4'd0, cfg_pitch});
          end
          if (group_end) begin
            x_q <= x_end ? 16'd0 : x_q + 16'd1;
            dst_x_q <= x_end ? 20'd0 : dst_x_q + {4'd0, cfg_dst_pitch};
            if (x_end) begin
              col_q <= dw_col;
              offset_q <= dw_offset;
              g_q <= g_q + 16'd1;
              g_left_q <= g_left_q - 16'd1;
              if (!cfg_one_record) begin
                words_q  <= words_q + cfg_group_words;
                groups_q <= groups_q + 16'd1;
              end
            end
          end
        end else begin
          // the tap after this one
          if (cfg_serial ? !cfg_one_word && (tap_q == Pc[7:0] - 8'd1) : 1'b1) words_q <= words_q + 16'd1;
          tap_q <= (cfg_one_word || tap_q == Pc[7:0] - 8'd1) ? 8'd0 : tap_q + 8'd1;
          c_q   <= c_end ? 16'd0 : c_q + 16'd1;
          if (!c_end) offset_q <= offset_q + pc_bytes;
          else begin
            kx_q <= kx_end ? 8'd0 : kx_q + 8'd1;
            col_q <= kx_end ? col0_q : col_q + 17'd1;
            col_offset_q <= kx_end ? x_offset_q : col_offset_q + {4'd0, cfg_pitch};
            offset_q <= kx_end ? x_offset_q : col_offset_q + {4'd0, cfg_pitch};
            if (kx_end) begin
              ky_q  <= ky_end ? 8'd0 : ky_q + 8'd1;
              row_q <= ky_end ? win_row_q : row_q + 17'd1;
              {row_bank_q, row_addr_q} <= ky_end ? {win_bank_q, win_addr_q} : row_after;
            end
          end
          if (group_end) begin
            tap_q <= 8'd0;
            kx_q <= 8'd0;
            ky_q <= 8'd0;
            g_q <= g_end ? 16'd0 : g_q + 16'd1;
            centre_q <= next_centre;
            {row_bank_q, row_addr_q} <= next_row_slot;
            row_q <= next_row;
            col_q <= next_col0 + {16'd0, next_centre};
            col_offset_q <= next_x_offset + next_shift;
            offset_q <= next_x_offset + next_shift;
            if (g_end) begin
              g_left_q <= g_q;
              words_q <= tile_words_q;
              first_words_q <= tile_words_q;
              groups_q <= tile_groups_q;
              x_q <= x_q + 16'd1;
              col0_q <= next_col0;
              x_offset_q <= next_x_offset;
              dst_x_q <= dst_x_q + {4'd0, cfg_dst_pitch};
            end else begin
              g_left_q <= g_left_q - 16'd1;
              words_q <= cfg_one_record ? first_words_q : words_q + 16'd1;
              first_words_q <= cfg_one_record ? first_words_q : words_q + 16'd1;
              if (!cfg_one_record) groups_q <= groups_q + 16'd1;
            end
          end
        end
        if (row_end) begin
          g_left_q <= g_q;
          if (tile_end) begin
            state_q <= last_tile ? Idle : Row;
            tile_q <= tile_q + cfg_tile_groups;
            g_left_q <= tile_next - 16'd1;
            y_q <= y_i;
            y_left_q <= rows_here - 16'd1;
            tile_words_q <= words_end_o;
            tile_groups_q <= groups_end_o;
            win_bank_q <= win_bank_i;
            win_addr_q <= win_addr_i;
            win_row_q <= win_row_i;
            dst_bank_q <= dst_bank_i;
            dst_addr_q <= dst_addr_i;
          end else begin
            state_q <= Row;
            y_q <= y_q + 16'd1;
            y_left_q <= y_left_q - 16'd1;
            win_row_q <= win_row_o;
            {win_bank_q, win_addr_q} <= win_after;
            {dst_bank_q, dst_addr_q} <= dst_after;
          end
        end
      end
      default: state_q <= Idle;
    endcase
    if (rst_i) state_q <= Idle;
  end

  localparam PkW = $clog2(Pk);
  wire [19:0] tile_offset = {4'd0, tile_q} << PkW;

  // ---- byte offsets of the group in a pixel, source and destination, kept beside the counters
  always @(posedge clk_i) begin
    if (state_q == Row) begin
      group_offset_q <= tile_offset;
      dst_offset_q   <= tile_offset;
    end else if (go && (cfg_dw ? group_end && x_end : group_end)) begin
      group_offset_q <= g_end ? tile_offset : group_offset_q + pk_bytes;
      dst_offset_q   <= g_end ? tile_offset : dst_offset_q + pk_bytes;
    end
  end

  // ---- the step
  wire col_outside = col_q[16] || col_q[15:0] >= cfg_in_width;
  wire [16:0] second_col = col_q + 17'd1;
  wire row_outside = row_q[16] || row_q[15:0] >= cfg_in_rows;
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
      wire signed [16:0] r = win_row_s + i;
      assign window_outside[i] = i >= cfg_kh || r[16] || r[15:0] >= cfg_in_rows;
    end
  endgenerate

  always @(posedge clk_i) begin
    fetch_valid_o <= go && fetch;
    step_valid_o <= go && !fetch && (!cfg_dw || loading);
    step_kind_o <= cfg_dw ? 2'd1 : {cfg_serial, cfg_serial && SerialMax != 0 && cfg_maximum};
    step_bank_o <= cfg_dw ? win_bank_q : row_bank_q;
    step_addr_o <= cfg_dw ? win_addr_q : row_addr_q;
    step_next_o <= win_next;
    step_offset_o <= offset_q + ((cfg_dw || cfg_serial) ? group_offset_q : 20'd0);
    step_second_o <= (Columns == 2) ? offset_q + {4'd0, cfg_pitch} + group_offset_q : 20'd0;
    step_pad_o <= col_outside || (!cfg_dw && row_outside);
    step_second_pad_o <= Columns == 2 && (second_col[16] || second_col[15:0] >= cfg_in_width);
    step_pair_o <= pairs;
    step_row_pad_o <= window_outside;
    step_first_o <= cfg_dw ? window_start : group_start;
    step_last_o <= group_end;
    step_tap_o <= cfg_dw ? steps - 8'd1 : tap_q;
    step_words_o <= words_q;
    step_group_o <= groups_q - outside;
    step_free_o <= (row_end && tile_end && free_tiles_i) || (strip_end_o && free_all_i);
    step_free_words_o <= words_end_o;
    step_free_groups_o <= groups_end_o;
    step_dst_bank_o <= dst_bank_q;
    step_dst_addr_o <= dst_addr_q;
    step_dst_offset_o <= dst_x_q + dst_offset_q;
    step_row_last_o <= row_end && last_tile;
    step_chunk_last_o <= group_end && g_end && (x_end || cfg_pixel_chunks);
    step_x_last_o <= x_end;
    step_y_last_o <= y_q + 16'd1 == cfg_rows;
    step_pixel_last_o <= g_end;
    step_y_o <= y_q;
    step_x_o <= x_q;
    step_channel_group_o <= tile_q + g_q;
    if (rst_i) {fetch_valid_o, step_valid_o} <= 2'b00;
  end

  wire unused_dw = &{1'b0, DwKw[0], cfg_maximum, cfg_pairs, second_col, cfg_edge_records, cfg_sparse, patch_room_i};
endmodule

`default_nettype wire
