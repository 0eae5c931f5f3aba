// One lane of the array, or two that share their multipliers: rings, windows, multipliers and accumulators, requantisers.
// See pe_array for the stages. The first lane's bits of a port are the low ones.
`default_nettype none

module lane #(
    parameter Lanes       = 1,    // 1, or 2 that share multipliers
    parameter Beside      = 0,    // 1: their windows lie side by side on the multipliers
    parameter SharedScale = 0,    // 1: two lanes share a requantiser too
    parameter LaneIndex   = 0,    // number of the first lane, a multiple of Lanes
    parameter Pc          = 8,    // multipliers
    parameter PatchesSeen      = 1,    // patch words that a step sees, 4 where there are sparse ones
    parameter BusBytes    = 16,
    parameter DwKh        = 3,
    parameter DwKw        = 3,
    parameter Columns     = 1,    // of a window that may come at once, 1 or 2
    parameter StepW       = 1,    // bits of the depthwise step
    parameter WeightPartW = 2,    // bits of a part number in a weight word
    parameter ParamPartW  = 2,    // bits of a part number in a parameter field
    parameter WeightDepth = 512,  // words
    parameter WeightW     = 9,    // bits of a word address
    parameter ParamDepth  = 64,   // groups
    parameter ParamW      = 6,
    parameter Float32     = 0,    // requantisers have a float mode
    parameter SumW        = 32,   // bits of a sum, 32, or 25 where all fit
    parameter LeftShifts  = 1,    // sums are shifted left
    parameter Averages    = 1,    // magnitudes are divided, or without rounding
    parameter NarrowWeights = 0,  // of two lanes: all are -127 to 127
    parameter SerialMax   = 0     // serial phases may keep the greatest tap
) (
    input wire clk_i,

    // weight rings, written one bus beat at a time
    input wire                   weight_we_i,
    input wire [    WeightW-1:0] weight_addr_i,
    input wire [WeightPartW-1:0] weight_part_i,
    input wire [ BusBytes*9-1:0] weight_data_i,
    input wire [ BusBytes*3-1:0] weight_selectors_i,
    input wire [    WeightW-1:0] weight_raddr_i,

    // parameter rings
    input wire                  param_we_i,
    input wire [    ParamW-1:0] param_addr_i,
    input wire [           1:0] param_field_i,
    input wire [ParamPartW-1:0] param_part_i,
    input wire [BusBytes*8-1:0] param_data_i,
    input wire [    ParamW-1:0] bias_raddr_i,
    input wire [    ParamW-1:0] scale_raddr_i,
    input wire                  scale_second_i,  // shared: of the second lane

    // stage C: columns of taps
    input wire                            column_valid_i,
    input wire [Lanes*Columns*DwKh*8-1:0] column_i,
    input wire                            column_pair_i,
    input wire                            column_first_i,
    input wire                            column_capture_i,
    input wire [                     7:0] padding_i,

    // stage D: operands
    input wire [        1:0] kind_i,
    input wire [PatchesSeen*Pc*8-1:0] patch_i,
    input wire [  StepW-1:0] step_i,
    input wire [Lanes*8-1:0] tap_i,
    input wire [   Pc*8-1:0] tap_at_i,
    input wire               odd_i,     // depthwise, serial: the second lane's turn

    // stage F: accumulate, each lane in its turn
    input wire [Lanes-1:0] valid_i,
    input wire             first_i,
    input wire             greatest_i,  // the greater one, not the sum

    // stage G, shared: the cycle behind a complete accumulator, which is the second lane's
    input wire second_i,

    // stage K: result's constants; result in stage L; shared: a cycle later, with constants in either cycle
    input  wire [        7:0] zero_point_i,
    input  wire [        7:0] min_i,
    input  wire [        7:0] max_i,
    output wire [Lanes*8-1:0] result_o
);
  generate
    if ((Lanes != 1 && Lanes != 2) || LaneIndex % Lanes != 0) begin : gen_bad_lanes
      firebrick_error_lanes_must_be_1_or_2_and_divide_lane_index u_error ();
    end
    if (SharedScale != 0 && (SharedScale != 1 || Lanes != 2)) begin : gen_bad_requantizer
      firebrick_error_shared_scale_must_be_0_or_of_two_lanes_1 u_error ();
    end
  endgenerate

  localparam Together = (SharedScale != 0) ? 2 : 1;  // lanes of a requantiser
  localparam Last = Lanes - 1;

  wire [Lanes*Pc*9-1:0] weights;
  wire [Lanes*Pc*3-1:0] selectors;  // lanes that share multipliers have the same
  wire [Pc*8-1:0] patch;
  wire [Lanes*DwKh*DwKw*8-1:0] window;
  wire [Lanes*32-1:0] bias;
  wire [Lanes*SumW-1:0] acc;

  genvar i;
  generate
    for (i = 0; i < Lanes; i = i + 1) begin : gen_lane
      lane_store #(
          .LaneIndex  (LaneIndex + i),
          .Pc         (Pc),
          .Sparse     ((PatchesSeen > 1 && i == 0) ? 1 : 0),
          .BusBytes   (BusBytes),
          .DwKh       (DwKh),
          .DwKw       (DwKw),
          .Columns    (Columns),
          .WeightPartW(WeightPartW),
          .ParamPartW (ParamPartW),
          .WeightDepth(WeightDepth),
          .WeightW    (WeightW),
          .ParamDepth (ParamDepth),
          .ParamW     (ParamW)
      ) u_store (
          .clk_i           (clk_i),
          .weight_we_i     (weight_we_i),
          .weight_addr_i   (weight_addr_i),
          .weight_part_i   (weight_part_i),
          .weight_data_i   (weight_data_i),
          .weight_selectors_i(weight_selectors_i),
          .weight_raddr_i  (weight_raddr_i),
          .weights_o       (weights[i*Pc*9+:Pc*9]),
          .selectors_o     (selectors[i*Pc*3+:Pc*3]),
          .param_we_i      (param_we_i),
          .param_addr_i    (param_addr_i),
          .param_field_i   (param_field_i),
          .param_part_i    (param_part_i),
          .param_data_i    (param_data_i),
          .bias_raddr_i    (bias_raddr_i),
          .bias_o          (bias[i*32+:32]),
          .column_valid_i  (column_valid_i),
          .column_i        (column_i[i*Columns*DwKh*8+:Columns*DwKh*8]),
          .column_pair_i   (column_pair_i),
          .column_first_i  (column_first_i),
          .column_capture_i(column_capture_i),
          .padding_i       (padding_i),
          .window_o        (window[i*DwKh*DwKw*8+:DwKh*DwKw*8])
      );
    end

    for (i = 0; i < Lanes; i = i + Together) begin : gen_scale
      wire [31:0] multiplier, shift;
      scale_store #(
          .Lanes     (Together),
          .LaneIndex (LaneIndex + i),
          .BusBytes  (BusBytes),
          .ParamPartW(ParamPartW),
          .ParamDepth(ParamDepth),
          .ParamW    (ParamW)
      ) u_scale (
          .clk_i        (clk_i),
          .param_we_i   (param_we_i),
          .param_addr_i (param_addr_i),
          .param_field_i(param_field_i),
          .param_part_i (param_part_i),
          .param_data_i (param_data_i),
          .raddr_i      (scale_raddr_i),
          .second_i     (scale_second_i),
          .multiplier_o (multiplier),
          .shift_o      (shift)
      );

      wire [SumW-1:0] sum;
      wire [7:0] result;
      requantizer #(
          .Float32   (Float32),
          .SumW      (SumW),
          .LeftShifts(LeftShifts),
          .Averages  (Averages)
      ) u_requantizer (
          .clk_i       (clk_i),
          .acc_i       (sum),
          .multiplier_i(multiplier),
          .shift_i     (shift),
          .zero_point_i(zero_point_i),
          .min_i       (min_i),
          .max_i       (max_i),
          .result_o    (result)
      );

      if (SharedScale != 0) begin : gen_turns
        reg [SumW-1:0] later_q;  // the second lane's sum
        reg [7:0] earlier_q;     // the first lane's result
        always @(posedge clk_i) begin
          later_q   <= acc[Last*SumW+:SumW];
          earlier_q <= result;
        end
        assign sum = second_i ? later_q : acc[0+:SumW];
        assign result_o = {result, earlier_q};
      end else begin : gen_own
        assign sum = acc[i*SumW+:SumW];
        assign result_o[i*8+:8] = result;
        wire unused_second = second_i;
      end
    end
  endgenerate

  generate
    if (PatchesSeen > 1) begin : gen_sparse
      operand_select #(
          .Pc(Pc)
      ) u_select (
          .window_i   (patch_i),
          .selectors_i(selectors[0+:Pc*3]),
          .operands_o (patch)
      );
    end else begin : gen_dense
      assign patch = patch_i;
    end
  endgenerate
  wire unused_selectors = &{1'b0, selectors};

  mac_lane #(
      .Lanes    (Lanes),
      .Beside   (Beside),
      .Pc       (Pc),
      .Taps     (DwKh * DwKw),
      .StepW    (StepW),
      .AccW     (SumW),
      .NarrowWeights(NarrowWeights),
      .SerialMax(SerialMax)
  ) u_mac (
      .clk_i     (clk_i),
      .kind_i    (kind_i),
      .patch_i   (patch),
      .window_i  (window),
      .step_i    (step_i),
      .tap_i     (tap_i),
      .tap_at_i  (tap_at_i),
      .odd_i     (odd_i),
      .weights_i (weights),
      .valid_i   (valid_i),
      .first_i   (first_i),
      .greatest_i(greatest_i),
      .bias_i    (bias),
      .acc_o     (acc)
  );
endmodule

`default_nettype wire
