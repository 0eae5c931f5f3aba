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
  generate
    if (Width < 1 || Stages < 1) begin : gen_bad_size
      firebrick_error_width_and_stages_must_be_at_least_1 u_error ();
    end
  endgenerate

  wire [Width-1:0] stage [0:Stages];
  assign stage[0] = data_i;
  assign data_o   = stage[Stages];

  genvar i;
  generate
    for (i = 0; i < Stages; i = i + 1) begin : gen_stage
      reg [Width-1:0] data_q;
      assign stage[i+1] = data_q;
      always @(posedge clk_i) begin
        data_q <= stage[i];
        if (rst_i) data_q[0] <= 1'b0;
      end
    end
  endgenerate
endmodule

`default_nettype wire
