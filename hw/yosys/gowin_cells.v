// Multipliers of Gowin's DSP blocks as black boxes: Gowin UG287, MULT9X9, MULT18X18, MULT36X36.
(* blackbox *)
module MULT9X9 (
    input  [ 8:0] A,
    input  [ 8:0] SIA,
    input  [ 8:0] B,
    input  [ 8:0] SIB,
    input         ASIGN,
    input         BSIGN,
    input         ASEL,
    input         BSEL,
    input         CE,
    input         CLK,
    input         RESET,
    output [17:0] DOUT,
    output [ 8:0] SOA,
    output [ 8:0] SOB
);
  parameter AREG = 1'b0;
  parameter BREG = 1'b0;
  parameter OUT_REG = 1'b0;
  parameter PIPE_REG = 1'b0;
  parameter ASIGN_REG = 1'b0;
  parameter BSIGN_REG = 1'b0;
  parameter SOA_REG = 1'b0;
  parameter MULT_RESET_MODE = "SYNC";
endmodule

(* blackbox *)
module MULT18X18 (
    input  [17:0] A,
    input  [17:0] SIA,
    input  [17:0] B,
    input  [17:0] SIB,
    input         ASIGN,
    input         BSIGN,
    input         ASEL,
    input         BSEL,
    input         CE,
    input         CLK,
    input         RESET,
    output [35:0] DOUT,
    output [17:0] SOA,
    output [17:0] SOB
);
  parameter AREG = 1'b0;
  parameter BREG = 1'b0;
  parameter OUT_REG = 1'b0;
  parameter PIPE_REG = 1'b0;
  parameter ASIGN_REG = 1'b0;
  parameter BSIGN_REG = 1'b0;
  parameter SOA_REG = 1'b0;
  parameter MULT_RESET_MODE = "SYNC";
endmodule

(* blackbox *)
module MULT36X36 (
    input  [35:0] A,
    input  [35:0] B,
    input         ASIGN,
    input         BSIGN,
    input         CE,
    input         CLK,
    input         RESET,
    output [71:0] DOUT
);
  parameter AREG = 1'b0;
  parameter BREG = 1'b0;
  parameter OUT0_REG = 1'b0;
  parameter OUT1_REG = 1'b0;
  parameter PIPE_REG = 1'b0;
  parameter ASIGN_REG = 1'b0;
  parameter BSIGN_REG = 1'b0;
  parameter MULT_RESET_MODE = "SYNC";
endmodule
