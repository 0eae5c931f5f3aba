// Bases of the memory regions: checked when an image starts, and held while it runs. A base that is no multiple of 4096
// refuses the start; from one that is, the units' bursts, each inside 256 aligned bytes, never cross 4096.
// Latency: start or refusal, and the bases, come one cycle after the start that is wanted.
`default_nettype none

module region_bases (
    input wire clk_i,
    input wire rst_i,

    // pulse: an image is to start; bases of regions 0 to 3 as the host left them
    input wire         start_i,
    input wire [127:0] bases_i,

    // pulses: it starts; it does not
    output reg  start_o,
    output wire refused_o,

    // bases of the image that runs
    output wire [127:0] bases_o
);
  wire [11:0] odd = bases_i[11:0] | bases_i[43:32] | bases_i[75:64] | bases_i[107:96];
  wire aligned = odd == 12'd0;

  reg refused_q;
  always @(posedge clk_i) begin
    if (rst_i) {start_o, refused_q} <= 2'b00;
    else {start_o, refused_q} <= {start_i && aligned, start_i && !aligned};
  end

  genvar r;
  generate
    for (r = 0; r < 4; r = r + 1) begin : gen_region
      reg [19:0] page_q;
      always @(posedge clk_i) begin
        if (start_i) page_q <= bases_i[r*32+12+:20];
      end
      assign bases_o[r*32+:32] = {page_q, 12'd0};
    end
  endgenerate

  assign refused_o = refused_q;
endmodule

`default_nettype wire
