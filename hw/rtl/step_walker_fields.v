// Descriptor fields of a phase: what the walk through a phase depends on. Combinational.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module step_walker_fields #(
    parameter AddrW = 10  // bits of a line-buffer word address
) (
    input  wire [    383:0] words_i,

    output wire             depthwise_o,  // kind: depthwise
    output wire             serial_o,  // kind: serial
    output wire             sparse_o,  // kind: sparse
    output wire             pairs_o,  // kind: pairs
    output wire             one_word_o,  // one word of weights
    output wire             one_record_o,  // one record of weights
    output wire             maximum_o,  // maximum of the taps
    output wire             pixel_chunks_o,  // a chunk for each pixel
    output wire [      7:0] halo_rows_o,  // halo rows
    output wire [     15:0] edge_records_o,  // records for windows at the edges
    output wire [     15:0] rows_o,  // output rows
    output wire [     15:0] width_o,  // output width
    output wire [     15:0] in_rows_o,  // input rows
    output wire [     15:0] in_width_o,  // input width
    output wire [      7:0] kh_o,  // kernel height
    output wire [      7:0] kw_o,  // kernel width
    output wire [      7:0] sy_o,  // vertical stride
    output wire [      7:0] sx_o,  // horizontal stride
    output wire [      7:0] pad_left_o,  // padding left
    output wire [     15:0] pitch_o,  // source pixel pitch
    output wire [     15:0] pixel_words_o,  // words a pixel
    output wire [     15:0] groups_o,  // groups
    output wire [     15:0] tile_groups_o,  // groups a tile
    output wire [     15:0] strip_rows_o,  // strip rows
    output wire [     15:0] group_words_o,  // weight words a group
    output wire [AddrW-1:0] row_words_o,  // source words a row
    output wire [     15:0] dst_pitch_o,  // destination pixel pitch
    output wire [     15:0] col_step_o,  // bytes from a column of windows to the next
    output wire [     15:0] pad_bytes_o,  // left padding in bytes
    output wire [AddrW-1:0] last_bank_o,  // source last bank address
    output wire [      7:0] centre_groups_o  // centre groups
);
  assign depthwise_o = words_i[0+:4] == 4'd1;
  assign serial_o = words_i[0+:4] == 4'd2;
  assign sparse_o = words_i[0+:4] == 4'd4;
  assign pairs_o = words_i[0+:4] == 4'd5;
  assign one_word_o = words_i[4];
  assign one_record_o = words_i[5];
  assign maximum_o = words_i[6];
  assign pixel_chunks_o = words_i[7];
  assign halo_rows_o = words_i[8+:8];
  assign edge_records_o = words_i[16+:16];
  assign rows_o = words_i[32+:16];
  assign width_o = words_i[48+:16];
  assign in_rows_o = words_i[64+:16];
  assign in_width_o = words_i[80+:16];
  assign kh_o = words_i[96+:8];
  assign kw_o = words_i[104+:8];
  assign sy_o = words_i[112+:8];
  assign sx_o = words_i[120+:8];
  assign pad_left_o = words_i[136+:8];
  assign pitch_o = words_i[160+:16];
  assign pixel_words_o = words_i[176+:16];
  assign groups_o = words_i[192+:16];
  assign tile_groups_o = words_i[208+:16];
  assign strip_rows_o = words_i[224+:16];
  assign group_words_o = words_i[240+:16];
  assign row_words_o = words_i[256+:AddrW];
  assign dst_pitch_o = words_i[288+:16];
  assign col_step_o = words_i[304+:16];
  assign pad_bytes_o = words_i[320+:16];
  assign last_bank_o = words_i[336+:AddrW];
  assign centre_groups_o = words_i[376+:8];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
