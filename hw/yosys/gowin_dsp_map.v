// Products of Yosys's mul2dsp.v to the multipliers of Gowin's DSP blocks (UG287), none of their registers in use.
module \$__FIREBRICK_MUL9X9 (input [8:0] A, input [8:0] B, output [17:0] Y);
  parameter A_WIDTH = 9;
  parameter B_WIDTH = 9;
  parameter Y_WIDTH = 18;
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  MULT9X9 _TECHMAP_REPLACE_ (
      .A(A), .B(B), .ASIGN(A_SIGNED ? 1'b1 : 1'b0), .BSIGN(B_SIGNED ? 1'b1 : 1'b0), .DOUT(Y),
      .SIA(9'd0), .SIB(9'd0), .ASEL(1'b0), .BSEL(1'b0), .CE(1'b0), .CLK(1'b0), .RESET(1'b0)
  );
endmodule

module \$__FIREBRICK_MUL18X18 (input [17:0] A, input [17:0] B, output [35:0] Y);
  parameter A_WIDTH = 18;
  parameter B_WIDTH = 18;
  parameter Y_WIDTH = 36;
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  MULT18X18 _TECHMAP_REPLACE_ (
      .A(A), .B(B), .ASIGN(A_SIGNED ? 1'b1 : 1'b0), .BSIGN(B_SIGNED ? 1'b1 : 1'b0), .DOUT(Y),
      .SIA(18'd0), .SIB(18'd0), .ASEL(1'b0), .BSEL(1'b0), .CE(1'b0), .CLK(1'b0), .RESET(1'b0)
  );
endmodule

module \$__FIREBRICK_MUL36X36 (input [35:0] A, input [35:0] B, output [71:0] Y);
  parameter A_WIDTH = 36;
  parameter B_WIDTH = 36;
  parameter Y_WIDTH = 72;
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  MULT36X36 _TECHMAP_REPLACE_ (
      .A(A), .B(B), .ASIGN(A_SIGNED ? 1'b1 : 1'b0), .BSIGN(B_SIGNED ? 1'b1 : 1'b0), .DOUT(Y),
      .CE(1'b0), .CLK(1'b0), .RESET(1'b0)
  );
endmodule
