// Serial line to bytes: 8 data bits, no parity, one stop bit. A byte whose stop bit is wrong is dropped.
`default_nettype none

module uart_rx #(
    parameter Divisor = 12  // clock cycles a bit, 4 to 65535
) (
    input wire clk_i,
    input wire rst_i,

    input  wire       line_i,   // asynchronous; idle high
    output reg        valid_o,  // one cycle
    output wire [7:0] data_o
);
  localparam CountW = $clog2(Divisor);
  localparam [CountW-1:0] Full = Divisor[CountW-1:0] - 1'b1;
  localparam [CountW-1:0] Half = Full >> 1;

  generate
    if (Divisor < 4 || Divisor > 65535) begin : gen_bad_divisor
      firebrick_error_divisor_must_be_4_to_65535 u_error ();
    end
  endgenerate

  reg [2:0] line_q;
  reg [CountW-1:0] count_q;
  reg [3:0] bit_q;  // 0 idle, 1 start bit, 2 to 9 data, 10 stop bit
  reg [7:0] data_q;
  assign data_o = data_q;
  wire line = line_q[2];
  wire sample = count_q == {CountW{1'b0}};

  always @(posedge clk_i) begin
    line_q <= {line_q[1:0], line_i};
    valid_o <= 1'b0;
    count_q <= sample ? Full : count_q - 1'b1;
    if (rst_i) bit_q <= 4'd0;
    else if (bit_q == 4'd0) begin
      count_q <= Half;
      if (!line) bit_q <= 4'd1;
    end else if (sample) begin
      bit_q <= bit_q + 4'd1;
      if (bit_q == 4'd1 && line) bit_q <= 4'd0;
      if (bit_q >= 4'd2 && bit_q <= 4'd9) data_q <= {line, data_q[7:1]};
      if (bit_q == 4'd10) begin
        bit_q <= 4'd0;
        valid_o <= line;
      end
    end
  end
endmodule

`default_nettype wire
