// The patches of two pixels: the one that sparse steps choose their activations from, and the next, which comes meanwhile. And for each weight
// word the first word of the patch that its step sees: a window of four. Words behind the end of a patch are seen too, where nothing is multiplied.
`default_nettype none

module patch_store #(
    parameter Pc          = 8,    // multipliers a lane, bytes of a word
    parameter PatchWords  = 64,   // words of a patch, a power of two, 16 to 256
    parameter WeightDepth = 512,  // words
    parameter WeightW     = 9     // bits of a word address
) (
    input wire clk_i,
    input wire rst_i,

    // first words, written with every part of their words
    input wire               weight_we_i,
    input wire [WeightW-1:0] weight_addr_i,
    input wire [        7:0] weight_position_i,

    // stage B: weight word of the step
    input wire [WeightW-1:0] weight_raddr_i,

    // stage C: a word of the next patch
    input wire            fetch_valid_i,
    input wire            fetch_first_i,
    input wire            fetch_last_i,
    input wire [Pc*8-1:0] fetch_word_i,

    // stage C: what the step sees; whether it is the last one of its patch
    input  wire              step_last_i,
    output wire [4*Pc*8-1:0] window_o
);
  localparam PositionW = $clog2(PatchWords);
  localparam WordW = Pc * 8;

  generate
    if (PatchWords < 16 || PatchWords > 256 || (PatchWords & (PatchWords - 1)) != 0) begin : gen_bad_words
      firebrick_error_patch_words_must_be_a_power_of_two_from_16_to_256 u_error ();
    end
  endgenerate

  // ---- first words
  wire [7:0] position;
  genvar i;
  ram_1r1w #(
      .Width(PositionW),
      .Depth(WeightDepth),
      .AddrW(WeightW)
  ) u_positions (
      .clk_i  (clk_i),
      .we_i   (weight_we_i),
      .waddr_i(weight_addr_i),
      .wdata_i(weight_position_i[PositionW-1:0]),
      .raddr_i(weight_raddr_i),
      .rdata_o(position[PositionW-1:0])
  );
  generate
    if (PositionW < 8) begin : gen_short
      assign position[7:PositionW] = {(8 - PositionW) {1'b0}};
    end
  endgenerate
  wire unused_weights = &{1'b0, weight_position_i, position};

  // ---- patches: word w lies in bank w % 4
  reg fetch_half_q, step_half_q;
  reg [PositionW-1:0] next_q;
  wire [PositionW-1:0] at = fetch_first_i ? {PositionW{1'b0}} : next_q;
  always @(posedge clk_i) begin
    if (fetch_valid_i) next_q <= at + {{(PositionW - 1) {1'b0}}, 1'b1};
    if (fetch_valid_i && fetch_last_i) fetch_half_q <= !fetch_half_q;
    if (step_last_i) step_half_q <= !step_half_q;
    if (rst_i) {fetch_half_q, step_half_q} <= 2'b00;
  end

  wire [4*WordW-1:0] words;  // by bank
  wire [8*WordW-1:0] twice = {words, words};
  generate
    for (i = 0; i < 4; i = i + 1) begin : gen_bank
      localparam [1:0] Bank = i;
      localparam [PositionW-1:0] Behind = 3 - i;
      reg [WordW-1:0] mem_q[0:2*PatchWords/4-1];
      // the first word of this bank in the window
      wire [PositionW-1:0] last = position[PositionW-1:0] + Behind;
      assign words[i*WordW+:WordW] = mem_q[{step_half_q, last[PositionW-1:2]}];
      wire unused_last = &{1'b0, last};
      always @(posedge clk_i) if (fetch_valid_i && at[1:0] == Bank) mem_q[{fetch_half_q, at[PositionW-1:2]}] <= fetch_word_i;
`ifdef ZERO_RAMS
      // For simulators that know x: words that nobody wrote are multiplied by zero, which is x of an x.
      integer word;
      initial for (word = 0; word < 2 * PatchWords / 4; word = word + 1) mem_q[word] = {WordW{1'b0}};
`endif
    end
  endgenerate
  assign window_o = twice[{1'b0, position[1:0]}*WordW+:4*WordW];
endmodule

`default_nettype wire
