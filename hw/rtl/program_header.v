// The header of a program. Combinational.
// Made of src/format/program.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module program_header (
    input  wire [127:0] words_i,

    output wire         magic_ok_o,  // it is one
    output wire         gaps_ok_o,  // bits without a meaning are zero
    output wire [  7:0] blocks_o,  // blocks
    output wire [  7:0] kept_from_o,  // first block whose weights stay on the chip
    output wire [  7:0] kept_to_o,  // block behind the last of those
    output wire [  7:0] lanes_o,  // lanes
    output wire [  7:0] multipliers_o,  // multipliers a lane
    output wire [  7:0] bus_bytes_o,  // bus bytes
    output wire         third_o,  // third phase
    output wire [ 15:0] check_o,  // check of header and descriptors
    output wire [ 15:0] identity_o  // identity of the hardware
);
  assign magic_ok_o = words_i[0+:32] == 32'h314b4246;
  assign gaps_ok_o = (words_i & 128'hfe000000ff00000000000000) == 128'd0;
  assign blocks_o = words_i[32+:8];
  assign kept_from_o = words_i[40+:8];
  assign kept_to_o = words_i[48+:8];
  assign lanes_o = words_i[64+:8];
  assign multipliers_o = words_i[72+:8];
  assign bus_bytes_o = words_i[80+:8];
  assign third_o = words_i[88];
  assign check_o = words_i[96+:16];
  assign identity_o = words_i[112+:16];
endmodule

`default_nettype wire
