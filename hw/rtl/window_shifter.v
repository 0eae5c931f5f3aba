// The depthwise window of one lane: a column of taps shifts in, and on capture the window with it is held for the array.
// hold_o byte ky*Kw + kx. One cycle from column to hold.
`default_nettype none

module window_shifter #(
    parameter Kh = 3,  // rows of the window
    parameter Kw = 3   // columns of the window
) (
    input wire clk_i,

    // column of taps, row 0 in the low byte
    input wire            valid_i,
    input wire [Kh*8-1:0] column_i,
    input wire            first_i,    // older columns are padding
    input wire [     7:0] padding_i,
    input wire            capture_i,  // the window is complete

    output wire [Kh*Kw*8-1:0] hold_o
);
  generate
    if (Kh < 1 || Kw < 1) begin : gen_bad_window
      firebrick_error_kh_and_kw_must_be_at_least_1 u_error ();
    end
  endgenerate

  reg  [Kh*Kw*8-1:0] window_q;
  reg  [Kh*Kw*8-1:0] hold_q;
  wire [Kh*Kw*8-1:0] window;

  wire unused_window = &{1'b0, first_i, padding_i};

  genvar y;
  genvar x;
  generate
    for (y = 0; y < Kh; y = y + 1) begin : gen_row
      for (x = 0; x < Kw; x = x + 1) begin : gen_tap
        if (x == Kw - 1) begin : gen_new
          assign window[(y*Kw+x)*8+:8] = column_i[y*8+:8];
        end else begin : gen_old
          assign window[(y*Kw+x)*8+:8] = first_i ? padding_i : window_q[(y*Kw+x+1)*8+:8];
        end
      end
      wire unused_oldest = &{1'b0, window_q[y*Kw*8+:8]};
    end
  endgenerate

  always @(posedge clk_i) begin
    if (valid_i) window_q <= window;
    if (valid_i && capture_i) hold_q <= window;
  end
  assign hold_o = hold_q;
endmodule

`default_nettype wire
