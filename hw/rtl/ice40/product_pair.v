// Two independent signed 8 x 8 products in one SB_MAC16 of an iCE40 UP5K: its 8 x 8 mode with the product registers.
`default_nettype none

module product_pair #(
    parameter InputReg = 0  // 1: operands are registered first
) (
    input wire clk_i,

    input  wire [ 7:0] a0_i,
    input  wire [ 7:0] b0_i,
    input  wire [ 7:0] a1_i,
    input  wire [ 7:0] b1_i,
    output wire [15:0] p0_o,  // 1 + InputReg cycles later
    output wire [15:0] p1_o
);
  localparam [0:0] OperandReg = InputReg != 0;

  generate
    if (InputReg != 0 && InputReg != 1) begin : gen_bad_register
      firebrick_error_input_reg_must_be_0_or_1 u_error ();
    end
  endgenerate

  wire [2:0] unused_carry;

  SB_MAC16 #(
      .MODE_8x8        (1'b1),
      .A_SIGNED        (1'b1),
      .B_SIGNED        (1'b1),
      .A_REG           (OperandReg),
      .B_REG           (OperandReg),
      .TOP_8x8_MULT_REG(1'b1),
      .BOT_8x8_MULT_REG(1'b1),
      .TOPOUTPUT_SELECT(2'b10),       // the registered products
      .BOTOUTPUT_SELECT(2'b10)
  ) u_mac16 (
      .CLK       (clk_i),
      .CE        (1'b1),
      .A         ({a1_i, a0_i}),
      .B         ({b1_i, b0_i}),
      .C         (16'd0),
      .D         (16'd0),
      .AHOLD     (1'b0),
      .BHOLD     (1'b0),
      .CHOLD     (1'b0),
      .DHOLD     (1'b0),
      .IRSTTOP   (1'b0),
      .IRSTBOT   (1'b0),
      .ORSTTOP   (1'b0),
      .ORSTBOT   (1'b0),
      .OLOADTOP  (1'b0),
      .OLOADBOT  (1'b0),
      .ADDSUBTOP (1'b0),
      .ADDSUBBOT (1'b0),
      .OHOLDTOP  (1'b0),
      .OHOLDBOT  (1'b0),
      .CI        (1'b0),
      .ACCUMCI   (1'b0),
      .SIGNEXTIN (1'b0),
      .O         ({p1_o, p0_o}),
      .CO        (unused_carry[0]),
      .ACCUMCO   (unused_carry[1]),
      .SIGNEXTOUT(unused_carry[2])
  );
endmodule

`default_nettype wire
