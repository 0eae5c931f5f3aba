// What the loops of a phase run to, made of its descriptor's fields once: they do not change while it is walked. Counters run down to 1.
// A convolution counts the words of a tap; a depthwise phase the cycles of a pixel, of which the last ones load a column each, or two. Latency: 1.
`default_nettype none

module walk_limits #(
    parameter Paired = 0  // 1, 2: a weight word of a window takes two cycles
) (
    input wire clk_i,

    // fields of the phase
    input wire        depthwise_i,
    input wire        pairs_i,      // depthwise, two columns a load
    input wire [15:0] width_i,
    input wire [ 7:0] kh_i,
    input wire [ 7:0] kw_i,
    input wire [ 7:0] sy_i,
    input wire [ 7:0] sx_i,
    input wire [ 7:0] pad_left_i,
    input wire [15:0] pixel_words_i,
    input wire [15:0] group_words_i,
    input wire [ 7:0] centre_groups_i,

    // cycles of a pixel, or words of a tap: in a row's first pixel, in the others; whether they are one
    output reg [15:0] first_count_o,
    output reg [15:0] next_count_o,
    output reg        first_one_o,
    output reg        next_one_o,
    // depthwise: what is left to count in front of the first load; whether a pixel begins with it
    output reg [ 8:0] first_load_o,
    output reg [ 8:0] next_load_o,
    output reg        first_loading_o,
    output reg        next_loading_o,

    // whether a loop has one round, and the rest of what does not change
    output reg        kh_one_o,
    output reg        kw_one_o,
    output reg        width_one_o,
    output reg [ 7:0] centre_1_o,     // centre groups less one, less two; not below none
    output reg [ 7:0] centre_2_o,
    output reg [15:0] words_step_o,   // weight words from a step or a window to the next
    output reg [ 7:0] last_tap_o,     // depthwise: last cycle of a window
    output reg [ 8:0] need_step_o     // from a window's first row to the one behind the window of the row after
);
  generate
    if (Paired < 0 || Paired > 3) begin : gen_bad_paired
      firebrick_error_paired_must_be_0_to_3 u_error ();
    end
  endgenerate

  wire [15:0] window_cycles = group_words_i << ((Paired == 1 || Paired == 2) ? 1 : 0);
  wire [7:0] steps = window_cycles[7:0];
  wire [7:0] first_columns = kw_i - pad_left_i;
  wire [7:0] first_loads = pairs_i ? {1'b0, first_columns[7:1]} + {7'd0, first_columns[0]} : first_columns;
  wire [7:0] next_loads = pairs_i ? 8'd1 : sx_i;
  // the loads are fewer than the steps, of which there is one at least; of either kind, whose choice comes late
  wire first_waits = pairs_i ? {1'b0, first_columns} < {steps, 1'b0} - 9'd1 : first_columns < steps;
  wire next_waits = pairs_i ? steps[7:1] != 7'd0 : sx_i < steps;
  wire [15:0] first_count = depthwise_i ? {8'd0, first_waits ? steps : first_loads} : pixel_words_i;
  wire [15:0] next_count = depthwise_i ? {8'd0, next_waits ? steps : next_loads} : pixel_words_i;

  wire one_word = pixel_words_i == 16'd1;
  always @(posedge clk_i) begin
    first_count_o <= first_count;
    next_count_o <= next_count;
    first_one_o <= !depthwise_i ? one_word : first_waits ? steps == 8'd1 : first_loads == 8'd1;
    next_one_o <= !depthwise_i ? one_word : next_waits ? steps == 8'd1 : next_loads == 8'd1;
    first_load_o <= {1'b0, first_loads} + 9'd1;
    next_load_o <= {1'b0, next_loads} + 9'd1;
    first_loading_o <= !depthwise_i || !first_waits;
    next_loading_o <= !depthwise_i || !next_waits;
    kh_one_o <= kh_i == 8'd1;
    kw_one_o <= kw_i == 8'd1;
    width_one_o <= width_i == 16'd1;
    centre_1_o <= (centre_groups_i == 8'd0) ? 8'd0 : centre_groups_i - 8'd1;
    centre_2_o <= (centre_groups_i[7:1] == 7'd0) ? 8'd0 : centre_groups_i - 8'd2;
    words_step_o <= depthwise_i ? group_words_i : 16'd1;
    last_tap_o <= steps - 8'd1;
    need_step_o <= {1'b0, kh_i} + {1'b0, sy_i};
  end
  wire unused_cycles = &{1'b0, window_cycles[15:8]};
endmodule

`default_nettype wire
