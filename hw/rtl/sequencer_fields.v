// Descriptor fields: phases of a block, two of them as words, and its residual's rows. Latency: one cycle after the block number, as program_ram.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module sequencer_fields #(
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
    output wire [           1:0] phases_o,  // phases
    output wire                  streamed_o,  // streamed
    output wire [          15:0] words0_o,  // segment 0 words
    output wire [          15:0] words1_o,  // segment 1 words
    output wire [          15:0] words2_o,  // segment 2 words
    output wire [          15:0] groups0_o,  // segment 0 groups
    output wire [          15:0] groups1_o,  // segment 1 groups
    output wire [          15:0] groups2_o,  // segment 2 groups
    output wire [         383:0] phase0_o,  // words of the phase
    output wire [         383:0] phase1_o,  // words of the phase
    output wire                  residual_o,  // residual
    output wire [     AddrW-1:0] row_words_o,  // residual words a row
    output wire [     AddrW-1:0] last_bank_o  // residual last bank address
);
  wire [1151:0] words;
  program_ram #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .FirstWord(24),
      .Words    (36)
  ) u_program (
      .clk_i       (clk_i),
      .desc_valid_i(desc_valid_i),
      .desc_block_i(desc_block_i),
      .desc_beat_i (desc_beat_i),
      .desc_data_i (desc_data_i),
      .block_i     (block_i),
      .fields_o    (words)
  );
  assign phases_o = words[0+:2];
  assign streamed_o = words[4];
  assign words0_o = words[32+:16];
  assign words1_o = words[48+:16];
  assign words2_o = words[64+:16];
  assign groups0_o = words[80+:16];
  assign groups1_o = words[96+:16];
  assign groups2_o = words[112+:16];
  assign phase0_o = words[128+:384];
  assign phase1_o = words[512+:384];
  assign residual_o = words[904];
  assign row_words_o = words[1024+:AddrW];
  assign last_bank_o = words[1088+:AddrW];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
