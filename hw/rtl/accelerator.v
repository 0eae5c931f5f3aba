// The accelerator: reads the program, maps and weights, computes, and writes maps, as docs/hardware.md describes. A generated
// top.v instantiates it with the sizes of a network.
`default_nettype none

module accelerator #(
    // array
    parameter Pk      = 8,  // lanes
    parameter Pc      = 8,  // multipliers a lane
    parameter DwKh    = 3,  // depthwise window
    parameter DwKw    = 3,
    parameter Paired  = 0,  // 1: two products a multiplier; 2: two lanes a requantiser too, 3: their windows lie side by side
    parameter Float32 = 0,  // 1: requantisers have a float mode
    parameter SumW = 32,  // bits of a sum, 32, or 25 where all fit
    parameter LeftShifts = 1,  // 1: sums are shifted left
    parameter Averages = 1,  // 1: magnitudes are divided, or without rounding
    parameter NarrowWeights = 0,  // 1: all are -127 to 127

    // program
    parameter MaxBlocks = 32,   // blocks
    parameter Phases    = 2,    // phases of a block, 2 or 3
    parameter PhaseW    = 384,  // bits of a phase's words
    parameter DescBytes = 256,  // bytes of a block's descriptor
    parameter [15:0] Identity = 16'd0,  // of the hardware, as its programs have it

    // bytes of the regions that are written: nothing is written behind them
    parameter [31:0] OutputBytes = 4096,
    parameter [31:0] WorkspaceBytes = 4096,

    // memory bus, rings and queue
    parameter BusBytes    = 16,    // bytes of a beat, 8 or 16
    parameter WeightDepth = 1024,  // words of Pk*Pc bytes
    parameter KeptWords   = 0,     // words beside the ring that stay from image to image
    parameter ParamDepth  = 64,    // groups
    parameter KeptGroups  = 0,     // groups that stay
    parameter PatchWords  = 0,     // words of a patch that sparse steps choose from, a power of two, 16 to 256; 0: no layer has any
    parameter CodeBits    = 0,     // bits of codes that stand for weights, at most 7; 0: none do
    parameter OutputDepth = 64,    // groups
    parameter WeightsYield = 0,    // 1: weights of later blocks are not read while results wait for the memory that they share
    parameter ChipDepth   = 0,     // beats of the scratchpad for maps; 0: none

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
    parameter AddrW    = 10,   // bits of a word's address
    parameter BankW    = 2,    // bits of a bank's number

    // units that not every network needs
    parameter Packer             = 0,  // rows that the packer of a first layer's patches takes in a cycle, 0: none
    parameter SerialMax          = 0,  // 1: serial phases may keep the greatest tap: max pools in front of the array
    parameter EdgeRecords        = 0,  // 1: windows at the edges have records of their own: average pools with padding
    parameter ResidualDepth      = 0,  // words of the residual's line buffer; 0: no block has a residual
    parameter ResidualOperations = 0,  // 1: results and residuals are not only added
    parameter PoolGroups         = 0,  // channel groups of the widest pooled map; 0: no block has a pool
    parameter PoolDepth          = 0,  // pooled pixels of a row times groups, the largest
    parameter Kernels            = 0,  // activations behind each lane: what the module activation_kernels holds
    parameter KernelStages       = 1,  // cycles that all of them take
    parameter Tables             = 0,  // 1: behind each lane, eight slots for tables

    // kernels of hw/kernels, and the token that accompanies a step
    parameter RequantiseStages = 7,
    parameter ResidualStages   = 9,
    parameter TokenW           = 130
) (
    // of both AXI interfaces
    input wire aclk,
    input wire aresetn,

    // AXI4-Lite write
    input  wire [ 7:0] s_axil_awaddr,
    input  wire        s_axil_awvalid,
    output wire        s_axil_awready,
    input  wire [31:0] s_axil_wdata,
    input  wire [ 3:0] s_axil_wstrb,
    input  wire        s_axil_wvalid,
    output wire        s_axil_wready,
    output wire [ 1:0] s_axil_bresp,
    output wire        s_axil_bvalid,
    input  wire        s_axil_bready,

    // AXI4-Lite read
    input  wire [ 7:0] s_axil_araddr,
    input  wire        s_axil_arvalid,
    output wire        s_axil_arready,
    output wire [31:0] s_axil_rdata,
    output wire [ 1:0] s_axil_rresp,
    output wire        s_axil_rvalid,
    input  wire        s_axil_rready,

    // level: interrupt to the host
    output wire done_interrupt,

    // AXI4 write address
    output wire [31:0] m_axi_awaddr,
    output wire [ 7:0] m_axi_awlen,
    output wire [ 2:0] m_axi_awsize,
    output wire [ 1:0] m_axi_awburst,
    output wire        m_axi_awvalid,
    input  wire        m_axi_awready,

    // AXI4 write data and response
    output wire [BusBytes*8-1:0] m_axi_wdata,
    output wire [  BusBytes-1:0] m_axi_wstrb,
    output wire                  m_axi_wlast,
    output wire                  m_axi_wvalid,
    input  wire                  m_axi_wready,
    input  wire [           1:0] m_axi_bresp,
    input  wire                  m_axi_bvalid,
    output wire                  m_axi_bready,

    // AXI4 read address
    output wire [31:0] m_axi_araddr,
    output wire [ 7:0] m_axi_arlen,
    output wire [ 2:0] m_axi_arsize,
    output wire [ 1:0] m_axi_arburst,
    output wire        m_axi_arvalid,
    input  wire        m_axi_arready,

    // AXI4 read data
    input  wire [BusBytes*8-1:0] m_axi_rdata,
    input  wire [           1:0] m_axi_rresp,
    input  wire                  m_axi_rlast,
    input  wire                  m_axi_rvalid,
    output wire                  m_axi_rready,

    // observation: a result of the lanes, with its residual added
    output wire            trace_valid,
    output wire [     7:0] trace_block,
    output wire [     1:0] trace_phase,
    output wire [    15:0] trace_y,
    output wire [    15:0] trace_x,
    output wire [    15:0] trace_group,
    output wire [Pk*8-1:0] trace_data,

    // observation: a group of a pooled map
    output wire            pool_valid,
    output wire [     7:0] pool_block,
    output wire [    15:0] pool_y,
    output wire [    15:0] pool_x,
    output wire [    15:0] pool_group,
    output wire [Pk*8-1:0] pool_data,

    // observation: block and phase, and what they wait for
    output wire [7:0] state_block,
    output wire [1:0] state_phase,
    output wire [2:0] state_reason
);
  localparam ChipAddrW = (ChipDepth > 1) ? $clog2(ChipDepth) : 1;
  localparam Activations = (Kernels > 0 || Tables > 0) ? 1 : 0;

  generate
    if (Lb0Depth > (1 << AddrW) || Lb1Depth > (1 << AddrW) || Lb2Depth > (1 << AddrW)) begin : gen_bad_depths
      firebrick_error_addr_w_must_reach_the_depth_of_every_line_buffer u_error ();
    end
  endgenerate

  // ---- control
  wire start, hold, rst;
  wire [127:0] bases;
  wire loaded;
  wire [7:0] blocks, kept_from, kept_to, blocks_done;
  wire [15:0] kept_words_before, kept_groups_before, kept_words, kept_groups;
  wire keep;
  wire [15:0] rows_done;
  wire [7:0] row_block;
  wire reads_idle, writes_idle, read_error, write_error, outside, bad_program, bad_weights;
  wire [2:0] read_unit;
  wire [7:0] read_error_block, write_error_block;
  wire [31:0] read_error_addr, write_error_addr;
  wire read_decode, write_decode;
  wire clear = rst || start;

  wire progress = (m_axi_rvalid && m_axi_rready) || (m_axi_wvalid && m_axi_wready) || (m_axi_bvalid && m_axi_bready)
      || state_reason == 3'd0;

  wire array_idle;
  run_control u_run (
      .clk_i           (aclk),
      .rst_i           (!aresetn),
      .s_axil_awaddr   (s_axil_awaddr),
      .s_axil_awvalid  (s_axil_awvalid),
      .s_axil_awready  (s_axil_awready),
      .s_axil_wdata    (s_axil_wdata),
      .s_axil_wstrb    (s_axil_wstrb),
      .s_axil_wvalid   (s_axil_wvalid),
      .s_axil_wready   (s_axil_wready),
      .s_axil_bresp    (s_axil_bresp),
      .s_axil_bvalid   (s_axil_bvalid),
      .s_axil_bready   (s_axil_bready),
      .s_axil_araddr   (s_axil_araddr),
      .s_axil_arvalid  (s_axil_arvalid),
      .s_axil_arready  (s_axil_arready),
      .s_axil_rdata    (s_axil_rdata),
      .s_axil_rresp    (s_axil_rresp),
      .s_axil_rvalid   (s_axil_rvalid),
      .s_axil_rready   (s_axil_rready),
      .interrupt_o     (done_interrupt),
      .state_reason_i  (state_reason),
      .array_idle_i    (array_idle),
      .start_o         (start),
      .keep_o          (keep),
      .bases_o         (bases),
      .hold_o          (hold),
      .reset_o         (rst),
      .reads_idle_i    (reads_idle),
      .writes_idle_i   (writes_idle),
      .progress_i      (progress),
      .loaded_i        (loaded),
      .blocks_i        (blocks),
      .blocks_done_i   (blocks_done),
      .reader_block_i  (row_block),
      .read_error_i    (read_error),
      .read_unit_i     (read_unit),
      .read_block_i    (read_error_block),
      .read_addr_i     (read_error_addr),
      .read_decode_i   (read_decode),
      .write_error_i   (write_error),
      .outside_i       (outside),
      .write_block_i   (write_error_block),
      .write_addr_i    (write_error_addr),
      .write_decode_i  (write_decode),
      .bad_program_i   (bad_program),
      .bad_weights_i   (bad_weights)
  );

  // ---- from memory: program, rows, weights
  wire desc_valid;
  wire [7:0] desc_block;
  wire [5:0] desc_beat;
  wire [BusBytes*8-1:0] desc_data;

  wire row_we;
  wire [BankW-1:0] row_bank;
  wire [AddrW-1:0] row_addr;
  wire [LbBytes/BusBytes-1:0] row_strb;
  wire [BusBytes*8-1:0] row_data;
  wire [7:0] rows_released;
  wire [15:0] rows, rows_freed;

  wire backlog;
  wire residual_we, residual_bank;
  wire [AddrW-1:0] residual_addr;
  wire [LbBytes/BusBytes-1:0] residual_strb;
  wire [BusBytes*8-1:0] residual_data;
  wire [7:0] residual_block;
  wire [15:0] residual_rows, residual_freed;

  wire param_we, weight_we, free_valid;
  wire [$clog2(ParamDepth+KeptGroups)-1:0] param_addr;
  wire [1:0] param_field;
  wire [((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1)-1:0] param_part;
  wire [BusBytes*8-1:0] param_data;
  wire [$clog2(WeightDepth+KeptWords)-1:0] weight_addr;
  wire [((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1)-1:0] weight_part;
  wire [BusBytes*9-1:0] weight_data;
  wire [BusBytes*3-1:0] weight_selectors;
  wire [7:0] weight_position;
  wire [15:0] groups_loaded, free_words, free_groups;
  wire chip_we;
  wire [ChipAddrW-1:0] chip_addr;
  wire [BusBytes*8-1:0] chip_data;
  wire table_we;
  wire [10:0] table_addr;
  wire [7:0] table_data;

  read_path #(
      .BusBytes   (BusBytes),
      .LbBytes    (LbBytes),
      .RowBanks   (Lb0Banks),
      .AddrW      (AddrW),
      .BankW      (BankW),
      .MaxBlocks  (MaxBlocks),
      .DescBytes  (DescBytes),
      .Identity   (Identity),
      .Pk         (Pk),
      .Pc         (Pc),
      .WeightDepth(WeightDepth),
      .KeptWords  (KeptWords),
      .ParamDepth (ParamDepth),
      .KeptGroups (KeptGroups),
      .PatchWords (PatchWords),
      .CodeBits   (CodeBits),
      .Tables     (Tables),
      .Residual   ((ResidualDepth > 0) ? 1 : 0),
      .ChipDepth  (ChipDepth),
      .WeightsYield(WeightsYield)
  ) u_reads (
      .clk_i           (aclk),
      .rst_i           (rst),
      .start_i         (start),
      .keep_i          (keep),
      .hold_i          (hold),
      .bases_i         (bases),
      .error_o         (read_error),
      .error_unit_o    (read_unit),
      .error_block_o   (read_error_block),
      .error_addr_o    (read_error_addr),
      .error_decode_o  (read_decode),
      .bad_program_o   (bad_program),
      .bad_weights_o   (bad_weights),
      .idle_o          (reads_idle),
      .desc_valid_o    (desc_valid),
      .desc_block_o    (desc_block),
      .desc_beat_o     (desc_beat),
      .desc_data_o     (desc_data),
      .loaded_o        (loaded),
      .blocks_o        (blocks),
      .kept_from_o     (kept_from),
      .kept_to_o       (kept_to),
      .kept_words_before_o (kept_words_before),
      .kept_groups_before_o(kept_groups_before),
      .kept_words_o    (kept_words),
      .kept_groups_o   (kept_groups),
      .step_block_i    (state_block),
      .backlog_i       (backlog),
      .written_blocks_i(blocks_done),
      .written_rows_i  (rows_done),
      .chip_we_i       (chip_we),
      .chip_addr_i     (chip_addr),
      .chip_data_i     (chip_data),
      .row_we_o        (row_we),
      .row_bank_o      (row_bank),
      .row_addr_o      (row_addr),
      .row_strb_o      (row_strb),
      .row_data_o      (row_data),
      .row_block_o     (row_block),
      .rows_o          (rows),
      .rows_released_i (rows_released),
      .rows_freed_i    (rows_freed),
      .residual_we_o   (residual_we),
      .residual_bank_o (residual_bank),
      .residual_addr_o (residual_addr),
      .residual_strb_o (residual_strb),
      .residual_data_o (residual_data),
      .residual_block_o(residual_block),
      .residual_rows_o (residual_rows),
      .residual_freed_i(residual_freed),
      .param_we_o      (param_we),
      .param_addr_o    (param_addr),
      .param_field_o   (param_field),
      .param_part_o    (param_part),
      .param_data_o    (param_data),
      .weight_we_o     (weight_we),
      .weight_addr_o   (weight_addr),
      .weight_part_o   (weight_part),
      .weight_data_o   (weight_data),
      .weight_selectors_o(weight_selectors),
      .weight_position_o(weight_position),
      .table_we_o      (table_we),
      .table_addr_o    (table_addr),
      .table_data_o    (table_data),
      .result_valid_i  (trace_valid),
      .result_block_i  (trace_block),
      .groups_loaded_o (groups_loaded),
      .free_valid_i    (free_valid),
      .free_words_i    (free_words),
      .free_groups_i   (free_groups),
      .m_axi_araddr    (m_axi_araddr),
      .m_axi_arlen     (m_axi_arlen),
      .m_axi_arsize    (m_axi_arsize),
      .m_axi_arburst   (m_axi_arburst),
      .m_axi_arvalid   (m_axi_arvalid),
      .m_axi_arready   (m_axi_arready),
      .m_axi_rdata     (m_axi_rdata),
      .m_axi_rresp     (m_axi_rresp),
      .m_axi_rlast     (m_axi_rlast),
      .m_axi_rvalid    (m_axi_rvalid),
      .m_axi_rready    (m_axi_rready)
  );

  // ---- computation: steps, operands, array
  wire result_valid, sum_to_row, sum_row_last, pool_drop, group_taken;
  wire [TokenW-1:0] result_token;
  wire [Pk*8-1:0] result_data;
  wire [BankW-1:0] sum_bank;
  wire [AddrW-1:0] sum_addr;
  wire [19:0] sum_offset;

  compute_path #(
      .Pk              (Pk),
      .Pc              (Pc),
      .DwKh            (DwKh),
      .DwKw            (DwKw),
      .Paired          (Paired),
      .Float32         (Float32),
      .SumW            (SumW),
      .LeftShifts      (LeftShifts),
      .Averages        (Averages),
      .NarrowWeights   (NarrowWeights),
      .MaxBlocks       (MaxBlocks),
      .Phases          (Phases),
      .PhaseW          (PhaseW),
      .BusBytes        (BusBytes),
      .WeightDepth     (WeightDepth),
      .KeptWords       (KeptWords),
      .ParamDepth      (ParamDepth),
      .KeptGroups      (KeptGroups),
      .PatchWords      (PatchWords),
      .OutputDepth     (OutputDepth),
      .LbBytes         (LbBytes),
      .Lb0Banks        (Lb0Banks),
      .Lb1Banks        (Lb1Banks),
      .Lb2Banks        (Lb2Banks),
      .Lb0Depth        (Lb0Depth),
      .Lb1Depth        (Lb1Depth),
      .Lb2Depth        (Lb2Depth),
      .Lb0Pair         (Lb0Pair),
      .Lb1Pair         (Lb1Pair),
      .Lb2Pair         (Lb2Pair),
      .AddrW           (AddrW),
      .BankW           (BankW),
      .Packer          (Packer),
      .SerialMax       (SerialMax),
      .EdgeRecords     (EdgeRecords),
      .Kernels         (Kernels),
      .KernelStages    (KernelStages),
      .Tables          (Tables),
      .RequantiseStages(RequantiseStages),
      .TokenW          (TokenW)
  ) u_compute (
      .clk_i           (aclk),
      .rst_i           (clear),
      .desc_valid_i    (desc_valid),
      .desc_block_i    (desc_block),
      .desc_beat_i     (desc_beat),
      .desc_data_i     (desc_data),
      .loaded_i        (loaded),
      .kept_from_i     (kept_from),
      .kept_to_i       (kept_to),
      .kept_words_before_i (kept_words_before),
      .kept_groups_before_i(kept_groups_before),
      .kept_words_i    (kept_words),
      .kept_groups_i   (kept_groups),
      .blocks_i        (blocks),
      .row_we_i        (row_we),
      .row_bank_i      (row_bank),
      .row_addr_i      (row_addr),
      .row_strb_i      (row_strb),
      .row_data_i      (row_data),
      .row_block_i     (row_block),
      .rows_i          (rows),
      .rows_released_o (rows_released),
      .rows_freed_o    (rows_freed),
      .residual_block_i(residual_block),
      .residual_rows_i (residual_rows),
      .param_we_i      (param_we),
      .param_addr_i    (param_addr),
      .param_field_i   (param_field),
      .param_part_i    (param_part),
      .param_data_i    (param_data),
      .weight_we_i     (weight_we),
      .weight_addr_i   (weight_addr),
      .weight_part_i   (weight_part),
      .weight_data_i   (weight_data),
      .weight_selectors_i(weight_selectors),
      .weight_position_i(weight_position),
      .table_we_i      (table_we),
      .table_addr_i    (table_addr),
      .table_data_i    (table_data),
      .groups_loaded_i (groups_loaded),
      .free_valid_o    (free_valid),
      .free_words_o    (free_words),
      .free_groups_o   (free_groups),
      .result_valid_o  (result_valid),
      .result_token_o  (result_token),
      .result_data_o   (result_data),
      .output_pop_i    (group_taken),
      .output_drop_i   (pool_drop),
      .sum_valid_i     (sum_to_row),
      .sum_row_last_i  (sum_row_last),
      .sum_phase_i     (trace_phase),
      .sum_bank_i      (sum_bank),
      .sum_addr_i      (sum_addr),
      .sum_offset_i    (sum_offset),
      .sum_data_i      (trace_data),
      .idle_o          (array_idle),
      .state_block_o   (state_block),
      .backlog_o       (backlog),
      .state_phase_o   (state_phase),
      .state_reason_o  (state_reason)
  );

  // ---- results: residual, line buffers, pool
  wire out_valid, out_last;

  result_path #(
      .BusBytes          (BusBytes),
      .MaxBlocks         (MaxBlocks),
      .Pk                (Pk),
      .LbBytes           (LbBytes),
      .AddrW             (AddrW),
      .BankW             (BankW),
      .Activations       (Activations),
      .TokenW            (TokenW),
      .ResidualStages    (ResidualStages),
      .ResidualDepth     (ResidualDepth),
      .ResidualOperations(ResidualOperations),
      .PoolGroups        (PoolGroups),
      .PoolDepth         (PoolDepth)
  ) u_results (
      .clk_i           (aclk),
      .rst_i           (clear),
      .desc_valid_i    (desc_valid),
      .desc_block_i    (desc_block),
      .desc_beat_i     (desc_beat),
      .desc_data_i     (desc_data),
      .valid_i         (result_valid),
      .token_i         (result_token),
      .data_i          (result_data),
      .residual_block_i(residual_block),
      .residual_we_i   (residual_we),
      .residual_bank_i (residual_bank),
      .residual_addr_i (residual_addr),
      .residual_strb_i (residual_strb),
      .residual_data_i (residual_data),
      .residual_freed_o(residual_freed),
      .sum_valid_o     (trace_valid),
      .sum_block_o     (trace_block),
      .sum_phase_o     (trace_phase),
      .sum_y_o         (trace_y),
      .sum_x_o         (trace_x),
      .sum_group_o     (trace_group),
      .sum_data_o      (trace_data),
      .row_valid_o     (sum_to_row),
      .row_last_o      (sum_row_last),
      .row_bank_o      (sum_bank),
      .row_addr_o      (sum_addr),
      .row_offset_o    (sum_offset),
      .out_valid_o     (out_valid),
      .out_last_o      (out_last),
      .out_data_o      (pool_data),
      .pool_drop_o     (pool_drop),
      .pool_valid_o    (pool_valid),
      .pool_block_o    (pool_block),
      .pool_y_o        (pool_y),
      .pool_x_o        (pool_x),
      .pool_group_o    (pool_group)
  );

  // ---- to memory
  wire unused_room;  // a group enters when the sequencer knows of its place
  row_writer #(
      .BusBytes  (BusBytes),
      .Pk        (Pk),
      .MaxBlocks (MaxBlocks),
      .QueueDepth(OutputDepth),
      .ChipAddrW (ChipAddrW),
      .OutputBytes   (OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_row_writer (
      .clk_i        (aclk),
      .rst_i        (rst),
      .clear_i      (start),
      .hold_i       (hold),
      .desc_valid_i (desc_valid),
      .desc_block_i (desc_block),
      .desc_beat_i  (desc_beat),
      .desc_data_i  (desc_data),
      .loaded_i     (loaded),
      .blocks_i     (blocks),
      .bases_i      (bases),
      .in_valid_i   (out_valid),
      .in_ready_o   (unused_room),
      .in_data_i    (pool_data),
      .in_last_i    (out_last),
      .group_taken_o(group_taken),
      .chip_we_o    (chip_we),
      .chip_addr_o  (chip_addr),
      .chip_data_o  (chip_data),
      .blocks_done_o(blocks_done),
      .rows_done_o  (rows_done),
      .error_o      (write_error),
      .outside_o    (outside),
      .error_block_o(write_error_block),
      .error_addr_o (write_error_addr),
      .error_decode_o(write_decode),
      .idle_o       (writes_idle),
      .m_axi_awaddr (m_axi_awaddr),
      .m_axi_awlen  (m_axi_awlen),
      .m_axi_awsize (m_axi_awsize),
      .m_axi_awburst(m_axi_awburst),
      .m_axi_awvalid(m_axi_awvalid),
      .m_axi_awready(m_axi_awready),
      .m_axi_wdata  (m_axi_wdata),
      .m_axi_wstrb  (m_axi_wstrb),
      .m_axi_wlast  (m_axi_wlast),
      .m_axi_wvalid (m_axi_wvalid),
      .m_axi_wready (m_axi_wready),
      .m_axi_bresp  (m_axi_bresp),
      .m_axi_bvalid (m_axi_bvalid),
      .m_axi_bready (m_axi_bready)
  );
endmodule

`default_nettype wire
