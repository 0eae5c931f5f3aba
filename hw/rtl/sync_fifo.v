// First-word fall-through queue in flip-flops or distributed memory.
// Latency: a word is at the output one cycle after it was taken; one word a cycle in and out.
`default_nettype none

module sync_fifo #(
    parameter Width = 8,  // bits of a word
    parameter Depth = 16, // words, a power of two, at least 2
    parameter Checked = 1 // 0: words come only while in_ready_o, and go only while out_valid_o
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,  // drops all words

    // words in
    input  wire             in_valid_i,
    output wire             in_ready_o,
    input  wire [Width-1:0] in_data_i,

    // words out
    output wire             out_valid_o,
    input  wire             out_ready_i,
    output wire [Width-1:0] out_data_o,

    // words held
    output wire [$clog2(Depth):0] count_o
);
  localparam PointerBits = $clog2(Depth);

  generate
    if (Depth < 2 || (Depth & (Depth - 1)) != 0) begin : gen_bad_depth
      firebrick_error_depth_must_be_a_power_of_two_of_at_least_2 u_error ();
    end
    if (Checked != 0 && Checked != 1) begin : gen_bad_mode
      firebrick_error_checked_must_be_0_or_1 u_error ();
    end
  endgenerate

  reg [Width-1:0] memory[0:Depth-1];
  reg [PointerBits-1:0] write_q;
  reg [PointerBits-1:0] read_q;
  reg [PointerBits:0] count_q;

  wire push = in_valid_i && (Checked == 0 || in_ready_o);
  wire pop = out_ready_i && (Checked == 0 || out_valid_o);

  // Depth is a power of two, so the top bit of the count means full.
  assign in_ready_o  = !count_q[PointerBits];
  assign out_valid_o = count_q != {(PointerBits + 1) {1'b0}};
  assign out_data_o  = memory[read_q];
  assign count_o     = count_q;

  always @(posedge clk_i) begin
    if (push) memory[write_q] <= in_data_i;
  end

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      write_q <= {PointerBits{1'b0}};
      read_q  <= {PointerBits{1'b0}};
      count_q <= {(PointerBits + 1) {1'b0}};
    end else begin
      if (push) write_q <= write_q + {{(PointerBits - 1) {1'b0}}, 1'b1};
      if (pop) read_q <= read_q + {{(PointerBits - 1) {1'b0}}, 1'b1};
      // the sum waits for one of the two only
      if (push != pop) count_q <= pop ? count_q - {{PointerBits{1'b0}}, 1'b1} : count_q + {{PointerBits{1'b0}}, 1'b1};
    end
  end
endmodule

`default_nettype wire
