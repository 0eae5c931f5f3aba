// Fields of the result token: the weights that a step frees. Combinational.
// Made of src/format/token.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module token_release #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2,  // bits of a line-buffer bank
    parameter Activations = 0  // 1: kernels stand behind the lanes
) (
    input  wire [118+AddrW+BankW+4*Activations-1:0] token_i,

    output wire [                             15:0] free_groups_o,  // parameter groups that are free behind the step
    output wire [                             15:0] free_words_o,  // weight words that are free behind the step
    output wire                                     free_o,  // the step frees weights
    output wire                                     kept_o  // they stay on the chip all the same
);
  assign free_groups_o = token_i[0+:16];
  assign free_words_o = token_i[16+:16];
  assign free_o = token_i[32];
  assign kept_o = token_i[33];
  wire unused_token = &{1'b0, token_i};
endmodule

`default_nettype wire
