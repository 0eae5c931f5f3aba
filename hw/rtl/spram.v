// 16,384 words of 16 bits with one port, written in nibbles. Twin of ice40/spram.v, which is one SB_SPRAM256KA.
// Read data are valid in the cycles behind a read only: a write leaves what must not be used.
`default_nettype none

module spram (
    input wire clk_i,

    input  wire        en_i,     // an access; without one the read data stay
    input  wire        we_i,     // it writes
    input  wire [ 3:0] nibble_i, // these four bits of the word
    input  wire [13:0] addr_i,
    input  wire [15:0] wdata_i,
    output wire [15:0] rdata_o
);
  reg [15:0] mem_q [0:16383];
  reg [15:0] rdata_q;
  integer i;

  always @(posedge clk_i) begin
    if (en_i && we_i) begin
      for (i = 0; i < 4; i = i + 1) if (nibble_i[i]) mem_q[addr_i][4*i+:4] <= wdata_i[4*i+:4];
      rdata_q <= ~wdata_i;
    end else if (en_i) rdata_q <= mem_q[addr_i];
  end
  assign rdata_o = rdata_q;
endmodule

`default_nettype wire
