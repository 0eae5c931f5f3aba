// Descriptor fields: weight segments of a block. Latency: one cycle after the block number, as program_ram.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module weight_loader_fields #(
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
    output wire [          31:0] offset0_o,  // segment 0 offset
    output wire [          15:0] groups0_o,  // segment 0 groups
    output wire [          15:0] words0_o,  // segment 0 words a group
    output wire [          31:0] offset1_o,  // segment 1 offset
    output wire [          15:0] groups1_o,  // segment 1 groups
    output wire [          15:0] words1_o,  // segment 1 words a group
    output wire [          31:0] offset2_o,  // segment 2 offset
    output wire [          15:0] groups2_o,  // segment 2 groups
    output wire [          15:0] words2_o,  // segment 2 words a group
    output wire [           8:0] zero0_o,  // segment 0 zero point
    output wire [           8:0] zero1_o,  // segment 1 zero point
    output wire [           8:0] zero2_o,  // segment 2 zero point
    output wire [          15:0] weight_loads_o,  // weight loads
    output wire [           1:0] tables_o,  // tables
    output wire [           7:0] tables_after_o,  // block that tables wait for
    output wire                  coded0_o,  // segment 0 coded
    output wire                  coded1_o,  // segment 1 coded
    output wire                  coded2_o  // segment 2 coded
);
  wire [255:0] words;
  program_ram #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .FirstWord(8),
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
  assign offset0_o = words[0+:32];
  assign groups0_o = words[32+:16];
  assign words0_o = words[48+:16];
  assign offset1_o = words[64+:32];
  assign groups1_o = words[96+:16];
  assign words1_o = words[112+:16];
  assign offset2_o = words[128+:32];
  assign groups2_o = words[160+:16];
  assign words2_o = words[176+:16];
  assign zero0_o = words[192+:9];
  assign zero1_o = words[202+:9];
  assign zero2_o = words[212+:9];
  assign weight_loads_o = words[224+:16];
  assign tables_o = words[240+:2];
  assign tables_after_o = words[242+:8];
  assign coded0_o = words[250];
  assign coded1_o = words[251];
  assign coded2_o = words[252];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
