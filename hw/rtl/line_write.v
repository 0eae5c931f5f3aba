// Write port of a line buffer that the array fills: a group of Pk results goes to its bytes of a word.
// The packer's words, when there is a packer, go to the same port; the two never write in one block. Combinational.
`default_nettype none

module line_write #(
    parameter Pk    = 8,
    parameter Bytes = 16,  // bytes of a word
    parameter AddrW = 10,
    parameter BankW = 2
) (
    // result group
    input wire             valid_i,
    input wire [BankW-1:0] bank_i,
    input wire [AddrW-1:0] addr_i,    // row in its bank
    input wire [     19:0] offset_i,  // byte in the row
    input wire [ Pk*8-1:0] data_i,

    // packed word
    input wire               pack_we_i,
    input wire [  BankW-1:0] pack_bank_i,
    input wire [  AddrW-1:0] pack_addr_i,
    input wire [Bytes*8-1:0] pack_data_i,

    // write port, strobes of Pk bytes
    output wire                we_o,
    output wire [   BankW-1:0] bank_o,
    output wire [   AddrW-1:0] addr_o,
    output wire [Bytes/Pk-1:0] strb_o,
    output wire [ Bytes*8-1:0] data_o
);
  localparam ByteW = $clog2(Bytes);
  localparam PkW = $clog2(Pk);
  localparam Parts = Bytes / Pk;
  localparam [Parts-1:0] One = 1;

  generate
    if (Pk < 1 || Bytes < 2 || Bytes < Pk || (Pk & (Pk - 1)) != 0 || (Bytes & (Bytes - 1)) != 0) begin : gen_bad_word
      firebrick_error_pk_and_bytes_must_be_powers_of_two_and_pk_at_most_bytes u_error ();
    end
  endgenerate

  wire [19:0] part = {{(20 - ByteW) {1'b0}}, offset_i[ByteW-1:0]} >> PkW;
  wire unused_offset = &{1'b0, offset_i};
  assign we_o = valid_i || pack_we_i;
  assign bank_o = pack_we_i ? pack_bank_i : bank_i;
  assign addr_o = pack_we_i ? pack_addr_i : addr_i + offset_i[ByteW+:AddrW];
  assign strb_o = pack_we_i ? {Parts{1'b1}} : One << part;
  assign data_o = pack_we_i ? pack_data_i : {Parts{data_i}};
endmodule

`default_nettype wire
