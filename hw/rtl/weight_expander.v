// Puts the weights of coded words at their places: a map has a bit for each place of a part, and the weights that are there come in blocks of as
// many, on from one part to the next. A part's weights lie in two blocks at most. Latency: two cycles from a map to its first part; a part a cycle.
`default_nettype none

module weight_expander #(
    parameter BusBytes = 16,  // places of a part, weights of a block, a power of two
    parameter MapUnits = 4,   // parts that come with a map, a power of two, at most 8
    parameter MapBeats = 1    // maps of a word, a power of two
) (
    input wire clk_i,
    input wire rst_i,

    // behind a record the rest of its last block is dropped
    input wire restart_i,

    // maps of parts, and the first word of the patch that their step sees
    input  wire                         map_valid_i,
    output wire                         map_ready_o,
    input  wire [MapUnits*BusBytes-1:0] map_i,
    input  wire [                  7:0] position_i,

    // a block stays until it is taken: planes of selectors, three, and of codes, eight, a bit of each weight in every one
    input  wire                   block_valid_i,
    output wire                   block_taken_o,
    input  wire [11*BusBytes-1:0] block_i,

    // no part is under way
    output wire idle_o,

    // parts: the places that are full, and at those weights and selectors; selectors of others are 0
    output wire                  out_valid_o,
    input  wire                  out_ready_i,
    output wire [BusBytes*8-1:0] out_data_o,
    output wire [  BusBytes-1:0] out_full_o,
    output wire [BusBytes*3-1:0] out_selectors_o,
    output wire [           7:0] out_position_o
);
  localparam IndexW = $clog2(BusBytes);
  localparam UnitW = (MapUnits > 1) ? $clog2(MapUnits) : 1;
  localparam LastUnit = MapUnits - 1;

  generate
    if (BusBytes < 2 || (BusBytes & (BusBytes - 1)) != 0) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_a_power_of_two_of_at_least_2 u_error ();
    end
    if (MapUnits < 1 || MapUnits > 8 || (MapUnits & (MapUnits - 1)) != 0 || MapBeats < 1 || (MapBeats & (MapBeats - 1)) != 0)
    begin : gen_bad_maps
      firebrick_error_map_units_and_map_beats_must_be_powers_of_two u_error ();
    end
  endgenerate

  // ---- maps, those of a word while the one before is under way
  wire map_valid, map_end;
  wire [MapUnits*BusBytes-1:0] word_map;
  wire [7:0] position;
  wire [$clog2(2*MapBeats):0] unused_count;
  sync_fifo #(
      .Width(MapUnits * BusBytes + 8),
      .Depth(2 * MapBeats)
  ) u_maps (
      .clk_i      (clk_i),
      .rst_i      (rst_i),
      .clear_i    (1'b0),
      .in_valid_i (map_valid_i),
      .in_ready_o (map_ready_o),
      .in_data_i  ({position_i, map_i}),
      .out_valid_o(map_valid),
      .out_ready_i(map_end),
      .out_data_o ({position, word_map}),
      .count_o    (unused_count)
  );

  // ---- of a part: the weights in front of each place
  reg [UnitW-1:0] unit_q;
  reg part_valid_q;
  reg [BusBytes-1:0] full_q;
  reg [BusBytes*IndexW-1:0] ahead_q;
  reg [IndexW:0] count_q;
  reg [7:0] position_q;
  wire part_taken;
  wire take = map_valid && (!part_valid_q || part_taken);
  assign map_end = take && unit_q == LastUnit[UnitW-1:0];
  wire [BusBytes-1:0] full = word_map[unit_q*BusBytes+:BusBytes];
  reg [BusBytes*IndexW-1:0] ahead;
  reg [IndexW:0] count;
  integer i;
  always @* begin
    count = {(IndexW + 1) {1'b0}};
    for (i = 0; i < BusBytes; i = i + 1) begin
      ahead[i*IndexW+:IndexW] = count[IndexW-1:0];
      count = count + {{IndexW{1'b0}}, full[i]};
    end
  end
  always @(posedge clk_i) begin
    if (rst_i) {part_valid_q, unit_q} <= {(UnitW + 1) {1'b0}};
    else begin
      if (take) unit_q <= map_end ? {UnitW{1'b0}} : unit_q + {{(UnitW - 1) {1'b0}}, 1'b1};
      if (take) part_valid_q <= 1'b1;
      else if (part_taken) part_valid_q <= 1'b0;
    end
  end
  always @(posedge clk_i) if (take) {position_q, count_q, ahead_q, full_q} <= {position, count, ahead, full};

  // ---- the block that its first weight lies in, and the one behind it
  reg block_valid_q;
  reg [11*BusBytes-1:0] block_q;
  reg [IndexW-1:0] first_q;
  reg valid_q;
  wire [IndexW+1:0] end_at = {2'b00, first_q} + {1'b0, count_q};
  wire ends = end_at[IndexW];
  wire crosses = ends && end_at[IndexW-1:0] != {IndexW{1'b0}};
  wire there = (count_q == {(IndexW + 1) {1'b0}} || block_valid_q) && (!crosses || block_valid_i);
  wire unused_end = end_at[IndexW+1];  // never more than two blocks
  assign part_taken = part_valid_q && there && (!valid_q || out_ready_i);
  assign block_taken_o = block_valid_i && (!block_valid_q || (part_taken && ends));
  always @(posedge clk_i) begin
    if (rst_i || restart_i) {block_valid_q, first_q} <= {(IndexW + 1) {1'b0}};
    else begin
      if (block_taken_o) block_valid_q <= 1'b1;
      else if (part_taken && ends) block_valid_q <= 1'b0;
      if (part_taken) first_q <= end_at[IndexW-1:0];
    end
  end
  always @(posedge clk_i) if (block_taken_o) block_q <= block_i;

  wire [BusBytes*11-1:0] banks;   // by place in a block: of either
  wire [BusBytes*11-1:0] placed;  // by place in the part
  genvar g;
  genvar b;
  generate
    for (g = 0; g < BusBytes; g = g + 1) begin : gen_bank
      localparam [IndexW:0] Bank = g;
      wire later = {1'b0, first_q} > Bank;
      for (b = 0; b < 11; b = b + 1) begin : gen_bit
        assign banks[g*11+b] = later ? block_i[b*BusBytes+g] : block_q[b*BusBytes+g];
      end
    end
    for (g = 0; g < BusBytes; g = g + 1) begin : gen_place
      wire [IndexW-1:0] from = first_q + ahead_q[g*IndexW+:IndexW];
      assign placed[g*11+:11] = banks[from*11+:11] & {8'hff, {3{full_q[g]}}};
    end
  endgenerate

  reg [BusBytes-1:0] out_full_q;
  reg [BusBytes*11-1:0] placed_q;
  reg [7:0] out_position_q;
  always @(posedge clk_i) begin
    if (rst_i) valid_q <= 1'b0;
    else if (part_taken) valid_q <= 1'b1;
    else if (out_ready_i) valid_q <= 1'b0;
  end
  always @(posedge clk_i) if (part_taken) {out_position_q, out_full_q, placed_q} <= {position_q, full_q, placed};

  generate
    for (g = 0; g < BusBytes; g = g + 1) begin : gen_out
      assign out_selectors_o[g*3+:3] = placed_q[g*11+:3];
      assign out_data_o[g*8+:8] = placed_q[g*11+3+:8];
    end
  endgenerate
  assign idle_o = !map_valid && !part_valid_q && !valid_q;
  assign out_valid_o = valid_q;
  assign out_full_o = out_full_q;
  assign out_position_o = out_position_q;
endmodule

`default_nettype wire
