// Where a row lies that comes some rows behind another in the banks of a line buffer: banks ahead, words ahead, or back at the start.
// Combinational.
`default_nettype none

module row_slot #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2    // bits of a bank number
) (
    input wire [BankW-1:0] bank_i,
    input wire [AddrW-1:0] addr_i,
    input wire [  BankW:0] rows_i,   // at most banks
    input wire [  BankW:0] banks_i,
    input wire [AddrW-1:0] words_i,  // of a row
    input wire [AddrW-1:0] last_i,   // address of a bank's last row

    output wire [BankW-1:0] bank_o,
    output wire [AddrW-1:0] addr_o
);
  generate
    if (AddrW < 1 || BankW < 1) begin : gen_bad_widths
      firebrick_error_addr_w_and_bank_w_must_be_at_least_1 u_error ();
    end
  endgenerate

  wire [BankW+1:0] sum = {2'b00, bank_i} + {1'b0, rows_i};
  wire [BankW-1:0] over = sum[BankW-1:0] - banks_i[BankW-1:0];
  wire same = sum < {1'b0, banks_i};
  assign bank_o = same ? sum[BankW-1:0] : over;
  assign addr_o = same ? addr_i : (addr_i == last_i) ? {AddrW{1'b0}} : addr_i + words_i;
endmodule

`default_nettype wire
