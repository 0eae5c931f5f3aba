// Whether a step goes: its group's weights are there, and room for its results or its patch. What that depends on is known with the cycle
// before, but for the room: a step goes behind one table of registers. A group's weights are seen a cycle after they have come.
`default_nettype none

module walk_gates #(
    parameter Paired = 0  // not 0: a serial tap takes two cycles; 2: a step that is a whole group too
) (
    input wire clk_i,
    input wire rst_i,

    // the walk: a strip is begun, a row waits or is walked; what the row needs is there in this cycle, in the next; the strip ends with the row
    input wire start_i,
    input wire row_i,
    input wire run_i,
    input wire rows_i,
    input wire rows_next_i,
    input wire strip_ends_i,

    // the phase
    input wire depthwise_i,
    input wire serial_i,
    input wire fetch_i,      // its steps ask for patches
    input wire to_memory_i,

    // the step, and the one behind it
    input wire group_start_i,
    input wire group_end_i,
    input wire next_group_i,
    input wire row_end_i,
    input wire group_end_next_i,
    input wire row_end_next_i,

    // groups that are there, the step's, and whether the next one's are those of a group that was there
    input wire [15:0] loaded_i,
    input wire [15:0] group_i,
    input wire        same_i,

    // room
    input wire output_ready_i,
    input wire patch_room_i,

    // what goes in this cycle
    output reg        busy_o,
    output wire       go_o,       // a step
    output wire       row_go_o,   // which is a row's last
    output wire       advance_o,  // one that is not, or a row begins
    output wire [1:0] waits_o     // it waits: for weights, for room
);
  generate
    if (Paired < 0 || Paired > 3) begin : gen_bad_paired
      firebrick_error_paired_must_be_0_to_3 u_error ();
    end
  endgenerate

  reg step_q;      // a step, which goes but for what the next ones want
  reg row_step_q;  // and is a row's last
  reg move_q;      // a step that is not, or a row begins
  reg results_q;   // the group needs room for its results
  reg patch_q;     // room for its patch
  reg wait_q;      // the first of two cycles that the step takes
  wire may_go = (!results_q || output_ready_i) && (!patch_q || patch_room_i);
  wire may_pass = may_go && !wait_q;
  assign go_o = step_q && may_pass;
  assign advance_o = move_q && may_pass;
  assign row_go_o = row_step_q && may_pass;

  // of the next group's weights it is known with this one's last step
  reg weights_q;
  wire [15:0] weights_ahead = loaded_i - group_i;
  wire more_ahead = !weights_ahead[15] && weights_ahead[14:1] != 14'd0;
  wire some_ahead = more_ahead || (!weights_ahead[15] && weights_ahead[0]);
  wire weights = (go_o && next_group_i) ? same_i || more_ahead : some_ahead;

  // the cycle after this one
  wire next_run = row_i ? rows_i : run_i && !row_go_o;
  wire next_row = row_i ? !rows_i : (run_i) ? row_go_o && !strip_ends_i : start_i;
  wire starts = next_run && (advance_o ? group_end_i : group_start_i);
  wire runs = next_run && (!starts || fetch_i || weights);
  wire ends_row = advance_o ? row_end_next_i : row_end_i;
  wire whole_step = starts && (advance_o ? group_end_next_i : group_end_i);
  wire slow = (Paired != 0 && serial_i) || (Paired == 2 && !depthwise_i && !fetch_i && whole_step);
  always @(posedge clk_i) begin
    weights_q <= weights;
    busy_o <= next_row || next_run;
    step_q <= runs;
    row_step_q <= runs && ends_row;
    move_q <= next_row ? rows_next_i : runs && !ends_row;
    results_q <= starts && to_memory_i && !fetch_i;
    patch_q <= starts && fetch_i;
    wait_q <= next_run && (advance_o ? slow : wait_q && !(step_q && may_go));
    if (rst_i) {busy_o, step_q, row_step_q, move_q, results_q, patch_q, wait_q} <= 7'd0;
  end
  assign waits_o = (step_q && may_go) ? 2'b00 : weights_q ? 2'b10 : 2'b01;
endmodule

`default_nettype wire
