// Rows of a map in banks: row slot s lies in bank s mod Banks, so that a window of Banks rows reads in one cycle.
// A word has Bytes bytes and is written in parts of PartBytes. Read data come one cycle after the addresses.
// A second copy of the first PairDepth words has addresses of its own.
`default_nettype none

module line_buffer #(
    parameter Bytes     = 16,   // bytes a word
    parameter PartBytes = 16,   // bytes of the smallest write; divides Bytes
    parameter Banks     = 4,    // row banks
    parameter Depth     = 256,  // words a bank
    parameter PairDepth = 0,    // words a bank of the copy, 0: there is none
    parameter AddrW     = 8,    // bits of a word address
    parameter BankW     = 2     // bits of a bank number
) (
    input wire clk_i,

    // write port: strobe bit i writes bytes i*PartBytes.. of the word
    input wire                       we_i,
    input wire [BankW-1:0]           wbank_i,
    input wire [AddrW-1:0]           waddr_i,
    input wire [Bytes/PartBytes-1:0] wstrb_i,
    input wire [Bytes*8-1:0]         wdata_i,

    // read port: one address a bank
    input  wire [Banks*AddrW-1:0]   raddr_i,
    output wire [Banks*Bytes*8-1:0] rdata_o,

    // read port of the copy
    input  wire [Banks*AddrW-1:0]   pair_raddr_i,
    output wire [Banks*Bytes*8-1:0] pair_rdata_o
);
  localparam Parts = Bytes / PartBytes;
  localparam PartW = PartBytes * 8;

  genvar b;
  genvar p;
  generate
    if (Parts * PartBytes != Bytes) begin : gen_bad_part
      firebrick_error_part_bytes_must_divide_bytes u_error ();
    end
    if (Banks < 1 || Banks > (1 << BankW)) begin : gen_bad_banks
      firebrick_error_bank_w_must_reach_banks u_error ();
    end
    for (b = 0; b < Banks; b = b + 1) begin : gen_bank
      wire bank_we = we_i && (wbank_i == b);
      for (p = 0; p < Parts; p = p + 1) begin : gen_part
        ram_1r1w #(
            .Width(PartW),
            .Depth(Depth),
            .AddrW(AddrW)
        ) u_ram (
            .clk_i  (clk_i),
            .we_i   (bank_we && wstrb_i[p]),
            .waddr_i(waddr_i),
            .wdata_i(wdata_i[p*PartW+:PartW]),
            .raddr_i(raddr_i[b*AddrW+:AddrW]),
            .rdata_o(rdata_o[(b*Parts+p)*PartW+:PartW])
        );
        if (PairDepth > 0) begin : gen_copy
          // what is written behind its words is of blocks that take nothing out of it, and may overwrite what is left of others
          ram_1r1w #(
              .Width(PartW),
              .Depth(PairDepth),
              .AddrW(AddrW)
          ) u_copy (
              .clk_i  (clk_i),
              .we_i   (bank_we && wstrb_i[p]),
              .waddr_i(waddr_i),
              .wdata_i(wdata_i[p*PartW+:PartW]),
              .raddr_i(pair_raddr_i[b*AddrW+:AddrW]),
              .rdata_o(pair_rdata_o[(b*Parts+p)*PartW+:PartW])
          );
        end else begin : gen_no_copy
          assign pair_rdata_o[(b*Parts+p)*PartW+:PartW] = {PartW{1'b0}};
          wire unused_pair = &{1'b0, pair_raddr_i[b*AddrW+:AddrW]};
        end
      end
    end
  endgenerate
endmodule

`default_nettype wire
