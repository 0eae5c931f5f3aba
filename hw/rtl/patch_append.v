// Appends the pieces of patches to the words of line buffer 1: the bytes of one row of a patch, or of two, out of the two words of their
// banks. Bytes keep their places in the words until they are turned to where they go. Two stages: bytes, append.
`default_nettype none

module patch_append #(
    parameter Bytes    = 16,  // bytes of a line-buffer word
    parameter AddrW    = 10,  // bits of a line-buffer word address
    parameter BankW    = 2,   // bits of a bank number
    parameter SrcBanks = 4,
    parameter DstBanks = 1
) (
    input wire clk_i,
    input wire rst_i,

    input wire start_i,  // of a phase: its first row goes to the first slot

    // a piece, its high bits first: it is one; the words of its banks move on with it; its rows lie outside of the map; ends of patch
    // and row; the row's first; a word is full with it, and another one is begun and leaves; bytes of the word with one row, with both; byte
    // of the first in its words, bytes that wait; banks; of the second word and the first whether
    // none of their bytes are in the row, whether all are, bytes that are if neither; bytes of the second word
    input wire [13+2*($clog2(Bytes)+2)+2*$clog2(Bytes)+2*BankW+2*Bytes-1:0] piece_i,
    input wire [7:0] zero_i,

    // data of all banks, one cycle behind the piece
    input wire [SrcBanks*Bytes*8-1:0] src_data_i,

    // line buffer 1
    input  wire [  AddrW-1:0] dst_row_words_i,
    input  wire [  AddrW-1:0] dst_last_i,
    output reg                row_written_o,
    output reg                dst_we_o,
    output reg  [  BankW-1:0] dst_bank_o,
    output reg  [  AddrW-1:0] dst_addr_o,
    output reg  [Bytes*8-1:0] dst_data_o
);
  localparam ByteW = $clog2(Bytes);
  localparam WordW = Bytes * 8;
  localparam LastDstBank = DstBanks - 1;
  localparam [BankW-1:0] OneBank = 1;

  generate
    if (Bytes < 2 || Bytes > 128 || (Bytes & (Bytes - 1)) != 0) begin : gen_bad_word
      firebrick_error_bytes_must_be_a_power_of_two_from_2_to_128 u_error ();
    end
    if (SrcBanks < 1 || DstBanks < 1 || SrcBanks > (1 << BankW) || DstBanks > (1 << BankW)) begin : gen_bad_banks
      firebrick_error_bank_w_must_reach_src_banks_and_dst_banks u_error ();
    end
  endgenerate

  wire asked_piece, asked_advance;
  wire [11+2*(ByteW+2)+2*ByteW+2*BankW+2*Bytes-1:0] asked;
  assign {asked_piece, asked_advance, asked} = piece_i;

  // ---- bytes out of the words
  reg [SrcBanks*WordW-1:0] held_q;
  reg piece_q, outside0_q, outside1_q, end_q, row_end_q, row_first_q, full_q, flush_q;
  reg [ByteW+1:0] end0_q, end1_q;            // bytes of the word with the first row, and with all
  reg [ByteW-1:0] from_q, fill2_q;
  reg [BankW-1:0] bank0_q, bank1_q, piece_dst_bank_q;
  reg [AddrW-1:0] piece_dst_q;
  wire [1:0] none, every;
  wire [Bytes-1:0] below_edge, second;
  wire [Bytes-1:0] in_first = (below_edge | {Bytes{every[0]}}) & {Bytes{!none[0]}};
  wire [Bytes-1:0] in_second = (below_edge | {Bytes{every[1]}}) & {Bytes{!none[1]}};
  assign {none, every, below_edge, second} = asked[4+2*Bytes-1:0];
  reg [Bytes-1:0] in_row_q;                  // bytes between the edges, as they lie in the words
  reg [Bytes-1:0] second_q;                  // bytes of the second word
  always @(posedge clk_i) begin
    if (asked_advance) held_q <= src_data_i;
    piece_q <= asked_piece && !rst_i;
    {outside0_q, outside1_q, end_q, row_end_q, row_first_q, full_q, flush_q, end0_q, end1_q, from_q, fill2_q, bank0_q, bank1_q} <=
        asked[4+2*Bytes+:7+2*(ByteW+2)+2*ByteW+2*BankW];
    in_row_q <= (second & in_second) | (~second & in_first);
    second_q <= second;
    piece_dst_bank_q <= dst_bank_q;
    piece_dst_q <= dst_row_q;
  end

  reg [BankW-1:0] dst_bank_q;
  reg [AddrW-1:0] dst_row_q;
  wire dst_bank_end = dst_bank_q == LastDstBank[BankW-1:0];
  // the next row's place: its first piece comes two cycles behind the last one of this row
  always @(posedge clk_i) begin
    if (start_i) begin
      dst_bank_q <= {BankW{1'b0}};
      dst_row_q  <= {AddrW{1'b0}};
    end else if (piece_q && row_end_q) begin
      dst_bank_q <= dst_bank_end ? {BankW{1'b0}} : dst_bank_q + OneBank;
      if (dst_bank_end) dst_row_q <= (dst_row_q == dst_last_i) ? {AddrW{1'b0}} : dst_row_q + dst_row_words_i;
    end
  end

  // a piece's bytes, still where they lie in the words
  wire [2*WordW-1:0] lying;
  genvar i;
  generate
    for (i = 0; i < Bytes; i = i + 1) begin : gen_byte
      wire [SrcBanks*8-1:0] shown, kept;
      genvar b;
      for (b = 0; b < SrcBanks; b = b + 1) begin : gen_bank
        assign shown[b*8+:8] = src_data_i[b*WordW+i*8+:8];
        assign kept[b*8+:8] = held_q[b*WordW+i*8+:8];
      end
      wire [7:0] byte0 = second_q[i] ? shown[bank0_q*8+:8] : kept[bank0_q*8+:8];
      wire [7:0] byte1 = second_q[i] ? shown[bank1_q*8+:8] : kept[bank1_q*8+:8];
      assign lying[i*8+:8] = (in_row_q[i] && !outside0_q) ? byte0 : zero_i;
      assign lying[WordW+i*8+:8] = (in_row_q[i] && !outside1_q) ? byte1 : zero_i;
    end
  endgenerate

  // where they go: the places of a word and of the one behind it that the first row takes, and the second
  wire [2*Bytes-1:0] from_fill = {2 * Bytes{1'b1}} << fill2_q;
  wire [2*Bytes-1:0] from_end0 = {2 * Bytes{1'b1}} << end0_q;
  wire [2*Bytes-1:0] from_end1 = {2 * Bytes{1'b1}} << end1_q;

  // ---- append
  reg append_q, append_end_q, append_row_end_q, append_row_first_q, append_full_q, append_flush_q;
  reg [2*WordW-1:0] lying_q;
  reg [ByteW-1:0] turn0_q, turn1_q;          // bytes from a place to what goes there, around the word
  reg [2*Bytes-1:0] places0_q, places1_q;
  reg [BankW-1:0] append_dst_bank_q;
  reg [AddrW-1:0] append_dst_q;
  always @(posedge clk_i) begin
    append_q <= piece_q;
    append_end_q <= end_q;
    append_row_end_q <= row_end_q;
    append_row_first_q <= row_first_q;
    append_full_q <= full_q;
    append_flush_q <= flush_q;
    lying_q <= lying;
    turn0_q <= from_q - fill2_q;
    turn1_q <= from_q - end0_q[ByteW-1:0];
    places0_q <= from_fill & ~from_end0;
    places1_q <= from_end0 & ~from_end1;
    append_dst_bank_q <= piece_dst_bank_q;
    append_dst_q <= piece_dst_q;
    if (rst_i) append_q <= 1'b0;
  end

  reg [WordW-1:0] rest_q;                    // bytes collected; zero above them
  reg leave_q, leave_row_end_q;              // the rest leaves
  reg [AddrW-1:0] next_q;                    // where the next word goes
  function [WordW-1:0] turned;
    input [WordW-1:0] word_of;
    input [ByteW-1:0] places;
    integer level;
    begin
      turned = word_of;
      for (level = 0; level < ByteW; level = level + 1)
        if (places[level]) turned = (turned >> (8 << level)) | (turned << (WordW - (8 << level)));
    end
  endfunction
  wire [WordW-1:0] piece0 = turned(lying_q[WordW-1:0], turn0_q);
  wire [WordW-1:0] piece1 = turned(lying_q[2*WordW-1:WordW], turn1_q);
  wire [2*WordW-1:0] joined;
  generate
    for (i = 0; i < 2 * Bytes; i = i + 1) begin : gen_place
      localparam At = i % Bytes;
      wire [7:0] rest = (i < Bytes) ? rest_q[At*8+:8] : 8'd0;
      assign joined[i*8+:8] = rest | (piece0[At*8+:8] & {8{places0_q[i]}}) | (piece1[At*8+:8] & {8{places1_q[i]}});
    end
  endgenerate
  wire [AddrW-1:0] place = append_row_first_q ? append_dst_q : next_q;
  wire emit = append_q && (append_full_q || append_end_q);

  always @(posedge clk_i) begin
    leave_q <= 1'b0;
    leave_row_end_q <= 1'b0;
    dst_we_o <= 1'b0;
    row_written_o <= 1'b0;
    if (leave_q) begin
      dst_we_o <= 1'b1;
      dst_addr_o <= next_q;
      dst_data_o <= rest_q;
      next_q <= next_q + 1'b1;
      rest_q <= {WordW{1'b0}};
      row_written_o <= leave_row_end_q;
    end
    if (append_q) begin
      rest_q <= emit ? joined[2*WordW-1:WordW] : joined[WordW-1:0];
      if (emit) begin
        dst_we_o <= 1'b1;
        dst_bank_o <= append_dst_bank_q;
        dst_addr_o <= place;
        dst_data_o <= joined[WordW-1:0];
        next_q <= place + 1'b1;
        leave_q <= append_flush_q;
        leave_row_end_q <= append_row_end_q && append_flush_q;
        row_written_o <= append_row_end_q && !append_flush_q;
      end else if (append_row_first_q) next_q <= append_dst_q;
    end
    if (rst_i) begin
      leave_q <= 1'b0;
      leave_row_end_q <= 1'b0;
      dst_we_o <= 1'b0;
      row_written_o <= 1'b0;
      rest_q <= {WordW{1'b0}};
    end
  end
endmodule

`default_nettype wire
