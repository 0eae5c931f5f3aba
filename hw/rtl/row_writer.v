// Writes the result groups of each block to memory or to the scratchpad, chunk by chunk (chunk_walker).
// Latency: three cycles from a burst's last group to its address, four to its first beat; one group and one beat a cycle.
// A burst gets its address when all of its data lie in the output queue: a slave that serves nothing else until the data
// have come then never waits for results that wait for reads.
`default_nettype none

module row_writer #(
    parameter BusBytes    = 16,  // bytes of a beat, 8 or 16
    parameter Pk          = 8,   // bytes of a result group, a power of two, 4 to 32
    parameter MaxBlocks   = 64,  // descriptors, 1 to 255
    parameter Outstanding = 16,  // bursts without a write response, a power of two, at least 2
    parameter QueueDepth  = 64,  // groups that the output queue holds, a power of two, at least 256 bytes
    parameter ChipAddrW   = 8,   // bits of a beat's address in the scratchpad, 1 to 16
    parameter [31:0] OutputBytes = 32'd1 << 31,  // of the output region: nothing is written behind them
    parameter [31:0] WorkspaceBytes = 32'd1 << 31   // of the workspace region
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,

    // no new address while it is high
    input wire hold_i,

    // program: descriptor stream, blocks that may be read, bases of regions 0 to 3
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,
    input wire                  loaded_i,
    input wire [           7:0] blocks_i,
    input wire [         127:0] bases_i,

    // result groups, into the output queue; last marks the final group of a chunk
    input  wire            in_valid_i,
    output wire            in_ready_o,
    input  wire [Pk*8-1:0] in_data_i,
    input  wire            in_last_i,

    // pulse: a group left the output queue
    output wire group_taken_o,

    // scratchpad: a beat of a map
    output wire                  chip_we_o,
    output wire [ ChipAddrW-1:0] chip_addr_o,
    output wire [BusBytes*8-1:0] chip_data_o,

    // blocks, and rows of the block after them, that lie in the scratchpad or whose write responses have arrived
    output wire [ 7:0] blocks_done_o,
    output wire [15:0] rows_done_o,

    // pulse: a write came back with an error response, and level: one was about to leave its region, behind which nothing is written;
    // which write that was: its block, its address, and whether nobody was there to take it (DECERR)
    output wire        error_o,
    output wire        outside_o,
    output wire [ 7:0] error_block_o,
    output wire [31:0] error_addr_o,
    output wire        error_decode_o,

    // no burst waits for a write response
    output wire idle_o,

    // AXI4 write address
    output wire [31:0] m_axi_awaddr,
    output wire [ 7:0] m_axi_awlen,
    output wire [ 2:0] m_axi_awsize,
    output wire [ 1:0] m_axi_awburst,
    output wire        m_axi_awvalid,
    input  wire        m_axi_awready,

    // AXI4 write data
    output wire [BusBytes*8-1:0] m_axi_wdata,
    output wire [  BusBytes-1:0] m_axi_wstrb,
    output wire                  m_axi_wlast,
    output wire                  m_axi_wvalid,
    input  wire                  m_axi_wready,

    // AXI4 write response
    input  wire [1:0] m_axi_bresp,
    input  wire       m_axi_bvalid,
    output wire       m_axi_bready
);
  localparam LaneBits = $clog2(BusBytes);
  // The array fills one half of the queue while a burst leaves the other.
  localparam Window = (QueueDepth * Pk / 2 < 256) ? 128 : 256;
  localparam WindowBeats = Window / BusBytes;
  localparam Groups = (Pk < BusBytes) ? BusBytes / Pk : 1;  // of a beat
  localparam GroupBits = (Groups > 1) ? $clog2(Groups) : 1;
  localparam LastGroup = Groups - 1;
  localparam Parts = (Pk > BusBytes) ? Pk / BusBytes : 1;  // beats of a group
  localparam BeatBits = $clog2(QueueDepth * Parts) + 1;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Pk < 4 || Pk > 32 || (Pk & (Pk - 1)) != 0) begin : gen_bad_lanes
      firebrick_error_pk_must_be_a_power_of_two_from_4_to_32 u_error ();
    end
    if (ChipAddrW < 1 || ChipAddrW > 16) begin : gen_bad_scratchpad
      firebrick_error_chip_addr_w_must_be_1_to_16 u_error ();
    end
    if (QueueDepth * Pk < 256 || (QueueDepth & (QueueDepth - 1)) != 0) begin : gen_bad_queue
      firebrick_error_queue_depth_must_be_a_power_of_two_and_hold_256_bytes u_error ();
    end
  endgenerate

  // ---- output queue ----
  wire group_valid;
  wire group_ready;
  wire group_last;
  wire [Pk*8-1:0] result_group;
  wire [$clog2(QueueDepth):0] unused_group_count;
  sync_fifo #(
      .Width(Pk * 8 + 1),
      .Depth(QueueDepth)
  ) u_output (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(clear_i),
      .in_valid_i(in_valid_i),
      .in_ready_o(in_ready_o),
      .in_data_i({in_last_i, in_data_i}),
      .out_valid_o(group_valid),
      .out_ready_i(group_ready),
      .out_data_o({group_last, result_group}),
      .count_o(unused_group_count)
  );
  assign group_taken_o = group_valid && group_ready;

  // ---- addresses: chunks, cut into bursts that stay in their regions ----
  wire chunk_valid;
  wire chunk_ready;
  wire [31:0] chunk_offset;
  wire [15:0] chunk_beats;
  wire [1:0] chunk_region;
  wire [1:0] chunk_ends;  // its row; and its block
  wire [7:0] chunk_block;
  wire chunk_on_chip;
  chunk_walker #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks)
  ) u_walker (
      .clk_i         (clk_i),
      .rst_i         (rst_i),
      .clear_i       (clear_i),
      .desc_valid_i  (desc_valid_i),
      .desc_block_i  (desc_block_i),
      .desc_beat_i   (desc_beat_i),
      .desc_data_i   (desc_data_i),
      .loaded_i      (loaded_i),
      .blocks_i      (blocks_i),
      .chunk_valid_o (chunk_valid),
      .chunk_ready_i (chunk_ready),
      .chunk_offset_o(chunk_offset),
      .chunk_beats_o (chunk_beats),
      .region_o      (chunk_region),
      .on_chip_o     (chunk_on_chip),
      .block_o       (chunk_block),
      .row_end_o     (chunk_ends[0]),
      .block_end_o   (chunk_ends[1])
  );

  wire burst_valid;
  wire burst_ready;
  wire [31:0] burst_addr;
  wire [8:0] burst_beats;
  wire [8:0] next_beats;
  wire [15:0] burst_rest;
  wire burst_last;
  wire burst_on_chip;
  wire [1:0] burst_tag;
  wire outside;
  wire [7:0] outside_block;
  wire [31:0] outside_addr;
  write_bursts #(
      .BusBytes      (BusBytes),
      .Window        (Window),
      .OutputBytes   (OutputBytes),
      .WorkspaceBytes(WorkspaceBytes)
  ) u_bursts (
      .clk_i          (clk_i),
      .rst_i          (rst_i || clear_i),
      .bases_i        (bases_i),
      .chunk_valid_i  (chunk_valid),
      .chunk_ready_o  (chunk_ready),
      .chunk_offset_i (chunk_offset),
      .chunk_beats_i  (chunk_beats),
      .chunk_region_i (chunk_region),
      .chunk_on_chip_i(chunk_on_chip),
      .chunk_ends_i   (chunk_ends),
      .chunk_block_i  (chunk_block),
      .burst_valid_o  (burst_valid),
      .burst_ready_i  (burst_ready),
      .burst_addr_o   (burst_addr),
      .burst_beats_o  (burst_beats),
      .burst_rest_o   (burst_rest),
      .burst_last_o   (burst_last),
      .burst_on_chip_o(burst_on_chip),
      .burst_ends_o   (burst_tag),
      .next_beats_o   (next_beats),
      .outside_o      (outside),
      .outside_block_o(outside_block),
      .outside_addr_o (outside_addr)
  );

  // ---- AW: a burst whose beats all lie in the queue; it enters both queues below when its address is registered. One for the
  // scratchpad takes the same way, without an address on the bus ----
  wire unused_length_ready;  // a burst without data is also one without response: that queue is as full
  wire answer_ready;
  reg [BeatBits-1:0] queued_beats_q;  // in the output queue, of no burst yet
  reg aw_valid_q;
  reg [31:0] aw_addr_q;
  reg [7:0] aw_len_q;
  wire [15:0] wanted_beats = {7'd0, burst_beats};
  wire unused_wanted = &{1'b0, wanted_beats};
  reg data_here_q;  // as many beats as the burst has
  wire bus_free = burst_on_chip || !aw_valid_q || m_axi_awready;
  wire aw_free = bus_free && answer_ready && data_here_q && !hold_i;
  wire aw_load = burst_valid && aw_free;
  wire aw_on_bus = aw_load && !burst_on_chip;
  wire [8:0] burst_len = burst_beats - 9'd1;
  wire unused_len = burst_len[8];
  assign burst_ready = aw_free;

  reg [GroupBits-1:0] queued_place_q;
  wire queued = in_valid_i && in_ready_o;
  wire queued_full = in_last_i || queued_place_q == LastGroup[GroupBits-1:0];
  wire [BeatBits-1:0] come = (queued && queued_full) ? Parts[BeatBits-1:0] : {BeatBits{1'b0}};
  wire [BeatBits-1:0] taken = aw_load ? wanted_beats[BeatBits-1:0] : {BeatBits{1'b0}};
  wire [BeatBits-1:0] stock = queued_beats_q + come;
  // for what the burst of the next cycle needs there is no wait for what this one does; a group counts from the cycle behind it on
  wire [15:0] stocked = {{(16 - BeatBits) {1'b0}}, queued_beats_q};
  wire enough_first = stocked >= {7'd0, next_beats};
  wire [15:0] behind = stocked - wanted_beats;  // of a burst that takes them
  wire enough_behind_first = behind >= {7'd0, next_beats};
  wire enough_behind_later = behind >= burst_rest || behind >= WindowBeats[15:0];
  wire enough_left = stocked >= wanted_beats;

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      queued_place_q <= {GroupBits{1'b0}};
      queued_beats_q <= {BeatBits{1'b0}};
      data_here_q <= 1'b0;
    end else begin
      if (queued) queued_place_q <= queued_full ? {GroupBits{1'b0}} : queued_place_q + {{(GroupBits - 1) {1'b0}}, 1'b1};
      queued_beats_q <= stock - taken;
      if (aw_load) data_here_q <= burst_last ? enough_behind_first : enough_behind_later;
      else data_here_q <= burst_valid ? enough_left : enough_first;
    end
  end

  always @(posedge clk_i) begin
    if (rst_i) aw_valid_q <= 1'b0;
    else if (aw_on_bus) aw_valid_q <= 1'b1;
    else if (m_axi_awready) aw_valid_q <= 1'b0;
  end

  always @(posedge clk_i) begin
    if (aw_on_bus) begin
      aw_addr_q <= burst_addr;
      aw_len_q  <= burst_len[7:0];
    end
  end

  assign m_axi_awaddr  = aw_addr_q;
  assign m_axi_awlen   = aw_len_q;
  assign m_axi_awsize  = LaneBits[2:0];
  assign m_axi_awburst = 2'b01;
  assign m_axi_awvalid = aw_valid_q;

  // ---- W: groups become beats, the queue says where bursts end ----
  wire length_valid;
  wire [4:0] length;
  wire to_chip;  // the burst's beats go to the scratchpad, from this address on
  wire [ChipAddrW-1:0] first_addr;
  wire length_pop;
  wire [$clog2(Outstanding):0] unused_length_count;
  sync_fifo #(
      .Width(6 + ChipAddrW),
      .Depth(Outstanding),
      .Checked(0)
  ) u_lengths (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(1'b0),
      .in_valid_i(aw_load),
      .in_ready_o(unused_length_ready),
      .in_data_i({burst_on_chip, burst_addr[LaneBits+:ChipAddrW], burst_len[4:0]}),
      .out_valid_o(length_valid),
      .out_ready_i(length_pop),
      .out_data_o({to_chip, first_addr, length}),
      .count_o(unused_length_count)
  );

  reg w_valid_q;
  reg w_last_q;
  reg [BusBytes*8-1:0] w_data_q;
  reg [4:0] w_beat_q;
  wire w_free = (to_chip || !w_valid_q || m_axi_wready) && length_valid;

  wire beat_valid;
  wire [BusBytes*8-1:0] beat_data;
  group_beats #(
      .BusBytes(BusBytes),
      .Pk      (Pk)
  ) u_beats (
      .clk_i        (clk_i),
      .rst_i        (rst_i || clear_i),
      .group_valid_i(group_valid),
      .group_ready_o(group_ready),
      .group_data_i (result_group),
      .group_last_i (group_last),
      .beat_valid_o (beat_valid),
      .beat_ready_i (w_free),
      .beat_data_o  (beat_data)
  );

  wire w_load = beat_valid && w_free;
  wire w_on_bus = w_load && !to_chip;
  wire w_last = w_beat_q == length;
  assign length_pop = w_load && w_last;

  always @(posedge clk_i) begin
    if (rst_i) begin
      w_valid_q <= 1'b0;
      w_beat_q  <= 5'd0;
    end else begin
      if (w_on_bus) w_valid_q <= 1'b1;
      else if (m_axi_wready) w_valid_q <= 1'b0;
      if (w_load) w_beat_q <= w_last ? 5'd0 : w_beat_q + 5'd1;
    end
  end

  always @(posedge clk_i) begin
    if (w_on_bus) begin
      w_data_q <= beat_data;
      w_last_q <= w_last;
    end
  end

  reg chip_we_q;
  reg [ChipAddrW-1:0] chip_addr_q;
  reg [BusBytes*8-1:0] chip_data_q;
  wire [15:0] beat_number = {11'd0, w_beat_q};
  wire unused_number = &{1'b0, beat_number};
  always @(posedge clk_i) begin
    if (rst_i) chip_we_q <= 1'b0;
    else chip_we_q <= w_load && to_chip;
  end
  always @(posedge clk_i) begin
    chip_addr_q <= first_addr + beat_number[ChipAddrW-1:0];
    chip_data_q <= beat_data;
  end
  assign chip_we_o = chip_we_q;
  assign chip_addr_o = chip_addr_q;
  assign chip_data_o = chip_data_q;

  assign m_axi_wdata  = w_data_q;
  assign m_axi_wstrb  = {BusBytes{1'b1}};
  assign m_axi_wlast  = w_last_q;
  assign m_axi_wvalid = w_valid_q;

  // ---- B: what each burst completes. Those that have ended in the scratchpad are counted until their turn ----
  wire [1:0] answer;
  wire answer_valid;
  wire on_chip_answer;
  localparam CountW = $clog2(Outstanding) + 1;
  localparam [CountW-1:0] One = 1;
  reg [CountW-1:0] chip_ended_q;
  reg chip_any_q;  // that is not 0; then the queue holds them
  wire chip_ended = w_load && w_last && to_chip;
  wire chip_answered = on_chip_answer && chip_any_q;
  wire answered = on_chip_answer ? chip_any_q : m_axi_bvalid && answer_valid;
  always @(posedge clk_i) begin
    if (rst_i) begin
      chip_ended_q <= {CountW{1'b0}};
      chip_any_q <= 1'b0;
    end else begin
      chip_ended_q <= chip_ended_q + {{CountW - 1{1'b0}}, chip_ended} - {{CountW - 1{1'b0}}, chip_answered};
      chip_any_q <= chip_ended || chip_ended_q > One || (chip_any_q && !chip_answered);
    end
  end
  wire [31:LaneBits] answered_addr;
  wire [$clog2(Outstanding):0] unused_answer_count;
  sync_fifo #(
      .Width(35 - LaneBits),
      .Depth(Outstanding),
      .Checked(0)
  ) u_answers (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(1'b0),
      .in_valid_i(aw_load),
      .in_ready_o(answer_ready),
      .in_data_i({burst_addr[31:LaneBits], burst_on_chip, burst_last ? burst_tag : 2'd0}),
      .out_valid_o(answer_valid),
      .out_ready_i(answered),
      .out_data_o({answered_addr, on_chip_answer, answer}),
      .count_o(unused_answer_count)
  );

  reg [7:0] blocks_done_q;
  reg [15:0] rows_done_q;
  reg error_q;
  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      blocks_done_q <= 8'd0;
      rows_done_q <= 16'd0;
      error_q <= 1'b0;
    end else begin
      error_q <= m_axi_bvalid && m_axi_bresp[1];
      if (answered && answer[1]) begin
        blocks_done_q <= blocks_done_q + 8'd1;
        rows_done_q   <= 16'd0;
      end else if (answered && answer[0]) rows_done_q <= rows_done_q + 16'd1;
    end
  end

  // the write that is answered; blocks are answered in their order
  reg [7:0] error_block_q;
  reg [31:LaneBits] error_addr_q;
  reg error_decode_q;
  always @(posedge clk_i) begin
    error_block_q <= blocks_done_q;
    error_addr_q <= answered_addr;
    error_decode_q <= m_axi_bresp[0];
  end
  assign error_block_o = error_q ? error_block_q : outside_block;
  assign error_addr_o = error_q ? {error_addr_q, {LaneBits{1'b0}}} : outside_addr;
  assign error_decode_o = error_q && error_decode_q;
  assign outside_o = outside;

  assign m_axi_bready  = 1'b1;
  assign blocks_done_o = blocks_done_q;
  assign rows_done_o   = rows_done_q;
  assign error_o       = error_q;
  assign idle_o        = !answer_valid;
endmodule

`default_nettype wire
