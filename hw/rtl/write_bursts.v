// Chunks of results as bursts of the bus, none of which leaves the output or the workspace region, whatever the chunks are: behind the
// first that does there are no more. Latency: two cycles from a chunk to its first burst; one burst a cycle.
`default_nettype none

module write_bursts #(
    parameter BusBytes = 16,    // bytes of a beat, 8 or 16
    parameter Window = 256,   // bytes in which a burst stays, 128 or 256
    parameter [31:0] OutputBytes = 4096,  // of the output region
    parameter [31:0] WorkspaceBytes = 4096   // of the workspace region
) (
    input wire clk_i,
    input wire rst_i,

    // bases of regions 0 to 3
    input wire [127:0] bases_i,

    // chunks: offset from the start of the region, or of the scratchpad; whether it completes its row, and its block
    input  wire        chunk_valid_i,
    output wire        chunk_ready_o,
    input  wire [31:0] chunk_offset_i,
    input  wire [15:0] chunk_beats_i,
    input  wire [ 1:0] chunk_region_i,
    input  wire        chunk_on_chip_i,
    input  wire [ 1:0] chunk_ends_i,
    input  wire [ 7:0] chunk_block_i,

    // bursts; rest: beats of the chunk behind it
    output wire        burst_valid_o,
    input  wire        burst_ready_i,
    output wire [31:0] burst_addr_o,
    output wire [ 8:0] burst_beats_o,
    output wire [15:0] burst_rest_o,
    output wire        burst_last_o,
    output wire        burst_on_chip_o,
    output wire [ 1:0] burst_ends_o,

    // beats of the next chunk's first burst
    output wire [8:0] next_beats_o,

    // level: a chunk would have left its region; its block and address
    output wire        outside_o,
    output wire [ 7:0] outside_block_o,
    output wire [31:0] outside_addr_o
);
  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Window != 128 && Window != 256) begin : gen_bad_window
      firebrick_error_window_must_be_128_or_256 u_error ();
    end
  endgenerate

  wire [31:0] chunk_addr;
  wire outside;
  write_guard #(
      .BusBytes      (BusBytes),
      .OutputBytes   (OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_guard (
      .clk_i         (clk_i),
      .rst_i         (rst_i),
      .bases_i       (bases_i),
      .taken_i       (chunk_valid_i && chunk_ready_o),
      .region_i      (chunk_region_i),
      .on_chip_i     (chunk_on_chip_i),
      .offset_i      (chunk_offset_i),
      .beats_i       (chunk_beats_i),
      .block_i       (chunk_block_i),
      .addr_o        (chunk_addr),
      .outside_o     (outside),
      .block_o       (outside_block_o),
      .addr_outside_o(outside_addr_o)
  );

  // two of them wait, with their first bursts: whether one is taken here does not go back to where they come from
  wire [8:0] chunk_first;
  wire chunk_last;
  first_burst #(
      .BusBytes(BusBytes),
      .Window  (Window)
  ) u_first (
      .addr_i (chunk_addr[7:0]),
      .beats_i(chunk_beats_i),
      .first_o(chunk_first),
      .last_o (chunk_last)
  );
  wire cmd_valid, cmd_ready, cmd_last;
  wire [31:0] cmd_addr;
  wire [15:0] cmd_beats;
  wire [ 2:0] cmd_tag;
  wire [ 1:0] unused_count;
  sync_fifo #(
      .Width(61),
      .Depth(2)
  ) u_chunks (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(1'b0),
      .in_valid_i(chunk_valid_i),
      .in_ready_o(chunk_ready_o),
      .in_data_i({chunk_addr, chunk_beats_i, chunk_first, chunk_last, chunk_on_chip_i, chunk_ends_i}),
      .out_valid_o(cmd_valid),
      .out_ready_i(cmd_ready),
      .out_data_o({cmd_addr, cmd_beats, next_beats_o, cmd_last, cmd_tag}),
      .count_o(unused_count)
  );

  wire burst_valid;
  burst_splitter #(
      .BusBytes(BusBytes),
      .TagBits (3),
      .Window  (Window)
  ) u_splitter (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .cmd_valid_i(cmd_valid),
      .cmd_ready_o(cmd_ready),
      .cmd_addr_i(cmd_addr),
      .cmd_beats_i(cmd_beats),
      .cmd_first_i(next_beats_o),
      .cmd_last_i(cmd_last),
      .cmd_tag_i(cmd_tag),
      .burst_valid_o(burst_valid),
      .burst_ready_i(burst_ready_i),
      .burst_addr_o(burst_addr_o),
      .burst_beats_o(burst_beats_o),
      .burst_rest_o(burst_rest_o),
      .burst_last_o(burst_last_o),
      .burst_tag_o({burst_on_chip_o, burst_ends_o})
  );
  assign burst_valid_o = burst_valid && !outside;
  assign outside_o = outside;
endmodule

`default_nettype wire
