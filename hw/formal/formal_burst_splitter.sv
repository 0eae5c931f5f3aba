// The bursts of a command are its beats, in order, none across a window; the last one says so.
`default_nettype none

module formal_burst_splitter #(
    parameter BusBytes = 8,
    parameter Window   = 128
) (
    input wire clk_i,
    input wire rst_i,
    input wire cmd_valid_i,
    input wire [31:0] cmd_addr_i,
    input wire [15:0] cmd_beats_i,
    input wire [1:0] cmd_tag_i,
    input wire burst_ready_i
);
  localparam Lanes = $clog2(BusBytes);
  localparam Bits = $clog2(Window);
  wire cmd_ready, burst_valid, burst_last;
  wire [31:0] burst_addr;
  wire [8:0] burst_beats;
  wire [1:0] burst_tag;
  wire [8:0] cmd_first;
  wire cmd_last;
  first_burst #(
      .BusBytes(BusBytes),
      .Window(Window)
  ) u_first (
      .addr_i(cmd_addr_i[7:0]),
      .beats_i(cmd_beats_i),
      .first_o(cmd_first),
      .last_o(cmd_last)
  );
  burst_splitter #(
      .BusBytes(BusBytes),
      .TagBits(2),
      .Window(Window)
  ) u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .cmd_valid_i(cmd_valid_i),
      .cmd_ready_o(cmd_ready),
      .cmd_addr_i(cmd_addr_i),
      .cmd_beats_i(cmd_beats_i),
      .cmd_first_i(cmd_first),
      .cmd_last_i(cmd_last),
      .cmd_tag_i(cmd_tag_i),
      .burst_valid_o(burst_valid),
      .burst_ready_i(burst_ready_i),
      .burst_addr_o(burst_addr),
      .burst_beats_o(burst_beats),
      .burst_last_o(burst_last),
      .burst_tag_o(burst_tag)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));
  stream_asserted #(.Width(44)) u_out (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(burst_valid), .ready_i(burst_ready_i),
      .data_i({burst_addr, burst_beats, burst_last, burst_tag})
  );
  always @* assume (cmd_addr_i[Lanes-1:0] == 0 && cmd_beats_i != 0);
  // the last byte does not lie behind the end of memory
  always @* assume ({1'b0, cmd_addr_i} + {14'd0, cmd_beats_i, {Lanes{1'b0}}} <= 33'h100000000);

  // what is left of the command
  reg running_q = 1'b0;
  reg [31:0] next_q;
  reg [15:0] left_q;
  reg [1:0] tag_q;
  always @(posedge clk_i) begin
    if (rst_i) running_q <= 1'b0;
    else if (cmd_valid_i && cmd_ready) begin
      running_q <= 1'b1;
      next_q <= cmd_addr_i;
      left_q <= cmd_beats_i;
      tag_q <= cmd_tag_i;
    end else if (burst_valid && burst_ready_i) begin
      running_q <= !burst_last;
      next_q <= next_q + {20'd0, burst_beats, {Lanes{1'b0}}};
      left_q <= left_q - {7'd0, burst_beats};
    end
  end

  wire [31:0] end_addr = burst_addr + {20'd0, burst_beats, {Lanes{1'b0}}} - 32'd1;
  (* hierconn *) wire [31:0] \u_dut.addr_q ;
  (* hierconn *) wire [15:0] \u_dut.rest_q ;
  reg begun_q = 1'b0;
  always @(posedge clk_i) begun_q <= 1'b1;
  always @* if (begun_q) begin
    assert (burst_valid == running_q);
    if (running_q) begin
      assert (\u_dut.addr_q == next_q && \u_dut.rest_q + {7'd0, burst_beats} == left_q && left_q != 0);
      assert (next_q[Lanes-1:0] == 0);
      assert ({1'b0, next_q} + {14'd0, left_q, {Lanes{1'b0}}} <= 33'h100000000);
      assert (burst_addr == next_q && burst_tag == tag_q);
      assert (burst_beats != 0 && {7'd0, burst_beats} <= left_q);
      assert (burst_last == ({7'd0, burst_beats} == left_q));
      assert (burst_addr[31:Bits] == end_addr[31:Bits]);
      // what is left goes on with the next window
      assert (burst_last || &end_addr[Bits-1:0]);
    end
  end
endmodule

`default_nettype wire
