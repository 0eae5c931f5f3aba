// Takes weights as they come from memory, coded segments among them, to group records of plain words, which it offers part by part.
// Beats that were asked for wait here until the rings have room: whoever asks leaves room for them. src/format/coded-segment.ts says what a
// coded segment is. Latency: two cycles from an answer to its beat of a plain record; a beat, or a part of a coded word, a cycle.
`default_nettype none

module weight_decoder #(
    parameter BusBytes = 16,  // bytes of a beat, 8 or 16
    parameter Pk       = 8,   // lanes, a power of two
    parameter Pc       = 8,   // multipliers a lane, a power of two
    parameter CodeBits = 0,   // bits of the codes that tables of weights are for, at most 7; 0: there are none
    parameter Depth    = 64   // beats that wait, a power of two, 32 or more
) (
    input wire clk_i,
    input wire rst_i,

    // a burst about to be asked for, whether it has room here, and that it is
    input  wire [8:0] burst_beats_i,
    output wire       burst_fits_o,
    input  wire       burst_taken_i,

    // answers
    input wire                  rsp_valid_i,
    input wire [BusBytes*8-1:0] rsp_data_i,

    // what comes next: a record of so many words, or a coded segment, or a beat of a table
    input  wire        entry_valid_i,
    input  wire        entry_coded_i,
    input  wire [15:0] entry_words_i,
    output wire        entry_end_o,
    input  wire        in_table_i,
    output wire        table_valid_o,

    // beats on their way, tables but left out, for the checks of their records; the end of a record may come behind its last beat
    output wire                  check_valid_o,
    output wire                  check_first_o,
    output wire                  check_here_o,
    output wire                  check_end_o,
    output wire [BusBytes*8-1:0] beat_o,

    // parts of a record: its constants, then its words; of the words the places that are full, selectors, and the first word of the patch.
    // How many words it has is told from its second part on
    output wire                  out_valid_o,
    input  wire                  out_ready_i,
    output wire [BusBytes*8-1:0] out_data_o,
    output wire [  BusBytes-1:0] out_full_o,
    output wire [BusBytes*3-1:0] out_selectors_o,
    output wire [           7:0] out_position_o,
    output wire [          15:0] out_words_o
);
  localparam BeatW = BusBytes * 8;
  localparam Unit = BusBytes;  // bits; a beat has eight units
  localparam FieldParts = Pk * 4 / BusBytes;
  localparam ParamBeats = 3 * FieldParts;
  localparam FirstCheck = 2 * FieldParts;
  localparam BehindCheck = FirstCheck + 16 / BusBytes;
  localparam WordParts = Pk * Pc / BusBytes;
  localparam PartW = (WordParts > 1) ? $clog2(WordParts) : 1;
  localparam LastPart = WordParts - 1;
  localparam MapUnits = (WordParts < 8) ? WordParts : 8;
  localparam LastMap = WordParts / MapUnits - 1;
  localparam HeadUnits = 16 / Unit;
  localparam CreditW = $clog2(Depth) + 1;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (CodeBits < 0 || CodeBits > 7) begin : gen_bad_codes
      firebrick_error_code_bits_must_be_0_to_7 u_error ();
    end
    if (Depth < 32 || (Depth & (Depth - 1)) != 0) begin : gen_bad_depth
      firebrick_error_depth_must_be_a_power_of_two_of_at_least_32 u_error ();
    end
  endgenerate

  // ---- beats that wait
  reg [CreditW-1:0] free_q;
  wire head_valid, pop;
  wire [BeatW-1:0] head;
  wire unused_ready;
  wire [$clog2(Depth):0] unused_count;
  sync_fifo #(
      .Width(BeatW),
      .Depth(Depth)
  ) u_beats (
      .clk_i      (clk_i),
      .rst_i      (rst_i),
      .clear_i    (1'b0),
      .in_valid_i (rsp_valid_i),
      .in_ready_o (unused_ready),
      .in_data_i  (rsp_data_i),
      .out_valid_o(head_valid),
      .out_ready_i(pop),
      .out_data_o (head),
      .count_o    (unused_count)
  );
  assign burst_fits_o = {{(16 - CreditW) {1'b0}}, free_q} >= {7'd0, burst_beats_i};
  wire [CreditW-1:0] asked = burst_taken_i ? burst_beats_i[CreditW-1:0] : {CreditW{1'b0}};
  always @(posedge clk_i) begin
    if (rst_i) free_q <= Depth[CreditW-1:0];
    else free_q <= free_q - asked + {{(CreditW - 1) {1'b0}}, pop};
  end

  // ---- the next eight units: of a beat and of the one behind it
  reg [BeatW-1:0] beat_q;
  reg beat_valid_q;
  reg [2:0] offset_q;
  wire [3:0] want;  // units that the state takes
  wire may;         // and whether there is room for what it makes of them
  wire drop;        // the rest of a beat, behind the end of a record
  wire [2*BeatW-1:0] window = {head, beat_q};
  wire [BeatW-1:0] front = window[{1'b0, offset_q} * Unit+:BeatW];
  wire [3:0] behind = {1'b0, offset_q} + want;
  wire there = beat_valid_q && (behind <= 4'd8 || head_valid);
  wire go = may && (want == 4'd0 || there);
  wire leaves = (go && behind >= 4'd8) || drop;
  assign pop = head_valid && (leaves || !beat_valid_q);
  always @(posedge clk_i) begin
    if (rst_i) {beat_valid_q, offset_q} <= 4'd0;
    else begin
      if (pop) beat_valid_q <= 1'b1;
      else if (leaves) beat_valid_q <= 1'b0;
      if (drop) offset_q <= 3'd0;
      else if (go) offset_q <= behind[2:0];
    end
  end
  always @(posedge clk_i) if (pop) beat_q <= head;

  // ---- what they are
  localparam [3:0] StIdle = 4'd0, StSegment = 4'd1, StParams = 4'd2, StPlain = 4'd3, StStep = 4'd4, StMaps = 4'd5, StBlock = 4'd6, StDrain = 4'd7, StTable = 4'd8;
  reg [3:0] state_q;
  reg first_record_q;      // of a coded segment
  reg [15:0] groups_q;     // of the segment, this one among them
  reg [15:0] words_q;      // of a record
  reg [3:0] code_bits_q;
  reg some_q, selectors_q; // maps say which places are full; those have selectors
  reg table_q;             // weights are codes
  reg [7:0] entry_q;       // of the table
  reg [7:0] param_q;       // beat of the constants
  reg [15:0] word_q;       // of the record
  reg [PartW-1:0] part_q;  // of a plain word
  reg [7:0] blocks_q;      // that come with this word
  reg second_q;            // the second half of a block
  reg [7:0] map_q;
  reg [7:0] position_q;

  wire begins = state_q == StIdle && entry_valid_i && !in_table_i && !entry_coded_i;  // a plain record, with its first beat
  wire params = begins || state_q == StParams;
  wire [3:0] block_units = code_bits_q + (selectors_q ? 4'd3 : 4'd0);
  wire halves = block_units > 4'd8;
  wire map_ready, block_room, idle;
  // a table's entries lie byte by byte
  localparam [0:0] Pairs = (Unit == 16);
  wire entry = state_q == StTable && beat_valid_q;
  wire table_last = entry_q + 8'd1 == (8'd1 << code_bits_q);
  wire table_end = entry && table_last;
  wire params_end = go && param_q == ParamBeats[7:0] - 8'd1;
  wire word_after = word_q == words_q - 16'd1;
  wire plain_end = go && part_q == LastPart[PartW-1:0];
  wire map_end = go && map_q == LastMap[7:0];
  wire block_end = go && (second_q || !halves);
  wire empty = blocks_q == 8'd255;
  wire word_end = (state_q == StMaps && map_end && (blocks_q == 8'd0 || empty)) || (state_q == StBlock && block_end && blocks_q == 8'd1);
  wire record_end = (state_q == StParams && params_end && words_q == 16'd0) || (state_q == StPlain && plain_end && word_after) ||
      (state_q == StDrain && idle && offset_q == 3'd0);
  wire last_record = !entry_coded_i || groups_q == 16'd1;

  assign want = (state_q == StStep) ? HeadUnits[3:0] : (state_q == StMaps) ? (some_q && !empty ? MapUnits[3:0] : 4'd0) :
      (state_q == StBlock) ? (!halves ? block_units : second_q ? block_units - 4'd8 : 4'd8) :
      (state_q == StTable) ? {3'd0, !Pairs || entry_q[0]} : 4'd8;
  assign may = (params || state_q == StPlain) ? out_ready_i : (state_q == StIdle) ? in_table_i :
      (state_q == StMaps) ? map_ready : (state_q == StBlock) ? block_room : state_q != StDrain;
  // the rest of a beat
  assign drop = (state_q == StDrain && offset_q != 3'd0) || (table_end && behind != 4'd8);

  always @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= StIdle;
      param_q <= 8'd0;
      word_q <= 16'd0;
      part_q <= {PartW{1'b0}};
      map_q <= 8'd0;
      second_q <= 1'b0;
      entry_q <= 8'd0;
    end else begin
      case (state_q)
        StIdle:
        if (begins && go) state_q <= StParams;
        else if (entry_valid_i && !in_table_i && entry_coded_i) state_q <= StSegment;
        StSegment: if (go) state_q <= (CodeBits != 0 && beat_q[38]) ? StTable : StParams;
        StTable: if (table_end) state_q <= StParams;
        StParams: if (params_end && words_q != 16'd0) state_q <= entry_coded_i ? StStep : StPlain;
        StStep: if (go) state_q <= StMaps;
        StMaps: if (map_end) state_q <= StBlock;
        default: ;
      endcase
      if (word_end) state_q <= word_after ? StDrain : StStep;
      if (record_end) state_q <= last_record ? StIdle : StParams;
      if (go && params) param_q <= params_end ? 8'd0 : param_q + 8'd1;
      if (go && state_q == StPlain) part_q <= plain_end ? {PartW{1'b0}} : part_q + {{(PartW - 1) {1'b0}}, 1'b1};
      if (go && state_q == StMaps) map_q <= map_end ? 8'd0 : map_q + 8'd1;
      if (go && state_q == StBlock) second_q <= !block_end;
      if (entry) entry_q <= table_end ? 8'd0 : entry_q + 8'd1;
      if (record_end) word_q <= 16'd0;
      else if (word_end || (state_q == StPlain && plain_end)) word_q <= word_q + 16'd1;
    end
  end

  always @(posedge clk_i) begin
    if (state_q == StIdle) words_q <= entry_words_i;
    if (state_q == StSegment) begin
      {table_q, selectors_q, some_q, code_bits_q, groups_q, words_q} <= beat_q[38:0];
      first_record_q <= 1'b1;
    end else if (record_end) begin
      groups_q <= groups_q - 16'd1;
      first_record_q <= 1'b0;
    end
    if (state_q == StStep && go) {blocks_q, position_q} <= front[15:0];
    else if (state_q == StBlock && block_end) blocks_q <= blocks_q - 8'd1;
  end

  assign entry_end_o = record_end && last_record;
  assign table_valid_o = state_q == StIdle && !begins && go;
  assign beat_o = beat_q;
  assign check_valid_o = leaves && !table_valid_o;
  assign check_first_o = begins || state_q == StSegment || (state_q == StParams && param_q == 8'd0 && !(entry_coded_i && first_record_q));
  assign check_here_o = state_q == StParams && param_q >= FirstCheck[7:0] && param_q < BehindCheck[7:0];
  assign check_end_o = record_end;

  // ---- coded words
  reg [11*Unit-1:0] block_q;  // planes: three of selectors, then those of codes
  reg block_valid_q;
  wire block_taken;
  assign block_room = !block_valid_q || block_taken;
  always @(posedge clk_i) begin
    if (rst_i || record_end) block_valid_q <= 1'b0;
    else if (state_q == StBlock && block_end) block_valid_q <= 1'b1;
    else if (block_taken) block_valid_q <= 1'b0;
  end
  genvar p;
  generate
    for (p = 0; p < 8; p = p + 1) begin : gen_plane
      localparam [3:0] Plane = p;
      wire used = code_bits_q > Plane;
      wire own = (p < 5) ? !second_q : !selectors_q || !halves || second_q;  // its unit is here
      wire [Unit-1:0] shifted = front[((p + 3) % 8)*Unit+:Unit];
      always @(posedge clk_i)
        if (state_q == StBlock && go && own)
          block_q[(3+p)*Unit+:Unit] <= (selectors_q ? shifted : front[p*Unit+:Unit]) & {Unit{used}};
    end
  endgenerate
  always @(posedge clk_i) if (state_q == StBlock && go && !second_q) block_q[0+:3*Unit] <= selectors_q ? front[0+:3*Unit] : {3 * Unit{1'b0}};

  wire words_valid;
  wire [BeatW-1:0] words_data, weights;
  wire [BusBytes-1:0] words_full;
  wire [BusBytes*3-1:0] words_selectors;
  weight_expander #(
      .BusBytes (BusBytes),
      .MapUnits (MapUnits),
      .MapBeats (WordParts / MapUnits)
  ) u_expander (
      .clk_i        (clk_i),
      .rst_i        (rst_i),
      .restart_i    (record_end),
      .map_valid_i  (state_q == StMaps && go),
      .map_ready_o  (map_ready),
      .map_i        ({MapUnits * Unit{!empty}} & (front[MapUnits*Unit-1:0] | {MapUnits * Unit{!some_q}})),
      .position_i   (position_q),
      .block_valid_i(block_valid_q),
      .block_taken_o(block_taken),
      .block_i      (block_q),
      .idle_o       (idle),
      .out_valid_o  (words_valid),
      .out_ready_i  (out_ready_i),
      .out_data_o   (words_data),
      .out_full_o   (words_full),
      .out_selectors_o(words_selectors),
      .out_position_o(out_position_o)
  );

  generate
    if (CodeBits != 0) begin : gen_codes
      wire [BeatW-1:0] looked_up;
      code_table #(
          .Places  (BusBytes),
          .CodeBits(CodeBits)
      ) u_codes (
          .clk_i    (clk_i),
          .we_i     (entry),
          .code_i   (entry_q[CodeBits-1:0]),
          .weight_i (Pairs && entry_q[0] ? front[15:8] : front[7:0]),
          .codes_i  (words_data),
          .weights_o(looked_up)
      );
      assign weights = table_q ? looked_up : words_data;
    end else begin : gen_no_codes
      assign weights = words_data;
      wire unused_table = &{1'b0, table_q};
    end
  endgenerate

  wire plain = params || state_q == StPlain;
  assign out_valid_o = plain ? there : words_valid;
  assign out_data_o = plain ? beat_q : weights;
  assign out_full_o = plain ? {BusBytes{1'b1}} : words_full;
  assign out_selectors_o = plain ? {BusBytes * 3{1'b0}} : words_selectors;
  assign out_words_o = words_q;
endmodule

`default_nettype wire
