// Reads the program at the start of an image: checks the header, then streams the block descriptors.
// Latency: two memory latencies, then one descriptor beat a cycle; `loaded_o` rises when every reader sees the last beat.
`default_nettype none

module program_loader #(
    parameter BusBytes  = 16,  // bytes of a beat, 8 or 16
    parameter MaxBlocks = 64,  // descriptors that the program memories hold, 1 to 255
    parameter Pk        = 8,   // lanes that the program must be made for
    parameter Pc        = 8,   // multipliers a lane that the program must be made for
    parameter DescBytes = 256, // bytes of a descriptor: 256, or 512 with a third phase
    parameter [15:0] Identity = 16'd0  // of the hardware that the program must be made for, beside its sizes
) (
    input wire clk_i,
    input wire rst_i,

    // pulse: read the program at `base_i` (4096-byte aligned)
    input wire        start_i,
    input wire [31:0] base_i,
    input wire        keep_i,   // with start: the last one is still here

    // read client
    output wire                  req_valid_o,
    input  wire                  req_ready_i,
    output wire [          31:0] req_addr_o,
    output wire [           8:0] req_beats_o,
    input  wire                  rsp_valid_i,
    input  wire [BusBytes*8-1:0] rsp_data_i,
    input  wire                  rsp_last_i,
    input  wire                  rsp_error_i,  // nothing more is read, and the rest is not looked at

    // what the beats are to the check; unsound, in the cycle behind the last of them: it is wrong
    output wire check_valid_o,
    output wire check_first_o,  // the first beat
    output wire check_here_o,   // holds the check, in the header
    output wire check_end_o,    // the last beat
    input  wire unsound_i,

    // pulse: this hardware cannot run the program, or its check is wrong; nothing more is read
    output wire bad_program_o,

    // descriptor stream; beat counts inside the descriptor of a block
    output wire                  desc_valid_o,
    output wire [           7:0] desc_block_o,
    output wire [           5:0] desc_beat_o,
    output wire [BusBytes*8-1:0] desc_data_o,

    // the program: blocks, and a level that holds until the next start
    output wire [7:0] blocks_o,
    output wire [7:0] kept_from_o,  // first block whose weights stay
    output wire [7:0] kept_to_o,  // behind the last of them
    output wire       loaded_o,

    // descriptors that can be read already
    output wire [7:0] blocks_loaded_o
);
  localparam HeaderBeats = 16 / BusBytes;
  localparam BurstBeats = 256 / BusBytes;
  localparam LastBeat = DescBytes / BusBytes - 1;
  localparam Third = DescBytes / 512;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (MaxBlocks < 1 || MaxBlocks > 255) begin : gen_bad_blocks
      firebrick_error_max_blocks_must_be_1_to_255 u_error ();
    end
    if (DescBytes != 256 && DescBytes != 512) begin : gen_bad_descriptor
      firebrick_error_desc_bytes_must_be_256_or_512 u_error ();
    end
  endgenerate

  localparam [1:0] StIdle = 2'd0, StAskHeader = 2'd1, StHeader = 2'd2, StBlocks = 2'd3;

  reg [1:0] state_q;
  reg [7:0] blocks_q, kept_from_q, kept_to_q;
  reg [8:0] asked_q;  // bursts
  reg [7:0] block_q;
  reg [5:0] beat_q;

  // all of the header, once its last beat is here
  wire [127:0] header;
  generate
    if (HeaderBeats == 1) begin : gen_header_whole
      assign header = rsp_data_i;
    end else begin : gen_header_halves
      reg [63:0] first_q;
      always @(posedge clk_i) begin
        if (rsp_valid_i && !rsp_last_i) first_q <= rsp_data_i;
      end
      assign header = {rsp_data_i, first_q};
    end
  endgenerate
  wire magic_ok, gaps_ok, third_phase;
  wire [7:0] blocks, kept_from, kept_to, lanes, multipliers, bus_bytes;
  wire [15:0] made_for, unused_check;
  program_header u_header (
      .words_i        (header),
      .magic_ok_o     (magic_ok),
      .gaps_ok_o      (gaps_ok),
      .blocks_o       (blocks),
      .kept_from_o    (kept_from),
      .kept_to_o      (kept_to),
      .lanes_o        (lanes),
      .multipliers_o  (multipliers),
      .bus_bytes_o    (bus_bytes),
      .third_o        (third_phase),
      .check_o        (unused_check),
      .identity_o     (made_for)
  );

  wire header_ok = magic_ok && gaps_ok && blocks != 8'd0 && blocks <= MaxBlocks[7:0] && lanes == Pk[7:0]
      && multipliers == Pc[7:0] && bus_bytes == BusBytes[7:0] && third_phase == (Third != 0) && made_for == Identity;
  wire good = rsp_valid_i && !rsp_error_i;
  assign check_valid_o = state_q[1] && good;
  assign check_first_o = state_q == StHeader && (HeaderBeats == 1 || !rsp_last_i);
  assign check_here_o = state_q == StHeader && rsp_last_i;
  assign check_end_o = program_end;
  wire header_here = state_q == StHeader && good && rsp_last_i;
  wire block_here = state_q == StBlocks && good;
  wire broken = (state_q == StHeader || state_q == StBlocks) && rsp_valid_i && rsp_error_i;
  wire [8:0] block_end = {1'b0, block_q} + 9'd1;
  reg last_block_q;  // it is the last: known from its second beat on
  always @(posedge clk_i) last_block_q <= block_end == {1'b0, blocks_q};
  wire program_end = block_here && beat_q == LastBeat[5:0] && last_block_q;

  wire [8:0] bursts = (Third != 0) ? {blocks_q, 1'b0} : {1'b0, blocks_q};
  reg asks_q;  // for the header, or for bursts that are left, which is known a cycle behind each; a register: whoever waits hangs on it
  wire asks = asks_q && req_ready_i && state_q == StBlocks;
  wire more = state_q == StBlocks && !asks && asked_q != bursts;
  wire ask_header = (state_q == StIdle) ? start_i && !keep_i : state_q == StAskHeader && !req_ready_i;
  always @(posedge clk_i) asks_q <= !rst_i && (more || ask_header);
  assign req_valid_o = asks_q;
  // the descriptors follow 256 bytes of header
  assign req_addr_o = (state_q == StBlocks) ? base_i + {14'd0, {1'b0, asked_q} + 10'd1, 8'd0} : base_i;
  assign req_beats_o = (state_q == StBlocks) ? BurstBeats[8:0] : HeaderBeats[8:0];

  reg bad_q;
  always @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= StIdle;
      bad_q <= 1'b0;
    end else begin
      bad_q <= 1'b0;
      case (state_q)
        StIdle: if (start_i && !keep_i) state_q <= StAskHeader;
        StAskHeader: if (req_ready_i) state_q <= StHeader;
        StHeader:
        if (header_here) begin
          state_q <= header_ok ? StBlocks : StIdle;
          bad_q   <= !header_ok;
        end
        default: if (program_end) state_q <= StIdle;
      endcase
      if (broken) state_q <= StIdle;
      if (program_written_q[2] && unsound_i) bad_q <= 1'b1;
    end
  end

  always @(posedge clk_i) begin
    if (rst_i || start_i) begin
      asked_q <= 9'd0;
      block_q <= 8'd0;
      beat_q  <= 6'd0;
    end else begin
      if (asks) asked_q <= asked_q + 9'd1;
      if (block_here) begin
        beat_q <= (beat_q == LastBeat[5:0]) ? 6'd0 : beat_q + 6'd1;
        if (beat_q == LastBeat[5:0]) block_q <= block_q + 8'd1;
      end
    end
  end

  always @(posedge clk_i) begin
    if (rst_i || (start_i && !keep_i)) {kept_from_q, kept_to_q, blocks_q} <= 24'd0;
    else if (header_here && header_ok) {kept_from_q, kept_to_q, blocks_q} <= {kept_from, kept_to, blocks};
  end

  // The stream is registered; a program memory takes one more cycle to hold a beat and one to show it.
  reg desc_valid_q;
  reg [7:0] desc_block_q;
  reg [5:0] desc_beat_q;
  reg [BusBytes*8-1:0] desc_data_q;
  reg block_written_q;
  reg [7:0] blocks_loaded_q;
  reg [2:0] program_written_q;  // the last of it that many cycles before, and its check is known in bit 2
  reg program_held_q;
  reg loaded_q;

  always @(posedge clk_i) begin
    if (rst_i || start_i) begin
      desc_valid_q <= 1'b0;
      block_written_q <= 1'b0;
      blocks_loaded_q <= 8'd0;
      program_written_q <= 3'd0;
      program_held_q <= start_i && keep_i && !rst_i;
      loaded_q <= 1'b0;
    end else begin
      desc_valid_q <= block_here;
      block_written_q <= desc_valid_q && desc_beat_q == LastBeat[5:0];
      if (block_written_q) blocks_loaded_q <= blocks_loaded_q + 8'd1;
      program_written_q <= {program_written_q[1:0], program_end};
      program_held_q <= program_written_q[2] && !unsound_i;
      if (program_held_q) loaded_q <= 1'b1;
    end
  end

  always @(posedge clk_i) begin
    desc_block_q <= block_q;
    desc_beat_q  <= beat_q;
    desc_data_q  <= rsp_data_i;
  end

  assign bad_program_o = bad_q;
  assign desc_valid_o = desc_valid_q;
  assign desc_block_o = desc_block_q;
  assign desc_beat_o = desc_beat_q;
  assign desc_data_o = desc_data_q;
  assign blocks_o = blocks_q;
  assign kept_from_o = kept_from_q;
  assign kept_to_o = kept_to_q;
  assign loaded_o = loaded_q;
  assign blocks_loaded_o = blocks_loaded_q;
endmodule

`default_nettype wire
