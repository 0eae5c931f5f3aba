// No burst leaves the output or the workspace region, whatever the chunks are that it is made of.
`default_nettype none

module formal_write_bursts #(
    parameter OutputBytes = 8192,
    parameter WorkspaceBytes = 4096
) (
    input wire clk_i,
    input wire rst_i,
    input wire chunk_valid_i,
    input wire [31:0] chunk_offset_i,
    input wire [15:0] chunk_beats_i,
    input wire [1:0] chunk_region_i,
    input wire chunk_on_chip_i,
    input wire [1:0] chunk_ends_i,
    input wire [7:0] chunk_block_i,
    input wire burst_ready_i
);
  (* anyconst *) wire [127:0] bases;
  wire chunk_ready, burst_valid, burst_last, on_chip, outside;
  wire [31:0] addr, outside_addr;
  wire [8:0] beats, next_beats;
  wire [15:0] rest;
  wire [1:0] ends;
  wire [7:0] block;
  write_bursts #(
      .BusBytes(8),
      .OutputBytes(OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .bases_i(bases),
      .chunk_valid_i(chunk_valid_i),
      .chunk_ready_o(chunk_ready),
      .chunk_offset_i(chunk_offset_i),
      .chunk_beats_i(chunk_beats_i),
      .chunk_region_i(chunk_region_i),
      .chunk_on_chip_i(chunk_on_chip_i),
      .chunk_ends_i(chunk_ends_i),
      .chunk_block_i(chunk_block_i),
      .burst_valid_o(burst_valid),
      .burst_ready_i(burst_ready_i),
      .burst_addr_o(addr),
      .burst_beats_o(beats),
      .burst_rest_o(rest),
      .burst_last_o(burst_last),
      .burst_on_chip_o(on_chip),
      .burst_ends_o(ends),
      .next_beats_o(next_beats),
      .outside_o(outside),
      .outside_block_o(block),
      .outside_addr_o(outside_addr)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));

  wire [32:0] behind = {1'b0, addr[31:3], 3'd0} + {21'd0, beats, 3'd0};
  wire in_region;
  host_regions #(
      .OutputBytes   (OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_regions (
      .bases_i (bases),
      .addr_i  (addr),
      .behind_i(behind),
      .inside_o(in_region)
  );
  reg begun_q = 1'b0;
  always @(posedge clk_i) begun_q <= 1'b1;
  always @* if (begun_q && burst_valid && !on_chip) begin
    assert (beats != 0 && beats <= 32);
    assert (in_region);
  end
endmodule

`default_nettype wire
