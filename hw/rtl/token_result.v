// Fields of the result token: where a result belongs. Combinational.
// Made of src/format/token.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module token_result #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2,  // bits of a line-buffer bank
    parameter Activations = 0  // 1: kernels stand behind the lanes
) (
    input  wire [118+AddrW+BankW+4*Activations-1:0] token_i,

    output wire [                             15:0] channel_group_o,  // group of channels
    output wire [                             15:0] x_o,  // pixel in the row
    output wire [                             15:0] y_o,  // row
    output wire                                     pixel_last_o,  // last group of the pixel
    output wire                                     y_last_o,  // in the last row
    output wire                                     x_last_o,  // in the last pixel of the row
    output wire                                     chunk_last_o,  // last group of a chunk in memory
    output wire                                     row_last_o,  // last group of the row
    output wire [                             19:0] dst_offset_o,  // byte in the row of the line buffer it goes to
    output wire [                        AddrW-1:0] dst_addr_o,  // address of that row in its bank
    output wire [                        BankW-1:0] dst_bank_o,  // bank of that row
    output wire [                              7:0] block_o,  // block
    output wire [                              1:0] phase_o,  // phase
    output wire                                     to_memory_o  // goes to memory, not to a line buffer
);
  assign channel_group_o = token_i[34+4*Activations+:16];
  assign x_o = token_i[50+4*Activations+:16];
  assign y_o = token_i[66+4*Activations+:16];
  assign pixel_last_o = token_i[82+4*Activations];
  assign y_last_o = token_i[83+4*Activations];
  assign x_last_o = token_i[84+4*Activations];
  assign chunk_last_o = token_i[85+4*Activations];
  assign row_last_o = token_i[86+4*Activations];
  assign dst_offset_o = token_i[87+4*Activations+:20];
  assign dst_addr_o = token_i[107+4*Activations+:AddrW];
  assign dst_bank_o = token_i[107+AddrW+4*Activations+:BankW];
  assign block_o = token_i[107+AddrW+BankW+4*Activations+:8];
  assign phase_o = token_i[115+AddrW+BankW+4*Activations+:2];
  assign to_memory_o = token_i[117+AddrW+BankW+4*Activations];
  wire unused_token = &{1'b0, token_i};
endmodule

`default_nettype wire
