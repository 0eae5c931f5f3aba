// A shift register: Width bits, Stages cycles late. The valid bit (bit 0) is cleared by reset.
`default_nettype none

module delay_line #(
    parameter Width  = 8,
    parameter Stages = 4  // at least 1
) (
    input  wire             clk_i,
    input  wire             rst_i,
    input  wire [Width-1:0] data_i,
    output wire [Width-1:0] data_o
);
  reg [Width-1:0] stage_q [0:Stages-1];
  assign data_o = stage_q[Stages-1];

  integer i;
  always @(posedge clk_i) begin
    stage_q[0] <= data_i;
    for (i = 1; i < Stages; i = i + 1) stage_q[i] <= stage_q[i-1];
    if (rst_i) for (i = 0; i < Stages; i = i + 1) stage_q[i][0] <= 1'b0;
  end
endmodule

`default_nettype wire
