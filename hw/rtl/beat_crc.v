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

  // each bit is the sum of some of the bits that come in: those of the CRC stand in front of the beat's first ones
  localparam Bits = BusBytes * 8;
  function [Bits-1:0] addends_of;  // of bit `place`
    input integer place;
    integer i;
    reg [15:0] seen;  // what bit i leaves behind the beat
    begin
      seen = 16'hd008;
      for (i = Bits - 1; i >= 0; i = i - 1) begin
        addends_of[i] = (seen & (16'h0001 << place)) != 16'h0000;
        seen = {1'b0, seen[15:1]} ^ (seen[0] ? 16'hd008 : 16'h0000);
      end
    end
  endfunction

  wire [Bits-1:0] mixed = data_i ^ {{Bits - 16{1'b0}}, crc_i};
  genvar place;
  generate
    for (place = 0; place < 16; place = place + 1) begin : gen_bit
      localparam [Bits-1:0] Addends = addends_of(place);
      assign crc_o[place] = ^(mixed & Addends);
    end
  endgenerate
endmodule

`default_nettype wire
