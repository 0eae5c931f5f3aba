// A lane's requantiser: int32 accumulator to int8. The kernel of hw/kernels/requantise.ts, as compiled, on the fields of the shift
// word. One result a cycle, as many cycles late as the kernel has stages.
`default_nettype none

module requantizer #(
    parameter Float32 = 0  // whether there is a float mode
) (
    input wire clk_i,

    // accumulator and its channel's constants
    input wire [31:0] acc_i,
    input wire [31:0] multiplier_i,  // Q0.31, not negative
    input wire [31:0] shift_i,       // the fields of shift_fields

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
  endgenerate

  wire [4:0] right, left;
  wire single, rounds_down, absolute;
  wire [13:0] addend;
  shift_fields u_fields (
      .words_i   (shift_i),
      .right_o   (right),
      .left_o    (left),
      .float32_o (single),
      .floor_o   (rounds_down),
      .absolute_o(absolute),
      .addend_o  (addend)
  );
  wire unused = &{1'b0, multiplier_i[31], single};

  generate
    if (Float32 != 0) begin : gen_float32
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
    end else begin : gen_fixed
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
    end
  endgenerate
endmodule

`default_nettype wire
