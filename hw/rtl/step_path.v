// The sequencer, and its steps on their way to the array: stage A addresses the line buffers, B chooses operands out of
// their words, C is the array's first. What the array does not need of a step goes with it as the token of its result.
`default_nettype none

module step_path #(
    parameter BusBytes    = 16,
    parameter MaxBlocks   = 32,
    parameter Phases      = 2,           // phases of a block, 1 to 3
    parameter PhaseW      = 384,         // bits of a phase's words
    parameter Pk          = 8,
    parameter Pc          = 8,
    parameter DwKh        = 3,
    parameter DwKw        = 3,
    parameter Columns     = 1,           // of a window that a step may take, 1 or 2
    parameter Paired      = 0,           // not 0: a serial tap takes two cycles; 1, 2: a window too; 2: a step that is a whole group too
    parameter SerialMax   = 0,           // 1: serial phases may keep the greatest tap
    parameter EdgeRecords = 0,           // 1: windows at the edges have records of their own
    parameter PatchWords  = 0,           // not 0: phases may have sparse steps
    parameter AddrW       = 10,
    parameter BankW       = 2,
    parameter LbBanks     = 24'h010104,  // banks of line buffers 0, 1, 2, eight bits each
    parameter OutputDepth = 64,          // groups that the output queue holds
    parameter Activations = 0,           // 1: the token names a kernel
    parameter TokenW      = 130          // bits of the token
) (
    input wire clk_i,
    input wire rst_i,

    // program: descriptor stream, and blocks that may be read
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,
    input wire                  loaded_i,
    // weights that stay: the first block of theirs and the one behind the last; words and groups in front of them, and of them
    input wire [           7:0] kept_from_i,
    input wire [           7:0] kept_to_i,
    input wire [          15:0] kept_words_before_i,
    input wire [          15:0] kept_groups_before_i,
    input wire [          15:0] kept_words_i,
    input wire [          15:0] kept_groups_i,
    input wire [           7:0] blocks_i,

    // what has come from memory: source rows, rows of the residual, weights; source rows no longer needed
    input  wire [ 7:0] row_block_i,
    input  wire [15:0] rows_i,
    input  wire [ 7:0] residual_block_i,
    input  wire [15:0] residual_rows_i,
    input  wire [15:0] groups_loaded_i,
    output wire [ 7:0] rows_released_o,
    output wire [15:0] rows_freed_o,

    // results: what has become of those of earlier steps
    input wire       output_pop_i,         // a group left the output queue
    input wire       output_drop_i,        // a group went into a pool's window
    input wire       row_written_i,        // a row of a later line buffer is complete
    input wire [1:0] row_written_phase_i,  // by this phase

    // packer: makes phase 0 when its kind is pack
    output wire              pack_start_o,
    output wire [PhaseW-1:0] pack_cfg_o,
    output wire [      15:0] pack_dst_freed_o,
    output wire [      15:0] pack_dst_slots_o,
    output wire [ AddrW-1:0] pack_dst_row_words_o,
    output wire [ AddrW-1:0] pack_dst_last_o,
    output wire [      15:0] pack_rows_there_o,
    input  wire [      15:0] pack_rows_freed_i,
    input  wire              pack_row_written_i,
    input  wire              pack_done_i,

    // stage A: where the operands lie
    output wire             read_window_o,  // rows of a depthwise window
    output wire [BankW-1:0] read_bank_o,
    output wire [AddrW-1:0] read_addr_o,
    output wire [AddrW-1:0] read_next_o,
    output wire [     19:0] read_offset_o,
    output wire [     19:0] read_second_o,  // of the second column
    output wire [      1:0] read_buffer_o,  // line buffer that they are in

    // stage B: which of the words they are
    output wire [     19:0] select_offset_o,
    output wire [     19:0] select_second_o,
    output wire             select_pad_o,
    output wire             select_second_pad_o,
    output wire [ DwKh-1:0] select_row_pad_o,
    output wire [      7:0] select_zero_o,

    // stage B: weight word of the step
    output wire [15:0] next_words_o,
    output wire        next_kept_o,

    // stage C: a word of a patch; a sparse step, and whether it is the last of its patch
    output wire fetch_valid_o,
    output wire fetch_first_o,
    output wire fetch_last_o,
    output wire step_sparse_o,
    output wire step_patch_last_o,

    // stage C: what the array does
    output wire              step_valid_o,
    output wire [       1:0] step_kind_o,
    output wire              step_pair_o,
    output wire              step_first_o,
    output wire              step_last_o,
    output wire [       7:0] step_tap_o,
    output wire [      15:0] step_words_o,
    output wire              step_kept_o,   // they stay from image to image
    output wire [      15:0] step_group_o,
    output wire [      31:0] step_quant_o,
    output wire [TokenW-1:0] step_token_o,

    // all blocks are through, and none of their results is on its way to the row writer
    output wire idle_o,

    // observation: block and phase, and what they waited for the cycle before
    output reg [7:0] state_block_o,
    output wire      backlog_o,  // many results wait for the row writer
    output reg [1:0] state_phase_o,
    output reg [2:0] state_reason_o
);
  generate
    if (Activations != 0 && Activations != 1) begin : gen_bad_activations
      firebrick_error_activations_must_be_0_or_1 u_error ();
    end
  endgenerate

  // ---- stage A
  wire valid, pad, second_pad, pair, first, last, to_memory;
  wire fetch_valid, fetch_first, fetch_last, sparse, patch_last;
  wire [1:0] kind, phase;
  wire [DwKh-1:0] row_pad;
  wire [7:0] step_block, tap;
  wire [31:0] quant;
  wire [3:0] activation;
  wire [15:0] words, step_group;
  wire free;
  wire [15:0] free_words, free_groups;
  wire [BankW-1:0] dst_bank;
  wire [AddrW-1:0] dst_addr;
  wire [19:0] dst_offset;
  wire row_last, chunk_last, x_last, y_last, pixel_last;
  wire [15:0] y, x, channel_group;
  wire [7:0] state_block;
  wire [1:0] state_phase;
  wire [2:0] state_reason;

  sequencer #(
      .BusBytes   (BusBytes),
      .MaxBlocks  (MaxBlocks),
      .Phases     (Phases),
      .PhaseW     (PhaseW),
      .Pk         (Pk),
      .Pc         (Pc),
      .DwKh       (DwKh),
      .DwKw       (DwKw),
      .Columns    (Columns),
      .Paired     (Paired),
      .SerialMax  (SerialMax),
      .EdgeRecords(EdgeRecords),
      .PatchWords (PatchWords),
      .AddrW      (AddrW),
      .BankW      (BankW),
      .LbBanks    (LbBanks),
      .OutputDepth(OutputDepth)
  ) u_sequencer (
      .clk_i               (clk_i),
      .rst_i               (rst_i),
      .desc_valid_i        (desc_valid_i),
      .desc_block_i        (desc_block_i),
      .desc_beat_i         (desc_beat_i),
      .desc_data_i         (desc_data_i),
      .loaded_i            (loaded_i),
      .blocks_i            (blocks_i),
      .reader_block_i      (row_block_i),
      .reader_rows_i       (rows_i),
      .lb_released_o       (rows_released_o),
      .rows_freed_o        (rows_freed_o),
      .groups_loaded_i     (groups_loaded_i),
      .output_pop_i        (output_pop_i),
      .output_drop_i       (output_drop_i),
      .residual_block_i    (residual_block_i),
      .residual_rows_i     (residual_rows_i),
      .row_written_i       (row_written_i),
      .row_written_phase_i (row_written_phase_i),
      .pack_start_o        (pack_start_o),
      .pack_cfg_o          (pack_cfg_o),
      .pack_dst_freed_o    (pack_dst_freed_o),
      .pack_dst_slots_o    (pack_dst_slots_o),
      .pack_dst_row_words_o(pack_dst_row_words_o),
      .pack_dst_last_o     (pack_dst_last_o),
      .pack_rows_there_o   (pack_rows_there_o),
      .pack_rows_freed_i   (pack_rows_freed_i),
      .pack_row_written_i  (pack_row_written_i),
      .pack_done_i         (pack_done_i),
      .step_valid_o        (valid),
      .step_kind_o         (kind),
      .step_phase_o        (phase),
      .step_to_memory_o    (to_memory),
      .step_block_o        (step_block),
      .step_quant_o        (quant),
      .step_activation_o   (activation),
      .step_bank_o         (read_bank_o),
      .step_addr_o         (read_addr_o),
      .step_next_o         (read_next_o),
      .step_offset_o       (read_offset_o),
      .step_second_o       (read_second_o),
      .step_pad_o          (pad),
      .step_second_pad_o   (second_pad),
      .step_row_pad_o      (row_pad),
      .step_pair_o         (pair),
      .step_first_o        (first),
      .step_last_o         (last),
      .step_tap_o          (tap),
      .step_words_o        (words),
      .step_group_o        (step_group),
      .step_free_o         (free),
      .step_free_words_o   (free_words),
      .step_free_groups_o  (free_groups),
      .step_dst_bank_o     (dst_bank),
      .step_dst_addr_o     (dst_addr),
      .step_dst_offset_o   (dst_offset),
      .step_row_last_o     (row_last),
      .fetch_valid_o       (fetch_valid),
      .fetch_first_o       (fetch_first),
      .fetch_last_o        (fetch_last),
      .step_sparse_o       (sparse),
      .step_patch_last_o   (patch_last),
      .step_chunk_last_o   (chunk_last),
      .step_x_last_o       (x_last),
      .step_y_last_o       (y_last),
      .step_pixel_last_o   (pixel_last),
      .step_y_o            (y),
      .step_x_o            (x),
      .step_channel_group_o(channel_group),
      .idle_o              (idle_o),
      .state_block_o       (state_block),
      .backlog_o           (backlog_o),
      .state_phase_o       (state_phase),
      .state_reason_o      (state_reason)
  );
  assign read_window_o = kind == 2'd1;
  assign read_buffer_o = phase;
  always @(posedge clk_i) {state_block_o, state_phase_o, state_reason_o} <= {state_block, state_phase, state_reason};

  // ---- stage B
  wire unused_valid;
  generate
    if (Columns == 2) begin : gen_second
      delay_line #(
          .Width (20 + 1),
          .Stages(1)
      ) u_to_b (
          .clk_i (clk_i),
          .rst_i (rst_i),
          .data_i({read_second_o, second_pad}),
          .data_o({select_second_o, select_second_pad_o})
      );
    end else begin : gen_no_second
      assign select_second_o = 20'd0;
      assign select_second_pad_o = 1'b0;
      wire unused_second = &{1'b0, second_pad};
    end
  endgenerate
  delay_line #(
      .Width (8 + 20 + 1 + DwKh + 1),
      .Stages(1)
  ) u_to_b (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({quant[31:24], read_offset_o, pad, row_pad, valid}),
      .data_o({
        select_zero_o, select_offset_o, select_pad_o, select_row_pad_o, unused_valid
      })
  );

  // ---- stage C
  // weights that stay have words and groups of their own, and those behind them follow those in front of them
  wire behind = step_block >= kept_to_i;
  wire kept = step_block >= kept_from_i && !behind;
  wire [15:0] words_between = behind ? kept_words_i : kept ? kept_words_before_i : 16'd0;
  wire [15:0] groups_between = behind ? kept_groups_i : kept ? kept_groups_before_i : 16'd0;
  wire [15:0] own_words = words - words_between;
  wire [15:0] own_group = step_group - groups_between;
  wire [TokenW-1:0] token;
  token_step #(
      .AddrW      (AddrW),
      .BankW      (BankW),
      .Activations(Activations)
  ) u_token_step (
      .free_groups_i  (free_groups),
      .free_words_i   (free_words),
      .free_i         (free),
      .kept_i         (kept),
      .activation_i   (activation),
      .channel_group_i(channel_group),
      .x_i            (x),
      .y_i            (y),
      .pixel_last_i   (pixel_last),
      .y_last_i       (y_last),
      .x_last_i       (x_last),
      .chunk_last_i   (chunk_last),
      .row_last_i     (row_last),
      .dst_offset_i   (dst_offset),
      .dst_addr_i     (dst_addr),
      .dst_bank_i     (dst_bank),
      .block_i        (step_block),
      .phase_i        (phase),
      .to_memory_i    (to_memory),
      .token_o        (token)
  );

  delay_line #(
      .Width (TokenW + 32 + 16 + 8 + 1 + 1 + 1 + 2 + 1 + 5),
      .Stages(2)
  ) u_to_c (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({
        token, quant, own_group, tap, last, first, pair, kind, valid,
        fetch_valid, fetch_first, fetch_last, sparse, patch_last
      }),
      .data_o({
        step_token_o,
        step_quant_o,
        step_group_o,
        step_tap_o,
        step_last_o,
        step_first_o,
        step_pair_o,
        step_kind_o,
        step_valid_o,
        fetch_valid_o,
        fetch_first_o,
        fetch_last_o,
        step_sparse_o,
        step_patch_last_o
      })
  );
  delay_line #(
      .Width (16 + 1),
      .Stages(1)
  ) u_words_b (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({own_words, kept}),
      .data_o({next_words_o, next_kept_o})
  );
  delay_line #(
      .Width (16 + 1),
      .Stages(1)
  ) u_words_c (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({next_words_o, next_kept_o}),
      .data_o({step_words_o, step_kept_o})
  );
endmodule

`default_nettype wire
