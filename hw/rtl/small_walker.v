// Walks one tile of a layer on the small engine: rows, pixels, groups of four outputs, taps, words of four channels; one
// word a cycle. Every move adds the move's own difference to address, column and row: the program holds the differences.
`default_nettype none

module small_walker (
    input wire clk_i,
    input wire clear_i,  // a new layer: position zero

    // the tile: counts less one
    input wire       start_i,        // takes the first step in the next cycle
    input wire       first_tile_i,   // of its layer
    input wire [7:0] words_i,        // of four channels
    input wire [3:0] columns_i,      // of the kernel
    input wire [3:0] rows_i,
    input wire [3:0] groups_i,
    input wire [7:0] out_columns_i,
    input wire [7:0] out_rows_i,
    output wire      done_o,         // with the last step

    // differences: `move_o` in the program, read in one cycle
    output wire [ 2:0] move_o,
    input  wire [13:0] address_step_i,
    input  wire [ 8:0] column_step_i,
    input  wire [ 8:0] row_step_i,

    // source map
    input wire [7:0] last_column_i,
    input wire [7:0] last_row_i,

    // a step, two cycles behind its move
    output wire        valid_o,
    output wire [13:0] address_o,
    output wire        outside_o,    // padding
    output wire        first_o,      // of a group
    output wire        last_o,
    output wire        pixel_last_o  // last of a pixel's last group
);
  // Groups end at least so many cycles apart: the scaler takes that long.
  localparam [2:0] Pause = 3'd7;

  reg active_q;
  reg [2:0] move_q, pause_q;
  reg [7:0] word_q, out_column_q, out_row_q;
  reg [3:0] column_q, row_q, group_q;

  wire word_end = word_q == 8'd0;
  wire column_end = column_q == 4'd0;
  wire row_end = row_q == 4'd0;
  wire group_end = group_q == 4'd0;
  wire out_column_end = out_column_q == 8'd0;
  wire out_row_end = out_row_q == 8'd0;
  wire last = word_end && column_end && row_end;
  wire pixel_last = last && group_end;
  wire tile_last = pixel_last && out_column_end && out_row_end;
  wire step = active_q && !(last && pause_q != 3'd0);

  wire [2:0] next_move = !word_end ? 3'd1 : !column_end ? 3'd2 : !row_end ? 3'd3 : !group_end ? 3'd4 :
      !out_column_end ? 3'd5 : !out_row_end ? 3'd6 : 3'd7;

  assign move_o = move_q;
  assign done_o = step && tile_last;

  always @(posedge clk_i) begin
    if (start_i) active_q <= 1'b1;
    else if (clear_i || done_o) active_q <= 1'b0;

    if (start_i && first_tile_i) move_q <= 3'd0;
    else if (step) move_q <= next_move;

    if (clear_i) pause_q <= 3'd0;
    else if (step && last) pause_q <= Pause;
    else if (pause_q != 3'd0) pause_q <= pause_q - 3'd1;

    if (start_i || (step && word_end)) word_q <= words_i;
    else if (step) word_q <= word_q - 8'd1;
    if (start_i || (step && word_end && column_end)) column_q <= columns_i;
    else if (step && word_end) column_q <= column_q - 4'd1;
    if (start_i || (step && last)) row_q <= rows_i;
    else if (step && word_end && column_end) row_q <= row_q - 4'd1;
    if (start_i || (step && pixel_last)) group_q <= groups_i;
    else if (step && last) group_q <= group_q - 4'd1;
    if (start_i || (step && pixel_last && out_column_end)) out_column_q <= out_columns_i;
    else if (step && pixel_last) out_column_q <= out_column_q - 8'd1;
    if (start_i) out_row_q <= out_rows_i;
    else if (step && pixel_last && out_column_end) out_row_q <= out_row_q - 8'd1;
  end

  // one cycle later: the difference is there; two cycles later: the position is
  reg valid1_q, valid2_q, first1_q, first2_q, last1_q, last2_q, pixel_last1_q, pixel_last2_q;
  reg [13:0] address_q;
  reg [8:0] x_q, y_q;

  always @(posedge clk_i) begin
    valid1_q <= step && !clear_i;
    first1_q <= move_q == 3'd0 || move_q >= 3'd4;
    last1_q <= last;
    pixel_last1_q <= pixel_last;
    valid2_q <= valid1_q && !clear_i;
    first2_q <= first1_q;
    last2_q <= last1_q;
    pixel_last2_q <= pixel_last1_q;
    if (clear_i) begin
      address_q <= 14'd0;
      x_q <= 9'd0;
      y_q <= 9'd0;
    end else if (valid1_q) begin
      address_q <= address_q + address_step_i;
      x_q <= x_q + column_step_i;
      y_q <= y_q + row_step_i;
    end
  end

  assign valid_o = valid2_q;
  assign address_o = address_q;
  // Left of and above the map the position has wrapped.
  assign outside_o = x_q > {1'b0, last_column_i} || y_q > {1'b0, last_row_i};
  assign first_o = first2_q;
  assign last_o = last2_q;
  assign pixel_last_o = pixel_last2_q;
endmodule

`default_nettype wire
