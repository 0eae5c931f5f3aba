// The constants of a small engine's layer. Latency: one cycle after their word.
// Made of src/format/small-program.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module small_constant_fields (
    input  wire        clk_i,

    // the words, one after the other
    input  wire        valid_i,
    input  wire [ 1:0] word_i,  // which one
    input  wire [31:0] data_i,

    // fields, until the next layer's
    output wire [ 7:0] words_o,  // words a tap, less one
    output wire [ 3:0] columns_o,  // kernel columns, less one
    output wire [ 3:0] rows_o,  // kernel rows, less one
    output wire [ 7:0] out_columns_o,  // result columns, less one
    output wire [ 7:0] out_rows_o,  // result rows, less one
    output wire [ 7:0] last_column_o,  // last source column
    output wire [ 7:0] last_row_o,  // last source row
    output wire [ 7:0] zero_in_o,  // source zero point
    output wire [ 7:0] zero_out_o,  // result zero point
    output wire [ 7:0] min_o,  // least result
    output wire [ 7:0] max_o,  // greatest result
    output wire [ 3:0] last_groups_o,  // groups of the last tile, less one
    output wire [ 3:0] groups_o,  // groups of the other tiles, less one
    output wire [ 7:0] pitch_o,  // words of a result pixel
    output wire        final_o,  // last layer

    // a field that is not held: there with its word
    output wire        tiles_valid_o,
    output wire [ 7:0] tiles_o  // tiles, less one
);
  reg [31:0] word0_q, word1_q, word2_q, word3_q;
  always @(posedge clk_i) begin
    if (valid_i && word_i == 2'd0) word0_q <= data_i;
    if (valid_i && word_i == 2'd1) word1_q <= data_i;
    if (valid_i && word_i == 2'd2) word2_q <= data_i;
    if (valid_i && word_i == 2'd3) word3_q <= data_i;
  end
  wire [127:0] words = {word3_q, word2_q, word1_q, word0_q};
  assign words_o = words[0+:8];
  assign columns_o = words[8+:4];
  assign rows_o = words[12+:4];
  assign out_columns_o = words[16+:8];
  assign out_rows_o = words[24+:8];
  assign last_column_o = words[32+:8];
  assign last_row_o = words[40+:8];
  assign zero_in_o = words[48+:8];
  assign zero_out_o = words[56+:8];
  assign min_o = words[64+:8];
  assign max_o = words[72+:8];
  assign last_groups_o = words[88+:4];
  assign groups_o = words[92+:4];
  assign pitch_o = words[96+:8];
  assign final_o = words[111];
  assign tiles_valid_o = valid_i && word_i == 2'd2;
  assign tiles_o = data_i[16+:8];
  wire unused_words = &{1'b0, words};
endmodule

`default_nettype wire
