// Counts the residual rows that the adder has finished with, for the row reader that refills their slots.
`default_nettype none

module residual_rows (
    input wire clk_i,
    input wire rst_i,

    input wire       row_end_i,       // the last result of a row has read its residual
    input wire [7:0] block_i,         // of that result
    input wire [7:0] reader_block_i,  // whose rows are in the line buffer

    output wire [15:0] rows_freed_o
);
  reg [15:0] rows_q;
  reg [ 7:0] block_q;

  always @(posedge clk_i) begin
    block_q <= reader_block_i;
    if (rst_i || block_q != reader_block_i) rows_q <= 16'd0;
    else if (row_end_i && block_i == reader_block_i) rows_q <= rows_q + 16'd1;
  end
  assign rows_freed_o = (block_q == reader_block_i) ? rows_q : 16'd0;
endmodule

`default_nettype wire
