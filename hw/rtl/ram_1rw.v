// Single-port memory of look-up tables: the word at an address is there in the same cycle, a write takes its place at the clock.
// Twin of xcup/ram_1rw.v.
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
  generate
    if (Width < 1 || Depth < 1 || AddrW < 1 || Depth > (1 << AddrW)) begin : gen_bad_size
      firebrick_error_addr_w_must_reach_depth u_error ();
    end
  endgenerate

  reg [Width-1:0] mem_q [0:Depth-1];
  always @(posedge clk_i) if (we_i) mem_q[addr_i] <= wdata_i;
  assign rdata_o = mem_q[addr_i];
endmodule

`default_nettype wire
