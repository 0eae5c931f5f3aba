// The loops of a row: pixels, groups, taps and their words. Whether a step is the last of a loop is known from the step before it:
// registers hold it, and no comparison stands between a counter and what it ends. Between rows all loops are at their ends, so that
// the first step comes behind the same as any other: a row's last step is not advanced from but by the row after it.
`default_nettype none

module walk_loops (
    input wire clk_i,
    input wire rst_i,

    // to the next step, with this cycle
    input wire advance_i,

    // fields of the phase
    input wire        depthwise_i,
    input wire [15:0] width_i,
    input wire [ 7:0] kh_i,
    input wire [ 7:0] kw_i,

    // what walk_limits makes of them
    input wire [15:0] first_count_i,
    input wire [15:0] next_count_i,
    input wire        first_one_i,
    input wire        next_one_i,
    input wire [ 8:0] first_load_i,
    input wire [ 8:0] next_load_i,
    input wire        first_loading_i,
    input wire        next_loading_i,
    input wire        kh_one_i,
    input wire        kw_one_i,
    input wire        width_one_i,

    // the tile, and the next group
    input wire [15:0] tile_size_i,      // groups of the tile
    input wire        tile_one_i,       // it is one
    input wire        next_centre_i,    // the next group takes the centre tap only

    // what comes behind the step: it is a loop's last
    output reg        group_start_o,
    output reg        group_end_o,
    output reg        restart_o,         // a group's last or the last tap of a kernel's row: the next one begins at the window's edge
    output reg        further_o,         // where it does not: the next one is in another column; where it does: of another pixel
    output reg        column_end_o,      // the last word of a tap; of a depthwise pixel, one that loads a column
    output reg        pixel_end_o,       // a group's last, and the next one is of another pixel
    output reg        next_group_o,      // a group's last, and the next one has other weights
    output reg        row_end_o,

    // the step, and its pixel
    output reg        loading_o,         // one of the array; false in cycles of a depthwise pixel that only count
    output reg        window_start_o,    // depthwise: first column of a row's first window
    output reg        x_end_o,           // of the row's last pixel
    output reg        g_end_o,           // of the tile's last group
    output reg [15:0] x_o,

    // the next step is
    output wire group_end_next_o,
    output wire g_end_next_o,
    output wire row_end_next_o
);
  reg [15:0] count_q, x_left_q, g_left_q;
  reg [7:0] kx_left_q, ky_left_q;
  reg [8:0] load_q;
  reg count_end_q, kx_end_q, ky_end_q;
  reg x_first_q;
  reg kernel_row_q;  // behind the step's last word comes another row of the kernel, or another group
  reg whole_q;  // the group has no loops over kernel rows and columns

  // ---- ends of the step after this one
  wire load_start = count_q[8:0] == load_q && count_q[15:9] == 7'd0;
  wire count_end = count_end_q ? (x_end_o ? first_one_i : next_one_i) : count_q == 16'd2;
  wire kx_end = !count_end_q ? kx_end_q : kernel_row_q ? kw_one_i : kx_left_q == 8'd2;
  wire ky_end = !(count_end_q && kernel_row_q) ? ky_end_q : group_end_o ? kh_one_i : ky_left_q == 8'd2;
  wire whole = next_group_o ? depthwise_i || next_centre_i : whole_q;
  wire x_end = !pixel_end_o ? x_end_o : x_end_o ? width_one_i : x_left_q == 16'd2;
  wire g_end = !next_group_o ? g_end_o : g_end_o ? tile_one_i : g_left_q == 16'd2;
  wire loading = count_end_q ? (x_end_o ? first_loading_i : next_loading_i) : loading_o || load_start;
  wire group_end = count_end && (whole || (kx_end && ky_end));
  wire column_end = depthwise_i ? loading : count_end;
  wire pixel_end = group_end && (depthwise_i || g_end);
  wire next_group = group_end && (!depthwise_i || x_end);
  wire restart = count_end && (depthwise_i ? x_end : whole || kx_end);
  assign group_end_next_o = group_end;
  assign g_end_next_o = g_end;
  assign row_end_next_o = group_end && x_end && g_end;

  always @(posedge clk_i) begin
    if (advance_i) begin
      group_start_o <= group_end_o;
      count_end_q <= count_end;
      kx_end_q <= kx_end;
      ky_end_q <= ky_end;
      whole_q <= whole;
      kernel_row_q <= group_end || kx_end;
      x_end_o <= x_end;
      g_end_o <= g_end;
      group_end_o <= group_end;
      column_end_o <= column_end;
      pixel_end_o <= pixel_end;
      next_group_o <= next_group;
      restart_o <= restart;
      further_o <= restart ? pixel_end : column_end;
      row_end_o <= row_end_next_o;
      loading_o <= loading;
      window_start_o <= count_end_q ? x_end_o && first_loading_i : x_first_q && load_start;
      count_q <= count_end_q ? (x_end_o ? first_count_i : next_count_i) : count_q - 16'd1;
      if (count_end_q) begin
        load_q <= x_end_o ? first_load_i : next_load_i;
        x_first_q <= x_end_o;
        kx_left_q <= kernel_row_q ? kw_i : kx_left_q - 8'd1;
        if (kernel_row_q) ky_left_q <= group_end_o ? kh_i : ky_left_q - 8'd1;
      end
      if (pixel_end_o) begin
        x_o <= x_end_o ? 16'd0 : x_o + 16'd1;
        x_left_q <= x_end_o ? width_i : x_left_q - 16'd1;
      end
      if (next_group_o) g_left_q <= g_end_o ? tile_size_i : g_left_q - 16'd1;
    end
    if (rst_i) begin
      {count_end_q, kx_end_q, ky_end_q, kernel_row_q, x_end_o, g_end_o, group_end_o} <= 7'h7f;
      {column_end_o, pixel_end_o, next_group_o, restart_o, further_o, row_end_o, loading_o} <= 7'h7f;
    end
  end
endmodule

`default_nettype wire
