// What a move of the small engine's walker adds. Combinational.
// Made of src/format/small-program.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module small_move_fields (
    input  wire [31:0] words_i,

    output wire [13:0] address_o,  // source word address
    output wire        column_sign_o,  // sign of the column
    output wire        row_sign_o,  // sign of the row
    output wire [ 7:0] column_o,  // column
    output wire [ 7:0] row_o  // row
);
  assign address_o = words_i[0+:14];
  assign column_sign_o = words_i[14];
  assign row_sign_o = words_i[15];
  assign column_o = words_i[16+:8];
  assign row_o = words_i[24+:8];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
