// A chunk that goes on without the guard telling lies in the output or the workspace region, whatever the program says; and once it has
// told, it stays so.
`default_nettype none

module formal_write_guard #(
    parameter OutputBytes = 8192,
    parameter WorkspaceBytes = 4096
) (
    input wire clk_i,
    input wire rst_i,
    input wire [127:0] bases_i,
    input wire taken_i,
    input wire [1:0] region_i,
    input wire on_chip_i,
    input wire [31:0] offset_i,
    input wire [15:0] beats_i,
    input wire [7:0] block_i
);
  wire [31:0] addr, addr_outside;
  wire outside;
  wire [7:0] block;
  write_guard #(
      .BusBytes(8),
      .OutputBytes(OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .bases_i(bases_i),
      .taken_i(taken_i),
      .region_i(region_i),
      .on_chip_i(on_chip_i),
      .offset_i(offset_i),
      .beats_i(beats_i),
      .block_i(block_i),
      .addr_o(addr),
      .outside_o(outside),
      .block_o(block),
      .addr_outside_o(addr_outside)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));

  wire [32:0] behind = {1'b0, addr} + {14'd0, beats_i, 3'd0};
  wire in_region;
  host_regions #(
      .OutputBytes   (OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_regions (
      .bases_i (bases_i),
      .addr_i  (addr),
      .behind_i(behind),
      .inside_o(in_region)
  );
  wire inside = beats_i != 0 && in_region;
  reg begun_q = 1'b0, went_q = 1'b0, told_q = 1'b0, inside_q, chip_q;
  always @(posedge clk_i) begin
    begun_q <= 1'b1;
    went_q <= taken_i && !rst_i;
    told_q <= outside && !rst_i;
    inside_q <= inside;
    chip_q <= on_chip_i;
  end
  always @* if (begun_q) begin
    if (on_chip_i) assert (addr == offset_i);
    if (went_q && !outside) assert (chip_q || inside_q);
    if (told_q) assert (outside);
  end
endmodule

`default_nettype wire
