// The CRC of bytes in the order of memory, a beat further. Combinational.
// x^16 + x^12 + x^3 + x + 1, reflected, from all ones: every wrong bit, and every two within 65,535 bits, change it.
`default_nettype none

module beat_crc #(
    parameter BusBytes = 16  // bytes of a beat, 8 or 16
) (
    input  wire [          15:0] crc_i,
    input  wire [BusBytes*8-1:0] data_i,
    output wire [          15:0] crc_o
);
  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  integer i;
  reg [15:0] crc;
  always @* begin
    crc = crc_i;
    for (i = 0; i < BusBytes * 8; i = i + 1)
    crc = {1'b0, crc[15:1]} ^ ((crc[0] ^ data_i[i]) ? 16'hd008 : 16'h0000);
  end
  assign crc_o = crc;
endmodule

`default_nettype wire
