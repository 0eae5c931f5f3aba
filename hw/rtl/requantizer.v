// A lane's requantiser: accumulator to int8. The kernels of hw/kernels/requantise.ts, as compiled, on the fields of the shift
// word. One result a cycle, as many cycles late as the kernel has stages.
`default_nettype none

module requantizer #(
    parameter Float32    = 0,   // whether there is a float mode
    parameter SumW       = 32,  // bits of an accumulator, 32 or 25
    parameter LeftShifts = 1,   // whether the left shift may be other than 0
    parameter Averages   = 1    // whether there are the modes that take magnitudes and that do not round
) (
    input wire clk_i,

    // accumulator and its channel's constants
    input wire [SumW-1:0] acc_i,
    input wire [    31:0] multiplier_i,  // Q0.31, not negative
    input wire [    31:0] shift_i,       // the fields of shift_fields

    // constants of the layer, with the last stage
    input wire [7:0] zero_point_i,
    input wire [7:0] min_i,
    input wire [7:0] max_i,

    output wire [7:0] result_o
);
  generate
    if (Float32 != 0 && Float32 != 1) begin : gen_bad_mode
      firebrick_error_float32_must_be_0_or_1 u_error ();
    end
    if (SumW != 25 && SumW != 32) begin : gen_bad_sum
      firebrick_error_sum_w_must_be_25_or_32 u_error ();
    end
    if ((LeftShifts != 0 && LeftShifts != 1) || (Averages != 0 && Averages != 1)) begin : gen_bad_modes
      firebrick_error_left_shifts_and_averages_must_be_0_or_1 u_error ();
    end
  endgenerate

  wire [4:0] right, left_field;
  wire single, floor_field, absolute_field;
  wire [13:0] addend_field;
  shift_fields u_fields (
      .words_i   (shift_i),
      .right_o   (right),
      .left_o    (left_field),
      .float32_o (single),
      .floor_o   (floor_field),
      .absolute_o(absolute_field),
      .addend_o  (addend_field)
  );
  wire [4:0] left = (LeftShifts != 0) ? left_field : 5'd0;
  wire rounds_down = Averages != 0 && floor_field;
  wire absolute = Averages != 0 && absolute_field;
  wire [13:0] addend = (Averages != 0) ? addend_field : 14'd0;
  wire unused = &{1'b0, multiplier_i[31], single, left_field, floor_field, absolute_field, addend_field};

  generate
    if (Float32 != 0 && SumW == 32) begin : gen_float32
      requantiseFloat32 u_kernel (
          .clk_i       (clk_i),
          .acc_i       (acc_i),
          .multiplier_i(multiplier_i[30:0]),
          .right_i     (right),
          .left_i      (left),
          .float32_i   (single),
          .floor_i     (rounds_down),
          .absolute_i  (absolute),
          .addend_i    (addend),
          .zeroPoint_i (zero_point_i),
          .low_i       (min_i),
          .high_i      (max_i),
          .result_o    (result_o)
      );
    end else if (Float32 != 0) begin : gen_float32_narrow
      requantiseFloat32Narrow u_kernel (
          .clk_i       (clk_i),
          .acc_i       (acc_i),
          .multiplier_i(multiplier_i[30:0]),
          .right_i     (right),
          .left_i      (left),
          .float32_i   (single),
          .floor_i     (rounds_down),
          .absolute_i  (absolute),
          .addend_i    (addend),
          .zeroPoint_i (zero_point_i),
          .low_i       (min_i),
          .high_i      (max_i),
          .result_o    (result_o)
      );
    end else if (SumW == 32) begin : gen_fixed
      requantise u_kernel (
          .clk_i       (clk_i),
          .acc_i       (acc_i),
          .multiplier_i(multiplier_i[30:0]),
          .right_i     (right),
          .left_i      (left),
          .floor_i     (rounds_down),
          .absolute_i  (absolute),
          .addend_i    (addend),
          .zeroPoint_i (zero_point_i),
          .low_i       (min_i),
          .high_i      (max_i),
          .result_o    (result_o)
      );
    end else begin : gen_narrow
      requantiseNarrow u_kernel (
          .clk_i       (clk_i),
          .acc_i       (acc_i),
          .multiplier_i(multiplier_i[30:0]),
          .right_i     (right),
          .left_i      (left),
          .floor_i     (rounds_down),
          .absolute_i  (absolute),
          .addend_i    (addend),
          .zeroPoint_i (zero_point_i),
          .low_i       (min_i),
          .high_i      (max_i),
          .result_o    (result_o)
      );
    end
  endgenerate
endmodule

`default_nettype wire
