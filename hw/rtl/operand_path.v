// The line buffers of a block's phases, what is written into them, and the operands that a step gets out of them.
// Line buffer 0 holds rows from memory; 1 and 2 rows of the phase before theirs, or 1 those of the packer.
// Latency: address to operands two cycles.
`default_nettype none

module operand_path #(
    parameter Pk       = 8,
    parameter Pc       = 8,
    parameter BusBytes = 16,
    parameter DwKh     = 3,
    parameter LbBytes  = 16,   // bytes of a line-buffer word
    parameter Phases   = 2,    // line buffers, 2 or 3
    parameter Lb0Banks = 4,    // of line buffer 0
    parameter Lb1Banks = 1,
    parameter Lb2Banks = 1,    // without a third phase: 1
    parameter Lb0Depth = 512,  // words of a bank of line buffer 0
    parameter Lb1Depth = 512,
    parameter Lb2Depth = 512,
    parameter Columns  = 1,    // of a window that a step may take, 1 or 2
    parameter Lb0Pair  = 0,    // words a bank of its second copy, 0: no step takes two columns out of it
    parameter Lb1Pair  = 0,
    parameter Lb2Pair  = 0,
    parameter AddrW    = 10,
    parameter BankW    = 2,
    parameter Packer   = 0,    // rows that the patch packer takes in a cycle, 0: there is none
    parameter PhaseW   = 384   // bits of a phase's words
) (
    input wire clk_i,
    input wire rst_i,

    // rows from memory
    input wire                        row_we_i,
    input wire [           BankW-1:0] row_bank_i,
    input wire [           AddrW-1:0] row_addr_i,
    input wire [LbBytes/BusBytes-1:0] row_strb_i,
    input wire [      BusBytes*8-1:0] row_data_i,

    // results of the array that go to the next phase
    input wire             result_valid_i,
    input wire [      1:0] result_phase_i,   // that made them
    input wire [BankW-1:0] result_bank_i,
    input wire [AddrW-1:0] result_addr_i,
    input wire [     19:0] result_offset_i,
    input wire [ Pk*8-1:0] result_data_i,

    // packer: makes phase 0 when its kind is pack
    input  wire              pack_start_i,
    input  wire [PhaseW-1:0] pack_cfg_i,
    input  wire [      15:0] pack_dst_freed_i,
    input  wire [      15:0] pack_dst_slots_i,
    input  wire [ AddrW-1:0] pack_dst_row_words_i,
    input  wire [ AddrW-1:0] pack_dst_last_i,
    input  wire [      15:0] pack_rows_there_i,
    output wire [      15:0] pack_rows_freed_o,
    output wire              pack_row_written_o,
    output wire              pack_done_o,

    // stage A: where the operands lie
    input wire             read_window_i,
    input wire [BankW-1:0] read_bank_i,
    input wire [AddrW-1:0] read_addr_i,
    input wire [AddrW-1:0] read_next_i,
    input wire [     19:0] read_offset_i,
    input wire [     19:0] read_second_i,  // of the second column
    input wire [      1:0] read_buffer_i,  // line buffer that they are in

    // stage B: which of the words they are
    input wire [     19:0] select_offset_i,
    input wire [     19:0] select_second_i,
    input wire             select_pad_i,
    input wire             select_second_pad_i,
    input wire [ DwKh-1:0] select_row_pad_i,
    input wire [      7:0] select_zero_i,

    // stage C: the operands
    output wire [     Pc*8-1:0] patch_o,
    output wire [     Pk*8-1:0] taps_o,
    output wire [Pk*Columns*DwKh*8-1:0] columns_o  // lane, then column, then row
);
  localparam WordW = LbBytes * 8;
  localparam Total = Lb0Banks + Lb1Banks + ((Phases > 2) ? Lb2Banks : 0);

  generate
    if (Phases != 2 && Phases != 3) begin : gen_bad_phases
      firebrick_error_phases_must_be_2_or_3 u_error ();
    end
  endgenerate

  wire [Total*WordW-1:0] words, pair_words;

  // ---- packer
  wire pack_busy, pack_we;
  wire [AddrW-1:0] pack_src_addr, pack_src_next, pack_addr;
  wire [BankW-1:0] pack_src_bank, pack_bank;
  wire [19:0] pack_src_offset;
  wire [WordW-1:0] pack_data;
  generate
    if (Packer != 0) begin : gen_packer
      patch_packer #(
          .PhaseW  (PhaseW),
          .Bytes   (LbBytes),
          .PatchRows(Packer),
          .AddrW   (AddrW),
          .BankW   (BankW),
          .SrcBanks(Lb0Banks),
          .DstBanks(Lb1Banks)
      ) u_packer (
          .clk_i          (clk_i),
          .rst_i          (rst_i),
          .start_i        (pack_start_i),
          .cfg_i          (pack_cfg_i),
          .done_o         (pack_done_o),
          .busy_o         (pack_busy),
          .rows_there_i   (pack_rows_there_i),
          .rows_freed_o   (pack_rows_freed_o),
          .dst_freed_i    (pack_dst_freed_i),
          .dst_slots_i    (pack_dst_slots_i),
          .dst_row_words_i(pack_dst_row_words_i),
          .dst_last_i     (pack_dst_last_i),
          .row_written_o  (pack_row_written_o),
          .src_bank_o     (pack_src_bank),
          .src_addr_o     (pack_src_addr),
          .src_next_o     (pack_src_next),
          .src_offset_o   (pack_src_offset),
          .src_data_i     (words[Lb0Banks*WordW-1:0]),
          .dst_we_o       (pack_we),
          .dst_bank_o     (pack_bank),
          .dst_addr_o     (pack_addr),
          .dst_data_o     (pack_data)
      );
    end else begin : gen_no_packer
      assign pack_done_o = 1'b1;
      assign pack_rows_freed_o = 16'd0;
      assign pack_row_written_o = 1'b0;
      assign pack_busy = 1'b0;
      assign pack_src_bank = {BankW{1'b0}};
      assign pack_src_addr = {AddrW{1'b0}};
      assign pack_src_next = {AddrW{1'b0}};
      assign pack_src_offset = 20'd0;
      assign pack_we = 1'b0;
      assign pack_bank = {BankW{1'b0}};
      assign pack_addr = {AddrW{1'b0}};
      assign pack_data = {WordW{1'b0}};
      wire unused = &{1'b0, rst_i, pack_start_i, pack_cfg_i, pack_dst_freed_i, pack_dst_slots_i, pack_dst_row_words_i,
                      pack_dst_last_i, pack_rows_there_i};
    end
  endgenerate

  // ---- line buffers
  genvar p;
  generate
    for (p = 0; p < Phases; p = p + 1) begin : gen_buffer
      localparam Banks = (p == 0) ? Lb0Banks : (p == 1) ? Lb1Banks : Lb2Banks;
      localparam Depth = (p == 0) ? Lb0Depth : (p == 1) ? Lb1Depth : Lb2Depth;
      localparam First = (p == 0) ? 0 : (p == 1) ? Lb0Banks : Lb0Banks + Lb1Banks;
      localparam PairDepth = (p == 0) ? Lb0Pair : (p == 1) ? Lb1Pair : Lb2Pair;

      wire packs = p == 0 && pack_busy;
      wire [Banks*AddrW-1:0] raddr;
      row_address #(
          .Bytes(LbBytes),
          .Banks(Banks),
          .AddrW(AddrW),
          .BankW(BankW)
      ) u_address (
          .window_i(packs || read_window_i),
          .bank_i  (packs ? pack_src_bank : read_bank_i),
          .addr_i  (packs ? pack_src_addr : read_addr_i),
          .next_i  (packs ? pack_src_next : read_next_i),
          .offset_i(packs ? pack_src_offset : read_offset_i),
          .raddr_o (raddr)
      );
      wire [Banks*AddrW-1:0] pair_raddr;
      row_address #(
          .Bytes(LbBytes),
          .Banks(Banks),
          .AddrW(AddrW),
          .BankW(BankW)
      ) u_pair_address (
          .window_i(1'b1),
          .bank_i  (read_bank_i),
          .addr_i  (read_addr_i),
          .next_i  (read_next_i),
          .offset_i(read_second_i),
          .raddr_o (pair_raddr)
      );

      if (p == 0) begin : gen_from_memory
        line_buffer #(
            .Bytes    (LbBytes),
            .PartBytes(BusBytes),
            .Banks    (Banks),
            .Depth    (Depth),
            .PairDepth(PairDepth),
            .AddrW    (AddrW),
            .BankW    (BankW)
        ) u_lb (
            .clk_i  (clk_i),
            .we_i   (row_we_i),
            .wbank_i(row_bank_i),
            .waddr_i(row_addr_i),
            .wstrb_i(row_strb_i),
            .wdata_i({LbBytes / BusBytes{row_data_i}}),
            .raddr_i(raddr),
            .rdata_o(words[First*WordW+:Banks*WordW]),
            .pair_raddr_i(pair_raddr),
            .pair_rdata_o(pair_words[First*WordW+:Banks*WordW])
        );
      end else begin : gen_from_array
        localparam [1:0] Writer = p - 1;
        wire we;
        wire [BankW-1:0] wbank;
        wire [AddrW-1:0] waddr;
        wire [LbBytes/Pk-1:0] wstrb;
        wire [WordW-1:0] wdata;
        line_write #(
            .Pk   (Pk),
            .Bytes(LbBytes),
            .AddrW(AddrW),
            .BankW(BankW)
        ) u_write (
            .valid_i    (result_valid_i && result_phase_i == Writer),
            .bank_i     (result_bank_i),
            .addr_i     (result_addr_i),
            .offset_i   (result_offset_i),
            .data_i     (result_data_i),
            .pack_we_i  (p == 1 && pack_we),
            .pack_bank_i(pack_bank),
            .pack_addr_i(pack_addr),
            .pack_data_i(pack_data),
            .we_o       (we),
            .bank_o     (wbank),
            .addr_o     (waddr),
            .strb_o     (wstrb),
            .data_o     (wdata)
        );
        line_buffer #(
            .Bytes    (LbBytes),
            .PartBytes(Pk),
            .Banks    (Banks),
            .Depth    (Depth),
            .PairDepth(PairDepth),
            .AddrW    (AddrW),
            .BankW    (BankW)
        ) u_lb (
            .clk_i  (clk_i),
            .we_i   (we),
            .wbank_i(wbank),
            .waddr_i(waddr),
            .wstrb_i(wstrb),
            .wdata_i(wdata),
            .raddr_i(raddr),
            .rdata_o(words[First*WordW+:Banks*WordW]),
            .pair_raddr_i(pair_raddr),
            .pair_rdata_o(pair_words[First*WordW+:Banks*WordW])
        );
      end
    end
  endgenerate

  // ---- operands
  localparam [23:0] LbBanks = {Lb2Banks[7:0], Lb1Banks[7:0], Lb0Banks[7:0]};
  row_select #(
      .Pk     (Pk),
      .Pc     (Pc),
      .LbBytes(LbBytes),
      .Banks  (Total),
      .LbBanks(LbBanks),
      .BankW  (BankW)
  ) u_row_select (
      .clk_i   (clk_i),
      .words_i (words),
      .buffer_i(read_buffer_i),
      .bank_i  (read_bank_i),
      .offset_i(select_offset_i),
      .pad_i   (select_pad_i),
      .zero_i  (select_zero_i),
      .patch_o (patch_o),
      .taps_o  (taps_o)
  );

  // of banks without a copy nothing is taken
  genvar c;
  genvar k;
  generate
    for (c = 0; c < Columns; c = c + 1) begin : gen_column
      wire [Pk*DwKh*8-1:0] column;
      column_select #(
          .Pk     (Pk),
          .DwKh   (DwKh),
          .LbBytes(LbBytes),
          .Banks  (Total),
          .LbBanks(LbBanks),
          .BankW  (BankW)
      ) u_column_select (
          .clk_i    (clk_i),
          .words_i  ((c == 0) ? words : pair_words),
          .buffer_i (read_buffer_i),
          .bank_i   (read_bank_i),
          .offset_i ((c == 0) ? select_offset_i : select_second_i),
          .pad_i    ((c == 0) ? select_pad_i : select_second_pad_i),
          .row_pad_i(select_row_pad_i),
          .zero_i   (select_zero_i),
          .column_o (column)
      );
      for (k = 0; k < Pk; k = k + 1) begin : gen_lane
        assign columns_o[(k*Columns+c)*DwKh*8+:DwKh*8] = column[k*DwKh*8+:DwKh*8];
      end
    end
  endgenerate
  wire unused_second = &{1'b0, pair_words, select_second_i, select_second_pad_i};
endmodule

`default_nettype wire
