// Two sums of four products in a cascade of four DSP48E1 (Xilinx 7 series): those of (a1 * 2^17 + a0) * b, and 2^16 once.
// Because of the 2^16 a negative lower sum borrows nothing from the upper one; in the lower one it inverts the sign.
// Operands, their sum, product and result have a register each.
`default_nettype none

module dual_sum (
    input wire clk_i,

    input  wire [35:0] a1_i,  // signed, 9 bits each, -127 to 127
    input  wire [35:0] a0_i,
    input  wire [31:0] b_i,
    output wire [17:0] s1_o,  // four cycles later
    output wire [17:0] s0_o
);
  wire [191:0] p;
  wire [239:0] cascade;
  assign cascade[47:0] = 48'd0;
  assign s0_o = {{2{!p[160]}}, p[159:144]};
  assign s1_o = {p[177], p[177:161]};
  wire unused_p = &{1'b0, p, cascade[239:192]};

  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : gen_block
      wire [57:0] unused;
      DSP48E1 #(
          .A_INPUT      ("DIRECT"),
          .B_INPUT      ("DIRECT"),
          .USE_DPORT    ("TRUE"),
          .USE_MULT     ("MULTIPLY"),
          .USE_SIMD     ("ONE48"),
          .ACASCREG     (1),
          .ADREG        (1),
          .ALUMODEREG   (0),
          .AREG         (1),
          .BCASCREG     (2),
          .BREG         (2),
          .CARRYINREG   (0),
          .CARRYINSELREG(0),
          .CREG         (0),
          .DREG         (1),
          .INMODEREG    (0),
          .MREG         (1),
          .OPMODEREG    (0),
          .PREG         (i == 3 ? 1 : 0)
      ) u_dsp (
          .CLK           (clk_i),
          .A             ({{5{a1_i[i*9+8]}}, a1_i[i*9+:8], 17'd0}),
          .D             ({{16{a0_i[i*9+8]}}, a0_i[i*9+:9]}),
          .B             ({{10{b_i[i*8+7]}}, b_i[i*8+:8]}),
          .C             (48'h10000),
          .INMODE        (5'b00100),    // D + A
          .OPMODE        (i == 0 ? 7'b0110101 : 7'b0010101),  // P = product + C, or + the sum of the block before
          .ALUMODE       (4'b0000),
          .CARRYINSEL    (3'b000),
          .CARRYIN       (1'b0),
          .CEA1          (1'b0),
          .CEA2          (1'b1),
          .CEAD          (1'b1),
          .CEALUMODE     (1'b0),
          .CEB1          (1'b1),
          .CEB2          (1'b1),
          .CEC           (1'b0),
          .CECARRYIN     (1'b0),
          .CECTRL        (1'b0),
          .CED           (1'b1),
          .CEINMODE      (1'b0),
          .CEM           (1'b1),
          .CEP           (1'b1),
          .RSTA          (1'b0),
          .RSTALLCARRYIN (1'b0),
          .RSTALUMODE    (1'b0),
          .RSTB          (1'b0),
          .RSTC          (1'b0),
          .RSTCTRL       (1'b0),
          .RSTD          (1'b0),
          .RSTINMODE     (1'b0),
          .RSTM          (1'b0),
          .RSTP          (1'b0),
          .ACIN          (30'd0),
          .BCIN          (18'd0),
          .PCIN          (cascade[i*48+:48]),
          .CARRYCASCIN   (1'b0),
          .MULTSIGNIN    (1'b0),
          .P             (p[i*48+:48]),
          .ACOUT         (unused[29:0]),
          .BCOUT         (unused[47:30]),
          .PCOUT         (cascade[(i+1)*48+:48]),
          .CARRYOUT      (unused[51:48]),
          .CARRYCASCOUT  (unused[52]),
          .MULTSIGNOUT   (unused[53]),
          .OVERFLOW      (unused[54]),
          .UNDERFLOW     (unused[55]),
          .PATTERNDETECT (unused[56]),
          .PATTERNBDETECT(unused[57])
      );
    end
  endgenerate
endmodule

`default_nettype wire
