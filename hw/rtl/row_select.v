// Picks a step's operands out of the words that the banks of all line buffers show: a patch word for all lanes, or one tap a lane.
// Padding gives the zero point. One cycle.
// A patch word begins at a multiple of Pc bytes, taps at one of Pk: pixels in line buffers are multiples of both.
`default_nettype none

module row_select #(
    parameter Pk      = 8,
    parameter Pc      = 8,
    parameter LbBytes = 16,         // bytes of a line-buffer word
    parameter Banks   = 5,          // banks of all line buffers
    parameter LbBanks = 24'h000104, // banks of line buffers 0, 1, 2, eight bits each
    parameter BankW   = 2
) (
    input wire clk_i,

    input wire [Banks*LbBytes*8-1:0] words_i,
    // a cycle before the words
    input wire [                1:0] buffer_i,   // line buffer
    input wire [          BankW-1:0] bank_i,     // bank of the row

    input wire [               19:0] offset_i,   // byte in the row
    input wire                       pad_i,
    input wire [                7:0] zero_i,

    output reg [Pc*8-1:0] patch_o,
    output reg [Pk*8-1:0] taps_o
);
  localparam WordW = LbBytes * 8;
  localparam ByteW = $clog2(LbBytes);
  localparam [7:0] Banks0 = LbBanks[7:0];
  localparam [7:0] Banks1 = LbBanks[15:8];
  localparam IndexW = $clog2(Banks + 1);
  localparam [IndexW-1:0] Base1 = Banks0[IndexW-1:0];
  localparam [IndexW-1:0] Base2 = Banks0[IndexW-1:0] + Banks1[IndexW-1:0];

  generate
    if (LbBytes < 2 || (LbBytes & (LbBytes - 1)) != 0 || LbBytes % Pk != 0 || LbBytes % Pc != 0) begin : gen_bad_word
      firebrick_error_lb_bytes_must_be_a_power_of_two_and_a_multiple_of_pk_and_pc u_error ();
    end
    if (BankW < 1 || BankW > 8 || BankW > IndexW) begin : gen_bad_banks
      firebrick_error_bank_w_must_be_1_to_8_and_at_most_the_bits_of_banks u_error ();
    end
  endgenerate

  wire [IndexW-1:0] base = (buffer_i == 2'd0) ? {IndexW{1'b0}} : (buffer_i == 2'd1) ? Base1 : Base2;
  // places of a patch word and of taps in their word
  localparam [31:0] PatchPlaces = LbBytes - Pc;
  localparam [31:0] TapsPlaces = LbBytes - Pk;
  wire [ByteW-1:0] patch_at = offset_i[ByteW-1:0] & PatchPlaces[ByteW-1:0];
  wire [ByteW-1:0] taps_at = offset_i[ByteW-1:0] & TapsPlaces[ByteW-1:0];
  wire unused_offset = &{1'b0, offset_i};

  reg [IndexW-1:0] index_q;
  always @(posedge clk_i) index_q <= base + {{(IndexW - BankW) {1'b0}}, bank_i};
  wire [WordW-1:0] word = words_i[index_q*WordW+:WordW];
  always @(posedge clk_i) begin
    patch_o <= pad_i ? {Pc{zero_i}} : word[{patch_at, 3'b000}+:Pc*8];
    taps_o  <= pad_i ? {Pk{zero_i}} : word[{taps_at, 3'b000}+:Pk*8];
  end
endmodule

`default_nettype wire
