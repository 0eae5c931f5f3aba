// What a stream promises: what waits stays as it is until it is taken. Asserted of outputs, assumed of inputs.
`default_nettype none

module stream_asserted #(
    parameter Width = 1
) (
    input wire clk_i,
    input wire rst_i,
    input wire valid_i,
    input wire ready_i,
    input wire [Width-1:0] data_i
);
  reg waits_q = 1'b0;
  reg [Width-1:0] data_q;
  always @(posedge clk_i) begin
    waits_q <= !rst_i && valid_i && !ready_i;
    data_q  <= data_i;
  end
  always @* if (waits_q && !rst_i) assert (valid_i && data_i == data_q);
endmodule

module stream_assumed #(
    parameter Width = 1
) (
    input wire clk_i,
    input wire rst_i,
    input wire valid_i,
    input wire ready_i,
    input wire [Width-1:0] data_i
);
  reg waits_q = 1'b0;
  reg [Width-1:0] data_q;
  always @(posedge clk_i) begin
    waits_q <= !rst_i && valid_i && !ready_i;
    data_q  <= data_i;
  end
  always @* if (waits_q && !rst_i) assume (valid_i && data_i == data_q);
endmodule

// Reset in the first cycle; afterwards it may come again at any time.
module reset_first (
    input wire clk_i,
    input wire rst_i
);
  reg begun_q = 1'b0;
  always @(posedge clk_i) begun_q <= 1'b1;
  always @* if (!begun_q) assume (rst_i);
endmodule

`default_nettype wire
