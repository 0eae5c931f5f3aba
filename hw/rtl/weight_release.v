// Gives weight-ring space back to the loader: from the counts at the end of a finished tile to how much it frees.
// Counts are absolute since the start of the image, modulo 65536; what stays on the chip frees nothing. One cycle.
`default_nettype none

module weight_release (
    input wire clk_i,
    input wire rst_i,

    // everything before these counts has been read
    input wire        valid_i,
    input wire        kept_i,
    input wire [15:0] words_i,
    input wire [15:0] groups_i,

    // space that became free
    output reg        free_valid_o,
    output reg [15:0] free_words_o,
    output reg [15:0] free_groups_o
);
  reg [15:0] words_q, groups_q;

  always @(posedge clk_i) begin
    free_valid_o  <= valid_i && !kept_i;
    free_words_o  <= words_i - words_q;
    free_groups_o <= groups_i - groups_q;
    if (valid_i) begin
      words_q  <= words_i;
      groups_q <= groups_i;
    end
    if (rst_i) begin
      free_valid_o <= 1'b0;
      words_q <= 16'd0;
      groups_q <= 16'd0;
    end
  end
endmodule

`default_nettype wire
