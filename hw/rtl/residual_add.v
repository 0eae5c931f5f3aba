// Computes the results and a row of another map, adding or as Operations has it: all lanes, with the constants of each
// result's block.
// The residual row lies in a line buffer of its own, which the row reader behind it fills; results that go to
// another line buffer, and blocks without a residual, pass. One cycle more than Stages from result to sum.
`default_nettype none

module residual_add #(
    parameter BusBytes   = 16,
    parameter MaxBlocks  = 32,
    parameter Pk         = 8,
    parameter LbBytes    = 16,  // bytes of a line-buffer word
    parameter AddrW      = 10,
    parameter Operations = 0,   // 1: the block says what is computed, 0: sums
    parameter Stages     = 9,   // of both kernels in hw/kernels/residual-add.ts: the sum's constants come with the fifth, the output's with the last
    parameter TokenW     = 32   // bits that accompany a result
) (
    input wire clk_i,
    input wire rst_i,

    // program
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,

    // results, and where their residual lies
    input wire              valid_i,
    input wire              to_memory_i,
    input wire [       7:0] block_i,
    input wire [ AddrW-1:0] addr_i,    // row
    input wire [      19:0] offset_i,  // byte in the row
    input wire [  Pk*8-1:0] data_i,
    input wire [TokenW-1:0] token_i,

    // residual line buffer, data one cycle after the address
    output wire [    AddrW-1:0] raddr_o,
    input  wire [LbBytes*8-1:0] rdata_i,

    // sums
    output wire              valid_o,
    output wire [TokenW-1:0] token_o,
    output wire [  Pk*8-1:0] data_o
);
  localparam ByteW = $clog2(LbBytes);

  generate
    if (LbBytes < 2 || LbBytes % Pk != 0 || (LbBytes & (LbBytes - 1)) != 0) begin : gen_bad_word
      firebrick_error_lb_bytes_must_be_a_power_of_two_and_a_multiple_of_pk u_error ();
    end
    if (Operations != 0 && Operations != 1) begin : gen_bad_operations
      firebrick_error_operations_must_be_0_or_1 u_error ();
    end
    if (Stages < 5) begin : gen_bad_stages
      firebrick_error_stages_must_be_at_least_5 u_error ();
    end
  endgenerate

  assign raddr_o = addr_i + offset_i[ByteW+:AddrW];
  wire unused_offset = &{1'b0, offset_i};

  // ---- the block's constants, and the residual, one cycle later
  wire adds;
  wire [2:0] operation;
  wire [7:0] result_zero, residual_zero, sum_zero, low, high;
  wire [30:0] result_multiplier, residual_multiplier, sum_multiplier;
  wire [4:0] result_right, residual_right, sum_right;
  residual_add_fields #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks)
  ) u_fields (
      .clk_i                (clk_i),
      .desc_valid_i         (desc_valid_i),
      .desc_block_i         (desc_block_i),
      .desc_beat_i          (desc_beat_i),
      .desc_data_i          (desc_data_i),
      .block_i              (block_i),
      .residual_o           (adds),
      .operation_o          (operation),
      .result_zero_o        (result_zero),
      .residual_zero_o      (residual_zero),
      .sum_zero_o           (sum_zero),
      .low_o                (low),
      .high_o               (high),
      .result_multiplier_o  (result_multiplier),
      .residual_multiplier_o(residual_multiplier),
      .sum_multiplier_o     (sum_multiplier),
      .result_right_o       (result_right),
      .residual_right_o     (residual_right),
      .sum_right_o          (sum_right)
  );
  wire unused_operation = &{1'b0, operation};
  reg to_memory_q;
  reg [ByteW-1:0] at_q;
  reg [Pk*8-1:0] data_q;
  always @(posedge clk_i) begin
    to_memory_q <= to_memory_i;
    at_q <= offset_i[ByteW-1:0];
    data_q <= data_i;
  end
  wire enable = adds && to_memory_q;
  wire [Pk*8-1:0] residual = rdata_i[{at_q, 3'b000}+:Pk*8];

  // ---- constants travel with the results
  localparam SumW = 36;
  localparam EndW = 24;
  wire [SumW-1:0] sum_constants;
  wire [EndW-1:0] end_constants;
  delay_line #(
      .Width (SumW),
      .Stages(4)
  ) u_sum_constants (
      .clk_i (clk_i),
      .rst_i (1'b0),
      .data_i({sum_right, sum_multiplier}),
      .data_o(sum_constants)
  );
  delay_line #(
      .Width (EndW),
      .Stages(Stages - 1)
  ) u_end_constants (
      .clk_i (clk_i),
      .rst_i (1'b0),
      .data_i({sum_zero, high, low}),
      .data_o(end_constants)
  );
  delay_line #(
      .Width (TokenW + 1),
      .Stages(Stages + 1)
  ) u_token (
      .clk_i (clk_i),
      .rst_i (rst_i),
      .data_i({token_i, valid_i}),
      .data_o({token_o, valid_o})
  );

  // ---- what passes
  wire [Pk*8-1:0] passed;
  wire passes;
  delay_line #(
      .Width (Pk * 8 + 1),
      .Stages(Stages)
  ) u_pass (
      .clk_i (clk_i),
      .rst_i (1'b0),
      .data_i({data_q, !enable}),
      .data_o({passed, passes})
  );

  genvar k;
  generate
    for (k = 0; k < Pk; k = k + 1) begin : gen_lane
      wire [7:0] sum;
      if (Operations != 0) begin : gen_operation
        residualOperation u_sum (
            .clk_i        (clk_i),
            .operation_i  (operation),
            .a_i          (data_q[k*8+:8]),
            .aZero_i      (result_zero),
            .aMultiplier_i(result_multiplier),
            .aRight_i     (result_right),
            .b_i          (residual[k*8+:8]),
            .bZero_i      (residual_zero),
            .bMultiplier_i(residual_multiplier),
            .bRight_i     (residual_right),
            .multiplier_i (sum_constants[30:0]),
            .right_i      (sum_constants[35:31]),
            .zeroPoint_i  (end_constants[23:16]),
            .low_i        (end_constants[7:0]),
            .high_i       (end_constants[15:8]),
            .result_o     (sum)
        );
      end else begin : gen_sum
        residualAdd u_sum (
            .clk_i        (clk_i),
            .a_i          (data_q[k*8+:8]),
            .aZero_i      (result_zero),
            .aMultiplier_i(result_multiplier),
            .aRight_i     (result_right),
            .b_i          (residual[k*8+:8]),
            .bZero_i      (residual_zero),
            .bMultiplier_i(residual_multiplier),
            .bRight_i     (residual_right),
            .multiplier_i (sum_constants[30:0]),
            .right_i      (sum_constants[35:31]),
            .zeroPoint_i  (end_constants[23:16]),
            .low_i        (end_constants[7:0]),
            .high_i       (end_constants[15:8]),
            .result_o     (sum)
        );
      end
      assign data_o[k*8+:8] = passes ? passed[k*8+:8] : sum;
    end
  endgenerate
endmodule

`default_nettype wire
