// Everything that comes from memory: the program, source rows, rows of residuals, and weights, each with its reader
// behind one AXI4 read master. The program goes first, then residuals, rows and weights. Rows may lie in the scratchpad instead.
`default_nettype none

module read_path #(
    parameter BusBytes    = 16,
    parameter LbBytes     = 16,    // bytes of a line-buffer word
    parameter RowBanks    = 4,     // banks of line buffer 0
    parameter AddrW       = 10,
    parameter BankW       = 2,     // bits of one of RowBanks
    parameter MaxBlocks   = 32,
    parameter DescBytes   = 256,   // bytes of a descriptor
    parameter [15:0] Identity = 16'd0,  // of the hardware, as its programs have it
    parameter Pk          = 8,
    parameter Pc          = 8,
    parameter WeightDepth = 1024,  // words of the weight ring
    parameter KeptWords   = 0,     // words beside it that stay from image to image
    parameter ParamDepth  = 16,    // groups of the parameter ring
    parameter KeptGroups  = 0,     // groups beside it that stay
    parameter PatchWords  = 0,     // not 0: there are sparse steps, whose segments are coded
    parameter CodeBits    = 0,     // bits of codes that stand for weights; 0: none do
    parameter Tables      = 0,     // 1: there are tables behind the lanes
    parameter Residual    = 1,     // 1: blocks may have residuals
    parameter ChipDepth   = 0,     // beats of the scratchpad; 0: none
    parameter WeightsYield = 0     // 1: those of later blocks are not asked for while results wait for the memory that they share
) (
    input wire clk_i,
    input wire rst_i,

    // an image starts, whose regions lie at these bases; no new address while hold is high
    input wire         start_i,
    input wire         keep_i,   // with start: program and weights that stay are those of the last image
    input wire         hold_i,
    input wire [127:0] bases_i,

    // pulses: a read came with an error, or the program is for other hardware or has another check than it says, or weights have; of an
    // error whose read it was (its number in the error register), for which block, the burst's address, and whether it was DECERR;
    // idle: no burst waits for an answer
    output wire        error_o,
    output wire [ 2:0] error_unit_o,
    output wire [ 7:0] error_block_o,
    output wire [31:0] error_addr_o,
    output wire        error_decode_o,
    output wire        bad_program_o,
    output wire        bad_weights_o,
    output wire        idle_o,

    // program: descriptor stream, and blocks that may be read
    output wire                  desc_valid_o,
    output wire [           7:0] desc_block_o,
    output wire [           5:0] desc_beat_o,
    output wire [BusBytes*8-1:0] desc_data_o,
    output wire                  loaded_o,
    output wire [           7:0] blocks_o,
    // weights that stay: the first block of theirs and the one behind the last; words and groups in front of them, and of them
    output wire [           7:0] kept_from_o,
    output wire [           7:0] kept_to_o,
    output wire [          15:0] kept_words_before_o,
    output wire [          15:0] kept_groups_before_o,
    output wire [          15:0] kept_words_o,
    output wire [          15:0] kept_groups_o,

    // from the sequencer: its block, and many of its results wait for the row writer
    input wire [7:0] step_block_i,
    input wire       backlog_i,

    // from the row writer: blocks, and rows of the block after them, that are in memory
    input wire [ 7:0] written_blocks_i,
    input wire [15:0] written_rows_i,

    // scratchpad: a beat of a map
    input wire                                                 chip_we_i,
    input wire [((ChipDepth > 1) ? $clog2(ChipDepth) : 1)-1:0] chip_addr_i,
    input wire [                               BusBytes*8-1:0] chip_data_i,

    // source rows: writes into line buffer 0, what it holds, and what of it is no longer needed
    output wire                        row_we_o,
    output wire [           BankW-1:0] row_bank_o,
    output wire [           AddrW-1:0] row_addr_o,
    output wire [LbBytes/BusBytes-1:0] row_strb_o,
    output wire [      BusBytes*8-1:0] row_data_o,
    output wire [                 7:0] row_block_o,
    output wire [                15:0] rows_o,
    input  wire [                 7:0] rows_released_i,  // blocks
    input  wire [                15:0] rows_freed_i,     // rows of the block after them

    // rows of the residual: the same for its line buffer, which has one bank
    output wire                        residual_we_o,
    output wire                        residual_bank_o,
    output wire [           AddrW-1:0] residual_addr_o,
    output wire [LbBytes/BusBytes-1:0] residual_strb_o,
    output wire [      BusBytes*8-1:0] residual_data_o,
    output wire [                 7:0] residual_block_o,
    output wire [                15:0] residual_rows_o,
    input  wire [                15:0] residual_freed_i,

    // parameter ring: part p of a field holds lanes p * BusBytes / 4 and up
    output wire                                                             param_we_o,
    output wire [                                   $clog2(ParamDepth+KeptGroups)-1:0] param_addr_o,
    output wire [                                                      1:0] param_field_o,
    output wire [((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1)-1:0] param_part_o,
    output wire [                                           BusBytes*8-1:0] param_data_o,

    // weight ring: part p of a word holds its weights p * BusBytes and up
    output wire                                                               weight_we_o,
    output wire [                                    $clog2(WeightDepth+KeptWords)-1:0] weight_addr_o,
    output wire [((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1)-1:0] weight_part_o,
    output wire [                                             BusBytes*9-1:0] weight_data_o,
    output wire [                                             BusBytes*3-1:0] weight_selectors_o,
    output wire [                                                        7:0] weight_position_o,

    // tables: slot, and value + 128; and the block of a result that has passed them
    output wire        table_we_o,
    output wire [10:0] table_addr_o,
    output wire [ 7:0] table_data_o,
    input  wire        result_valid_i,
    input  wire [ 7:0] result_block_i,

    // both rings: complete groups since the start, and space given back
    output wire [15:0] groups_loaded_o,
    input  wire        free_valid_i,
    input  wire [15:0] free_words_i,
    input  wire [15:0] free_groups_i,

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
    output wire                  m_axi_rready
);
  localparam ProgramClient = 0;
  localparam ResidualClient = 1;
  localparam RowClient = (Residual != 0) ? 2 : 1;
  localparam WeightClient = RowClient + 1;
  localparam Clients = WeightClient + 1;

  generate
    if (BankW != ((RowBanks > 1) ? $clog2(RowBanks) : 1)) begin : gen_bad_banks
      firebrick_error_bank_w_must_be_the_bits_of_row_banks u_error ();
    end
    if (Residual != 0 && Residual != 1) begin : gen_bad_residual
      firebrick_error_residual_must_be_0_or_1 u_error ();
    end
  endgenerate

  wire [Clients-1:0] req_valid, req_ready, rsp_valid;
  wire [Clients*32-1:0] req_addr;
  wire [Clients*9-1:0] req_beats;
  wire [Clients*8-1:0] req_block;
  wire [Clients-1:0] answered;
  wire [7:0] weight_req_block;
  wire [BusBytes*8-1:0] rsp_data;
  wire rsp_last;

  // what the row readers ask for, wherever it lies: residuals in bit 1, source rows in bit 0
  wire [63:0] map_addr, memory_addr;
  wire [17:0] map_beats, memory_beats;
  wire [1:0] map_valid, map_ready, map_on_chip, map_rsp_valid, map_rsp_last, memory_valid;
  wire [2*BusBytes*8-1:0] map_rsp_data;
  axi_read_arbiter #(
      .BusBytes(BusBytes),
      .Clients (Clients)
  ) u_read_arbiter (
      .clk_i        (clk_i),
      .rst_i        (rst_i),
      .hold_i       (hold_i),
      .req_valid_i  (req_valid),
      .req_ready_o  (req_ready),
      .req_addr_i   (req_addr),
      .req_beats_i  (req_beats),
      .req_block_i  (req_block),
      .rsp_valid_o  (rsp_valid),
      .rsp_data_o   (rsp_data),
      .rsp_last_o   (rsp_last),
      .error_o      (error_o),
      .answered_client_o(answered),
      .answered_block_o (error_block_o),
      .answered_addr_o  (error_addr_o),
      .answered_decode_o(error_decode_o),
      .idle_o       (idle_o),
      .m_axi_araddr (m_axi_araddr),
      .m_axi_arlen  (m_axi_arlen),
      .m_axi_arsize (m_axi_arsize),
      .m_axi_arburst(m_axi_arburst),
      .m_axi_arvalid(m_axi_arvalid),
      .m_axi_arready(m_axi_arready),
      .m_axi_rdata  (m_axi_rdata),
      .m_axi_rresp  (m_axi_rresp),
      .m_axi_rlast  (m_axi_rlast),
      .m_axi_rvalid (m_axi_rvalid),
      .m_axi_rready (m_axi_rready)
  );

  // 1 the program, 2 rows, 3 residuals, 4 weights and tables
  assign error_unit_o = {answered[WeightClient], answered[RowClient] || (Residual != 0 && answered[ResidualClient]),
      answered[ProgramClient] || (Residual != 0 && answered[ResidualClient])};
  assign req_block[ProgramClient*8+:8] = 8'd0;
  assign req_block[RowClient*8+:8] = row_block_o;
  assign req_block[WeightClient*8+:8] = weight_req_block;

  wire [1:0] check_valid, check_first, check_here, check_end;
  wire program_unsound;
  wire [BusBytes*8-1:0] record_data;
  read_check #(
      .BusBytes(BusBytes)
  ) u_check (
      .clk_i            (clk_i),
      .rst_i            (rst_i),
      .valid_i          (check_valid),
      .first_i          (check_first),
      .here_i           (check_here),
      .end_i            (check_end),
      .data_i           (check_valid[1] ? record_data : rsp_data),
      .program_unsound_o(program_unsound),
      .record_unsound_o (bad_weights_o)
  );

  wire [7:0] unused_loaded;  // the readers wait for the whole program
  program_loader #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .Pk       (Pk),
      .Pc       (Pc),
      .DescBytes(DescBytes),
      .Identity (Identity)
  ) u_program_loader (
      .clk_i          (clk_i),
      .rst_i          (rst_i),
      .start_i        (start_i),
      .base_i         (bases_i[31:0]),
      .keep_i         (keep_i),
      .req_valid_o    (req_valid[ProgramClient]),
      .req_ready_i    (req_ready[ProgramClient]),
      .req_addr_o     (req_addr[ProgramClient*32+:32]),
      .req_beats_o    (req_beats[ProgramClient*9+:9]),
      .rsp_valid_i    (rsp_valid[ProgramClient]),
      .rsp_data_i     (rsp_data),
      .rsp_last_i     (rsp_last),
      .rsp_error_i    (error_o),
      .check_valid_o  (check_valid[0]),
      .check_first_o  (check_first[0]),
      .check_here_o   (check_here[0]),
      .check_end_o    (check_end[0]),
      .unsound_i      (program_unsound),
      .bad_program_o  (bad_program_o),
      .desc_valid_o   (desc_valid_o),
      .desc_block_o   (desc_block_o),
      .desc_beat_o    (desc_beat_o),
      .desc_data_o    (desc_data_o),
      .blocks_o       (blocks_o),
      .kept_from_o    (kept_from_o),
      .kept_to_o      (kept_to_o),
      .loaded_o       (loaded_o),
      .blocks_loaded_o(unused_loaded)
  );

  row_reader #(
      .BusBytes (BusBytes),
      .LbBytes  (LbBytes),
      .Banks    (RowBanks),
      .AddrW    (AddrW),
      .MaxBlocks(MaxBlocks)
  ) u_row_reader (
      .clk_i           (clk_i),
      .rst_i           (rst_i),
      .clear_i         (start_i),
      .desc_valid_i    (desc_valid_o),
      .desc_block_i    (desc_block_o),
      .desc_beat_i     (desc_beat_o),
      .desc_data_i     (desc_data_o),
      .loaded_i        (loaded_o),
      .blocks_i        (blocks_o),
      .bases_i         (bases_i),
      .req_valid_o     (map_valid[0]),
      .req_ready_i     (map_ready[0]),
      .req_addr_o      (map_addr[31:0]),
      .req_beats_o     (map_beats[8:0]),
      .req_on_chip_o   (map_on_chip[0]),
      .rsp_valid_i     (map_rsp_valid[0]),
      .rsp_data_i      (map_rsp_data[0+:BusBytes*8]),
      .rsp_last_i      (map_rsp_last[0]),
      .lb_we_o         (row_we_o),
      .lb_bank_o       (row_bank_o),
      .lb_addr_o       (row_addr_o),
      .lb_strb_o       (row_strb_o),
      .lb_data_o       (row_data_o),
      .lb_released_i   (rows_released_i),
      .rows_freed_i    (rows_freed_i),
      .written_blocks_i(written_blocks_i),
      .written_rows_i  (written_rows_i),
      .block_o         (row_block_o),
      .rows_done_o     (rows_o)
  );

  assign req_valid[RowClient] = memory_valid[0];
  assign req_addr[RowClient*32+:32] = memory_addr[31:0];
  assign req_beats[RowClient*9+:9] = memory_beats[8:0];
  generate
    if (Residual != 0) begin : gen_residual
      assign req_block[ResidualClient*8+:8] = residual_block_o;
      assign req_valid[ResidualClient] = memory_valid[1];
      assign req_addr[ResidualClient*32+:32] = memory_addr[63:32];
      assign req_beats[ResidualClient*9+:9] = memory_beats[17:9];
      row_reader #(
          .BusBytes (BusBytes),
          .LbBytes  (LbBytes),
          .Banks    (1),
          .AddrW    (AddrW),
          .MaxBlocks(MaxBlocks),
          .Residual (1)
      ) u_residual_reader (
          .clk_i           (clk_i),
          .rst_i           (rst_i),
          .clear_i         (start_i),
          .desc_valid_i    (desc_valid_o),
          .desc_block_i    (desc_block_o),
          .desc_beat_i     (desc_beat_o),
          .desc_data_i     (desc_data_o),
          .loaded_i        (loaded_o),
          .blocks_i        (blocks_o),
          .bases_i         (bases_i),
          .req_valid_o     (map_valid[1]),
          .req_ready_i     (map_ready[1]),
          .req_addr_o      (map_addr[63:32]),
          .req_beats_o     (map_beats[17:9]),
          .req_on_chip_o   (map_on_chip[1]),
          .rsp_valid_i     (map_rsp_valid[1]),
          .rsp_data_i      (map_rsp_data[BusBytes*8+:BusBytes*8]),
          .rsp_last_i      (map_rsp_last[1]),
          .lb_we_o         (residual_we_o),
          .lb_bank_o       (residual_bank_o),
          .lb_addr_o       (residual_addr_o),
          .lb_strb_o       (residual_strb_o),
          .lb_data_o       (residual_data_o),
          .lb_released_i   (written_blocks_i),
          .rows_freed_i    (residual_freed_i),
          .written_blocks_i(written_blocks_i),
          .written_rows_i  (written_rows_i),
          .block_o         (residual_block_o),
          .rows_done_o     (residual_rows_o)
      );
    end else begin : gen_no_residual
      assign residual_we_o = 1'b0;
      assign residual_bank_o = 1'b0;
      assign residual_addr_o = {AddrW{1'b0}};
      assign residual_strb_o = {LbBytes / BusBytes{1'b0}};
      assign residual_data_o = {BusBytes * 8{1'b0}};
      assign residual_block_o = 8'd0;
      assign residual_rows_o = 16'd0;
      wire unused_freed = &{1'b0, residual_freed_i, map_ready[1], map_rsp_valid[1], map_rsp_last[1]};
      wire unused_data = &{1'b0, map_rsp_data[BusBytes*8+:BusBytes*8]};
      wire unused_memory = &{1'b0, memory_valid[1], memory_addr[63:32], memory_beats[17:9]};
      assign map_addr[63:32] = 32'd0;
      assign map_beats[17:9] = 9'd0;
      assign map_valid[1]   = 1'b0;
      assign map_on_chip[1] = 1'b0;
    end
  endgenerate

  map_reads #(
      .BusBytes (BusBytes),
      .Residual (Residual),
      .ChipDepth(ChipDepth)
  ) u_map_reads (
      .clk_i             (clk_i),
      .rst_i             (rst_i),
      .valid_i           (map_valid),
      .ready_o           (map_ready),
      .on_chip_i         (map_on_chip),
      .addr_i            (map_addr),
      .beats_i           (map_beats),
      .rsp_valid_o       (map_rsp_valid),
      .rsp_data_o        (map_rsp_data),
      .rsp_last_o        (map_rsp_last),
      .memory_valid_o    (memory_valid),
      .memory_addr_o     (memory_addr),
      .memory_beats_o    (memory_beats),
      .memory_ready_i    ({req_ready[ResidualClient], req_ready[RowClient]}),
      .memory_rsp_valid_i({rsp_valid[ResidualClient], rsp_valid[RowClient]}),
      .memory_rsp_data_i (rsp_data),
      .memory_rsp_last_i (rsp_last),
      .chip_we_i         (chip_we_i),
      .chip_addr_i       (chip_addr_i),
      .chip_data_i       (chip_data_i)
  );

  wire [7:0] weight_block;
  wire weight_req_valid;
  generate
    if (WeightsYield != 0) begin : gen_yield
      reg weights_wait_q;
      always @(posedge clk_i) weights_wait_q <= backlog_i && weight_block > step_block_i;
      assign req_valid[WeightClient] = weight_req_valid && !weights_wait_q;
    end else begin : gen_no_yield
      assign req_valid[WeightClient] = weight_req_valid;
      wire unused_backlog = &{1'b0, weight_block, step_block_i, backlog_i};
    end
  endgenerate
  weight_loader #(
      .BusBytes   (BusBytes),
      .Pk         (Pk),
      .Pc         (Pc),
      .WeightDepth(WeightDepth),
      .KeptWords  (KeptWords),
      .ParamDepth (ParamDepth),
      .KeptGroups (KeptGroups),
      .PatchWords (PatchWords),
      .CodeBits   (CodeBits),
      .MaxBlocks  (MaxBlocks),
      .Tables     (Tables)
  ) u_weight_loader (
      .clk_i          (clk_i),
      .rst_i          (rst_i),
      .clear_i        (start_i),
      .desc_valid_i   (desc_valid_o),
      .desc_block_i   (desc_block_o),
      .desc_beat_i    (desc_beat_o),
      .desc_data_i    (desc_data_o),
      .loaded_i       (loaded_o),
      .blocks_i       (blocks_o),
      .base_i         (bases_i[31:0]),
      .keep_i         (keep_i),
      .kept_from_i    (kept_from_o),
      .kept_to_i      (kept_to_o),
      .kept_words_before_o (kept_words_before_o),
      .kept_groups_before_o(kept_groups_before_o),
      .kept_words_o   (kept_words_o),
      .kept_groups_o  (kept_groups_o),
      .block_o        (weight_block),
      .req_valid_o    (weight_req_valid),
      .req_ready_i    (req_ready[WeightClient]),
      .req_addr_o     (req_addr[WeightClient*32+:32]),
      .req_beats_o    (req_beats[WeightClient*9+:9]),
      .req_block_o    (weight_req_block),
      .rsp_valid_i    (rsp_valid[WeightClient]),
      .rsp_data_i     (rsp_data),
      .rsp_last_i     (rsp_last),
      .check_valid_o  (check_valid[1]),
      .check_first_o  (check_first[1]),
      .check_here_o   (check_here[1]),
      .check_end_o    (check_end[1]),
      .check_data_o   (record_data),
      .param_we_o     (param_we_o),
      .param_addr_o   (param_addr_o),
      .param_field_o  (param_field_o),
      .param_part_o   (param_part_o),
      .param_data_o   (param_data_o),
      .weight_we_o    (weight_we_o),
      .weight_addr_o  (weight_addr_o),
      .weight_part_o  (weight_part_o),
      .weight_data_o  (weight_data_o),
      .weight_selectors_o(weight_selectors_o),
      .weight_position_o(weight_position_o),
      .table_we_o     (table_we_o),
      .table_addr_o   (table_addr_o),
      .table_data_o   (table_data_o),
      .result_valid_i (result_valid_i),
      .result_block_i (result_block_i),
      .groups_loaded_o(groups_loaded_o),
      .free_valid_i   (free_valid_i),
      .free_words_i   (free_words_i),
      .free_groups_i  (free_groups_i)
  );
endmodule

`default_nettype wire
