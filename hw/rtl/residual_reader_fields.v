// Descriptor fields: residual rows of a block. Latency: one cycle after the block number, as program_ram.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module residual_reader_fields #(
    parameter BusBytes = 16,  // bytes of a descriptor beat, 8 or 16
    parameter MaxBlocks = 64,  // descriptors, 1 to 255
    parameter AddrW = 10  // bits of a line-buffer word address
) (
    input  wire                  clk_i,

    // descriptor stream from the program loader
    input  wire                  desc_valid_i,
    input  wire [           7:0] desc_block_i,
    input  wire [           5:0] desc_beat_i,
    input  wire [BusBytes*8-1:0] desc_data_i,

    // block
    input  wire [           7:0] block_i,

    // its fields
    output wire [           1:0] region_o,  // residual region
    output wire                  on_chip_o,  // residual on chip
    output wire [          31:0] offset_o,  // residual offset
    output wire [          31:0] row_pitch_o,  // residual row pitch
    output wire [          15:0] beats_o,  // residual beats a row
    output wire [          15:0] rows_o,  // residual rows
    output wire [     AddrW-1:0] row_words_o,  // residual words a row
    output wire [          15:0] slots_o,  // residual slots
    output wire [           7:0] producer_o,  // residual producer
    output wire [     AddrW-1:0] last_bank_o  // residual last bank address
);
  wire [255:0] words;
  program_ram #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .FirstWord(52),
      .Words    (8)
  ) u_program (
      .clk_i       (clk_i),
      .desc_valid_i(desc_valid_i),
      .desc_block_i(desc_block_i),
      .desc_beat_i (desc_beat_i),
      .desc_data_i (desc_data_i),
      .block_i     (block_i),
      .fields_o    (words)
  );
  assign region_o = words[0+:2];
  assign on_chip_o = words[2];
  assign offset_o = words[32+:32];
  assign row_pitch_o = words[64+:32];
  assign beats_o = words[96+:16];
  assign rows_o = words[112+:16];
  assign row_words_o = words[128+:AddrW];
  assign slots_o = words[144+:16];
  assign producer_o = words[160+:8];
  assign last_bank_o = words[192+:AddrW];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
