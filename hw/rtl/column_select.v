// Picks a column of window taps a lane out of the words that the banks of all line buffers show. Padding gives the zero point. One cycle.
// It begins at a multiple of Pk bytes: pixels in line buffers are multiples.
`default_nettype none

module column_select #(
    parameter Pk      = 8,
    parameter DwKh    = 3,          // rows of a window
    parameter LbBytes = 16,         // bytes of a line-buffer word
    parameter Banks   = 5,          // banks of all line buffers
    parameter LbBanks = 24'h000104, // banks of line buffers 0, 1, 2, eight bits each
    parameter BankW   = 2
) (
    input wire clk_i,

    input wire [Banks*LbBytes*8-1:0] words_i,
    // a cycle before the words
    input wire [                1:0] buffer_i,   // line buffer
    input wire [          BankW-1:0] bank_i,     // bank of the window's first row

    input wire [               19:0] offset_i,   // byte in the row
    input wire                       pad_i,
    input wire [           DwKh-1:0] row_pad_i,
    input wire [                7:0] zero_i,

    output reg [Pk*DwKh*8-1:0] column_o  // lane, then row
);
  localparam WordW = LbBytes * 8;
  localparam ByteW = $clog2(LbBytes);
  localparam [7:0] Banks0 = LbBanks[7:0];
  localparam [7:0] Banks1 = LbBanks[15:8];
  localparam IndexW = $clog2(Banks + 1);
  localparam [IndexW-1:0] Base1 = Banks0[IndexW-1:0];
  localparam [IndexW-1:0] Base2 = Banks0[IndexW-1:0] + Banks1[IndexW-1:0];

  generate
    if (LbBytes < 2 || (LbBytes & (LbBytes - 1)) != 0 || LbBytes % Pk != 0) begin : gen_bad_word
      firebrick_error_lb_bytes_must_be_a_power_of_two_and_a_multiple_of_pk u_error ();
    end
    if (BankW < 1 || BankW > 8 || BankW > IndexW) begin : gen_bad_banks
      firebrick_error_bank_w_must_be_1_to_8_and_at_most_the_bits_of_banks u_error ();
    end
  endgenerate

  wire [IndexW-1:0] base = (buffer_i == 2'd0) ? {IndexW{1'b0}} : (buffer_i == 2'd1) ? Base1 : Base2;
  wire [7:0] buffer_banks = LbBanks[8*buffer_i+:8];
  localparam [31:0] Places = LbBytes - Pk;
  wire [ByteW-1:0] at = offset_i[ByteW-1:0] & Places[ByteW-1:0];
  wire unused_offset = &{1'b0, offset_i};

  genvar r;
  genvar k;
  generate
    for (r = 0; r < DwKh; r = r + 1) begin : gen_row
      wire [7:0] sum = {{(8 - BankW) {1'b0}}, bank_i} + r;
      wire [7:0] bank = (sum >= buffer_banks) ? sum - buffer_banks : sum;
      reg [IndexW-1:0] index_q;
      always @(posedge clk_i) index_q <= base + bank[IndexW-1:0];
      wire [WordW-1:0] word = words_i[index_q*WordW+:WordW];
      wire [Pk*8-1:0] part = word[{at, 3'b000}+:Pk*8];
      wire [Pk*8-1:0] taps = (pad_i || row_pad_i[r]) ? {Pk{zero_i}} : part;
      wire unused_bank = &{1'b0, bank};
      for (k = 0; k < Pk; k = k + 1) begin : gen_lane
        always @(posedge clk_i) column_o[(k*DwKh+r)*8+:8] <= taps[k*8+:8];
      end
    end
  endgenerate
endmodule

`default_nettype wire
