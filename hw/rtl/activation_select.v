// What leaves a lane: its value, or what one of the kernels behind it made of the value.
`default_nettype none

module activation_select #(
    parameter Count  = 1,  // kernels, at most 15
    parameter Stages = 3   // cycles that all of them take
) (
    input wire clk_i,

    input wire [7:0] data_i,

    // Stages cycles after the value
    input  wire [        3:0] choice_i,  // 0: the value itself, n: kernel n - 1
    input  wire [Count*8-1:0] results_i,
    output wire [        7:0] data_o
);
  generate
    if (Count < 1 || Count > 15) begin : gen_bad_count
      firebrick_error_count_must_be_1_to_15 u_error ();
    end
  endgenerate

  wire [7:0] plain;
  delay_line #(
      .Width (8),
      .Stages(Stages)
  ) u_plain (
      .clk_i (clk_i),
      .rst_i (1'b0),
      .data_i(data_i),
      .data_o(plain)
  );

  wire [127:0] choices;
  assign choices[7:0] = plain;
  assign data_o   = choices[{choice_i, 3'b000}+:8];

  genvar n;
  generate
    for (n = 0; n < 15; n = n + 1) begin : gen_kernel
      if (n < Count) begin : gen_result
        assign choices[n*8+8+:8] = results_i[n*8+:8];
      end else begin : gen_none
        assign choices[n*8+8+:8] = 8'd0;
      end
    end
  endgenerate
endmodule

`default_nettype wire
