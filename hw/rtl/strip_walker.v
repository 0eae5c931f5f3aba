// Walks one strip of one phase: step_walker alone, or where the phase has sparse steps in front of group_walker, for the patches that its
// steps choose from. Steps as those of either; those of a patch's words are no steps of the array.
`default_nettype none

module strip_walker #(
    parameter PhaseW      = 384,      // bits of a phase's words
    parameter Pk          = 8,        // lanes
    parameter Pc          = 8,        // multipliers a lane
    parameter DwKh        = 3,        // depthwise window
    parameter DwKw        = 3,
    parameter Columns     = 1,  // of a window that a step may take, 1 or 2
    parameter Paired      = 0,        // not 0: a serial tap takes two cycles; 1, 2: a weight word of a window too; 2: a step that is a whole group too
    parameter SerialMax   = 0,        // serial phases may keep the greatest tap
    parameter EdgeRecords = 0,        // 1: windows at the edges have records of their own
    parameter Sparse      = 0,        // 1: phases may have sparse steps
    parameter AddrW       = 10,       // bits of a line-buffer word address
    parameter BankW       = 2         // bits of a bank number
) (
    input wire clk_i,
    input wire rst_i,

    // strip: what is walked, stable while busy
    input  wire              start_i,
    output wire              busy_o,
    output wire              reads_o,      // its source rows are walked still
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

    // progress: ends of rows, and where the row after one begins
    output wire             win_end_o,    // the source rows of a row are no longer needed
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

    // with the step's operands: a word of a patch of sparse steps, whether it is the first, the last
    output wire fetch_valid_o,
    output wire fetch_first_o,
    output wire fetch_last_o,

    // step: what the array does
    output wire      step_valid_o,
    output wire [1:0] step_kind_o,   // 0 conv, 1 depthwise column, 2 serial tap, 3 one of a maximum
    output wire      step_pair_o,   // two columns
    output wire      step_first_o,  // first of a group; depthwise: first column, window cleared
    output wire      step_last_o,   // last of a group; depthwise: the window is complete
    output wire [7:0] step_tap_o,    // serial: multiplier that takes the tap; depthwise: last cycle of the window

    // step: it is sparse, and whether it is the last of its patch
    output wire step_sparse_o,
    output wire step_patch_last_o,

    // step: operands in the source's line buffer
    output wire [BankW-1:0] step_bank_o,
    output wire [AddrW-1:0] step_addr_o,    // row address in that bank and those above it
    output wire [AddrW-1:0] step_next_o,    // row address in the banks below it
    output wire [     19:0] step_offset_o,  // byte in the row
    output wire [     19:0] step_second_o,  // of the second column
    output wire            step_pad_o,
    output wire             step_second_pad_o,
    output wire [ DwKh-1:0] step_row_pad_o,

    // step: weights, and which of them are free behind it
    output wire [15:0] step_words_o,       // weight word
    output wire [15:0] step_group_o,       // parameter record
    output wire       step_free_o,        // weights up to the end of this group are free
    output wire [15:0] step_free_words_o,
    output wire [15:0] step_free_groups_o,

    // step: place of the group's results in the destination's line buffer
    output wire [BankW-1:0] step_dst_bank_o,
    output wire [AddrW-1:0] step_dst_addr_o,
    output wire [     19:0] step_dst_offset_o,
    output wire            step_row_last_o,    // the group completes a destination row

    // step: place of the group's results in the map
    output wire       step_chunk_last_o,
    output wire       step_x_last_o,        // last column, last row, last group of the pixel in its tile
    output wire       step_y_last_o,
    output wire       step_pixel_last_o,
    output wire [15:0] step_y_o,
    output wire [15:0] step_x_o,
    output wire [15:0] step_channel_group_o
);
  generate
    if (Sparse != 0 && Sparse != 1) begin : gen_bad_sparse
      firebrick_error_sparse_must_be_0_or_1 u_error ();
    end
  endgenerate

  // ---- taps, a step for each or, of sparse phases, their words for patch_store
  wire taps_strip_end, taps_group_start;
  wire [BankW-1:0] taps_dst_bank;
  wire [AddrW-1:0] taps_dst_addr;
  wire [15:0] taps_words_end, taps_groups_end;
  wire [2:0] taps_reason;
  wire fetch_start, fetch_end, patch_room;
  wire taps_step_valid, taps_step_first, taps_step_last, taps_step_free, taps_step_row_last;
  wire [15:0] taps_step_words, taps_step_group, taps_step_free_words, taps_step_free_groups;
  wire [BankW-1:0] taps_step_dst_bank;
  wire [AddrW-1:0] taps_step_dst_addr;
  wire [19:0] taps_step_dst_offset;
  wire taps_step_chunk_last, taps_step_x_last, taps_step_y_last, taps_step_pixel_last;
  wire [15:0] taps_step_y, taps_step_x, taps_step_channel_group;
  step_walker #(
      .PhaseW     (PhaseW),
      .Pk         (Pk),
      .Pc         (Pc),
      .DwKh       (DwKh),
      .DwKw       (DwKw),
      .Columns    (Columns),
      .Paired     (Paired),
      .SerialMax  (SerialMax),
      .EdgeRecords(EdgeRecords),
      .Sparse     (Sparse),
      .AddrW      (AddrW),
      .BankW      (BankW)
  ) u_walker (
      .clk_i               (clk_i),
      .rst_i               (rst_i),
      .start_i             (start_i),
      .busy_o              (reads_o),
      .cfg_i               (cfg_i),
      .to_memory_i         (to_memory_i),
      .y_i                 (y_i),
      .src_banks_i         (src_banks_i),
      .win_bank_i          (win_bank_i),
      .win_addr_i          (win_addr_i),
      .win_row_i           (win_row_i),
      .dst_banks_i         (dst_banks_i),
      .dst_bank_i          (dst_bank_i),
      .dst_addr_i          (dst_addr_i),
      .dst_row_words_i     (dst_row_words_i),
      .dst_last_i          (dst_last_i),
      .words_base_i        (words_base_i),
      .groups_base_i       (groups_base_i),
      .free_tiles_i        (free_tiles_i),
      .free_all_i          (free_all_i),
      .rows_there_i        (rows_there_i),
      .groups_loaded_i     (groups_loaded_i),
      .output_ready_i      (output_ready_i),
      .residual_i          (residual_i),
      .residual_rows_i     (residual_rows_i),
      .patch_room_i        (patch_room),
      .row_end_o           (win_end_o),
      .strip_end_o         (taps_strip_end),
      .win_bank_o          (win_bank_o),
      .win_addr_o          (win_addr_o),
      .win_row_o           (win_row_o),
      .dst_bank_o          (taps_dst_bank),
      .dst_addr_o          (taps_dst_addr),
      .words_end_o         (taps_words_end),
      .groups_end_o        (taps_groups_end),
      .reason_o            (taps_reason),
      .group_start_o       (taps_group_start),
      .fetch_start_o       (fetch_start),
      .fetch_end_o         (fetch_end),
      .fetch_valid_o       (fetch_valid_o),
      .step_valid_o        (taps_step_valid),
      .step_kind_o         (step_kind_o),
      .step_bank_o         (step_bank_o),
      .step_addr_o         (step_addr_o),
      .step_next_o         (step_next_o),
      .step_offset_o       (step_offset_o),
      .step_second_o       (step_second_o),
      .step_pad_o          (step_pad_o),
      .step_second_pad_o   (step_second_pad_o),
      .step_row_pad_o      (step_row_pad_o),
      .step_pair_o         (step_pair_o),
      .step_first_o        (taps_step_first),
      .step_last_o         (taps_step_last),
      .step_tap_o          (step_tap_o),
      .step_words_o        (taps_step_words),
      .step_group_o        (taps_step_group),
      .step_free_o         (taps_step_free),
      .step_free_words_o   (taps_step_free_words),
      .step_free_groups_o  (taps_step_free_groups),
      .step_dst_bank_o     (taps_step_dst_bank),
      .step_dst_addr_o     (taps_step_dst_addr),
      .step_dst_offset_o   (taps_step_dst_offset),
      .step_row_last_o     (taps_step_row_last),
      .step_chunk_last_o   (taps_step_chunk_last),
      .step_x_last_o       (taps_step_x_last),
      .step_y_last_o       (taps_step_y_last),
      .step_pixel_last_o   (taps_step_pixel_last),
      .step_y_o            (taps_step_y),
      .step_x_o            (taps_step_x),
      .step_channel_group_o(taps_step_channel_group)
  );
  assign fetch_first_o = taps_step_first;
  assign fetch_last_o = taps_step_last;

  // ---- groups of sparse steps
  localparam WalkW = 1 + 1 + 1 + BankW + AddrW + 16 + 16 + 1;
  localparam PlaceW = 1 + 1 + 16 + 16 + 1 + 16 + 16 + BankW + AddrW + 20 + 1 + 4 + 3 * 16;
  wire [WalkW-1:0] taps_walk = {
    reads_o, win_end_o, taps_strip_end, taps_dst_bank, taps_dst_addr, taps_words_end, taps_groups_end, taps_group_start
  };
  wire [PlaceW-1:0] taps_place = {
    taps_step_first, taps_step_last, taps_step_words, taps_step_group, taps_step_free, taps_step_free_words,
    taps_step_free_groups, taps_step_dst_bank, taps_step_dst_addr, taps_step_dst_offset, taps_step_row_last,
    taps_step_chunk_last, taps_step_x_last, taps_step_y_last, taps_step_pixel_last, taps_step_y, taps_step_x,
    taps_step_channel_group
  };
  wire [WalkW-1:0] walk;
  wire [PlaceW-1:0] place;
  assign {busy_o, row_end_o, strip_end_o, dst_bank_o, dst_addr_o, words_end_o, groups_end_o, group_start_o} = walk;
  assign {
    step_first_o, step_last_o, step_words_o, step_group_o, step_free_o, step_free_words_o,
    step_free_groups_o, step_dst_bank_o, step_dst_addr_o, step_dst_offset_o, step_row_last_o,
    step_chunk_last_o, step_x_last_o, step_y_last_o, step_pixel_last_o, step_y_o, step_x_o,
    step_channel_group_o
  } = place;
  assign step_valid_o = taps_step_valid || step_sparse_o;
  generate
    if (Sparse != 0) begin : gen_sparse
      wire takes_sparse;
      wire [2:0] group_reason;
      wire group_busy, group_row_end, group_strip_end, group_starts;
      wire [BankW-1:0] group_dst_bank;
      wire [AddrW-1:0] group_dst_addr;
      wire [15:0] group_words_end, group_groups_end;
      wire group_first, group_last, group_free, group_row_last, group_chunk_last, group_x_last, group_y_last, group_pixel_last;
      wire [15:0] group_words, group_record, group_free_words, group_free_groups, group_step_y, group_step_x, group_channel_group;
      wire [BankW-1:0] group_step_dst_bank;
      wire [AddrW-1:0] group_step_dst_addr;
      wire [19:0] group_dst_offset;
      group_walker #(
          .PhaseW(PhaseW),
          .Pk    (Pk),
          .AddrW (AddrW),
          .BankW (BankW)
      ) u_groups (
          .clk_i               (clk_i),
          .rst_i               (rst_i),
          .start_i             (start_i),
          .cfg_i               (cfg_i),
          .sparse_o            (takes_sparse),
          .to_memory_i         (to_memory_i),
          .y_i                 (y_i),
          .dst_banks_i         (dst_banks_i),
          .dst_bank_i          (dst_bank_i),
          .dst_addr_i          (dst_addr_i),
          .dst_row_words_i     (dst_row_words_i),
          .dst_last_i          (dst_last_i),
          .words_base_i        (words_base_i),
          .groups_base_i       (groups_base_i),
          .free_tiles_i        (free_tiles_i),
          .free_all_i          (free_all_i),
          .fetch_start_i       (fetch_start),
          .fetch_end_i         (fetch_end),
          .patch_room_o        (patch_room),
          .groups_loaded_i     (groups_loaded_i),
          .output_ready_i      (output_ready_i),
          .busy_o              (group_busy),
          .row_end_o           (group_row_end),
          .strip_end_o         (group_strip_end),
          .dst_bank_o          (group_dst_bank),
          .dst_addr_o          (group_dst_addr),
          .words_end_o         (group_words_end),
          .groups_end_o        (group_groups_end),
          .reason_o            (group_reason),
          .group_start_o       (group_starts),
          .step_valid_o        (step_sparse_o),
          .step_first_o        (group_first),
          .step_last_o         (group_last),
          .step_patch_last_o   (step_patch_last_o),
          .step_words_o        (group_words),
          .step_group_o        (group_record),
          .step_free_o         (group_free),
          .step_free_words_o   (group_free_words),
          .step_free_groups_o  (group_free_groups),
          .step_dst_bank_o     (group_step_dst_bank),
          .step_dst_addr_o     (group_step_dst_addr),
          .step_dst_offset_o   (group_dst_offset),
          .step_row_last_o     (group_row_last),
          .step_chunk_last_o   (group_chunk_last),
          .step_x_last_o       (group_x_last),
          .step_y_last_o       (group_y_last),
          .step_pixel_last_o   (group_pixel_last),
          .step_y_o            (group_step_y),
          .step_x_o            (group_step_x),
          .step_channel_group_o(group_channel_group)
      );
      assign walk = takes_sparse ? {
        group_busy, group_row_end, group_strip_end, group_dst_bank, group_dst_addr, group_words_end, group_groups_end, group_starts
      } : taps_walk;
      assign place = step_sparse_o ? {
        group_first, group_last, group_words, group_record, group_free, group_free_words, group_free_groups,
        group_step_dst_bank, group_step_dst_addr, group_dst_offset, group_row_last, group_chunk_last, group_x_last,
        group_y_last, group_pixel_last, group_step_y, group_step_x, group_channel_group
      } : taps_place;
      // it waits for a patch, and that for rows
      assign reason_o = (!takes_sparse || (group_reason == 3'd5 && taps_reason == 3'd1)) ? taps_reason : group_reason;
    end else begin : gen_no_sparse
      assign walk = taps_walk;
      assign place = taps_place;
      assign reason_o = taps_reason;
      assign patch_room = 1'b0;
      assign step_sparse_o = 1'b0;
      assign step_patch_last_o = 1'b0;
      wire unused_fetch = &{1'b0, fetch_start, fetch_end};
    end
  endgenerate
endmodule

`default_nettype wire
