// Fields of the result token: the kernel behind the lanes. Combinational.
// Made of src/format/token.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module token_activation #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2,  // bits of a line-buffer bank
    parameter Activations = 0  // 1: kernels stand behind the lanes
) (
    input  wire [118+AddrW+BankW+4*Activations-1:0] token_i,

    output wire [                              3:0] activation_o  // activation
);
  assign activation_o = token_i[34+:4];
  wire unused_token = &{1'b0, token_i};
endmodule

`default_nettype wire
