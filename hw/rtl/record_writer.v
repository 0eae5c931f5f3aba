// Turns group records as they come from memory into writes of the parameter and weight stores, and subtracts the weight zero point.
// Each store has a ring, and behind it room for what stays from image to image. Latency: one cycle from an answer to the write; one beat a
// cycle.
`default_nettype none

module record_writer #(
    parameter BusBytes    = 16,    // bytes of a beat, 8 or 16
    parameter Pk          = 8,     // lanes
    parameter Pc          = 8,     // multipliers a lane
    parameter WeightDepth = 1024,  // ring of Pk*Pc-byte words, a power of two
    parameter KeptWords   = 0,     // words that stay
    parameter ParamDepth  = 16,    // ring of groups, a power of two
    parameter KeptGroups  = 0      // groups that stay
) (
    input wire clk_i,
    input wire rst_i,

    // with reset: groups that are here, and how many come in front of them
    input wire        keep_i,
    input wire [15:0] before_i,
    input wire [15:0] there_i,

    // record that the answers belong to: words behind its parameters, their zero point, whether it stays
    input  wire [15:0] words_i,
    input  wire [ 8:0] zero_point_i,
    input  wire        kept_i,
    output wire        record_end_o,

    // what a beat is to the record's check
    output wire record_first_o,  // the first beat
    output wire word_first_o,    // the first part of a word
    output wire record_check_o,  // holds bits of the check, of lanes 0 to 3

    // answers: constants, then words, of which the places that are not full hold no weight; their selectors, and the first word of the patch
    input wire                  valid_i,
    input wire [BusBytes*8-1:0] data_i,
    input wire [  BusBytes-1:0] full_i,
    input wire [BusBytes*3-1:0] selectors_i,
    input wire [           7:0] position_i,

    // parameter store: field 0 bias, 1 multiplier, 2 shift; part p holds lanes p * BusBytes / 4 and up
    output wire                                                             param_we_o,
    output wire [                        $clog2(ParamDepth+KeptGroups)-1:0] param_addr_o,
    output wire [                                                      1:0] param_field_o,
    output wire [((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1)-1:0] param_part_o,
    output wire [                                           BusBytes*8-1:0] param_data_o,

    // weight store: part p of a word holds its bytes p * BusBytes and up, 9 signed bits a weight
    output wire                                                               weight_we_o,
    output wire [                          $clog2(WeightDepth+KeptWords)-1:0] weight_addr_o,
    output wire [((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1)-1:0] weight_part_o,
    output wire [                                             BusBytes*9-1:0] weight_data_o,
    output wire [                                             BusBytes*3-1:0] weight_selectors_o,
    output wire [                                                        7:0] weight_position_o,

    // complete groups, modulo 65536: with those that were here as soon as all in front of them are
    output wire [15:0] groups_o
);
  localparam FieldParts = Pk * 4 / BusBytes;
  localparam FieldBits = (FieldParts > 1) ? $clog2(FieldParts) : 1;
  localparam LastFieldPart = FieldParts - 1;
  localparam LastCheckPart = 16 / BusBytes - 1;
  localparam WordParts = Pk * Pc / BusBytes;
  localparam WordBits = (WordParts > 1) ? $clog2(WordParts) : 1;
  localparam LastWordPart = WordParts - 1;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  reg in_weights_q;
  reg [1:0] field_q;
  reg [FieldBits-1:0] field_part_q;
  reg [WordBits-1:0] word_part_q;
  reg [15:0] word_q;        // of the record
  reg [15:0] next_word_q, next_kept_word_q;    // in the ring, and of those that stay
  reg [15:0] next_group_q, next_kept_group_q;

  wire param_beat = valid_i && !in_weights_q;
  wire weight_beat = valid_i && in_weights_q;
  wire field_end = field_part_q == LastFieldPart[FieldBits-1:0];
  wire params_end = param_beat && field_end && field_q == 2'd2;
  // what the next beat ends is known with the beat before: its word, and its record, with weights or without
  reg last_part_q, last_word_q, no_words_q;
  reg last_weights_q, last_params_q;
  wire word_end = weight_beat && last_part_q;
  wire [WordBits-1:0] part_after = word_part_q + {{(WordBits - 1) {1'b0}}, 1'b1};
  wire [15:0] word_after = word_q + 16'd1;
  wire last_part_next = ((rst_i || word_end) ? {WordBits{1'b0}} : weight_beat ? part_after : word_part_q) == LastWordPart[WordBits-1:0];
  wire last_word_next = (word_end ? word_q + 16'd2 : word_after) == words_i;
  wire weights_next = params_end ? !no_words_q : in_weights_q && !(word_end && last_word_q);
  wire [1:0] field_next = !(param_beat && field_end) ? field_q : (field_q == 2'd2) ? 2'd0 : field_q + 2'd1;
  wire [FieldBits-1:0] field_part_next = !param_beat ? field_part_q :
      field_end ? {FieldBits{1'b0}} : field_part_q + {{(FieldBits - 1) {1'b0}}, 1'b1};
  always @(posedge clk_i) begin
    last_part_q <= last_part_next;
    last_word_q <= last_word_next;
    no_words_q <= words_i == 16'd0;
    last_weights_q <= weights_next && last_part_next && last_word_next && !rst_i;
    last_params_q <= !weights_next && field_next == 2'd2 && field_part_next == LastFieldPart[FieldBits-1:0] && !rst_i;
  end
  wire record_end = valid_i && (last_weights_q || (last_params_q && no_words_q));
  assign record_end_o = record_end;
  assign word_first_o = in_weights_q && word_part_q == {WordBits{1'b0}};
  assign record_first_o = !in_weights_q && field_q == 2'd0 && field_part_q == {FieldBits{1'b0}};
  // of the shift words, those of the first four lanes
  wire check_part;
  generate
    if (LastFieldPart > LastCheckPart) begin : gen_check_parts
      assign check_part = field_part_q <= LastCheckPart[FieldBits-1:0];
    end else begin : gen_all_check
      assign check_part = 1'b1;
    end
  endgenerate
  assign record_check_o = !in_weights_q && field_q == 2'd2 && check_part;

  always @(posedge clk_i) begin
    if (rst_i) begin
      in_weights_q <= 1'b0;
      field_q <= 2'd0;
      field_part_q <= {FieldBits{1'b0}};
      word_part_q <= {WordBits{1'b0}};
      word_q <= 16'd0;
      {next_word_q, next_kept_word_q} <= 32'd0;
      {next_group_q, next_kept_group_q} <= 32'd0;
    end else begin
      in_weights_q <= weights_next;
      if (param_beat) begin
        field_part_q <= field_part_next;
        field_q <= field_next;
      end
      if (weight_beat) word_part_q <= word_end ? {WordBits{1'b0}} : part_after;
      if (word_end) begin
        word_q <= last_word_q ? 16'd0 : word_after;
        if (kept_i) next_kept_word_q <= next_kept_word_q + 16'd1;
        else next_word_q <= next_word_q + 16'd1;
      end
      if (record_end && kept_i) next_kept_group_q <= next_kept_group_q + 16'd1;
      if (record_end && !kept_i) next_group_q <= next_group_q + 16'd1;
    end
  end

  wire [BusBytes*9-1:0] shifted_weights;
  genvar g;
  generate
    for (g = 0; g < BusBytes; g = g + 1) begin : gen_weight
      assign shifted_weights[g*9+:9] = full_i[g] ? {data_i[g*8+7], data_i[g*8+:8]} - zero_point_i : 9'd0;
    end
  endgenerate

  wire [$clog2(WeightDepth+KeptWords)-1:0] weight_addr;
  wire [$clog2(ParamDepth+KeptGroups)-1:0] param_addr;
  store_address #(
      .Ring(WeightDepth),
      .Kept(KeptWords)
  ) u_weight_address (
      .number_i(kept_i ? next_kept_word_q : next_word_q),
      .kept_i  (kept_i),
      .addr_o  (weight_addr)
  );
  store_address #(
      .Ring(ParamDepth),
      .Kept(KeptGroups)
  ) u_param_address (
      .number_i(kept_i ? next_kept_group_q : next_group_q),
      .kept_i  (kept_i),
      .addr_o  (param_addr)
  );

  reg param_we_q;
  reg weight_we_q;
  reg record_end_q;
  reg [15:0] groups_q;
  reg left_q;  // groups that are here do not count yet
  wire [15:0] group_after = groups_q + 16'd1;
  reg reached_q;  // with the next one they do; a record has beats enough for this to settle
  always @(posedge clk_i) reached_q <= left_q && group_after == before_i;
  always @(posedge clk_i) begin
    if (rst_i) begin
      param_we_q <= 1'b0;
      weight_we_q <= 1'b0;
      record_end_q <= 1'b0;
      groups_q <= (keep_i && before_i == 16'd0) ? there_i : 16'd0;
      left_q <= keep_i && before_i != 16'd0;
    end else begin
      param_we_q <= param_beat;
      weight_we_q <= weight_beat;
      record_end_q <= record_end;
      // A group counts in the cycle after its last write, so a read started then sees it.
      if (record_end_q) groups_q <= reached_q ? group_after + there_i : group_after;
      if (record_end_q && reached_q) left_q <= 1'b0;
    end
  end

  reg [$clog2(ParamDepth+KeptGroups)-1:0] param_addr_q;
  reg [1:0] param_field_q;
  reg [FieldBits-1:0] param_part_q;
  reg [BusBytes*8-1:0] param_data_q;
  reg [$clog2(WeightDepth+KeptWords)-1:0] weight_addr_q;
  reg [WordBits-1:0] weight_part_q;
  reg [BusBytes*9-1:0] weight_data_q;
  reg [BusBytes*3-1:0] weight_selectors_q;
  reg [7:0] weight_position_q;
  always @(posedge clk_i) begin
    param_addr_q <= param_addr;
    param_field_q <= field_q;
    param_part_q <= field_part_q;
    param_data_q <= data_i;
    weight_addr_q <= weight_addr;
    weight_part_q <= word_part_q;
    weight_data_q <= shifted_weights;
    weight_selectors_q <= selectors_i;
    weight_position_q <= position_i;
  end

  assign param_we_o = param_we_q;
  assign param_addr_o = param_addr_q;
  assign param_field_o = param_field_q;
  assign param_part_o = param_part_q;
  assign param_data_o = param_data_q;
  assign weight_we_o = weight_we_q;
  assign weight_addr_o = weight_addr_q;
  assign weight_part_o = weight_part_q;
  assign weight_data_o = weight_data_q;
  assign weight_selectors_o = weight_selectors_q;
  assign weight_position_o = weight_position_q;
  assign groups_o = groups_q;
endmodule

`default_nettype wire
