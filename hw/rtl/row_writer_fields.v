// Descriptor fields: where the results of a block go. Latency: one cycle after the block number, as program_ram.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module row_writer_fields #(
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
    output wire [           1:0] region_o,  // destination region
    output wire                  on_chip_o,  // destination on chip
    output wire [          31:0] offset_o,  // destination offset
    output wire [          31:0] row_pitch_o,  // destination row pitch
    output wire [          15:0] rows_o,  // destination rows
    output wire [          15:0] strip_rows_o,  // strip rows
    output wire [          15:0] chunks_o,  // chunks a row
    output wire [          15:0] tiles_o,  // tiles
    output wire [          31:0] chunk_stride_o,  // chunk stride
    output wire [          15:0] beats_o,  // beats a chunk
    output wire [          15:0] last_beats_o,  // beats of the last tile's chunk
    output wire [          31:0] tile_stride_o  // tile stride
);
  wire [255:0] words;
  program_ram #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .FirstWord(16),
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
  assign rows_o = words[96+:16];
  assign strip_rows_o = words[112+:16];
  assign chunks_o = words[128+:16];
  assign tiles_o = words[144+:16];
  assign chunk_stride_o = words[160+:32];
  assign beats_o = words[192+:16];
  assign last_beats_o = words[208+:16];
  assign tile_stride_o = words[224+:32];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
