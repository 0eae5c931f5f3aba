// The tables behind a lane: what leaves it is its value, or the entry of a slot for that value.
// Latency: one cycle.
`default_nettype none

module table_lookup #(
    parameter Slots = 4  // tables of 256 values, a power of two up to 8
) (
    input wire clk_i,

    // from the table writer: slot, and value + 128
    input wire        we_i,
    input wire [11:0] addr_i,
    input wire [ 7:0] data_i,

    // value, and the slot that it is looked up in, if it is
    input  wire       looked_up_i,
    input  wire [2:0] slot_i,
    input  wire [7:0] value_i,
    output wire [7:0] data_o
);
  localparam AddrBits = 8 + $clog2(Slots);

  generate
    if (Slots != 1 && Slots != 2 && Slots != 4 && Slots != 8) begin : gen_bad_slots
      firebrick_error_slots_must_be_1_2_4_or_8 u_error ();
    end
  endgenerate

  wire [10:0] place = {slot_i, !value_i[7], value_i[6:0]};
  wire [ 7:0] entry;
  wire unused_addr = &{1'b0, addr_i, place};
  ram_1r1w #(
      .Width(8),
      .Depth(256 * Slots),
      .AddrW(AddrBits)
  ) u_entries (
      .clk_i  (clk_i),
      .we_i   (we_i),
      .waddr_i(addr_i[AddrBits-1:0]),
      .wdata_i(data_i),
      .raddr_i(place[AddrBits-1:0]),
      .rdata_o(entry)
  );

  reg looked_up_q;
  reg [7:0] plain_q;
  always @(posedge clk_i) begin
    looked_up_q <= looked_up_i;
    plain_q <= value_i;
  end

  assign data_o = looked_up_q ? entry : plain_q;
endmodule

`default_nettype wire
