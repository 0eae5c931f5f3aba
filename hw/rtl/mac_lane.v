// One lane: Pc products of int8 activations and 9-bit weights, their sum, and the 32-bit accumulator.
// Operands arrive beside their weights; acc_o holds the sum three cycles later.
`default_nettype none

module mac_lane #(
    parameter Pc   = 8,  // multipliers
    parameter Taps = 9,  // depthwise window
    parameter StepW = 1  // bits of the depthwise step
) (
    input wire clk_i,

    // operands: a patch word for all lanes, the lane's window, or one tap of the lane
    input wire [      1:0] kind_i,    // 0 conv, 1 depthwise, 2 serial
    input wire [  Pc*8-1:0] patch_i,
    input wire [Taps*8-1:0] window_i,
    input wire [ StepW-1:0] step_i,   // depthwise: which Pc taps of the window
    input wire [       7:0] tap_i,    // serial
    input wire [    Pc-1:0] tap_at_i, // serial: one-hot multiplier
    input wire [  Pc*9-1:0] weights_i,

    // accumulate, two cycles after the operands
    input  wire        valid_i,
    input  wire        first_i,
    input  wire [31:0] bias_i,
    output wire [31:0] acc_o
);
  localparam Steps = (Taps + Pc - 1) / Pc;
  localparam SumW = 17 + $clog2(Pc);

  reg signed [31:0] acc_q;
  reg signed [SumW-1:0] sum_q;
  wire [Pc*17-1:0] products;
  wire [Steps*Pc*8-1:0] window;  // with zeros behind the last tap

  genvar j;
  generate
    for (j = 0; j < Steps * Pc; j = j + 1) begin : gen_window
      if (j < Taps) begin : gen_tap
        assign window[j*8+:8] = window_i[j*8+:8];
      end else begin : gen_none
        assign window[j*8+:8] = 8'd0;
      end
    end
    for (j = 0; j < Pc; j = j + 1) begin : gen_multiplier
      wire [7:0] tap_of_window;
      if (Steps == 1) begin : gen_one_step
        assign tap_of_window = window[j*8+:8];
      end else begin : gen_steps
        assign tap_of_window = window[(step_i*Pc+j)*8+:8];
      end
      wire signed [7:0] x = (kind_i == 2'd1) ? tap_of_window :
          (kind_i == 2'd2) ? (tap_at_i[j] ? tap_i : 8'd0) : patch_i[j*8+:8];
      reg signed [16:0] product_q;
      always @(posedge clk_i) product_q <= x * $signed(weights_i[j*9+:9]);
      assign products[j*17+:17] = product_q;
    end
  endgenerate

  wire unused_step = &{1'b0, step_i};

  integer i;
  reg signed [SumW-1:0] sum;
  always @* begin
    sum = {SumW{1'b0}};
    for (i = 0; i < Pc; i = i + 1) sum = sum + $signed({{(SumW - 17) {products[i*17+16]}}, products[i*17+:17]});
  end

  always @(posedge clk_i) begin
    sum_q <= sum;
    if (valid_i) acc_q <= (first_i ? bias_i : acc_q) + {{(32 - SumW) {sum_q[SumW-1]}}, sum_q};
  end
  assign acc_o = acc_q;
endmodule

`default_nettype wire
