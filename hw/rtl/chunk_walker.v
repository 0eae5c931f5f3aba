// Where the results of each block go in their region: walks strip, tile, row, chunk; a chunk is a run of adjacent bytes.
// Latency: two cycles from a block that may be read to its first chunk; one chunk a cycle.
`default_nettype none

module chunk_walker #(
    parameter BusBytes  = 16,  // bytes of a beat, 8 or 16
    parameter MaxBlocks = 64   // descriptors, 1 to 255
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,

    // program: descriptor stream, blocks that may be read
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,
    input wire                  loaded_i,
    input wire [           7:0] blocks_i,

    // chunks
    output wire        chunk_valid_o,
    input  wire        chunk_ready_i,
    output wire [31:0] chunk_offset_o,  // from the start of the region, or of the scratchpad
    output wire [15:0] chunk_beats_o,
    output wire [ 1:0] region_o,
    output wire        on_chip_o,      // in the scratchpad
    output wire [ 7:0] block_o,
    output wire        row_end_o,      // it completes its row in memory
    output wire        block_end_o     // and its block
);
  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (MaxBlocks < 1 || MaxBlocks > 255) begin : gen_bad_blocks
      firebrick_error_max_blocks_must_be_1_to_255 u_error ();
    end
  endgenerate

  reg [7:0] block_q;
  wire [1:0] region;
  wire on_chip;
  wire [31:0] offset;
  wire [31:0] pitch;
  wire [15:0] rows;
  wire [15:0] strip_rows;
  wire [15:0] chunks;
  wire [15:0] tiles;
  wire [31:0] chunk_stride;
  wire [15:0] chunk_beats;
  wire [15:0] last_tile_beats;
  wire [31:0] tile_stride;
  row_writer_fields #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks)
  ) u_fields (
      .clk_i         (clk_i),
      .desc_valid_i  (desc_valid_i),
      .desc_block_i  (desc_block_i),
      .desc_beat_i   (desc_beat_i),
      .desc_data_i   (desc_data_i),
      .block_i       (block_q),
      .region_o      (region),
      .on_chip_o     (on_chip),
      .offset_o      (offset),
      .row_pitch_o   (pitch),
      .rows_o        (rows),
      .strip_rows_o  (strip_rows),
      .chunks_o      (chunks),
      .tiles_o       (tiles),
      .chunk_stride_o(chunk_stride),
      .beats_o       (chunk_beats),
      .last_beats_o  (last_tile_beats),
      .tile_stride_o (tile_stride)
  );

  localparam [1:0] StIdle = 2'd0, StLoad = 2'd1, StWalk = 2'd2;
  reg [1:0] state_q;
  reg [15:0] chunk_q;
  reg [15:0] strip_row_q;
  reg [15:0] row_q;
  reg [15:0] first_row_q;
  reg [15:0] tile_q;
  reg [31:0] chunk_offset_q;
  reg [31:0] row_offset_q;
  reg [31:0] tile_offset_q;
  reg [31:0] next_strip_q;

  // of this chunk, made with its numbers
  reg last_chunk_q, last_row_q, last_tile_q;
  reg strip_full_q;  // its row is the last that a strip may have
  reg [15:0] beats_q;
  reg row_done_q, strip_done_q;  // its last chunk, of another row than the strip's last; of that

  wire load = state_q == StLoad;
  wire issue = chunk_valid_o && chunk_ready_i;
  wire block_end = strip_done_q && last_row_q && last_tile_q;
  wire [15:0] next_row = row_q + 16'd1;
  // numbers of the next chunk
  wire chunk_again = load || last_chunk_q;
  wire strip_again = load || strip_done_q;
  wire tile_again = load || (strip_done_q && last_tile_q);
  wire [15:0] chunk_next = (chunk_q & {16{!chunk_again}}) + {15'd0, !chunk_again};
  wire [15:0] strip_row_next = (strip_row_q & {16{!strip_again}}) + {15'd0, row_done_q && !strip_again};
  wire [15:0] row_next = load ? 16'd0 : (strip_done_q && !last_tile_q) ? first_row_q : last_chunk_q ? next_row : row_q;
  wire [15:0] tile_next = (tile_q & {16{!tile_again}}) + {15'd0, strip_done_q && !tile_again};
  // each way that the numbers go on is looked at beside the others
  wire last_chunk_next = (load || last_chunk_q) ? chunks == 16'd1 : chunk_q + 16'd2 == chunks;
  wire last_row_next = load ? rows == 16'd1 : (strip_done_q && !last_tile_q) ? first_row_q + 16'd1 == rows :
      last_chunk_q ? row_q + 16'd2 == rows : last_row_q;
  wire strip_full_next = (load || strip_done_q) ? strip_rows == 16'd1 :
      row_done_q ? strip_row_q + 16'd2 == strip_rows : strip_full_q;
  wire last_tile_next = (load || (strip_done_q && last_tile_q)) ? tiles == 16'd1 :
      strip_done_q ? tile_q + 16'd2 == tiles : last_tile_q;
  wire last_strip_row_next = last_row_next || strip_full_next;
  wire [31:0] next_row_offset = row_offset_q + pitch;
  wire [31:0] next_tile_offset = tile_offset_q + tile_stride;
  // the row below the strip, seen from tile 0
  wire [31:0] next_strip_offset = (tile_q == 16'd0) ? next_row_offset : next_strip_q;

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      state_q <= StIdle;
      block_q <= 8'd0;
    end else begin
      case (state_q)
        // one cycle at least: the program memory looks up the block
        StIdle:  if (loaded_i && block_q < blocks_i) state_q <= StLoad;
        StLoad:  state_q <= StWalk;
        default:
        if (issue && block_end) begin
          state_q <= StIdle;
          block_q <= block_q + 8'd1;
        end
      endcase
    end
  end

  always @(posedge clk_i) begin
    if (load || issue) begin
      chunk_q <= chunk_next;
      strip_row_q <= strip_row_next;
      row_q <= row_next;
      tile_q <= tile_next;
      last_chunk_q <= last_chunk_next;
      last_row_q <= last_row_next;
      row_done_q <= last_chunk_next && !last_strip_row_next;
      strip_done_q <= last_chunk_next && last_strip_row_next;
      last_tile_q <= last_tile_next;
      beats_q <= last_tile_next ? last_tile_beats : chunk_beats;
      strip_full_q <= strip_full_next;
    end
  end

  always @(posedge clk_i) begin
    if (load) begin
      first_row_q  <= 16'd0;
      chunk_offset_q <= offset;
      row_offset_q   <= offset;
      tile_offset_q  <= offset;
    end else if (issue) begin
      chunk_offset_q <= chunk_offset_q + chunk_stride;
      if (row_done_q) begin
        row_offset_q   <= next_row_offset;
        chunk_offset_q <= next_row_offset;
      end
      if (strip_done_q) begin
        next_strip_q <= next_strip_offset;
        if (last_tile_q) begin
          first_row_q  <= next_row;
          tile_offset_q  <= next_strip_offset;
          row_offset_q   <= next_strip_offset;
          chunk_offset_q <= next_strip_offset;
        end else begin
          tile_offset_q  <= next_tile_offset;
          row_offset_q   <= next_tile_offset;
          chunk_offset_q <= next_tile_offset;
        end
      end
    end
  end

  assign chunk_valid_o = state_q == StWalk;
  assign chunk_offset_o = chunk_offset_q;
  assign chunk_beats_o = beats_q;
  assign region_o      = region;
  assign on_chip_o     = on_chip;
  assign block_o       = block_q;
  assign row_end_o     = last_chunk_q && last_tile_q;
  assign block_end_o   = block_end;
endmodule

`default_nettype wire
