// Descriptor fields of a phase: what becomes of a phase's sums. Combinational.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module phase_result_fields (
    input  wire [383:0] words_i,

    output wire [ 15:0] rows_o,  // output rows
    output wire [  7:0] zero_o,  // input zero point
    output wire [  3:0] activation_o,  // activation
    output wire [  7:0] out_zero_o,  // output zero point
    output wire [  7:0] low_o,  // least result
    output wire [  7:0] high_o  // greatest result
);
  assign rows_o = words_i[32+:16];
  assign zero_o = words_i[144+:8];
  assign activation_o = words_i[152+:4];
  assign out_zero_o = words_i[352+:8];
  assign low_o = words_i[360+:8];
  assign high_o = words_i[368+:8];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
