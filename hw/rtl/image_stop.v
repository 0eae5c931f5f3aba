// Ends an image early: nothing new is asked of memory, what is under way is finished, then the units are reset and the
// image is over. So no answer to this image reaches the next one.
// Latency: the hold one cycle after the stop, the end one cycle after the last answer.
`default_nettype none

module image_stop (
    input wire clk_i,
    input wire rst_i,

    input wire busy_i,  // an image runs
    input wire stop_i,  // pulse

    // no read, no write waits for an answer
    input wire reads_idle_i,
    input wire writes_idle_i,

    output wire hold_o,    // level: no new address
    output wire stops_o,   // in the next cycle
    output wire stopped_o  // pulse
);
  reg stopping_q;
  reg stopped_q;
  wire over = rst_i || !busy_i || stopped_q;
  wire stops = !over && stopping_q && reads_idle_i && writes_idle_i;
  always @(posedge clk_i) begin
    stopping_q <= !over && (stopping_q || stop_i);
    stopped_q  <= stops;
  end

  assign hold_o    = stopping_q;
  assign stops_o   = stops;
  assign stopped_o = stopped_q;
endmodule

`default_nettype wire
