// A stopped image is over when the bus is quiet, not before; from the stop on it is held.
`default_nettype none

module formal_image_stop (
    input wire clk_i,
    input wire rst_i,
    input wire busy_i,
    input wire stop_i,
    input wire reads_idle_i,
    input wire writes_idle_i
);
  wire hold, stops, stopped;
  image_stop u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .busy_i(busy_i),
      .stop_i(stop_i),
      .reads_idle_i(reads_idle_i),
      .writes_idle_i(writes_idle_i),
      .hold_o(hold),
      .stops_o(stops),
      .stopped_o(stopped)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));
  reg begun_q = 1'b0, told_q = 1'b0, asked_q = 1'b0, quiet_q = 1'b0, held_q = 1'b0;
  always @(posedge clk_i) begin
    begun_q <= 1'b1;
    told_q <= stops;
    asked_q <= !rst_i && busy_i && !stopped && (stop_i || hold);
    quiet_q <= !rst_i && hold && reads_idle_i && writes_idle_i && busy_i && !stopped;
    held_q <= hold && !rst_i;
  end
  always @* if (begun_q) begin
    assert (hold == asked_q);
    assert (stopped == quiet_q);
    assert (stopped == told_q);
    if (stopped) assert (held_q);
  end
endmodule

`default_nettype wire
