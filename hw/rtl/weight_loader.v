// Streams the group records of all blocks into the parameter and weight stores, ahead of their use. The records of some blocks in a row may
// stay there: an image that keeps them leaves them out. Order: block, pass, segment, group. Tables of a block go in front of its first pass, as soon as all results
// that need what they replace have passed; until they are written no group behind them counts. Coded segments pass a decoder.
// Latency: one cycle from an answer to the ring write, three with a decoder; one beat a cycle.
`default_nettype none

module weight_loader #(
    parameter BusBytes    = 16,    // bytes of a beat, 8 or 16
    parameter Pk          = 8,     // lanes, a power of two, 4 to 32
    parameter Pc          = 8,     // multipliers a lane, a power of two, 4 to 32
    parameter WeightDepth = 1024,  // ring of Pk*Pc-byte words, a power of two, 2 to 65536
    parameter KeptWords   = 0,     // words that stay from image to image
    parameter ParamDepth  = 16,    // ring of groups, a power of two, 2 to 32768
    parameter KeptGroups  = 0,     // groups that stay
    parameter PatchWords  = 0,     // not 0: there are sparse steps, whose segments are coded
    parameter CodeBits    = 0,     // bits of codes that stand for weights of coded segments, at most 7; 0: none do
    parameter MaxBlocks   = 64,    // descriptors, 1 to 255
    parameter Records     = 16,    // records, and coded segments, asked for and not yet complete, a power of two, at least 2
    parameter Tables      = 0      // 1: there are tables behind the lanes
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,

    // program: descriptor stream, blocks that may be read, base of the model region
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,
    input wire                  loaded_i,
    input wire [           7:0] blocks_i,
    input wire [          31:0] base_i,
    input wire [           7:0] kept_from_i,  // first block whose records stay
    input wire [           7:0] kept_to_i,    // behind the last of them
    input wire                  keep_i,       // with clear: they are here

    // read client
    output wire [           7:0] block_o,  // for which it asks next
    output wire                  req_valid_o,
    input  wire                  req_ready_i,
    output wire [          31:0] req_addr_o,
    output wire [           8:0] req_beats_o,
    output wire [           7:0] req_block_o,  // that it is for
    input  wire                  rsp_valid_i,
    input  wire [BusBytes*8-1:0] rsp_data_i,
    input  wire                  rsp_last_i,

    // what the beats are to the checks of their records
    output wire check_valid_o,
    output wire check_first_o,  // the first beat
    output wire check_here_o,   // holds bits of the check
    output wire check_end_o,    // the last beat, or behind it
    output wire [BusBytes*8-1:0] check_data_o,

    // parameter ring: field 0 bias, 1 multiplier, 2 shift; part p holds lanes p * BusBytes / 4 and up
    output wire                                                                    param_we_o,
    output wire [                        $clog2(ParamDepth+KeptGroups)-1:0] param_addr_o,
    output wire [                                                              1:0] param_field_o,
    output wire [((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1)-1:0] param_part_o,
    output wire [                                                   BusBytes*8-1:0] param_data_o,

    // weight ring: part p of a word holds its bytes p * BusBytes and up, 9 signed bits a weight
    output wire                                                                      weight_we_o,
    output wire [                          $clog2(WeightDepth+KeptWords)-1:0] weight_addr_o,
    output wire [((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1)-1:0] weight_part_o,
    output wire [                                                     BusBytes*9-1:0] weight_data_o,
    output wire [                                                     BusBytes*3-1:0] weight_selectors_o,
    output wire [                                                                7:0] weight_position_o,

    // tables: slot, and value + 128; and the block of a result that has passed them
    output wire        table_we_o,
    output wire [10:0] table_addr_o,
    output wire [ 7:0] table_data_o,
    input  wire        result_valid_i,
    input  wire [ 7:0] result_block_i,

    // complete groups of the image, modulo 65536
    output wire [15:0] groups_loaded_o,

    // words and groups in front of those that stay, and of those: known when the image that loaded them came to the block behind them
    output wire [15:0] kept_words_before_o,
    output wire [15:0] kept_groups_before_o,
    output wire [15:0] kept_words_o,
    output wire [15:0] kept_groups_o,

    // space given back by the sequencer
    input wire        free_valid_i,
    input wire [15:0] free_words_i,
    input wire [15:0] free_groups_i
);
  localparam LaneBits = $clog2(BusBytes);
  localparam FieldParts = Pk * 4 / BusBytes;
  localparam ParamBeats = 3 * FieldParts;
  localparam WordParts = Pk * Pc / BusBytes;
  localparam WordShift = $clog2(WordParts);
  localparam TableBeats = 272 / BusBytes;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Pk < 4 || Pk > 32 || (Pk & (Pk - 1)) != 0 || Pc < 4 || Pc > 32 || (Pc & (Pc - 1)) != 0)
    begin : gen_bad_array
      firebrick_error_pk_and_pc_must_be_powers_of_two_from_4_to_32 u_error ();
    end
    if (WeightDepth < 2 || WeightDepth > 65536 || (WeightDepth & (WeightDepth - 1)) != 0)
    begin : gen_bad_weights
      firebrick_error_weight_depth_must_be_a_power_of_two_from_2_to_65536 u_error ();
    end
    if (ParamDepth < 2 || ParamDepth > 32768 || (ParamDepth & (ParamDepth - 1)) != 0) begin : gen_bad_params
      firebrick_error_param_depth_must_be_a_power_of_two_from_2_to_32768 u_error ();
    end
  endgenerate

  reg [7:0] block_q;
  assign block_o = block_q;
  wire [31:0] offset0, offset1, offset2;
  wire [15:0] groups0, groups1, groups2;
  wire [15:0] words0, words1, words2;
  wire [8:0] zero0, zero1, zero2;
  wire [15:0] weight_loads;
  wire coded0, coded1, coded2;
  wire [1:0] block_tables;
  wire [7:0] tables_after;
  weight_loader_fields #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks)
  ) u_fields (
      .clk_i         (clk_i),
      .desc_valid_i  (desc_valid_i),
      .desc_block_i  (desc_block_i),
      .desc_beat_i   (desc_beat_i),
      .desc_data_i   (desc_data_i),
      .block_i       (block_q),
      .offset0_o     (offset0),
      .groups0_o     (groups0),
      .words0_o      (words0),
      .offset1_o     (offset1),
      .groups1_o     (groups1),
      .words1_o      (words1),
      .offset2_o     (offset2),
      .groups2_o     (groups2),
      .words2_o      (words2),
      .zero0_o       (zero0),
      .zero1_o       (zero1),
      .zero2_o       (zero2),
      .weight_loads_o(weight_loads),
      .tables_o      (block_tables),
      .tables_after_o(tables_after),
      .coded0_o     (coded0),
      .coded1_o     (coded1),
      .coded2_o     (coded2)
  );

  // ---- issue side: one command a record, or a part of a coded segment ----
  localparam [15:0] MostBeats = 16'd4096;
  localparam [1:0] StIdle = 2'd0, StPass = 2'd1, StSegment = 2'd2, StIssue = 2'd3;
  reg [1:0] state_q;
  reg [15:0] pass_q;
  reg [1:0] segment_q;
  reg [31:0] addr_q;
  reg [15:0] groups_q;
  reg [15:0] words_q;
  reg [15:0] beats_q;
  reg [8:0] zero_q;
  reg coded_q;
  reg first_q;  // part of the segment

  wire [31:0] segment_offset = (segment_q == 2'd0) ? offset0 : (segment_q == 2'd1) ? offset1 : offset2;
  wire [15:0] segment_groups = (segment_q == 2'd0) ? groups0 : (segment_q == 2'd1) ? groups1 : groups2;
  wire [15:0] segment_words = (segment_q == 2'd0) ? words0 : (segment_q == 2'd1) ? words1 : words2;
  wire [8:0] zero = (segment_q == 2'd0) ? zero0 : (segment_q == 2'd1) ? zero1 : zero2;
  wire coded = PatchWords != 0 && ((segment_q == 2'd0) ? coded0 : (segment_q == 2'd1) ? coded1 : coded2);
  wire [15:0] weight_beats = segment_words << WordShift;

  // of a coded segment, groups and words are the beats of all
  wire [31:0] left_beats = {words_q, groups_q};
  wire many = left_beats > {16'd0, MostBeats};
  wire [15:0] beats = !coded_q ? beats_q : many ? MostBeats : left_beats[15:0];
  wire [31:0] beats_after = left_beats - {16'd0, beats};

  reg [16:0] words_free_q;
  reg [15:0] groups_free_q;
  reg keep_q;
  wire kept = block_q >= kept_from_i && block_q < kept_to_i;  // it has room of its own
  wire leave_out = keep_q && kept;
  wire has_space = kept_q || PatchWords != 0 || ({1'b0, words_q} <= words_free_q && groups_free_q != 16'd0);
  reg kept_q;   // the block's weights stay
  reg space_q;  // there was room for the record with the cycle before, and no other one went in that
  wire unused_cmd_ready, burst_valid;
  wire record_ready;
  wire issue = space_q && !burst_valid && record_ready;
  wire entry = issue && first_q;
  wire segment_end = issue && (coded_q ? !many : groups_q == 16'd1);
  wire skip = state_q == StSegment && segment_groups == 16'd0 && !coded;
  wire pass_end = (segment_end || skip) && segment_q == 2'd2;
  wire [15:0] next_pass = pass_q + 16'd1;
  wire tables_left, ask_table;  // of the block
  wire [31:0] table_addr;

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      state_q <= StIdle;
      block_q <= 8'd0;
      pass_q <= 16'd0;
      segment_q <= 2'd0;
    end else begin
      case (state_q)
        // one cycle at least: the program memory looks up the block
        StIdle:
        if (loaded_i && leave_out) block_q <= kept_to_i;
        else if (loaded_i && block_q < blocks_i) state_q <= StPass;
        StPass:
        if (tables_left) state_q <= StPass;
        else if (pass_q == weight_loads) begin
          state_q <= StIdle;
          block_q <= block_q + 8'd1;
          pass_q  <= 16'd0;
        end else state_q <= StSegment;
        default: begin
          if (state_q == StSegment && !skip) state_q <= StIssue;
          if (segment_end || skip) begin
            state_q   <= StSegment;
            segment_q <= segment_q + 2'd1;
          end
          if (pass_end) begin
            state_q   <= StPass;
            segment_q <= 2'd0;
            pass_q    <= next_pass;
          end
        end
      endcase
    end
  end

  always @(posedge clk_i) begin
    kept_q  <= kept;
    if (rst_i || clear_i) space_q <= 1'b0;
    else space_q <= state_q == StIssue && !issue && has_space;
  end

  always @(posedge clk_i) begin
    if (state_q == StSegment) begin
      addr_q <= base_i + segment_offset;
      groups_q <= segment_groups;
      words_q <= segment_words;
      beats_q <= weight_beats + ParamBeats[15:0];
      zero_q <= zero;
      coded_q <= coded;
      first_q <= 1'b1;
    end else if (issue) begin
      addr_q <= addr_q + {{(16 - LaneBits) {1'b0}}, beats, {LaneBits{1'b0}}};
      if (coded_q) {words_q, groups_q} <= beats_after;
      else groups_q <= groups_q - 16'd1;
      first_q <= !coded_q;
    end
  end

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      words_free_q  <= WeightDepth[16:0];
      groups_free_q <= ParamDepth[15:0];
    end else begin
      words_free_q <= words_free_q + (free_valid_i ? {1'b0, free_words_i} : 17'd0) - {1'b0, taken_words};
      groups_free_q <= groups_free_q + (free_valid_i ? free_groups_i : 16'd0) - {15'd0, taken_group};
    end
  end

  // words and groups in front of the blocks that stay, and of those
  reg [15:0] words_before_q, groups_before_q, kept_words_q, kept_groups_q;
  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      keep_q <= keep_i && !rst_i;
      if (!keep_i || rst_i) {groups_before_q, words_before_q, kept_groups_q, kept_words_q} <= 64'd0;
    end else if (record_end && !keep_q) begin
      if (record_kept) {kept_groups_q, kept_words_q} <= {kept_groups_q + 16'd1, kept_words_q + words};
      else if (kept_groups_q == 16'd0) {groups_before_q, words_before_q} <= {groups_before_q + 16'd1, words_before_q + words};
    end
  end
  assign kept_words_before_o = words_before_q;
  assign kept_groups_before_o = groups_before_q;
  assign kept_words_o = kept_words_q;
  assign kept_groups_o = kept_groups_q;

  wire burst_fits;
  assign req_valid_o = burst_valid && burst_fits;
  wire unused_burst_last;
  wire unused_burst_tag;
  wire [15:0] unused_burst_rest;
  wire [31:0] cmd_addr = ask_table ? table_addr : addr_q;
  wire [15:0] cmd_beats = ask_table ? TableBeats[15:0] : beats;
  wire [8:0] first_beats;
  wire first_last;
  first_burst #(
      .BusBytes(BusBytes)
  ) u_first (
      .addr_i (cmd_addr[7:0]),
      .beats_i(cmd_beats),
      .first_o(first_beats),
      .last_o (first_last)
  );
  burst_splitter #(
      .BusBytes(BusBytes),
      .TagBits (1)
  ) u_splitter (
      .clk_i        (clk_i),
      .rst_i        (rst_i),
      .cmd_valid_i  (issue || ask_table),
      .cmd_ready_o  (unused_cmd_ready),
      .cmd_addr_i   (cmd_addr),
      .cmd_beats_i  (cmd_beats),
      .cmd_first_i  (first_beats),
      .cmd_last_i   (first_last),
      .cmd_tag_i    (1'b0),
      .burst_valid_o(burst_valid),
      .burst_ready_i(burst_fits && req_ready_i),
      .burst_addr_o (req_addr_o),
      .burst_beats_o(req_beats_o),
      .burst_rest_o (unused_burst_rest),
      .burst_last_o (unused_burst_last),
      .burst_tag_o  (unused_burst_tag)
  );

  // the block of the command that the bursts are of: none goes before they have gone
  reg [7:0] req_block_q;
  always @(posedge clk_i) if (!burst_valid) req_block_q <= block_q;
  assign req_block_o = req_block_q;

  // ---- what the answers belong to ----
  wire entry_valid, entry_end, entry_coded, record_kept;
  wire [15:0] entry_words;
  wire [8:0] zero_point;
  wire [$clog2(Records):0] unused_record_count;
  sync_fifo #(
      .Width(27),
      .Depth(Records)
  ) u_records (
      .clk_i      (clk_i),
      .rst_i      (rst_i),
      .clear_i    (clear_i),
      .in_valid_i (entry || ask_table),
      .in_ready_o (record_ready),
      .in_data_i  ({coded_q, kept_q, zero_q, words_q}),
      .out_valid_o(entry_valid),
      .out_ready_i(entry_end || table_end),
      .out_data_o ({entry_coded, record_kept, zero_point, entry_words}),
      .count_o    (unused_record_count)
  );

  // ---- data side ----
  wire in_table, table_end, record_end, record_first, word_first, record_check;
  wire part_valid, part_ready, table_valid;
  wire [15:0] words;
  wire [BusBytes*8-1:0] part, table_beat;
  wire [BusBytes-1:0] full;
  wire [BusBytes*3-1:0] selectors;
  wire [7:0] position;
  wire [15:0] groups_loaded;
  wire unused_rsp_last = rsp_last_i;
  record_writer #(
      .BusBytes   (BusBytes),
      .Pk         (Pk),
      .Pc         (Pc),
      .WeightDepth(WeightDepth),
      .KeptWords  (KeptWords),
      .ParamDepth (ParamDepth),
      .KeptGroups (KeptGroups)
  ) u_writer (
      .clk_i        (clk_i),
      .rst_i        (rst_i || clear_i),
      .keep_i       (keep_i && !rst_i),
      .before_i     (groups_before_q),
      .there_i      (kept_groups_q),
      .words_i      (words),
      .zero_point_i (zero_point),
      .kept_i       (record_kept),
      .record_end_o (record_end),
      .record_first_o(record_first),
      .word_first_o  (word_first),
      .record_check_o(record_check),
      .valid_i      (part_valid && part_ready),
      .data_i       (part),
      .full_i       (full),
      .selectors_i  (selectors),
      .position_i   (position),
      .param_we_o   (param_we_o),
      .param_addr_o (param_addr_o),
      .param_field_o(param_field_o),
      .param_part_o (param_part_o),
      .param_data_o (param_data_o),
      .weight_we_o  (weight_we_o),
      .weight_addr_o(weight_addr_o),
      .weight_part_o(weight_part_o),
      .weight_data_o(weight_data_o),
      .weight_selectors_o(weight_selectors_o),
      .weight_position_o (weight_position_o),
      .groups_o     (groups_loaded)
  );

  // for the checks: the first beat of a record or a table, bits of the check, the end
  wire record_beat;
  wire table_valid_beat = table_valid && in_table;
  wire [2:0] of_record, of_table;
  assign check_valid_o = record_beat || table_valid_beat;
  assign {check_first_o, check_here_o, check_end_o} = table_valid_beat ? of_table : of_record;
  assign of_table[0] = table_end;

  // room in the rings: for a record as it is asked for, or with a decoder, where nobody knows its words before, as it comes
  wire taken_group;
  wire [15:0] taken_words;
  generate
    if (PatchWords != 0) begin : gen_decoder
      weight_decoder #(
          .BusBytes(BusBytes),
          .Pk      (Pk),
          .Pc      (Pc),
          .CodeBits(CodeBits)
      ) u_decoder (
          .clk_i          (clk_i),
          .rst_i          (rst_i || clear_i),
          .burst_beats_i  (req_beats_o),
          .burst_fits_o   (burst_fits),
          .burst_taken_i  (req_valid_o && req_ready_i),
          .rsp_valid_i    (rsp_valid_i),
          .rsp_data_i     (rsp_data_i),
          .entry_valid_i  (entry_valid),
          .entry_coded_i  (entry_coded),
          .entry_words_i  (entry_words),
          .entry_end_o    (entry_end),
          .in_table_i     (in_table),
          .table_valid_o  (table_valid),
          .check_valid_o  (record_beat),
          .check_first_o  (of_record[2]),
          .check_here_o   (of_record[1]),
          .check_end_o    (of_record[0]),
          .beat_o         (table_beat),
          .out_valid_o    (part_valid),
          .out_ready_i    (part_ready),
          .out_data_o     (part),
          .out_full_o     (full),
          .out_selectors_o(selectors),
          .out_position_o (position),
          .out_words_o    (words)
      );
      assign check_data_o = table_beat;
      assign part_ready = record_kept || ((!record_first || groups_free_q != 16'd0) && (!word_first || words_free_q != 17'd0));
      assign taken_group = part_valid && part_ready && record_first && !record_kept;
      assign taken_words = {15'd0, part_valid && part_ready && word_first && !record_kept};
      wire unused_check = record_check;
    end else begin : gen_plain
      assign burst_fits = 1'b1;
      assign part_valid = rsp_valid_i && !in_table;
      assign part_ready = 1'b1;
      assign part = rsp_data_i;
      assign full = {BusBytes{1'b1}};
      assign selectors = {BusBytes * 3{1'b0}};
      assign position = 8'd0;
      assign words = entry_words;
      assign entry_end = record_end;
      assign table_valid = rsp_valid_i;
      assign table_beat = rsp_data_i;
      assign taken_group = issue && !kept_q;
      assign taken_words = taken_group ? words_q : 16'd0;
      assign record_beat = part_valid;
      assign of_record = {record_first, record_check, record_end};
      assign check_data_o = rsp_data_i;
      wire unused_entry = &{1'b0, entry_valid, entry_coded, word_first, CodeBits[0]};
    end
  endgenerate
  // ---- tables ----
  generate
    if (Tables > 0) begin : gen_tables
      table_loader #(
          .BusBytes(BusBytes),
          .Records (Records)
      ) u_tables (
          .clk_i          (clk_i),
          .rst_i          (rst_i || clear_i),
          .first_pass_i   (pass_q == 16'd0),
          .next_block_i   (state_q == StIdle),
          .tables_i       (block_tables),
          .after_i        (tables_after),
          .end_i          (base_i + offset0),
          .left_o         (tables_left),
          .may_ask_i      (state_q == StPass && !burst_valid && record_ready),
          .ask_o          (ask_table),
          .addr_o         (table_addr),
          .record_i       (entry),
          .record_end_i   (entry_end),
          .rsp_valid_i    (table_valid),
          .rsp_data_i     (table_beat),
          .in_table_o     (in_table),
          .table_end_o    (table_end),
          .check_first_o  (of_table[2]),
          .check_here_o   (of_table[1]),
          .table_we_o     (table_we_o),
          .table_addr_o   (table_addr_o),
          .table_data_o   (table_data_o),
          .result_valid_i (result_valid_i),
          .result_block_i (result_block_i),
          .groups_loaded_i(groups_loaded),
          .groups_loaded_o(groups_loaded_o)
      );
    end else begin : gen_no_tables
      assign tables_left = 1'b0;
      assign ask_table = 1'b0;
      assign table_addr = 32'd0;
      assign in_table = 1'b0;
      assign table_end = 1'b0;
      assign of_table[2:1] = 2'b00;
      assign table_we_o = 1'b0;
      assign table_addr_o = 11'd0;
      assign table_data_o = 8'd0;
      assign groups_loaded_o = groups_loaded;
      wire unused_tables = &{1'b0, block_tables, tables_after, result_valid_i, result_block_i, table_valid, table_beat};
    end
  endgenerate
endmodule

`default_nettype wire
