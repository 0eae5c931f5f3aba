// The tables behind a lane, eight slots of 256 values: what leaves the lane is its value, or the entry of a slot for it.
// Latency: one cycle.
`default_nettype none

module table_lookup (
    input wire clk_i,

    // from the table writer: slot, and value + 128
    input wire        we_i,
    input wire [10:0] addr_i,
    input wire [ 7:0] data_i,

    // value, and the slot that it is looked up in, if it is
    input  wire       looked_up_i,
    input  wire [2:0] slot_i,
    input  wire [7:0] value_i,
    output wire [7:0] data_o
);
  wire [7:0] entry;
  ram_1r1w #(
      .Width(8),
      .Depth(2048),
      .AddrW(11)
  ) u_entries (
      .clk_i  (clk_i),
      .we_i   (we_i),
      .waddr_i(addr_i),
      .wdata_i(data_i),
      .raddr_i({slot_i, !value_i[7], value_i[6:0]}),
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
