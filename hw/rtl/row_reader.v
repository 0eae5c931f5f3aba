// Brings the source rows of each block from memory or scratchpad into line buffer 0, as soon as there is room and the row exists.
// Latency: three cycles from a condition to the request, one from an answer to the line-buffer write; one beat a cycle.
`default_nettype none

module row_reader #(
    parameter BusBytes  = 16,  // bytes of a beat, 8 or 16
    parameter LbBytes   = 16,  // bytes of a line-buffer word, a power of two, BusBytes to 32
    parameter Banks     = 3,   // row banks of the line buffer, at least 1
    parameter AddrW     = 10,  // address bits of a bank, 1 to 16
    parameter MaxBlocks = 64,  // descriptors, 1 to 255
    parameter Residual  = 0    // 1: rows of the residual, 0: of the source
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,

    // program: descriptor stream, blocks that may be read, bases of regions 0 to 3
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,
    input wire                  loaded_i,
    input wire [           7:0] blocks_i,
    input wire [         127:0] bases_i,

    // read client
    output wire                  req_valid_o,
    input  wire                  req_ready_i,
    output wire [          31:0] req_addr_o,
    output wire [           8:0] req_beats_o,
    output wire                  req_on_chip_o,  // in the scratchpad; the address counts from its start
    input  wire                  rsp_valid_i,
    input  wire [BusBytes*8-1:0] rsp_data_i,
    input  wire                  rsp_last_i,

    // line-buffer writes: word in a bank, and which BusBytes of it
    output wire                                          lb_we_o,
    output wire [((Banks > 1) ? $clog2(Banks) : 1) -1:0] lb_bank_o,
    output wire [                             AddrW-1:0] lb_addr_o,
    output wire [                  LbBytes/BusBytes-1:0] lb_strb_o,
    output wire [                        BusBytes*8-1:0] lb_data_o,

    // from the sequencer: blocks, and rows of the current block, that no longer need the line buffer
    input wire [ 7:0] lb_released_i,
    input wire [15:0] rows_freed_i,

    // from the row writer: blocks, and rows of the block after them, that are in memory
    input wire [ 7:0] written_blocks_i,
    input wire [15:0] written_rows_i,

    // block whose rows are in the line buffer, and how many of them are complete
    output wire [ 7:0] block_o,
    output wire [15:0] rows_done_o
);
  localparam BankBits = (Banks > 1) ? $clog2(Banks) : 1;
  localparam Parts = LbBytes / BusBytes;
  localparam LastBank = Banks - 1;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Parts < 1 || Parts > 4 || (Parts & (Parts - 1)) != 0 || LbBytes % BusBytes != 0) begin : gen_bad_word
      firebrick_error_lb_bytes_must_be_1_2_or_4_bus_words u_error ();
    end
    if (Banks < 1 || AddrW < 1 || AddrW > 16) begin : gen_bad_banks
      firebrick_error_banks_or_addr_w_out_of_range u_error ();
    end
  endgenerate

  reg [7:0] block_q;
  reg [15:0] rows_done_q;

  wire [1:0] region;
  wire on_chip;
  wire [31:0] offset;
  wire [31:0] pitch;
  wire [15:0] row_beats;
  wire [15:0] rows;
  wire [AddrW-1:0] row_words;
  wire [15:0] slots;
  wire [7:0] producer;
  wire waits;
  wire [AddrW-1:0] last_bank_addr;
  generate
    if (Residual != 0) begin : gen_residual
      residual_reader_fields #(
          .BusBytes (BusBytes),
          .MaxBlocks(MaxBlocks),
          .AddrW    (AddrW)
      ) u_fields (
          .clk_i       (clk_i),
          .desc_valid_i(desc_valid_i),
          .desc_block_i(desc_block_i),
          .desc_beat_i (desc_beat_i),
          .desc_data_i (desc_data_i),
          .block_i     (block_q),
          .region_o    (region),
          .on_chip_o   (on_chip),
          .offset_o    (offset),
          .row_pitch_o (pitch),
          .beats_o     (row_beats),
          .rows_o      (rows),
          .row_words_o (row_words),
          .slots_o     (slots),
          .producer_o  (producer),
          .last_bank_o (last_bank_addr)
      );
      assign waits = 1'b0;
    end else begin : gen_source
      row_reader_fields #(
          .BusBytes (BusBytes),
          .MaxBlocks(MaxBlocks),
          .AddrW    (AddrW)
      ) u_fields (
          .clk_i       (clk_i),
          .desc_valid_i(desc_valid_i),
          .desc_block_i(desc_block_i),
          .desc_beat_i (desc_beat_i),
          .desc_data_i (desc_data_i),
          .block_i     (block_q),
          .region_o    (region),
          .on_chip_o   (on_chip),
          .offset_o    (offset),
          .row_pitch_o (pitch),
          .beats_o     (row_beats),
          .rows_o      (rows),
          .row_words_o (row_words),
          .slots_o     (slots),
          .producer_o  (producer),
          .waits_o     (waits),
          .last_bank_o (last_bank_addr)
      );
    end
  endgenerate

  // ---- issue side ----
  localparam [1:0] StIdle = 2'd0, StLoad = 2'd1, StIssue = 2'd2, StDrain = 2'd3;
  reg [1:0] state_q;
  reg [15:0] row_q;
  reg [31:0] row_addr_q;

  // The sequencer may be past this block when its last rows are not needed; then they are left out.
  wire released = lb_released_i > block_q;
  reg [15:0] freed_q;
  always @(posedge clk_i) freed_q <= rows_freed_i;
  wire has_slot = {1'b0, row_q} < {1'b0, freed_q} + {1'b0, slots};
  wire [8:0] producer_end = {1'b0, written_blocks_i} + 9'd1;
  wire is_written = producer <= written_blocks_i
      || (!waits && {1'b0, producer} == producer_end && written_rows_i > row_q);
  wire all_issued = row_q == rows;
  // whether the row may be asked for is known with the cycle before; no other one goes in that
  reg may_q;
  wire unused_ready;
  wire issue = state_q == StIssue && may_q && !req_valid_o;
  reg next_block;  // all of the block's rows are here, and none is needed: known with the cycle before
  always @(posedge clk_i)
    if (rst_i || clear_i) next_block <= 1'b0;
    else next_block <= state_q == StDrain && released && rows_done_q == row_q && !next_block;

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      state_q <= StIdle;
      block_q <= 8'd0;
    end else begin
      case (state_q)
        // one cycle at least: the program memory looks up the block
        StIdle:  if (loaded_i && block_q < blocks_i) state_q <= StLoad;
        StLoad:  state_q <= StIssue;
        StIssue: if (all_issued || released) state_q <= StDrain;
        default:
        if (next_block) begin
          state_q <= StIdle;
          block_q <= block_q + 8'd1;
        end
      endcase
    end
  end

  always @(posedge clk_i)
    if (rst_i || clear_i) may_q <= 1'b0;
    else may_q <= state_q == StIssue && !issue && !all_issued && has_slot && is_written;

  always @(posedge clk_i) begin
    if (state_q == StLoad) begin
      row_q <= 16'd0;
      row_addr_q <= (on_chip ? 32'd0 : bases_i[{region, 5'd0}+:32]) + offset;
    end else if (issue) begin
      row_q <= row_q + 16'd1;
      row_addr_q <= row_addr_q + pitch;
    end
  end

  wire unused_burst_last;
  wire [15:0] unused_burst_rest;
  wire [8:0] first_beats;
  wire first_last;
  first_burst #(
      .BusBytes(BusBytes)
  ) u_first (
      .addr_i (row_addr_q[7:0]),
      .beats_i(row_beats),
      .first_o(first_beats),
      .last_o (first_last)
  );
  burst_splitter #(
      .BusBytes(BusBytes),
      .TagBits (1)
  ) u_splitter (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .cmd_valid_i(issue),
      .cmd_ready_o(unused_ready),
      .cmd_addr_i(row_addr_q),
      .cmd_beats_i(row_beats),
      .cmd_first_i(first_beats),
      .cmd_last_i(first_last),
      .cmd_tag_i(on_chip),
      .burst_valid_o(req_valid_o),
      .burst_ready_i(req_ready_i),
      .burst_addr_o(req_addr_o),
      .burst_beats_o(req_beats_o),
      .burst_rest_o(unused_burst_rest),
      .burst_last_o(unused_burst_last),
      .burst_tag_o(req_on_chip_o)
  );

  // ---- data side: where the next beat goes ----
  reg [15:0] beat_q;
  reg [BankBits-1:0] bank_q;
  reg [AddrW-1:0] base_q;
  reg [AddrW-1:0] word_q;
  reg [Parts-1:0] part_q;
  wire unused_rsp_last = rsp_last_i;

  wire row_end = beat_q + 16'd1 == row_beats;
  wire last_bank = bank_q == LastBank[BankBits-1:0];
  wire [Parts-1:0] first_part = {{(Parts - 1) {1'b0}}, 1'b1};

  always @(posedge clk_i) begin
    if (rst_i || clear_i || next_block) begin
      beat_q <= 16'd0;
      bank_q <= {BankBits{1'b0}};
      base_q <= {AddrW{1'b0}};
      word_q <= {AddrW{1'b0}};
      part_q <= first_part;
    end else if (rsp_valid_i) begin
      if (row_end) begin
        beat_q <= 16'd0;
        word_q <= {AddrW{1'b0}};
        part_q <= first_part;
        bank_q <= last_bank ? {BankBits{1'b0}} : bank_q + {{(BankBits - 1) {1'b0}}, 1'b1};
        if (last_bank) base_q <= (base_q == last_bank_addr) ? {AddrW{1'b0}} : base_q + row_words;
      end else begin
        beat_q <= beat_q + 16'd1;
        part_q <= part_q[Parts-1] ? first_part : part_q << 1;
        if (part_q[Parts-1]) word_q <= word_q + {{(AddrW - 1) {1'b0}}, 1'b1};
      end
    end
  end

  reg we_q;
  reg row_end_q;
  reg [BankBits-1:0] write_bank_q;
  reg [AddrW-1:0] write_addr_q;
  reg [Parts-1:0] write_part_q;
  reg [BusBytes*8-1:0] write_data_q;

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      we_q <= 1'b0;
      row_end_q <= 1'b0;
    end else begin
      we_q <= rsp_valid_i;
      row_end_q <= rsp_valid_i && row_end;
    end
  end

  always @(posedge clk_i) begin
    write_bank_q <= bank_q;
    write_addr_q <= base_q + word_q;
    write_part_q <= part_q;
    write_data_q <= rsp_data_i;
  end

  // A row counts in the cycle after its last write, so a read started then sees it.
  always @(posedge clk_i) begin
    if (rst_i || clear_i || next_block) rows_done_q <= 16'd0;
    else if (row_end_q) rows_done_q <= rows_done_q + 16'd1;
  end

  assign lb_we_o = we_q;
  assign lb_bank_o = write_bank_q;
  assign lb_addr_o = write_addr_q;
  assign lb_strb_o = write_part_q;
  assign lb_data_o = write_data_q;
  assign block_o = block_q;
  assign rows_done_o = rows_done_q;
endmodule

`default_nettype wire
