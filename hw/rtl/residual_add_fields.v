// Descriptor fields: constants of a block's residual. Latency: one cycle after the block number, as program_ram.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module residual_add_fields #(
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
    output wire                  residual_o,  // residual
    output wire [           2:0] operation_o,  // operation of result and residual
    output wire [           7:0] result_zero_o,  // zero point of the result
    output wire [           7:0] residual_zero_o,  // zero point of the residual
    output wire [           7:0] sum_zero_o,  // zero point of the sum
    output wire [           7:0] low_o,  // least sum
    output wire [           7:0] high_o,  // greatest sum
    output wire [          30:0] result_multiplier_o,  // multiplier of the result
    output wire [          30:0] residual_multiplier_o,  // multiplier of the residual
    output wire [          30:0] sum_multiplier_o,  // multiplier of the sum
    output wire [           4:0] result_right_o,  // right shift of the result
    output wire [           4:0] residual_right_o,  // right shift of the residual
    output wire [           4:0] sum_right_o  // right shift of the sum
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
  assign residual_o = words[8];
  assign operation_o = words[12+:3];
  assign result_zero_o = words[168+:8];
  assign residual_zero_o = words[176+:8];
  assign sum_zero_o = words[184+:8];
  assign low_o = words[208+:8];
  assign high_o = words[216+:8];
  assign result_multiplier_o = words[224+:31];
  assign residual_multiplier_o = words[256+:31];
  assign sum_multiplier_o = words[288+:31];
  assign result_right_o = words[320+:5];
  assign residual_right_o = words[328+:5];
  assign sum_right_o = words[336+:5];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
