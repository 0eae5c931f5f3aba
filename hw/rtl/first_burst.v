// The first burst of a command: its beats as far as its window goes. Combinational.
`default_nettype none

module first_burst #(
    parameter BusBytes = 16,  // bytes of a beat, 8 or 16
    parameter Window   = 256  // bytes that no burst crosses a multiple of, 128 or 256
) (
    input  wire [ 7:0] addr_i,   // low bits of the command's
    input  wire [15:0] beats_i,
    output wire [ 8:0] first_o,
    output wire        last_o    // it is the only one
);
  localparam LaneBits = $clog2(BusBytes);
  localparam WindowBits = $clog2(Window);
  localparam WindowBeats = Window / BusBytes;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Window != 128 && Window != 256) begin : gen_bad_window
      firebrick_error_window_must_be_128_or_256 u_error ();
    end
  endgenerate

  wire [8:0] room = WindowBeats[8:0] - {{(9 + LaneBits - WindowBits) {1'b0}}, addr_i[WindowBits-1:LaneBits]};
  wire unused_addr = &{1'b0, addr_i};
  assign last_o  = beats_i <= {7'd0, room};
  assign first_o = last_o ? beats_i[8:0] : room;
endmodule

`default_nettype wire
