// Bytes to a serial line: 8 data bits, no parity, one stop bit.
`default_nettype none

module uart_tx #(
    parameter Divisor = 12  // clock cycles a bit, 4 to 65535
) (
    input wire clk_i,
    input wire rst_i,

    input  wire       valid_i,
    output wire       ready_o,
    input  wire [7:0] data_i,

    output wire line_o
);
  localparam CountW = $clog2(Divisor);
  localparam [CountW-1:0] Full = Divisor[CountW-1:0] - 1'b1;

  generate
    if (Divisor < 4 || Divisor > 65535) begin : gen_bad_divisor
      firebrick_error_divisor_must_be_4_to_65535 u_error ();
    end
  endgenerate

  reg [CountW-1:0] count_q;
  reg [3:0] left_q;  // bits still to end
  reg [8:0] bits_q;
  assign ready_o = left_q == 4'd0;
  assign line_o = bits_q[0];

  always @(posedge clk_i) begin
    count_q <= count_q - 1'b1;
    if (rst_i) begin
      left_q <= 4'd0;
      bits_q <= 9'h1ff;
    end else if (ready_o) begin
      count_q <= Full;
      if (valid_i) begin
        left_q <= 4'd10;
        bits_q <= {data_i, 1'b0};
      end
    end else if (count_q == {CountW{1'b0}}) begin
      count_q <= Full;
      left_q <= left_q - 4'd1;
      bits_q <= {1'b1, bits_q[8:1]};
    end
  end
endmodule

`default_nettype wire
