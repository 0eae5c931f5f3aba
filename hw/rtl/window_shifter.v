// The depthwise window of one lane: a column of taps shifts in, or two at once, and on capture the window with it is held for the array.
// hold_o byte ky*Kw + kx. One cycle from column to hold.
`default_nettype none

module window_shifter #(
    parameter Kh      = 3,  // rows of the window
    parameter Kw      = 3,  // columns of the window
    parameter Columns = 1   // that may come at once, 1 or 2
) (
    input wire clk_i,

    // columns of taps, row 0 of the first in the low byte; the second lies to its right
    input wire                    valid_i,
    input wire [Columns*Kh*8-1:0] column_i,
    input wire                    pair_i,     // both come
    input wire                    first_i,    // older columns are padding
    input wire [             7:0] padding_i,
    input wire                    capture_i,  // the window is complete

    output wire [Kh*Kw*8-1:0] hold_o
);
  generate
    if (Kh < 1 || Kw < 1) begin : gen_bad_window
      firebrick_error_kh_and_kw_must_be_at_least_1 u_error ();
    end
    if (Columns != 1 && (Columns != 2 || Kw < 2)) begin : gen_bad_columns
      firebrick_error_columns_must_be_1_or_of_two_columns_and_more_2 u_error ();
    end
  endgenerate

  wire [Kh*Kw*8-1:0] window;
  reg  [Kh*Kw*8-1:0] hold_q;
  wire unused_padding = &{1'b0, first_i, padding_i, pair_i};

  genvar y;
  generate
    for (y = 0; y < Kh; y = y + 1) begin : gen_row
      wire [Kw*8-1:0] row;
      if (Kw == 1) begin : gen_column
        assign row = column_i[y*8+:8];
      end else begin : gen_columns
        reg [(Kw-1)*8-1:0] older_q;
        wire [(Kw-1)*8-1:0] older = first_i ? {(Kw - 1) {padding_i}} : older_q;
        wire [Kw*8-1:0] single = {column_i[y*8+:8], older};
        if (Columns == 1) begin : gen_single
          assign row = single;
        end else begin : gen_pair
          assign row = pair_i ? {column_i[(Kh+y)*8+:8], single[Kw*8-1:8]} : single;
        end
        always @(posedge clk_i) if (valid_i) older_q <= row[Kw*8-1:8];
      end
      assign window[y*Kw*8+:Kw*8] = row;
    end
  endgenerate

  always @(posedge clk_i) if (valid_i && capture_i) hold_q <= window;
  assign hold_o = hold_q;
endmodule

`default_nettype wire
