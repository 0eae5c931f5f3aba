// The token of a step: what comes out beside its result. Combinational.
// Made of src/format/token.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module token_step #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2,  // bits of a line-buffer bank
    parameter Activations = 0  // 1: kernels stand behind the lanes
) (
    input  wire [                             15:0] free_groups_i,  // parameter groups that are free behind the step
    input  wire [                             15:0] free_words_i,  // weight words that are free behind the step
    input  wire                                     free_i,  // the step frees weights
    input  wire                                     kept_i,  // they stay on the chip all the same
    input  wire [                              3:0] activation_i,  // activation
    input  wire [                             15:0] channel_group_i,  // group of channels
    input  wire [                             15:0] x_i,  // pixel in the row
    input  wire [                             15:0] y_i,  // row
    input  wire                                     pixel_last_i,  // last group of the pixel
    input  wire                                     y_last_i,  // in the last row
    input  wire                                     x_last_i,  // in the last pixel of the row
    input  wire                                     chunk_last_i,  // last group of a chunk in memory
    input  wire                                     row_last_i,  // last group of the row
    input  wire [                             19:0] dst_offset_i,  // byte in the row of the line buffer it goes to
    input  wire [                        AddrW-1:0] dst_addr_i,  // address of that row in its bank
    input  wire [                        BankW-1:0] dst_bank_i,  // bank of that row
    input  wire [                              7:0] block_i,  // block
    input  wire [                              1:0] phase_i,  // phase
    input  wire                                     to_memory_i,  // goes to memory, not to a line buffer

    output wire [118+AddrW+BankW+4*Activations-1:0] token_o
);
  assign token_o[0+:16] = free_groups_i;
  assign token_o[16+:16] = free_words_i;
  assign token_o[32] = free_i;
  assign token_o[33] = kept_i;
  assign token_o[34+4*Activations+:16] = channel_group_i;
  assign token_o[50+4*Activations+:16] = x_i;
  assign token_o[66+4*Activations+:16] = y_i;
  assign token_o[82+4*Activations] = pixel_last_i;
  assign token_o[83+4*Activations] = y_last_i;
  assign token_o[84+4*Activations] = x_last_i;
  assign token_o[85+4*Activations] = chunk_last_i;
  assign token_o[86+4*Activations] = row_last_i;
  assign token_o[87+4*Activations+:20] = dst_offset_i;
  assign token_o[107+4*Activations+:AddrW] = dst_addr_i;
  assign token_o[107+AddrW+4*Activations+:BankW] = dst_bank_i;
  assign token_o[107+AddrW+BankW+4*Activations+:8] = block_i;
  assign token_o[115+AddrW+BankW+4*Activations+:2] = phase_i;
  assign token_o[117+AddrW+BankW+4*Activations] = to_memory_i;
  generate
    if (Activations != 0) begin : gen_activation
      assign token_o[34+:4] = activation_i;
    end else begin : gen_no_activation
      wire unused_activation = &{1'b0, activation_i};
    end
  endgenerate
endmodule

`default_nettype wire
