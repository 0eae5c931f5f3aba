// Descriptor fields of a phase: what the walk through the groups of sparse steps depends on. Combinational.
// Made of src/format/descriptor.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module group_walker_fields (
    input  wire [383:0] words_i,

    output wire         sparse_o,  // kind: sparse
    output wire         pixel_chunks_o,  // a chunk for each pixel
    output wire [  7:0] halo_rows_o,  // halo rows
    output wire [ 15:0] rows_o,  // output rows
    output wire [ 15:0] width_o,  // output width
    output wire [  3:0] centre_steps_o,  // steps of a centre group
    output wire [ 15:0] groups_o,  // groups
    output wire [ 15:0] tile_groups_o,  // groups a tile
    output wire [ 15:0] strip_rows_o,  // strip rows
    output wire [ 15:0] group_words_o,  // weight words a group
    output wire [ 15:0] dst_pitch_o,  // destination pixel pitch
    output wire [  7:0] centre_groups_o  // centre groups
);
  assign sparse_o = words_i[0+:4] == 4'd4;
  assign pixel_chunks_o = words_i[7];
  assign halo_rows_o = words_i[8+:8];
  assign rows_o = words_i[32+:16];
  assign width_o = words_i[48+:16];
  assign centre_steps_o = words_i[156+:4];
  assign groups_o = words_i[192+:16];
  assign tile_groups_o = words_i[208+:16];
  assign strip_rows_o = words_i[224+:16];
  assign group_words_o = words_i[240+:16];
  assign dst_pitch_o = words_i[288+:16];
  assign centre_groups_o = words_i[376+:8];
  wire unused_words = &{1'b0, words_i};
endmodule

`default_nettype wire
