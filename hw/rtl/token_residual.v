// Fields of the result token: the residual of a result. Combinational.
// Made of src/format/token.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module token_residual #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2,  // bits of a line-buffer bank
    parameter Activations = 0  // 1: kernels stand behind the lanes
) (
    input  wire [118+AddrW+BankW+4*Activations-1:0] token_i,

    output wire [                             19:0] dst_offset_o,  // byte in the row of the line buffer it goes to
    output wire [                        AddrW-1:0] dst_addr_o,  // address of that row in its bank
    output wire [                              7:0] block_o,  // block
    output wire                                     to_memory_o  // goes to memory, not to a line buffer
);
  assign dst_offset_o = token_i[87+4*Activations+:20];
  assign dst_addr_o = token_i[107+4*Activations+:AddrW];
  assign block_o = token_i[107+AddrW+BankW+4*Activations+:8];
  assign to_memory_o = token_i[117+AddrW+BankW+4*Activations];
  wire unused_token = &{1'b0, token_i};
endmodule

`default_nettype wire
