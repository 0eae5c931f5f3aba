// The array: Pk lanes of Pc multipliers with weights, accumulators and requantisers, and the tokens that travel with them.
//   C operands chosen (row_select), weights addressed    F sum complete, bias read
//   D operands beside weights                             G accumulator complete, scale read
//   to E operands in registers, products, log2(Pc)        G to K stages of the requantiser
//   levels of the tree that adds them                     L result
// A captured depthwise window takes the cycles that come with it, beginning in stage D. Paired: lanes 2i and 2i + 1 share
// multipliers that make two products of one operand; in a window's cycles and in the two of a serial tap they take turns.
// Paired = 2: they share a requantiser too, results are two cycles apart, and one is a cycle later.
`default_nettype none

module pe_array #(
    parameter Pk          = 8,
    parameter Pc          = 8,
    parameter BusBytes    = 16,
    parameter DwKh        = 3,
    parameter DwKw        = 3,
    parameter Columns     = 1,   // of a window that a step may take, 1 or 2
    parameter StepW       = 2,   // bits that count the cycles of a window
    parameter WeightPartW = 2,
    parameter ParamPartW  = 2,
    parameter WeightDepth = 512,
    parameter KeptWords   = 0,   // words beside the ring that stay from image to image
    parameter ParamDepth  = 64,
    parameter KeptGroups  = 0,
    parameter PatchWords  = 0,   // words of a patch that sparse steps choose from; 0: there are none
    parameter Paired      = 0,   // 1: two products a multiplier; 2: two lanes a requantiser too, 3: their windows lie side by side
    parameter Float32     = 0,   // requantisers have a float mode
    parameter SumW        = 32,  // bits of a sum, 32, or 25 where all fit
    parameter LeftShifts  = 1,   // sums are shifted left
    parameter Averages    = 1,   // magnitudes are divided, or without rounding
    parameter NarrowWeights = 0,  // all are -127 to 127
    parameter SerialMax   = 0,   // serial phases may keep the greatest tap
    parameter Requantise  = 7,   // stages of the requantiser, at least 2
    parameter TokenW      = 32   // bits that accompany a result
) (
    input wire clk_i,
    input wire rst_i,

    // weight and parameter rings
    input wire                           weight_we_i,
    input wire [$clog2(WeightDepth+KeptWords)-1:0] weight_addr_i,
    input wire [        WeightPartW-1:0] weight_part_i,
    input wire [         BusBytes*9-1:0] weight_data_i,
    input wire [         BusBytes*3-1:0] weight_selectors_i,
    input wire [                    7:0] weight_position_i,
    input wire                           param_we_i,
    input wire [ $clog2(ParamDepth+KeptGroups)-1:0] param_addr_i,
    input wire [                    1:0] param_field_i,
    input wire [         ParamPartW-1:0] param_part_i,
    input wire [         BusBytes*8-1:0] param_data_i,

    // stage B: weight word of the step
    input wire [15:0] next_words_i,
    input wire        next_kept_i,

    // stage C: a word of a patch, which is patch_i; a sparse step, and whether it is the last of its patch
    input wire fetch_valid_i,
    input wire fetch_first_i,
    input wire fetch_last_i,
    input wire sparse_i,
    input wire patch_last_i,

    // stage C: step
    input wire                  valid_i,
    input wire [           1:0] kind_i,     // 0 conv, 1 depthwise column, 2 serial tap, 3 one of a maximum
    input wire                  pair_i,     // depthwise: two columns
    input wire                  first_i,
    input wire                  last_i,
    input wire [           7:0] tap_i,      // serial: multiplier; depthwise: number of the window's last cycle
    input wire [          15:0] words_i,
    input wire [          15:0] group_i,
    input wire                  kept_i,     // both stay from image to image
    input wire [          31:0] quant_i,    // zx, output zero point, min, max
    input wire [    TokenW-1:0] token_i,

    // stage C: its operands
    input wire [      Pc*8-1:0] patch_i,
    input wire [      Pk*8-1:0] taps_i,
    input wire [Pk*Columns*DwKh*8-1:0] columns_i,  // lane, then column, then row

    // stage L: result
    output wire              result_valid_o,
    output wire [TokenW-1:0] result_token_o,
    output wire [  Pk*8-1:0] result_data_o
);
  localparam Lanes = (Paired != 0) ? 2 : 1;  // that share multipliers
  localparam SharedScale = (Paired == 2) ? 1 : 0;
  localparam [0:0] Beside = (Paired == 3);   // windows of both in one cycle
  localparam PatchesSeen = (PatchWords != 0) ? 4 : 1;  // patch words that a step sees
  localparam WeightW = $clog2(WeightDepth + KeptWords);
  localparam ParamW = $clog2(ParamDepth + KeptGroups);

  generate
    if (Pk % Lanes != 0) begin : gen_bad_lanes
      firebrick_error_pk_must_be_even_when_paired u_error ();
    end
    if (StepW < 1 || StepW > 8 || (Pc << StepW) < DwKh * DwKw * Lanes) begin : gen_bad_window
      firebrick_error_step_w_must_reach_the_cycles_of_a_window u_error ();
    end
    if (WeightDepth < 2 || WeightDepth > 32768 || (WeightDepth & (WeightDepth - 1)) != 0) begin : gen_bad_weights
      firebrick_error_weight_depth_must_be_a_power_of_two_from_2_to_32768 u_error ();
    end
    if (ParamDepth < 2 || ParamDepth > 32768 || (ParamDepth & (ParamDepth - 1)) != 0) begin : gen_bad_params
      firebrick_error_param_depth_must_be_a_power_of_two_from_2_to_32768 u_error ();
    end
    if (Requantise < 2) begin : gen_bad_stages
      firebrick_error_requantise_must_be_at_least_2 u_error ();
    end
  endgenerate

  // ---- stage C -> D: one operation of the array a cycle
  wire column = valid_i && kind_i == 2'd1;
  wire capture = column && last_i;
  reg op_odd_q;  // packed: the second of the two turns of a step
  reg op_valid_q, op_first_q, op_last_q, op_more_q, op_ends_q;
  reg [1:0] op_kind_q;
  reg [StepW-1:0] op_step_q, op_last_step_q;
  reg [15:0] op_words_q;
  reg op_kept_q;
  reg [ParamW-1:0] op_group_q;
  reg [23:0] op_quant_q;
  reg [TokenW-1:0] op_token_q;
  reg [Pc-1:0] op_tap_at_q;
  reg [PatchesSeen*Pc*8-1:0] op_patch_q;
  reg [Pk*8-1:0] op_taps_q;
  wire both = Paired == 0 || op_kind_q == 2'd0 || (Beside && op_kind_q == 2'd1);  // lanes at a time
  wire more = (kind_i == 2'd1) ? tap_i[StepW-1:0] != {StepW{1'b0}} : Paired != 0 && kind_i[1];
  wire last_step = op_kind_q != 2'd1 || op_step_q + 1'b1 == op_last_step_q;
  wire word_done = Paired == 0 || (op_kind_q == 2'd1 && (Beside || op_step_q[0]));
  wire [15:0] words = op_more_q ? op_words_q + {15'd0, word_done} : words_i;
  wire kept = op_more_q ? op_kept_q : kept_i;
  wire [WeightW-1:0] weight_addr;
  wire [ParamW-1:0] param_addr;
  store_address #(
      .Ring(WeightDepth),
      .Kept(KeptWords)
  ) u_weight_address (
      .number_i(words),
      .kept_i  (kept),
      .addr_o  (weight_addr)
  );
  store_address #(
      .Ring(ParamDepth),
      .Kept(KeptGroups)
  ) u_param_address (
      .number_i(group_i),
      .kept_i  (kept_i),
      .addr_o  (param_addr)
  );

  wire [PatchesSeen*Pc*8-1:0] patch;
  generate
    if (PatchWords != 0) begin : gen_sparse
      wire [WeightW-1:0] next_addr;
      wire [PatchesSeen*Pc*8-1:0] window;
      store_address #(
          .Ring(WeightDepth),
          .Kept(KeptWords)
      ) u_next_address (
          .number_i(next_words_i),
          .kept_i  (next_kept_i),
          .addr_o  (next_addr)
      );
      patch_store #(
          .Pc         (Pc),
          .PatchWords (PatchWords),
          .WeightDepth(WeightDepth + KeptWords),
          .WeightW    (WeightW)
      ) u_patches (
          .clk_i         (clk_i),
          .rst_i         (rst_i),
          .weight_we_i   (weight_we_i),
          .weight_addr_i (weight_addr_i),
          .weight_position_i(weight_position_i),
          .weight_raddr_i(next_addr),
          .fetch_valid_i (fetch_valid_i),
          .fetch_first_i (fetch_first_i),
          .fetch_last_i  (fetch_last_i),
          .fetch_word_i  (patch_i),
          .step_last_i   (sparse_i && patch_last_i),
          .window_o      (window)
      );
      assign patch = sparse_i ? window : {{(PatchesSeen - 1) * Pc * 8{1'b0}}, patch_i};
    end else begin : gen_dense
      assign patch = patch_i;
      wire unused_sparse = &{1'b0, sparse_i, next_words_i, next_kept_i, fetch_valid_i, fetch_first_i, fetch_last_i, patch_last_i, weight_position_i};
    end
  endgenerate

  always @(posedge clk_i) begin
    op_words_q <= words;
    op_kept_q  <= kept;
    if (!op_more_q) begin
      op_valid_q <= valid_i && (kind_i != 2'd1 || last_i);
      op_kind_q  <= kind_i;
      op_first_q <= kind_i == 2'd1 || first_i;
      op_last_q  <= last_i && !more;
      op_more_q  <= valid_i && (kind_i != 2'd1 || last_i) && more;
      op_ends_q  <= last_i;
      op_step_q  <= {StepW{1'b0}};
      op_odd_q   <= 1'b0;
      op_last_step_q <= tap_i[StepW-1:0];
      op_group_q <= param_addr;
      op_quant_q <= quant_i[23:0];
      op_token_q <= token_i;
      op_tap_at_q <= {{(Pc - 1) {1'b0}}, 1'b1} << tap_i;
      op_taps_q   <= taps_i;
    end else begin
      op_first_q <= Paired != 0 && op_step_q == {StepW{1'b0}} && op_first_q;
      op_step_q  <= op_step_q + 1'b1;
      op_odd_q   <= !both && !op_step_q[0];
      op_more_q  <= !last_step;
      op_last_q  <= op_ends_q && last_step;
    end
    op_patch_q  <= patch;
    if (rst_i) {op_valid_q, op_more_q} <= 2'b00;
  end

  // packed: the lanes whose turn it is, and the step of a window without its turn
  wire [1:0] turn = both ? 2'b11 : {op_step_q[0], !op_step_q[0]};
  wire unused_turn = &{1'b0, turn};  // the second lane's, where there is none
  wire [Pc*8-1:0] tap_at;  // all ones at the multiplier of a serial tap
  genvar m;
  generate
    for (m = 0; m < Pc; m = m + 1) begin : gen_tap_at
      assign tap_at[m*8+:8] = {8{op_tap_at_q[m]}};
    end
  endgenerate
  wire [StepW-1:0] window_step = (Paired != 0 && !Beside) ? op_step_q >> 1 : op_step_q;

  // ---- D to G: what the lanes are told; the stages of the sums' tree lie between D and E
  localparam ControlW = ParamW + 1 + Lanes + 3;
  localparam Tree = $clog2(Pc);
  wire [ControlW-1:0] control_e;
  wire [ControlW-1:0] control_f;
  delay_line #(
      .Width (ControlW),
      .Stages(Tree + 1)
  ) u_to_e (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({op_group_q, op_kind_q == 2'd3, turn[Lanes-1:0], op_last_q, op_first_q, op_valid_q}),
      .data_o(control_e)
  );
  delay_line #(
      .Width (ControlW),
      .Stages(1)
  ) u_to_f (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i(control_e),
      .data_o(control_f)
  );
  wire valid_f, first_f, last_f, greatest_f;
  wire [Lanes-1:0] turn_f;
  wire [ParamW-1:0] group_f;
  assign {group_f, greatest_f, turn_f, last_f, first_f, valid_f} = control_f;

  // ---- a shared requantiser takes the first lane's sum in stage G and the second's a cycle later: results are two cycles apart
  wire complete_g, second;
  wire [ParamW-1:0] scale_group;
  generate
    if (SharedScale != 0) begin : gen_shared
      reg complete_q, second_q;
      reg [ParamW-1:0] group_q;
      always @(posedge clk_i) begin
        complete_q <= valid_f && last_f;
        second_q <= complete_q;
        group_q <= group_f;
        if (rst_i) {complete_q, second_q} <= 2'b00;
      end
      assign complete_g = complete_q;
      assign second = second_q;
      assign scale_group = complete_q ? group_q : group_f;
    end else begin : gen_own
      assign {complete_g, second} = 2'b00;
      assign scale_group = group_f;
      wire unused_last = last_f;
    end
  endgenerate

  // ---- tokens D to L; constants of the layer to K
  localparam OpW = TokenW + 24 + 1;
  wire [OpW-1:0] op_k;
  delay_line #(
      .Width (OpW),
      .Stages(Tree + Requantise + 2)
  ) u_to_k (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({op_token_q, op_quant_q, op_last_q && op_valid_q}),
      .data_o(op_k)
  );
  wire [23:0] quant_k;
  generate
    if (SharedScale != 0) begin : gen_two_cycles
      reg [23:0] quant_q;
      always @(posedge clk_i) quant_q <= op_k[1+:24];
      assign quant_k = op_k[0] ? op_k[1+:24] : quant_q;
    end else begin : gen_one_cycle
      assign quant_k = op_k[1+:24];
    end
  endgenerate
  delay_line #(
      .Width (TokenW + 1),
      .Stages(1 + SharedScale)
  ) u_to_l (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({op_k[25+:TokenW], op_k[0]}),
      .data_o({result_token_o, result_valid_o})
  );

  genvar k;
  generate
    for (k = 0; k < Pk; k = k + Lanes) begin : gen_lane
      lane #(
          .Lanes      (Lanes),
          .Beside     (Beside),
          .SharedScale(SharedScale),
          .LaneIndex  (k),
          .Float32    (Float32),
          .SumW       (SumW),
          .LeftShifts (LeftShifts),
          .Averages   (Averages),
          .NarrowWeights((Paired != 0 && Pc >= 8) ? NarrowWeights : 0),
          .SerialMax  (SerialMax),
          .Pc         (Pc),
          .PatchesSeen(PatchesSeen),
          .BusBytes   (BusBytes),
          .DwKh       (DwKh),
          .DwKw       (DwKw),
          .Columns    (Columns),
          .StepW      (StepW),
          .WeightPartW(WeightPartW),
          .ParamPartW (ParamPartW),
          .WeightDepth(WeightDepth + KeptWords),
          .WeightW    (WeightW),
          .ParamDepth (ParamDepth + KeptGroups),
          .ParamW     (ParamW)
      ) u_lane (
          .clk_i           (clk_i),
          .weight_we_i     (weight_we_i),
          .weight_addr_i   (weight_addr_i),
          .weight_part_i   (weight_part_i),
          .weight_data_i   (weight_data_i),
          .weight_selectors_i(weight_selectors_i),
          .weight_raddr_i  (weight_addr),
          .param_we_i      (param_we_i),
          .param_addr_i    (param_addr_i),
          .param_field_i   (param_field_i),
          .param_part_i    (param_part_i),
          .param_data_i    (param_data_i),
          .bias_raddr_i    (control_e[ControlW-1-:ParamW]),
          .scale_raddr_i   (scale_group),
          .scale_second_i  (complete_g),
          .column_valid_i  (column),
          .column_i        (columns_i[k*Columns*DwKh*8+:Lanes*Columns*DwKh*8]),
          .column_pair_i   (pair_i),
          .column_first_i  (first_i),
          .column_capture_i(capture),
          .padding_i       (quant_i[31:24]),
          .kind_i          (op_kind_q),
          .patch_i         (op_patch_q),
          .step_i          (window_step),
          .tap_i           (op_taps_q[k*8+:Lanes*8]),
          .tap_at_i        (tap_at),
          .odd_i           (op_odd_q),
          .valid_i         ({Lanes{valid_f}} & turn_f),
          .first_i         (first_f),
          .greatest_i      (greatest_f),
          .second_i        (second),
          .zero_point_i    (quant_k[23:16]),
          .min_i           (quant_k[15:8]),
          .max_i           (quant_k[7:0]),
          .result_o        (result_data_o[k*8+:Lanes*8])
      );
    end
  endgenerate
endmodule

`default_nettype wire
