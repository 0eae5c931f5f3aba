/** A counter as the top, and a top that holds one. */
export const counter = `module top (input wire clk, input wire rst, output reg [6:0] count);
  always @(posedge clk) count <= rst ? 7'd0 : count + 7'd1;
endmodule
`;

export const hierarchy = `module top (input wire clk, input wire rst, output wire [6:0] count);
  counter u_sequencer (.clk(clk), .rst(rst), .count(count));
endmodule
`;
