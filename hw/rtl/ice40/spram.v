// 16,384 words of 16 bits with one port, written in nibbles: one SB_SPRAM256KA of an iCE40 UP5K.
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
  SB_SPRAM256KA u_spram (
      .CLOCK     (clk_i),
      .CHIPSELECT(en_i),
      .WREN      (we_i),
      .MASKWREN  (nibble_i),
      .ADDRESS   (addr_i),
      .DATAIN    (wdata_i),
      .DATAOUT   (rdata_o),
      .STANDBY   (1'b0),
      .SLEEP     (1'b0),
      .POWEROFF  (1'b1)  // active low
  );
endmodule

`default_nettype wire
