// Ends an image in which nothing moves any more: after a number of cycles without any progress it is stopped, and when that does not come to
// an end in as many cycles either, since memory owes an answer, it is given up. Then only a reset helps: no start is taken before.
// Latency: one cycle.
`default_nettype none

module watchdog (
    input wire clk_i,
    input wire rst_i,

    input wire [31:0] limit_i,     // cycles; 0: none
    input wire        busy_i,      // an image runs
    input wire        progress_i,  // a beat, an answer, a step of the array
    input wire        stopping_i,  // it is being stopped already
    input wire        start_i,     // pulse: the host starts an image

    output wire stop_o,     // pulse: stop the image
    output wire give_up_o,  // pulse: it is over as it is
    output wire refused_o,  // pulse: a start that was not taken
    output wire stuck_o     // level: no start is taken
);
  reg [31:0] idle_q;
  reg stop_q;
  reg give_up_q;
  reg refused_q;
  reg stuck_q;
  wire watched = busy_i && limit_i != 32'd0 && !stop_q && !give_up_q;
  wire expired = watched && !progress_i && idle_q >= limit_i;

  always @(posedge clk_i) begin
    if (rst_i) begin
      idle_q <= 32'd0;
      stop_q <= 1'b0;
      give_up_q <= 1'b0;
      refused_q <= 1'b0;
      stuck_q <= 1'b0;
    end else begin
      idle_q <= (watched && !progress_i && !expired) ? idle_q + 32'd1 : 32'd0;
      stop_q <= expired && !stopping_i;
      give_up_q <= expired && stopping_i;
      refused_q <= start_i && stuck_q;
      if (expired && stopping_i) stuck_q <= 1'b1;
    end
  end

  assign stop_o = stop_q;
  assign give_up_o = give_up_q;
  assign refused_o = refused_q;
  assign stuck_o = stuck_q;
endmodule

`default_nettype wire
