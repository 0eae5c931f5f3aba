// What leaves a lane: its value, or what one of the kernels behind it made of the value.
`default_nettype none

module activation_select #(
    parameter Count  = 1,  // kernels
    parameter Stages = 3   // cycles that all of them take
) (
    input wire clk_i,

    input wire [7:0] data_i,

    // Stages cycles after the value
    input  wire [        3:0] choice_i,  // 0: the value itself, n: kernel n - 1
    input  wire [Count*8-1:0] results_i,
    output wire [        7:0] data_o
);
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

  wire [Count*8+7:0] all = {results_i, plain};
  assign data_o = all[{choice_i, 3'b000}+:8];
endmodule

`default_nettype wire
