// Descriptor fields: pool of a block. Latency: one cycle after the block number, as program_ram.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module max_pool_fields #(
    parameter BusBytes = 16,  // bytes of a descriptor beat, 8 or 16
    parameter MaxBlocks = 64  // descriptors, 1 to 255
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
    output wire                  pool_o,  // pool
    output wire                  pool3_o,  // pool of 3x3
    output wire                  pixel_chunks_o,  // a chunk for each pixel
    output wire [          15:0] groups_o,  // groups
    output wire [          15:0] pool_width_o,  // pooled width
    output wire [          15:0] pool_rows_o  // pooled rows
);
  wire [383:0] words;
  program_ram #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .FirstWord(52),
      .Words    (12)
  ) u_program (
      .clk_i       (clk_i),
      .desc_valid_i(desc_valid_i),
      .desc_block_i(desc_block_i),
      .desc_beat_i (desc_beat_i),
      .desc_data_i (desc_data_i),
      .block_i     (block_i),
      .fields_o    (words)
  );
  assign pool_o = words[9];
  assign pool3_o = words[10];
  assign pixel_chunks_o = words[11];
  assign groups_o = words[16+:16];
  assign pool_width_o = words[352+:16];
  assign pool_rows_o = words[368+:16];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
