// Descriptor fields of a phase: a pack phase, in bytes. Combinational.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module patch_packer_fields #(
    parameter AddrW = 10  // bits of a line-buffer word address
) (
    input  wire [    383:0] words_i,

    output wire [     15:0] rows_o,  // output rows
    output wire [     15:0] width_o,  // output width
    output wire [     15:0] in_rows_o,  // input rows
    output wire [     15:0] in_width_o,  // input width
    output wire [      7:0] kh_o,  // kernel height
    output wire [      7:0] kw_o,  // kernel width
    output wire [      7:0] sy_o,  // vertical stride
    output wire [      7:0] sx_o,  // horizontal stride
    output wire [      7:0] pad_top_o,  // padding above
    output wire [      7:0] pad_left_o,  // padding left
    output wire [      7:0] zero_o,  // input zero point
    output wire [AddrW-1:0] row_words_o,  // source words a row
    output wire [AddrW-1:0] last_bank_o  // source last bank address
);
  assign rows_o = words_i[32+:16];
  assign width_o = words_i[48+:16];
  assign in_rows_o = words_i[64+:16];
  assign in_width_o = words_i[80+:16];
  assign kh_o = words_i[96+:8];
  assign kw_o = words_i[104+:8];
  assign sy_o = words_i[112+:8];
  assign sx_o = words_i[120+:8];
  assign pad_top_o = words_i[128+:8];
  assign pad_left_o = words_i[136+:8];
  assign zero_o = words_i[144+:8];
  assign row_words_o = words_i[256+:AddrW];
  assign last_bank_o = words_i[336+:AddrW];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
