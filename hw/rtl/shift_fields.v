// The shift word of a lane: how its sum becomes a result. Combinational.
// Made of src/format/group-record.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module shift_fields (
    input  wire [31:0] words_i,

    output wire [ 4:0] right_o,  // right shift
    output wire [ 4:0] left_o,  // left shift
    output wire        float32_o,  // float mode
    output wire        floor_o,  // no rounding
    output wire        absolute_o,  // absolute value
    output wire [13:0] addend_o  // addend after the absolute value
);
  assign right_o = words_i[0+:5];
  assign left_o = words_i[8+:5];
  assign float32_o = words_i[15];
  assign floor_o = words_i[16];
  assign absolute_o = words_i[17];
  assign addend_o = words_i[18+:14];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
