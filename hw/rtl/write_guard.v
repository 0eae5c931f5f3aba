// Says of chunks of results whether they lie in the output or the workspace region, whatever the program makes of them, and what addresses
// they have. Latency: addresses combinational; outside one cycle after the first chunk that is, for good.
`default_nettype none

module write_guard #(
    parameter BusBytes = 16,    // bytes of a beat, 8 or 16
    parameter [31:0] OutputBytes = 4096,  // of the output region, which has to end below 2^32
    parameter [31:0] WorkspaceBytes = 4096   // of the workspace region
) (
    input wire clk_i,
    input wire rst_i,

    // bases of regions 0 to 3, multiples of 4096
    input wire [127:0] bases_i,

    // a chunk that goes on from here
    input wire        taken_i,
    input wire [ 1:0] region_i,
    input wire        on_chip_i,  // in the scratchpad instead: its offset is its address there
    input wire [31:0] offset_i,
    input wire [15:0] beats_i,
    input wire [ 7:0] block_i,

    output wire [31:0] addr_o,

    // level: a chunk was outside, which is not to be written; its block and address
    output wire        outside_o,
    output wire [ 7:0] block_o,
    output wire [31:0] addr_outside_o
);
  localparam LaneBits = $clog2(BusBytes);

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  wire [19:0] page = region_i[0] ? bases_i[127:108] : bases_i[95:76];
  wire unused_bases = &{1'b0, bases_i};
  assign addr_o = {offset_i[31:12] + (page & {20{!on_chip_i}}), offset_i[11:0]};

  // of no chunk that is none: it would be a burst of 256 beats
  wire [32:0] behind = {1'b0, offset_i} + {{17 - LaneBits{1'b0}}, beats_i, {LaneBits{1'b0}}};
  wire fits = region_i[1] && beats_i != 16'd0 && behind <= {1'b0, region_i[0] ? WorkspaceBytes : OutputBytes};

  reg outside_q;
  reg [7:0] block_q;
  reg [31:0] addr_q;
  always @(posedge clk_i) begin
    if (rst_i) outside_q <= 1'b0;
    else if (taken_i && !on_chip_i && !fits) outside_q <= 1'b1;
  end
  always @(posedge clk_i) if (!outside_q) {block_q, addr_q} <= {block_i, addr_o};

  assign outside_o = outside_q;
  assign block_o = block_q;
  assign addr_outside_o = addr_q;
endmodule

`default_nettype wire
