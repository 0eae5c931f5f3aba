// What stands in front of a packet of the small engine's stream. Combinational.
// Made of src/format/small-program.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module small_packet_fields (
    input  wire [31:0] words_i,

    output wire [12:0] length_o,  // 16-bit words behind it
    output wire [ 2:0] kind_o  // kind
);
  assign length_o = words_i[0+:13];
  assign kind_o = words_i[13+:3];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
