// Two independent signed 8 x 8 products. Twin of ice40/product_pair.v, which is one SB_MAC16.
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
  generate
    if (InputReg != 0 && InputReg != 1) begin : gen_bad_register
      firebrick_error_input_reg_must_be_0_or_1 u_error ();
    end
  endgenerate

  wire signed [7:0] a0, b0, a1, b1;
  generate
    if (InputReg != 0) begin : gen_registered
      reg [31:0] operands_q;
      always @(posedge clk_i) operands_q <= {a1_i, b1_i, a0_i, b0_i};
      assign {a1, b1, a0, b0} = operands_q;
    end else begin : gen_direct
      assign {a1, b1, a0, b0} = {a1_i, b1_i, a0_i, b0_i};
    end
  endgenerate

  reg signed [15:0] p0_q, p1_q;
  always @(posedge clk_i) begin
    p0_q <= a0 * b0;
    p1_q <= a1 * b1;
  end
  assign p0_o = p0_q;
  assign p1_o = p1_q;
endmodule

`default_nettype wire
