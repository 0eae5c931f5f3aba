// Walks the groups of sparse steps of one strip of one phase: the loops over tiles, rows, pixels, channel groups and steps, one step a cycle.
// step_walker walks the same strip in front of it and asks for the patch of each pixel, a word a cycle; patch_store holds two of them.
// A pixel begins when its patch has been asked for, a group when its weights and its place in the output are there.
// Outputs are registered: a step appears one cycle after its counters.
`default_nettype none

module group_walker #(
    parameter PhaseW = 384,  // bits of a phase's words
    parameter Pk     = 8,    // lanes
    parameter AddrW  = 10,   // bits of a line-buffer word address
    parameter BankW  = 2     // bits of a bank number
) (
    input wire clk_i,
    input wire rst_i,

    // strip: what is walked, stable until its end; of other phases nothing is
    input  wire              start_i,
    input  wire [PhaseW-1:0] cfg_i,        // descriptor words of the phase
    output wire              sparse_o,     // the phase has sparse steps
    input  wire              to_memory_i,  // results go to the row writer
    input  wire [      15:0] y_i,          // first output row of the strip

    // destination: line buffer and slot of the strip's first row
    input wire [  BankW:0] dst_banks_i,
    input wire [BankW-1:0] dst_bank_i,
    input wire [AddrW-1:0] dst_addr_i,
    input wire [AddrW-1:0] dst_row_words_i,
    input wire [AddrW-1:0] dst_last_i,

    // weights of the strip's first tile, and when they are free
    input wire [15:0] words_base_i,
    input wire [15:0] groups_base_i,
    input wire        free_tiles_i,  // streamed block: a finished tile's weights are free
    input wire        free_all_i,    // resident block: this strip is the block's last

    // patches: the first and the last word of one is asked for; whether there is room for another
    input  wire fetch_start_i,
    input  wire fetch_end_i,
    output wire patch_room_o,

    // what the strip waits for
    input wire [15:0] groups_loaded_i,
    input wire        output_ready_i,

    // progress: ends of rows, and where the row after one begins
    output wire             busy_o,
    output wire             row_end_o,     // a row is finished (all tiles)
    output wire             strip_end_o,   // with the last of them
    output wire [BankW-1:0] dst_bank_o,
    output wire [AddrW-1:0] dst_addr_o,
    output wire [     15:0] words_end_o,   // weights after this tile
    output wire [     15:0] groups_end_o,
    output wire [      2:0] reason_o,      // 0 issues, 2 weights, 3 output, 5 set-up
    output wire             group_start_o,

    // step: what the array does
    output reg step_valid_o,
    output reg step_first_o,      // first of a group
    output reg step_last_o,       // last of a group
    output reg step_patch_last_o, // last of a patch

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
  localparam PkW = $clog2(Pk);

  generate
    if (Pk < 1 || (Pk & (Pk - 1)) != 0) begin : gen_bad_lanes
      firebrick_error_pk_must_be_a_power_of_two u_error ();
    end
  endgenerate

  // ---- configuration
  wire cfg_sparse, cfg_pixel_chunks;
  wire [7:0] cfg_halo_rows, cfg_centre_groups;
  wire [3:0] cfg_centre_steps;
  wire [15:0] cfg_rows, cfg_width, cfg_groups, cfg_tile_groups, cfg_strip_rows, cfg_group_words, cfg_dst_pitch;
  group_walker_fields u_fields (
      .words_i        (cfg_i),
      .sparse_o       (cfg_sparse),
      .pixel_chunks_o (cfg_pixel_chunks),
      .halo_rows_o    (cfg_halo_rows),
      .rows_o         (cfg_rows),
      .width_o        (cfg_width),
      .centre_steps_o (cfg_centre_steps),
      .groups_o       (cfg_groups),
      .tile_groups_o  (cfg_tile_groups),
      .strip_rows_o   (cfg_strip_rows),
      .group_words_o  (cfg_group_words),
      .dst_pitch_o    (cfg_dst_pitch),
      .centre_groups_o(cfg_centre_groups)
  );
  assign sparse_o = cfg_sparse;

  // ---- counters
  reg [1:0] state_q;
  reg [15:0] y_q, y_left_q;                // output row; rows of the strip after this one
  reg [15:0] x_q;
  reg [15:0] tile_q;                       // groups before this tile
  reg [15:0] g_q, g_left_q;                // group in tile; groups of the tile after this one
  reg [15:0] left_q;                       // steps of the group after this one
  reg        first_q;                      // the group's first
  reg [15:0] tile_words_q, tile_groups_q;  // weights of the tile
  reg [15:0] words_q, groups_q;            // weight word of the step; group record
  reg [19:0] dst_x_q, dst_offset_q;
  reg [BankW-1:0] dst_bank_q;
  reg [AddrW-1:0] dst_addr_q;

  // ---- patches
  reg [1:0] taken_q, there_q;  // places of patch_store in use, and patches that have been asked for
  wire patch_end;
  assign patch_room_o = taken_q != 2'd2;
  always @(posedge clk_i) begin
    taken_q <= taken_q + {1'b0, fetch_start_i} - {1'b0, patch_end};
    there_q <= there_q + {1'b0, fetch_end_i} - {1'b0, patch_end};
    if (rst_i) {taken_q, there_q} <= 4'd0;
  end

  // ---- ends of the loops
  wire x_end = x_q == cfg_width - 16'd1;
  wire g_end = g_left_q == 16'd0;
  wire tile_end = y_left_q == 16'd0;
  wire group_end = left_q == 16'd0;
  wire row_end = group_end && x_end && g_end;
  wire [15:0] groups_after = cfg_groups - tile_q - cfg_tile_groups;
  wire last_tile = cfg_groups - tile_q <= cfg_tile_groups;

  // ---- gates
  wire [15:0] weights_ahead = groups_loaded_i - groups_q;
  wire weights_there = !weights_ahead[15] && weights_ahead != 16'd0;
  wire output_there = !to_memory_i || output_ready_i;
  wire go = state_q == Run && there_q != 2'd0 && (!first_q || (weights_there && output_there));
  assign patch_end = go && group_end && g_end;

  assign busy_o = state_q != Idle;
  assign group_start_o = go && first_q;
  assign reason_o = (state_q != Run || there_q == 2'd0) ? 3'd5 : go ? 3'd0 : weights_there ? 3'd3 : 3'd2;
  assign row_end_o = go && row_end && last_tile;
  assign strip_end_o = row_end_o && tile_end;
  assign words_end_o = words_q + 16'd1;
  assign groups_end_o = groups_q + 16'd1;

  // a row is banks ahead, words ahead, or back at the start
  wire [BankW:0] bank_after = {1'b0, dst_bank_q} + {{BankW{1'b0}}, 1'b1};
  wire same_words = bank_after < dst_banks_i;
  assign dst_bank_o = same_words ? bank_after[BankW-1:0] : {BankW{1'b0}};
  assign dst_addr_o = same_words ? dst_addr_q :
      (dst_addr_q == dst_last_i) ? {AddrW{1'b0}} : dst_addr_q + dst_row_words_i;

  wire [15:0] rows_left = cfg_rows - y_i;
  wire [15:0] strip_rows = cfg_strip_rows + ((y_i == 16'd0) ? {8'd0, cfg_halo_rows} : 16'd0);
  wire [15:0] rows_here = (rows_left < strip_rows) ? rows_left : strip_rows;
  wire [15:0] tile_here = (cfg_groups < cfg_tile_groups) ? cfg_groups : cfg_tile_groups;
  wire [15:0] tile_next = (groups_after < cfg_tile_groups) ? groups_after : cfg_tile_groups;

  // ---- steps of the next group
  wire next_centre = ((state_q == Row || g_end) ? tile_q : tile_q + g_q + 16'd1) < {8'd0, cfg_centre_groups};
  wire [15:0] next_left = (next_centre ? {12'd0, cfg_centre_steps} : cfg_group_words) - 16'd1;

  wire [19:0] tile_offset = {4'd0, tile_q} << PkW;
  wire [19:0] pk_bytes = Pk[19:0];

  always @(posedge clk_i) begin
    case (state_q)
      Idle:
      if (start_i && cfg_sparse) begin
        state_q <= Row;
        y_q <= y_i;
        y_left_q <= rows_here - 16'd1;
        tile_q <= 16'd0;
        g_left_q <= tile_here - 16'd1;
        tile_words_q <= words_base_i;
        tile_groups_q <= groups_base_i;
        dst_bank_q <= dst_bank_i;
        dst_addr_q <= dst_addr_i;
      end
      Row: begin
        state_q <= Run;
        x_q <= 16'd0;
        g_q <= 16'd0;
        words_q <= tile_words_q;
        groups_q <= tile_groups_q;
        left_q <= next_left;
        first_q <= 1'b1;
        dst_x_q <= 20'd0;
        dst_offset_q <= tile_offset;
      end
      Run:
      if (go) begin
        words_q <= words_q + 16'd1;
        left_q  <= group_end ? next_left : left_q - 16'd1;
        first_q <= group_end;
        if (group_end) begin
          g_q <= g_end ? 16'd0 : g_q + 16'd1;
          g_left_q <= g_end ? g_q : g_left_q - 16'd1;
          groups_q <= g_end ? tile_groups_q : groups_q + 16'd1;
          dst_offset_q <= g_end ? tile_offset : dst_offset_q + pk_bytes;
        end
        if (group_end && g_end) begin
          words_q <= tile_words_q;
          x_q <= x_q + 16'd1;
          dst_x_q <= dst_x_q + {4'd0, cfg_dst_pitch};
        end
        if (row_end && tile_end) begin
          state_q <= last_tile ? Idle : Row;
          tile_q <= tile_q + cfg_tile_groups;
          g_left_q <= tile_next - 16'd1;
          y_q <= y_i;
          y_left_q <= rows_here - 16'd1;
          tile_words_q <= words_end_o;
          tile_groups_q <= groups_end_o;
          dst_bank_q <= dst_bank_i;
          dst_addr_q <= dst_addr_i;
        end else if (row_end) begin
          state_q <= Row;
          y_q <= y_q + 16'd1;
          y_left_q <= y_left_q - 16'd1;
          dst_bank_q <= dst_bank_o;
          dst_addr_q <= dst_addr_o;
        end
      end
      default: state_q <= Idle;
    endcase
    if (rst_i) state_q <= Idle;
  end

  // ---- the step
  always @(posedge clk_i) begin
    step_valid_o <= go;
    step_first_o <= first_q;
    step_last_o <= group_end;
    step_patch_last_o <= group_end && g_end;
    step_words_o <= words_q;
    step_group_o <= groups_q;
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
    if (rst_i) step_valid_o <= 1'b0;
  end
endmodule

`default_nettype wire
