// Two products that share an operand in one DSP48E1 (Xilinx 7 series): (a1 * 2^16 + a0) * b + 2^15. The pre-adder makes the sum.
// Because of the 2^15 a negative a0 * b borrows nothing from the upper product; in the lower one it inverts the sign.
`default_nettype none

module dual_product (
    input wire clk_i,

    input  wire [ 8:0] a1_i,  // signed, -255 to 255
    input  wire [ 8:0] a0_i,
    input  wire [ 7:0] b_i,
    output wire [15:0] p1_o,  // two cycles later
    output wire [15:0] p0_o
);
  wire [47:0] p;
  wire [105:0] unused_cascade;
  assign p0_o = {!p[15], p[14:0]};
  assign p1_o = p[31:16];
  wire unused_sign = &{1'b0, p[47:32]};

  DSP48E1 #(
      .A_INPUT      ("DIRECT"),
      .B_INPUT      ("DIRECT"),
      .USE_DPORT    ("TRUE"),
      .USE_MULT     ("MULTIPLY"),
      .USE_SIMD     ("ONE48"),
      .ACASCREG     (1),
      .ADREG        (0),
      .ALUMODEREG   (0),
      .AREG         (1),
      .BCASCREG     (1),
      .BREG         (1),
      .CARRYINREG   (0),
      .CARRYINSELREG(0),
      .CREG         (0),
      .DREG         (1),
      .INMODEREG    (0),
      .MREG         (1),           // the product's register
      .OPMODEREG    (0),
      .PREG         (0)
  ) u_dsp (
      .CLK           (clk_i),
      .A             ({{5{a1_i[8]}}, a1_i, 16'd0}),
      .D             ({{16{a0_i[8]}}, a0_i}),
      .B             ({{10{b_i[7]}}, b_i}),
      .C             (48'h8000),
      .INMODE        (5'b00100),    // D + A
      .OPMODE        (7'b0110101),  // P = product + C
      .ALUMODE       (4'b0000),
      .CARRYINSEL    (3'b000),
      .CARRYIN       (1'b0),
      .CEA1          (1'b0),
      .CEA2          (1'b1),
      .CEAD          (1'b0),
      .CEALUMODE     (1'b0),
      .CEB1          (1'b0),
      .CEB2          (1'b1),
      .CEC           (1'b0),
      .CECARRYIN     (1'b0),
      .CECTRL        (1'b0),
      .CED           (1'b1),
      .CEINMODE      (1'b0),
      .CEM           (1'b1),
      .CEP           (1'b0),
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
      .PCIN          (48'd0),
      .CARRYCASCIN   (1'b0),
      .MULTSIGNIN    (1'b0),
      .P             (p),
      .ACOUT         (unused_cascade[29:0]),
      .BCOUT         (unused_cascade[47:30]),
      .PCOUT         (unused_cascade[95:48]),
      .CARRYOUT      (unused_cascade[99:96]),
      .CARRYCASCOUT  (unused_cascade[100]),
      .MULTSIGNOUT   (unused_cascade[101]),
      .OVERFLOW      (unused_cascade[102]),
      .UNDERFLOW     (unused_cascade[103]),
      .PATTERNDETECT (unused_cascade[104]),
      .PATTERNBDETECT(unused_cascade[105])
  );
endmodule

`default_nettype wire
