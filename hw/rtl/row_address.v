// Addresses of one line buffer's banks for a step. A depthwise window's rows begin in `bank`; the banks below it hold
// rows of the next slots round. Other steps look at `bank` alone. Combinational.
`default_nettype none

module row_address #(
    parameter Bytes = 16,  // bytes of a word
    parameter Banks = 4,
    parameter AddrW = 10,
    parameter BankW = 2
) (
    input wire             window_i,  // depthwise
    input wire [BankW-1:0] bank_i,
    input wire [AddrW-1:0] addr_i,    // row in that bank and those above it
    input wire [AddrW-1:0] next_i,    // row in the banks below it
    input wire [     19:0] offset_i,  // byte in the row

    output wire [Banks*AddrW-1:0] raddr_o
);
  localparam ByteW = $clog2(Bytes);
  wire [AddrW-1:0] word = offset_i[ByteW+:AddrW];
  wire unused_offset = &{1'b0, offset_i};

  genvar b;
  generate
    if (AddrW + ByteW > 20) begin : gen_bad_depth
      firebrick_error_addr_w_must_not_reach_beyond_1_mib u_error ();
    end
    for (b = 0; b < Banks; b = b + 1) begin : gen_bank
      wire [31:0] bank = {{(32 - BankW) {1'b0}}, bank_i};
      wire below = window_i && bank > b;
      assign raddr_o[b*AddrW+:AddrW] = (below ? next_i : addr_i) + word;
    end
  endgenerate
endmodule

`default_nettype wire
