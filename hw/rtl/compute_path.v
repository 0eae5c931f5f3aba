// What happens between the memories: steps of the sequencer, their operands out of the line buffers, and the array.
// Latency from a step to its result: two cycles, pe_array's, KernelStages where kernels stand behind the lanes, one where tables do.
`default_nettype none

module compute_path #(
    // array
    parameter Pk      = 8,
    parameter Pc      = 8,
    parameter DwKh    = 3,
    parameter DwKw    = 3,
    parameter Paired  = 0,  // 1: two products a multiplier; 2: two lanes a requantiser too, 3: their windows lie side by side
    parameter Float32 = 0,  // 1: requantisers have a float mode
    parameter SumW    = 32,  // bits of a sum, 32, or 25 where all fit
    parameter LeftShifts = 1,  // 1: sums are shifted left
    parameter Averages   = 1,  // 1: magnitudes are divided, or without rounding
    parameter NarrowWeights = 0,  // 1: all are -127 to 127

    // program
    parameter MaxBlocks = 32,
    parameter Phases    = 2,    // phases of a block, 2 or 3
    parameter PhaseW    = 384,  // bits of a phase's words

    // memory bus, rings and queue
    parameter BusBytes    = 16,
    parameter WeightDepth = 1024,
    parameter KeptWords   = 0,     // words beside the weight ring that stay from image to image
    parameter ParamDepth  = 64,
    parameter KeptGroups  = 0,
    parameter PatchWords  = 0,     // words of a patch that sparse steps choose from; 0: there are none
    parameter OutputDepth = 64,    // groups that the output queue holds

    // line buffers of the phases
    parameter LbBytes  = 16,   // bytes of a word
    parameter Lb0Banks = 4,
    parameter Lb1Banks = 1,
    parameter Lb2Banks = 1,    // without a third phase: 1
    parameter Lb0Depth = 512,  // words of a bank
    parameter Lb1Depth = 512,
    parameter Lb2Depth = 512,
    parameter Lb0Pair  = 0,    // words a bank of the second copy of a line buffer, for windows that move on by two columns; 0: none
    parameter Lb1Pair  = 0,
    parameter Lb2Pair  = 0,
    parameter AddrW    = 10,
    parameter BankW    = 2,

    // units that not every network needs
    parameter Packer       = 0,  // rows that the patch packer takes in a cycle, 0: there is none
    parameter SerialMax    = 0,  // 1: serial phases may keep the greatest tap
    parameter EdgeRecords  = 0,  // 1: windows at the edges have records of their own
    parameter Kernels      = 0,  // activations behind each lane
    parameter KernelStages = 1,  // cycles that all of them take
    parameter Tables       = 0,  // 1: tables behind each lane

    // requantiser, and the token that accompanies a step
    parameter RequantiseStages = 7,
    parameter TokenW           = 130
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

    // source rows: writes into line buffer 0, what it holds, and what of it is no longer needed
    input  wire                        row_we_i,
    input  wire [           BankW-1:0] row_bank_i,
    input  wire [           AddrW-1:0] row_addr_i,
    input  wire [LbBytes/BusBytes-1:0] row_strb_i,
    input  wire [      BusBytes*8-1:0] row_data_i,
    input  wire [                 7:0] row_block_i,
    input  wire [                15:0] rows_i,
    output wire [                 7:0] rows_released_o,
    output wire [                15:0] rows_freed_o,

    // rows of the residual: what its line buffer holds
    input wire [ 7:0] residual_block_i,
    input wire [15:0] residual_rows_i,

    // parameter ring
    input wire                                                             param_we_i,
    input wire [                                   $clog2(ParamDepth+KeptGroups)-1:0] param_addr_i,
    input wire [                                                      1:0] param_field_i,
    input wire [((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1)-1:0] param_part_i,
    input wire [                                           BusBytes*8-1:0] param_data_i,

    // weight ring
    input wire                                                               weight_we_i,
    input wire [                                    $clog2(WeightDepth+KeptWords)-1:0] weight_addr_i,
    input wire [((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1)-1:0] weight_part_i,
    input wire [                                             BusBytes*9-1:0] weight_data_i,
    input wire [                                             BusBytes*3-1:0] weight_selectors_i,
    input wire [                                                        7:0] weight_position_i,

    // tables: slot, and value + 128
    input wire        table_we_i,
    input wire [10:0] table_addr_i,
    input wire [ 7:0] table_data_i,

    // both rings: complete groups since the start, and space given back
    input  wire [15:0] groups_loaded_i,
    output wire        free_valid_o,
    output wire [15:0] free_words_o,
    output wire [15:0] free_groups_o,

    // results
    output wire              result_valid_o,
    output wire [TokenW-1:0] result_token_o,
    output wire [  Pk*8-1:0] result_data_o,

    // what has become of results
    input wire output_pop_i,   // a group left the output queue
    input wire output_drop_i,  // a group went into a pool's window

    // sums that go to the line buffer of the next phase
    input wire             sum_valid_i,
    input wire             sum_row_last_i,  // the row is complete
    input wire [      1:0] sum_phase_i,     // that made them
    input wire [BankW-1:0] sum_bank_i,
    input wire [AddrW-1:0] sum_addr_i,
    input wire [     19:0] sum_offset_i,
    input wire [ Pk*8-1:0] sum_data_i,

    // all blocks are through, and none of their results is on its way to the row writer
    output wire idle_o,

    // observation: block and phase, and what they wait for
    output wire [7:0] state_block_o,
    output wire       backlog_o,  // many results wait for the row writer
    output wire [1:0] state_phase_o,
    output wire [2:0] state_reason_o
);
  localparam Columns = (Lb0Pair + Lb1Pair + Lb2Pair > 0) ? 2 : 1;  // of a window that a step may take

  generate
    if (Lb1Banks > Lb0Banks || Lb2Banks > Lb0Banks) begin : gen_bad_banks
      firebrick_error_lb1_banks_and_lb2_banks_must_not_exceed_lb0_banks u_error ();
    end
  endgenerate

  // ---- steps, stages A to C
  wire pack_start, pack_row_written, pack_done;
  wire [PhaseW-1:0] pack_cfg;
  wire [AddrW-1:0] pack_dst_row_words, pack_dst_last;
  wire [15:0] pack_dst_freed, pack_dst_slots, pack_rows_there, pack_rows_freed;

  wire read_window;
  wire [BankW-1:0] read_bank;
  wire [AddrW-1:0] read_addr, read_next;
  wire [19:0] read_offset, read_second, select_offset, select_second;
  wire [1:0] read_buffer;
  wire select_pad, select_second_pad;
  wire [DwKh-1:0] select_row_pad;
  wire [7:0] select_zero;

  wire step_valid, step_pair, step_first, step_last;
  wire [1:0] step_kind;
  wire [7:0] step_tap;
  wire [15:0] step_words, step_group;
  wire step_kept;
  wire [15:0] next_words;
  wire next_kept;
  wire fetch_valid, fetch_first, fetch_last, step_sparse, step_patch_last;
  wire [31:0] step_quant;
  wire [TokenW-1:0] step_token;

  step_path #(
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
      .LbBanks    ({Lb2Banks[7:0], Lb1Banks[7:0], Lb0Banks[7:0]}),
      .OutputDepth(OutputDepth),
      .Activations((Kernels > 0 || Tables > 0) ? 1 : 0),
      .TokenW     (TokenW)
  ) u_steps (
      .clk_i               (clk_i),
      .rst_i               (rst_i),
      .desc_valid_i        (desc_valid_i),
      .desc_block_i        (desc_block_i),
      .desc_beat_i         (desc_beat_i),
      .desc_data_i         (desc_data_i),
      .loaded_i            (loaded_i),
      .kept_from_i         (kept_from_i),
      .kept_to_i           (kept_to_i),
      .kept_words_before_i (kept_words_before_i),
      .kept_groups_before_i(kept_groups_before_i),
      .kept_words_i        (kept_words_i),
      .kept_groups_i       (kept_groups_i),
      .blocks_i            (blocks_i),
      .row_block_i         (row_block_i),
      .rows_i              (rows_i),
      .residual_block_i    (residual_block_i),
      .residual_rows_i     (residual_rows_i),
      .groups_loaded_i     (groups_loaded_i),
      .rows_released_o     (rows_released_o),
      .rows_freed_o        (rows_freed_o),
      .output_pop_i        (output_pop_i),
      .output_drop_i       (output_drop_i),
      .row_written_i       (sum_row_last_i),
      .row_written_phase_i (sum_phase_i),
      .pack_start_o        (pack_start),
      .pack_cfg_o          (pack_cfg),
      .pack_dst_freed_o    (pack_dst_freed),
      .pack_dst_slots_o    (pack_dst_slots),
      .pack_dst_row_words_o(pack_dst_row_words),
      .pack_dst_last_o     (pack_dst_last),
      .pack_rows_there_o   (pack_rows_there),
      .pack_rows_freed_i   (pack_rows_freed),
      .pack_row_written_i  (pack_row_written),
      .pack_done_i         (pack_done),
      .read_window_o       (read_window),
      .read_bank_o         (read_bank),
      .read_addr_o         (read_addr),
      .read_next_o         (read_next),
      .read_offset_o       (read_offset),
      .read_second_o       (read_second),
      .read_buffer_o       (read_buffer),
      .select_offset_o     (select_offset),
      .select_second_o     (select_second),
      .select_pad_o        (select_pad),
      .select_second_pad_o (select_second_pad),
      .select_row_pad_o    (select_row_pad),
      .select_zero_o       (select_zero),
      .next_words_o        (next_words),
      .next_kept_o         (next_kept),
      .fetch_valid_o       (fetch_valid),
      .fetch_first_o       (fetch_first),
      .fetch_last_o        (fetch_last),
      .step_sparse_o       (step_sparse),
      .step_patch_last_o   (step_patch_last),
      .step_valid_o        (step_valid),
      .step_kind_o         (step_kind),
      .step_pair_o         (step_pair),
      .step_first_o        (step_first),
      .step_last_o         (step_last),
      .step_tap_o          (step_tap),
      .step_words_o        (step_words),
      .step_kept_o         (step_kept),
      .step_group_o        (step_group),
      .step_quant_o        (step_quant),
      .step_token_o        (step_token),
      .idle_o              (idle_o),
      .state_block_o       (state_block_o),
      .backlog_o           (backlog_o),
      .state_phase_o       (state_phase_o),
      .state_reason_o      (state_reason_o)
  );

  // ---- operands, stages A to C
  wire [Pc*8-1:0] patch;
  wire [Pk*8-1:0] taps;
  wire [Pk*Columns*DwKh*8-1:0] window_columns;

  operand_path #(
      .Pk      (Pk),
      .Pc      (Pc),
      .BusBytes(BusBytes),
      .DwKh    (DwKh),
      .LbBytes (LbBytes),
      .Phases  (Phases),
      .Lb0Banks(Lb0Banks),
      .Lb1Banks(Lb1Banks),
      .Lb2Banks(Lb2Banks),
      .Lb0Depth(Lb0Depth),
      .Lb1Depth(Lb1Depth),
      .Lb2Depth(Lb2Depth),
      .Columns (Columns),
      .Lb0Pair (Lb0Pair),
      .Lb1Pair (Lb1Pair),
      .Lb2Pair (Lb2Pair),
      .AddrW   (AddrW),
      .BankW   (BankW),
      .Packer  (Packer),
      .PhaseW  (PhaseW)
  ) u_operands (
      .clk_i               (clk_i),
      .rst_i               (rst_i),
      .row_we_i            (row_we_i),
      .row_bank_i          (row_bank_i),
      .row_addr_i          (row_addr_i),
      .row_strb_i          (row_strb_i),
      .row_data_i          (row_data_i),
      .result_valid_i      (sum_valid_i),
      .result_phase_i      (sum_phase_i),
      .result_bank_i       (sum_bank_i),
      .result_addr_i       (sum_addr_i),
      .result_offset_i     (sum_offset_i),
      .result_data_i       (sum_data_i),
      .pack_start_i        (pack_start),
      .pack_cfg_i          (pack_cfg),
      .pack_dst_freed_i    (pack_dst_freed),
      .pack_dst_slots_i    (pack_dst_slots),
      .pack_dst_row_words_i(pack_dst_row_words),
      .pack_dst_last_i     (pack_dst_last),
      .pack_rows_there_i   (pack_rows_there),
      .pack_rows_freed_o   (pack_rows_freed),
      .pack_row_written_o  (pack_row_written),
      .pack_done_o         (pack_done),
      .read_window_i       (read_window),
      .read_bank_i         (read_bank),
      .read_addr_i         (read_addr),
      .read_next_i         (read_next),
      .read_offset_i       (read_offset),
      .read_second_i       (read_second),
      .read_buffer_i       (read_buffer),
      .select_offset_i     (select_offset),
      .select_second_i     (select_second),
      .select_pad_i        (select_pad),
      .select_second_pad_i (select_second_pad),
      .select_row_pad_i    (select_row_pad),
      .select_zero_i       (select_zero),
      .patch_o             (patch),
      .taps_o              (taps),
      .columns_o           (window_columns)
  );

  // ---- array, stages C to L, and the kernels behind it
  array_path #(
      .Pk          (Pk),
      .Pc          (Pc),
      .BusBytes    (BusBytes),
      .DwKh        (DwKh),
      .DwKw        (DwKw),
      .Columns     (Columns),
      .WeightDepth (WeightDepth),
      .KeptWords   (KeptWords),
      .ParamDepth  (ParamDepth),
      .KeptGroups  (KeptGroups),
      .PatchWords  (PatchWords),
      .Paired      (Paired),
      .SerialMax   (SerialMax),
      .Float32     (Float32),
      .SumW        (SumW),
      .LeftShifts  (LeftShifts),
      .Averages    (Averages),
      .NarrowWeights(NarrowWeights),
      .Requantise  (RequantiseStages),
      .Kernels     (Kernels),
      .KernelStages(KernelStages),
      .Tables      (Tables),
      .AddrW       (AddrW),
      .BankW       (BankW),
      .TokenW      (TokenW)
  ) u_lanes (
      .clk_i         (clk_i),
      .rst_i         (rst_i),
      .param_we_i    (param_we_i),
      .param_addr_i  (param_addr_i),
      .param_field_i (param_field_i),
      .param_part_i  (param_part_i),
      .param_data_i  (param_data_i),
      .weight_we_i   (weight_we_i),
      .weight_addr_i (weight_addr_i),
      .weight_part_i (weight_part_i),
      .weight_data_i (weight_data_i),
      .weight_selectors_i(weight_selectors_i),
      .weight_position_i(weight_position_i),
      .table_we_i    (table_we_i),
      .table_addr_i  (table_addr_i),
      .table_data_i  (table_data_i),
      .free_valid_o  (free_valid_o),
      .free_words_o  (free_words_o),
      .free_groups_o (free_groups_o),
      .next_words_i  (next_words),
      .next_kept_i   (next_kept),
      .fetch_valid_i (fetch_valid),
      .fetch_first_i (fetch_first),
      .fetch_last_i  (fetch_last),
      .sparse_i      (step_sparse),
      .patch_last_i  (step_patch_last),
      .valid_i       (step_valid),
      .kind_i        (step_kind),
      .pair_i        (step_pair),
      .first_i       (step_first),
      .last_i        (step_last),
      .tap_i         (step_tap),
      .words_i       (step_words),
      .kept_i        (step_kept),
      .group_i       (step_group),
      .quant_i       (step_quant),
      .token_i       (step_token),
      .patch_i       (patch),
      .taps_i        (taps),
      .columns_i     (window_columns),
      .result_valid_o(result_valid_o),
      .result_token_o(result_token_o),
      .result_data_o (result_data_o)
  );
endmodule

`default_nettype wire
