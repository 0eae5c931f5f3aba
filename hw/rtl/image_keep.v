// Whether the next image may use program and weights of the last one: when the host says so, that image ended without an error, and
// the base of the model region has stayed. Latency: an image counts in the cycle after its end.
`default_nettype none

module image_keep (
    input wire clk_i,
    input wire rst_i,

    // the host's word for it; bases of the model region as it left it, and of the last image
    input wire        keep_i,
    input wire [31:0] base_i,
    input wire [31:0] last_base_i,

    // pulses: an image is to start; it is over; a read came with an error; its program is for other hardware
    input wire start_i,
    input wire over_i,
    input wire error_i,
    input wire bad_program_i,

    // level, looked at with the start of an image
    output wire keep_o
);
  reg good_q;   // no error since the start
  reg whole_q;  // the last image loaded what stays
  wire good = good_q && !error_i && !bad_program_i;

  always @(posedge clk_i) begin
    if (rst_i) begin
      good_q  <= 1'b0;
      whole_q <= 1'b0;
    end else if (start_i) begin
      good_q  <= 1'b1;
      whole_q <= 1'b0;
    end else begin
      good_q <= good;
      if (over_i) whole_q <= good;
    end
  end

  assign keep_o = keep_i && whole_q && base_i == last_base_i;
endmodule

`default_nettype wire
