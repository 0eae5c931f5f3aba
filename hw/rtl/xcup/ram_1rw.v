// Single-port memory of look-up tables: the word at an address is there in the same cycle, a write takes its place at the clock.
// In banks of 256 words, one RAM256X1S a bit: deeper memories stop Yosys 0.23, whose library for UltraScale+ gives RAM512X1S 16 bits
// of address.
`default_nettype none

module ram_1rw #(
    parameter Width = 8,   // bits a word
    parameter Depth = 16,  // words
    parameter AddrW = 4    // bits of an address, those of Depth - 1 and at least 1
) (
    input wire clk_i,

    input  wire             we_i,
    input  wire [AddrW-1:0] addr_i,
    input  wire [Width-1:0] wdata_i,
    output wire [Width-1:0] rdata_o
);
  localparam Banks = (Depth + 255) / 256;
  localparam BankW = (Banks > 1) ? $clog2(Banks) : 1;
  localparam WordW = (AddrW > 8) ? 8 : AddrW;

  generate
    if (Width < 1 || Depth < 1 || AddrW < 1 || Depth > (1 << AddrW)) begin : gen_bad_size
      firebrick_error_addr_w_must_reach_depth u_error ();
    end
  endgenerate

  wire [BankW-1:0] bank;
  wire [Banks*Width-1:0] words;
  assign rdata_o = words[bank*Width+:Width];

  genvar b;
  generate
    if (Banks > 1) begin : gen_banks
      assign bank = addr_i[WordW+:BankW];
    end else begin : gen_one
      assign bank = 1'b0;
    end
    for (b = 0; b < Banks; b = b + 1) begin : gen_bank
      localparam [31:0] Index = b;
      localparam Left = Depth - b * 256;
      reg [Width-1:0] mem_q[0:(Left > 256 ? 256 : Left)-1];
      always @(posedge clk_i) if (we_i && bank == Index[BankW-1:0]) mem_q[addr_i[WordW-1:0]] <= wdata_i;
      assign words[b*Width+:Width] = mem_q[addr_i[WordW-1:0]];
    end
  endgenerate
endmodule

`default_nettype wire
