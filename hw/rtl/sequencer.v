// Runs the program: for each block it decides which phase makes its next strip of rows, and walks it.
// The lowest phase that has its source rows and room in its destination goes first, so that phase 0 runs ahead
// of phase 1 and the array never waits for a row to pass through the pipeline. Steps that it issues never stall.
`default_nettype none

module sequencer #(
    parameter BusBytes    = 16,
    parameter MaxBlocks   = 32,
    parameter Phases      = 2,    // phases of a block, 1 to 3
    parameter PhaseW      = 384,  // bits of a phase's words
    parameter Pk          = 8,
    parameter Pc          = 8,
    parameter DwKh        = 3,
    parameter DwKw        = 3,
    parameter Columns     = 1,  // of a window that a step may take, 1 or 2
    parameter Paired      = 0,    // not 0: a serial tap takes two cycles; 1, 2: a window too; 2: a step that is a whole group too
    parameter SerialMax   = 0,    // serial phases may keep the greatest tap
    parameter EdgeRecords = 0,    // 1: windows at the edges have records of their own
    parameter PatchWords  = 0,           // not 0: phases may have sparse steps
    parameter AddrW       = 10,   // bits of a line-buffer word address
    parameter BankW       = 2,    // bits of a bank number
    parameter LbBanks     = 24'h010104,  // banks of line buffers 0, 1, 2, eight bits each
    parameter OutputDepth = 64    // groups that the output FIFO holds
) (
    input wire clk_i,
    input wire rst_i,

    // program: descriptor stream, and blocks that may be read
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,
    input wire                  loaded_i,
    input wire [           7:0] blocks_i,

    // line buffer 0: what the row reader has brought, and what of it is no longer needed
    input  wire [ 7:0] reader_block_i,
    input  wire [15:0] reader_rows_i,
    output wire [ 7:0] lb_released_o,
    output wire [15:0] rows_freed_o,

    // weights: groups that the rings have got
    input wire [15:0] groups_loaded_i,

    // results: what has become of those of earlier steps
    input wire        output_pop_i,         // a group left the output FIFO
    input wire        output_drop_i,        // a group went into a pool's window
    input wire [ 7:0] residual_block_i,     // whose rows the residual line buffer holds, and how many
    input wire [15:0] residual_rows_i,
    input wire        row_written_i,        // a row of a later line buffer is complete
    input wire [ 1:0] row_written_phase_i,  // by this phase

    // packer: makes phase 0 when its kind is pack
    output wire              pack_start_o,
    output wire [PhaseW-1:0] pack_cfg_o,
    output wire [      15:0] pack_dst_freed_o,      // rows of line buffer 1 no longer needed
    output wire [      15:0] pack_dst_slots_o,
    output wire [ AddrW-1:0] pack_dst_row_words_o,
    output wire [ AddrW-1:0] pack_dst_last_o,
    output wire [      15:0] pack_rows_there_o,
    input  wire [      15:0] pack_rows_freed_i,
    input  wire              pack_row_written_i,
    input  wire              pack_done_i,

    // step: what the array does
    output wire       step_valid_o,
    output wire [1:0] step_kind_o,
    output wire       step_pair_o,   // two columns
    output wire       step_first_o,
    output wire       step_last_o,
    output wire [7:0] step_tap_o,

    // step: the phase that it is of
    output reg [ 1:0] step_phase_o,
    output reg        step_to_memory_o,
    output reg [ 7:0] step_block_o,
    output reg [31:0] step_quant_o,       // zx, output zero point, min, max
    output reg [ 3:0] step_activation_o,  // 0 none, n: kernel n - 1 behind the lanes

    // step: operands in the source's line buffer
    output wire [BankW-1:0] step_bank_o,
    output wire [AddrW-1:0] step_addr_o,
    output wire [AddrW-1:0] step_next_o,
    output wire [     19:0] step_offset_o,
    output wire [     19:0] step_second_o,  // of the second column
    output wire             step_pad_o,
    output wire             step_second_pad_o,
    output wire [ DwKh-1:0] step_row_pad_o,

    // step: weights, and which of them are free behind it
    output wire [15:0] step_words_o,
    output wire [15:0] step_group_o,
    output wire        step_free_o,
    output wire [15:0] step_free_words_o,
    output wire [15:0] step_free_groups_o,

    // step: place of the group's results in the destination's line buffer
    output wire [BankW-1:0] step_dst_bank_o,
    output wire [AddrW-1:0] step_dst_addr_o,
    output wire [     19:0] step_dst_offset_o,
    output wire             step_row_last_o,

    // with the step's operands, first and last: a word of a patch; a sparse step, and whether it is the last of its patch
    output wire fetch_valid_o,
    output wire fetch_first_o,
    output wire fetch_last_o,
    output wire step_sparse_o,
    output wire step_patch_last_o,

    // step: place of the group's results in the map
    output wire        step_chunk_last_o,
    output wire        step_x_last_o,
    output wire        step_y_last_o,
    output wire        step_pixel_last_o,
    output wire [15:0] step_y_o,
    output wire [15:0] step_x_o,
    output wire [15:0] step_channel_group_o,

    // all blocks are through, and none of their results is on its way to the row writer
    output wire idle_o,

    // observation: block and phase, and what they wait for
    output wire [7:0] state_block_o,
    output reg        backlog_o,  // all but a sixteenth of the output FIFO's places are taken
    output wire [1:0] state_phase_o,
    output wire [2:0] state_reason_o
);
  localparam [2:0] Idle = 3'd0;   // for the program or the next block
  localparam [2:0] Fetch = 3'd1;  // descriptor on its way
  localparam [2:0] Prepare = 3'd2;
  localparam [2:0] Choose = 3'd3;
  localparam [2:0] Start = 3'd4;
  localparam [2:0] Walk = 3'd5;
  localparam CountW = $clog2(OutputDepth + 1);
  localparam [CountW-1:0] OutputGroups = OutputDepth;
  localparam [CountW-1:0] OneGroup = 1;
  localparam [BankW:0] OneBank = 1;  // of the residual line buffer

  generate
    if (Phases < 1 || Phases > 3) begin : gen_bad_phases
      firebrick_error_phases_must_be_1_to_3 u_error ();
    end
    if (BankW < 1 || BankW > 7) begin : gen_bad_banks
      firebrick_error_bank_w_must_be_1_to_7 u_error ();
    end
    if (OutputDepth < 1 || OutputDepth > 65535) begin : gen_bad_output
      firebrick_error_output_depth_must_be_1_to_65535 u_error ();
    end
  endgenerate

  reg [2:0] state_q;
  reg [7:0] block_q, released_q;
  reg [1:0] act_q, turn_q;
  reg [2:0] mine_q;  // a bit for each phase: it is act_q
  reg [PhaseW-1:0] cfg_q;
  reg [15:0] words_ptr_q, groups_ptr_q;  // weights of the block, or of the next strip when streamed
  reg [15:0] words_end_q, groups_end_q;  // weights after the strip that ended with the cycle before
  reg streamed_end_q;                    // it did, and is streamed
  reg [CountW-1:0] inflight_q;  // groups that have a place in the output FIFO, or are on their way to it
  reg output_ready_q;           // it has room for one more

  wire [1:0] fields_phases;
  wire fields_streamed;
  reg [1:0] block_phases_q;
  reg streamed_q;
  wire [15:0] segment_words0, segment_words1, segment_words2;
  wire [15:0] segment_groups0, segment_groups1, segment_groups2;
  wire residual;  // the block has one, in a line buffer of its own
  wire [AddrW-1:0] residual_row_words, residual_last;
  wire [3*PhaseW-1:0] cfgs;  // words of each phase; zero beyond
  sequencer_fields #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks),
      .AddrW    (AddrW)
  ) u_fields (
      .clk_i       (clk_i),
      .desc_valid_i(desc_valid_i),
      .desc_block_i(desc_block_i),
      .desc_beat_i (desc_beat_i),
      .desc_data_i (desc_data_i),
      .block_i     (block_q),
      .phases_o    (fields_phases),
      .streamed_o  (fields_streamed),
      .words0_o    (segment_words0),
      .words1_o    (segment_words1),
      .words2_o    (segment_words2),
      .groups0_o   (segment_groups0),
      .groups1_o   (segment_groups1),
      .groups2_o   (segment_groups2),
      .phase0_o    (cfgs[0*PhaseW+:PhaseW]),
      .phase1_o    (cfgs[1*PhaseW+:PhaseW]),
      .residual_o  (residual),
      .row_words_o (residual_row_words),
      .last_bank_o (residual_last)
  );
  generate
    if (Phases > 2) begin : gen_third
      third_phase_fields #(
          .BusBytes (BusBytes),
          .MaxBlocks(MaxBlocks)
      ) u_fields (
          .clk_i       (clk_i),
          .desc_valid_i(desc_valid_i),
          .desc_block_i(desc_block_i),
          .desc_beat_i (desc_beat_i),
          .desc_data_i (desc_data_i),
          .block_i     (block_q),
          .phase2_o    (cfgs[2*PhaseW+:PhaseW])
      );
    end else begin : gen_no_third
      assign cfgs[2*PhaseW+:PhaseW] = {PhaseW{1'b0}};
    end
  endgenerate
  wire unused_source = &{1'b0, slots[15:0], row_words[AddrW-1:0], last_bank[AddrW-1:0]};  // of phase 0, which the reader writes

  reg [15:0] residual_rows_q;  // of this block's
  always @(posedge clk_i) begin
    residual_rows_q <= (residual_block_i == block_q) ? residual_rows_i : 16'd0;
    block_phases_q <= fields_phases;
    streamed_q <= fields_streamed;
  end

  // ---- walker
  wire walk_row_end;
  wire walk_strip_end;
  wire [BankW-1:0] walk_win_bank;
  wire [AddrW-1:0] walk_win_addr;
  wire [16:0] walk_win_row;
  wire [BankW-1:0] walk_dst_bank;
  wire [AddrW-1:0] walk_dst_addr;
  wire [15:0] walk_words_end;
  wire [15:0] walk_groups_end;
  wire [2:0] walk_reason;
  wire walk_group_start;
  wire walk_busy, walk_reads;
  wire walk_win_end;  // the source rows of a row are no longer needed

  // ---- state of each phase
  wire [Phases-1:0] done;
  wire [Phases-1:0] there;
  wire [Phases-1:0] room;
  wire [Phases-1:0] turn;
  wire [Phases*16-1:0] y;
  wire [Phases*17-1:0] win_row;
  wire [Phases*BankW-1:0] win_bank;
  wire [Phases*AddrW-1:0] win_addr;
  wire [Phases*BankW-1:0] dst_bank;
  wire [Phases*AddrW-1:0] dst_addr;
  wire [Phases*16-1:0] rows_there;
  wire [(Phases+1)*16-1:0] freed;
  wire [(Phases+1)*16-1:0] slots;
  wire [(Phases+1)*AddrW-1:0] row_words;
  wire [(Phases+1)*AddrW-1:0] last_bank;
  assign freed[Phases*16+:16] = 16'd0;
  assign slots[Phases*16+:16] = 16'd0;
  assign row_words[Phases*AddrW+:AddrW] = {AddrW{1'b0}};
  assign last_bank[Phases*AddrW+:AddrW] = {AddrW{1'b0}};

  wire [Phases-1:0] packs;
  wire packing = packs[0];  // only phase 0 does
  wire unused_packs = &{1'b0, packs};
  wire preparing = state_q == Fetch || state_q == Prepare;
  genvar p;
  generate
    for (p = 0; p < Phases; p = p + 1) begin : gen_phase
      wire last = block_phases_q == p + 1;
      wire mine = mine_q[p];
      wire room_there;
      phase_progress #(
          .PhaseW(PhaseW),
          .AddrW (AddrW),
          .BankW (BankW),
          .Banks (LbBanks[8*p+:8])
      ) u_progress (
          .clk_i       (clk_i),
          .present_i   (p < block_phases_q),
          .pack_done_i (p == 0 && pack_done_i),
          .preparing_i (preparing),
          .cfg_i       (cfgs[p*PhaseW+:PhaseW]),
          .walked_i    (walk_busy && mine),
          .reads_i     (walk_reads && mine),
          .row_end_i   (walk_row_end && mine),
          .win_end_i   (walk_win_end && mine),
          .win_bank_i  (walk_win_bank),
          .win_addr_i  (walk_win_addr),
          .win_row_i   (walk_win_row),
          .dst_bank_i  (walk_dst_bank),
          .dst_addr_i  (walk_dst_addr),
          .rows_there_i(rows_there[p*16+:16]),
          .dst_freed_i (freed[(p+1)*16+:16]),
          .dst_slots_i (slots[(p+1)*16+:16]),
          .pack_o      (packs[p]),
          .row_words_o (row_words[p*AddrW+:AddrW]),
          .slots_o     (slots[p*16+:16]),
          .last_bank_o (last_bank[p*AddrW+:AddrW]),
          .y_o         (y[p*16+:16]),
          .win_row_o   (win_row[p*17+:17]),
          .win_bank_o  (win_bank[p*BankW+:BankW]),
          .win_addr_o  (win_addr[p*AddrW+:AddrW]),
          .dst_bank_o  (dst_bank[p*BankW+:BankW]),
          .dst_addr_o  (dst_addr[p*AddrW+:AddrW]),
          .done_o      (done[p]),
          .there_o     (there[p]),
          .room_o      (room_there)
      );
      assign room[p] = last || room_there;
      assign turn[p] = !(p == 0 && packing) && (!streamed_q || turn_q == p);
      // rows above the window are no longer needed
      assign freed[p*16+:16] = (p == 0 && packing) ? pack_rows_freed_i : win_row[p*17+16] ? 16'd0 : win_row[p*17+:16];

      if (p == 0) begin : gen_from_reader
        reg [15:0] rows_q;
        assign rows_there[0+:16] = rows_q;
        always @(posedge clk_i) rows_q <= (reader_block_i == block_q) ? reader_rows_i : 16'd0;
      end else begin : gen_from_phase
        reg [15:0] rows_q;
        assign rows_there[p*16+:16] = rows_q;
        always @(posedge clk_i) begin
          if (preparing) rows_q <= 16'd0;
          else if ((row_written_i && row_written_phase_i == p - 1) || (p == 1 && pack_row_written_i))
            rows_q <= rows_q + 16'd1;
        end
      end
    end
  endgenerate

  wire to_memory = act_q == block_phases_q - 2'd1;
  wire takes_room = walk_group_start && to_memory;

  // ---- choice of the next phase
  wire [Phases-1:0] ready = ~done & there & room & turn;
  wire [Phases-1:0] starved = ~done & ~there & turn;
  wire [1:0] pick = ready[0] ? 2'd0 : (Phases > 1 && ready[(Phases>1)?1:0]) ? 2'd1 : 2'd2;
  wire all_done = &done;

  wire [PhaseW-1:0] later_cfg = (Phases > 2 && pick[1]) ? cfgs[2*PhaseW+:PhaseW] : cfgs[PhaseW+:PhaseW];
  wire [PhaseW-1:0] act_cfg = (pick == 2'd0) ? cfgs[0*PhaseW+:PhaseW] : later_cfg;
  wire [15:0] act_rows;
  wire [7:0] act_zero, act_out_zero, act_low, act_high;
  wire [3:0] act_activation;
  phase_result_fields u_result (
      .words_i     (cfg_q),
      .rows_o      (act_rows),
      .zero_o      (act_zero),
      .activation_o(act_activation),
      .out_zero_o  (act_out_zero),
      .low_o       (act_low),
      .high_o      (act_high)
  );
  // the weights of later phases lie behind those of the ones in front of them
  reg [15:0] words1_q, words2_q, groups1_q, groups2_q;
  always @(posedge clk_i) begin
    words1_q  <= words_ptr_q + segment_words0;
    words2_q  <= words1_q + segment_words1;
    groups1_q <= groups_ptr_q + segment_groups0;
    groups2_q <= groups1_q + segment_groups1;
  end
  wire first_weights = streamed_q || mine_q[0];
  wire [15:0] base_words = first_weights ? words_ptr_q : mine_q[1] ? words1_q : words2_q;
  wire [15:0] base_groups = first_weights ? groups_ptr_q : mine_q[1] ? groups1_q : groups2_q;

  // what the walker gets of the chosen phase
  localparam StateW = 49 + 2 * BankW + 4 * AddrW;
  wire [3*StateW-1:0] states;
  generate
    for (p = 0; p < 3; p = p + 1) begin : gen_state
      if (p < Phases) begin : gen_own
        assign states[p*StateW+:StateW] = {
          y[p*16+:16], win_row[p*17+:17], rows_there[p*16+:16], win_bank[p*BankW+:BankW], dst_bank[p*BankW+:BankW],
          win_addr[p*AddrW+:AddrW], dst_addr[p*AddrW+:AddrW], row_words[(p+1)*AddrW+:AddrW], last_bank[(p+1)*AddrW+:AddrW]
        };
      end else begin : gen_none
        assign states[p*StateW+:StateW] = {StateW{1'b0}};
      end
    end
  endgenerate
  wire [StateW-1:0] later_state = (Phases > 2 && mine_q[2]) ? states[2*StateW+:StateW] : states[StateW+:StateW];
  wire [15:0] act_y, act_rows_there;
  wire [16:0] act_win_row;
  wire [BankW-1:0] act_win_bank, act_dst_bank;
  wire [AddrW-1:0] act_win_addr, act_dst_addr, act_dst_row_words, act_dst_last;
  assign {act_y, act_win_row, act_rows_there, act_win_bank, act_dst_bank, act_win_addr, act_dst_addr, act_dst_row_words, act_dst_last} =
      mine_q[0] ? states[0+:StateW] : later_state;

  always @(posedge clk_i) begin
    case (state_q)
      Idle: if (loaded_i && block_q != blocks_i) state_q <= Fetch;
      Fetch: state_q <= Prepare;
      Prepare: begin
        state_q <= Choose;
        turn_q  <= packing ? 2'd1 : 2'd0;
      end
      Choose: begin
        cfg_q <= act_cfg;
        if (ready != {Phases{1'b0}}) begin
          act_q  <= pick;
          mine_q <= {pick[1], pick[0], pick == 2'd0};
        end
        if (all_done) begin
          state_q <= Idle;
          block_q <= block_q + 8'd1;
          if (!streamed_q) begin
            words_ptr_q  <= words2_q + segment_words2;
            groups_ptr_q <= groups2_q + segment_groups2;
          end
        end else if (ready != {Phases{1'b0}}) state_q <= Start;
      end
      Start: state_q <= Walk;
      default:
      if (walk_strip_end) begin
        state_q <= Choose;
        turn_q  <= to_memory ? (packing ? 2'd1 : 2'd0) : turn_q + 2'd1;
      end
    endcase
    words_end_q <= walk_words_end;
    groups_end_q <= walk_groups_end;
    streamed_end_q <= walk_strip_end && streamed_q;
    if (streamed_end_q) begin
      words_ptr_q  <= words_end_q;
      groups_ptr_q <= groups_end_q;
    end
    if (released_q == block_q && state_q == Choose && done[0]) released_q <= released_q + 8'd1;
    inflight_q <= inflight_q + {{CountW - 1{1'b0}}, takes_room} - {{CountW - 1{1'b0}}, output_pop_i} -
        {{CountW - 1{1'b0}}, output_drop_i};
    output_ready_q <= output_pop_i || output_drop_i || inflight_q < (takes_room ? OutputGroups - OneGroup : OutputGroups);
    if (rst_i) begin
      state_q <= Idle;
      block_q <= 8'd0;
      released_q <= 8'd0;
      streamed_end_q <= 1'b0;
      inflight_q <= {CountW{1'b0}};
      words_ptr_q <= 16'd0;
      groups_ptr_q <= 16'd0;
    end
  end

  assign lb_released_o = released_q;
  assign rows_freed_o = (state_q == Idle || preparing || reader_block_i != block_q) ? 16'd0 : freed[15:0];
  assign pack_start_o = state_q == Prepare && packing;
  assign pack_cfg_o = cfgs[0*PhaseW+:PhaseW];
  assign pack_rows_there_o = rows_there[15:0];
  assign pack_dst_freed_o = freed[16+:16];
  assign pack_dst_slots_o = slots[16+:16];
  assign pack_dst_row_words_o = row_words[AddrW+:AddrW];
  assign pack_dst_last_o = last_bank[AddrW+:AddrW];
  wire over = state_q == Idle && block_q == blocks_i;
  assign idle_o = over && inflight_q == {CountW{1'b0}};
  assign state_block_o = block_q;
  always @(posedge clk_i) backlog_o <= inflight_q >= OutputGroups - OutputGroups / 16;
  assign state_phase_o = act_q;
  assign state_reason_o = (state_q == Walk) ? walk_reason :
      (state_q == Choose && ready == {Phases{1'b0}} && !all_done) ? ((starved != {Phases{1'b0}}) ? 3'd1 : 3'd4) :
      over ? 3'd6 : 3'd5;

  always @(posedge clk_i) begin
    step_phase_o <= act_q;
    step_to_memory_o <= to_memory;
    step_block_o <= block_q;
    step_quant_o <= {act_zero, act_out_zero, act_low, act_high};
    step_activation_o <= act_activation;
  end

  strip_walker #(
      .PhaseW     (PhaseW),
      .Pk         (Pk),
      .Pc         (Pc),
      .DwKh       (DwKh),
      .DwKw       (DwKw),
      .Columns    (Columns),
      .Paired     (Paired),
      .SerialMax  (SerialMax),
      .EdgeRecords(EdgeRecords),
      .Sparse     ((PatchWords != 0) ? 1 : 0),
      .AddrW      (AddrW),
      .BankW      (BankW)
  ) u_walker (
      .clk_i               (clk_i),
      .rst_i               (rst_i),
      .start_i             (state_q == Start),
      .busy_o              (walk_busy),
      .reads_o             (walk_reads),
      .cfg_i               (cfg_q),
      .to_memory_i         (to_memory),
      .y_i                 (act_y),
      .src_banks_i         (LbBanks[8*act_q+:BankW+1]),
      .win_bank_i          (act_win_bank),
      .win_addr_i          (act_win_addr),
      .win_row_i           (act_win_row),
      .dst_banks_i         (to_memory ? OneBank : LbBanks[8*act_q+8+:BankW+1]),
      .dst_bank_i          (act_dst_bank),
      .dst_addr_i          (act_dst_addr),
      .dst_row_words_i     (to_memory ? residual_row_words : act_dst_row_words),
      .dst_last_i          (to_memory ? residual_last : act_dst_last),
      .words_base_i        (base_words),
      .groups_base_i       (base_groups),
      .free_tiles_i        (streamed_q),
      .free_all_i          (!streamed_q && to_memory && act_y + 16'd1 == act_rows),
      .rows_there_i        (act_rows_there),
      .groups_loaded_i     (groups_loaded_i),
      .output_ready_i      (output_ready_q),
      .residual_i          (residual && to_memory),
      .residual_rows_i     (residual_rows_q),
      .win_end_o           (walk_win_end),
      .row_end_o           (walk_row_end),
      .strip_end_o         (walk_strip_end),
      .win_bank_o          (walk_win_bank),
      .win_addr_o          (walk_win_addr),
      .win_row_o           (walk_win_row),
      .dst_bank_o          (walk_dst_bank),
      .dst_addr_o          (walk_dst_addr),
      .words_end_o         (walk_words_end),
      .groups_end_o        (walk_groups_end),
      .reason_o            (walk_reason),
      .group_start_o       (walk_group_start),
      .fetch_valid_o       (fetch_valid_o),
      .fetch_first_o       (fetch_first_o),
      .fetch_last_o        (fetch_last_o),
      .step_sparse_o       (step_sparse_o),
      .step_patch_last_o   (step_patch_last_o),
      .step_valid_o        (step_valid_o),
      .step_kind_o         (step_kind_o),
      .step_bank_o         (step_bank_o),
      .step_addr_o         (step_addr_o),
      .step_next_o         (step_next_o),
      .step_offset_o       (step_offset_o),
      .step_second_o       (step_second_o),
      .step_pad_o          (step_pad_o),
      .step_second_pad_o   (step_second_pad_o),
      .step_row_pad_o      (step_row_pad_o),
      .step_pair_o         (step_pair_o),
      .step_first_o        (step_first_o),
      .step_last_o         (step_last_o),
      .step_tap_o          (step_tap_o),
      .step_words_o        (step_words_o),
      .step_group_o        (step_group_o),
      .step_free_o         (step_free_o),
      .step_free_words_o   (step_free_words_o),
      .step_free_groups_o  (step_free_groups_o),
      .step_dst_bank_o     (step_dst_bank_o),
      .step_dst_addr_o     (step_dst_addr_o),
      .step_dst_offset_o   (step_dst_offset_o),
      .step_row_last_o     (step_row_last_o),
      .step_chunk_last_o   (step_chunk_last_o),
      .step_x_last_o       (step_x_last_o),
      .step_y_last_o       (step_y_last_o),
      .step_pixel_last_o   (step_pixel_last_o),
      .step_y_o            (step_y_o),
      .step_x_o            (step_x_o),
      .step_channel_group_o(step_channel_group_o)
  );
endmodule

`default_nettype wire
