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
    input wire [31:0] shift_i,       // [4:0] right, [12:8] left, [15] float mode, [16] floor, [17] absolute value, [31:18] addend after it

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

  wire unused = &{1'b0, multiplier_i[31], shift_i[15:13], shift_i[7:5]};

  generate
    if (Float32 != 0) begin : gen_float32
      requantiseFloat32 u_kernel (
          .clk_i       (clk_i),
          .acc_i       (acc_i),
          .multiplier_i(multiplier_i[30:0]),
          .right_i     (shift_i[4:0]),
          .left_i      (shift_i[12:8]),
          .float32_i   (shift_i[15]),
          .floor_i     (shift_i[16]),
          .absolute_i  (shift_i[17]),
          .addend_i    (shift_i[31:18]),
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
          .right_i     (shift_i[4:0]),
          .left_i      (shift_i[12:8]),
          .floor_i     (shift_i[16]),
          .absolute_i  (shift_i[17]),
          .addend_i    (shift_i[31:18]),
          .zeroPoint_i (zero_point_i),
          .low_i       (min_i),
          .high_i      (max_i),
          .result_o    (result_o)
      );
    end
  endgenerate
endmodule

`default_nettype wire
