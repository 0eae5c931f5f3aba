// Descriptor fields of a phase: what the choice of the next phase depends on. Combinational.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module phase_choice_fields #(
    parameter AddrW = 10  // bits of a line-buffer word address
) (
    input  wire [    383:0] words_i,

    output wire             pack_o,  // kind: pack
    output wire [      7:0] halo_rows_o,  // halo rows
    output wire [     15:0] rows_o,  // output rows
    output wire [     15:0] in_rows_o,  // input rows
    output wire [      7:0] kh_o,  // kernel height
    output wire [      7:0] pad_top_o,  // padding above
    output wire [     15:0] strip_rows_o,  // strip rows
    output wire [AddrW-1:0] row_words_o,  // source words a row
    output wire [     15:0] slots_o,  // source slots
    output wire [AddrW-1:0] last_bank_o  // source last bank address
);
  assign pack_o = words_i[0+:4] == 4'd3;
  assign halo_rows_o = words_i[8+:8];
  assign rows_o = words_i[32+:16];
  assign in_rows_o = words_i[64+:16];
  assign kh_o = words_i[96+:8];
  assign pad_top_o = words_i[128+:8];
  assign strip_rows_o = words_i[224+:16];
  assign row_words_o = words_i[256+:AddrW];
  assign slots_o = words_i[272+:16];
  assign last_bank_o = words_i[336+:AddrW];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
