// Where a word or a group of parameters lies in its store, by its number since the start of an image: in the ring, or behind it in the
// room for what stays from image to image. Combinational.
`default_nettype none

module store_address #(
    parameter Ring = 1024,  // entries of the ring, a power of two, 2 to 65536
    parameter Kept = 0      // entries that stay
) (
    input wire [15:0] number_i,
    input wire        kept_i,

    output wire [$clog2(Ring+Kept)-1:0] addr_o
);
  localparam RingW = $clog2(Ring);
  localparam AddrW = $clog2(Ring + Kept);

  generate
    if (Ring < 2 || Ring > 65536 || (Ring & (Ring - 1)) != 0 || Kept < 0 || Ring + Kept > 65536) begin : gen_bad_size
      firebrick_error_ring_must_be_a_power_of_two_and_with_kept_at_most_65536 u_error ();
    end
    if (Kept == 0) begin : gen_ring
      assign addr_o = number_i[RingW-1:0];
      wire unused_number = &{1'b0, number_i, kept_i};
    end else begin : gen_kept
      wire [AddrW-1:0] in_ring = {{(AddrW - RingW) {1'b0}}, number_i[RingW-1:0]};
      wire [AddrW-1:0] behind = number_i[AddrW-1:0] + Ring[AddrW-1:0];
      assign addr_o = kept_i ? behind : in_ring;
      wire unused_number = &{1'b0, number_i};
    end
  endgenerate
endmodule

`default_nettype wire
