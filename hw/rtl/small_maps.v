// Two banks of 16,384 words of four channels, each of two single-port RAMs: a layer reads one bank and writes the other.
`default_nettype none

module small_maps (
    input wire clk_i,
    input wire source_i,  // the bank that is read

    // reads; data one cycle later
    input  wire        read_i,
    input  wire [13:0] read_addr_i,
    output wire [31:0] read_data_o,

    // writes one byte of a word of the other bank
    input wire        write_i,
    input wire [13:0] write_addr_i,
    input wire [ 1:0] write_byte_i,
    input wire [ 7:0] write_data_i
);
  wire [63:0] data;
  assign read_data_o = source_i ? data[63:32] : data[31:0];

  genvar bank, half;
  generate
    for (bank = 0; bank < 2; bank = bank + 1) begin : gen_bank
      wire reads = source_i == (bank != 0);
      wire [13:0] addr = reads ? read_addr_i : write_addr_i;
      for (half = 0; half < 2; half = half + 1) begin : gen_half
        spram u_ram (
            .clk_i   (clk_i),
            .en_i    (reads ? read_i : write_i && write_byte_i[1] == (half != 0)),
            .we_i    (!reads),
            .nibble_i(write_byte_i[0] ? 4'hc : 4'h3),
            .addr_i  (addr),
            .wdata_i ({2{write_data_i}}),
            .rdata_o (data[32*bank+16*half+:16])
        );
      end
    end
  endgenerate
endmodule

`default_nettype wire
