// The queue gives every word once, in order, and counts what it holds; one that checks nothing is the same to users who look first.
`default_nettype none

module formal_sync_fifo #(
    parameter Width = 2,
    parameter Depth = 4
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,
    input wire in_valid_i,
    input wire [Width-1:0] in_data_i,
    input wire out_ready_i,
    input wire watch_i  // any: follow the word that comes in now
);
  localparam Bits = $clog2(Depth);
  wire in_ready, out_valid;
  wire [Width-1:0] out_data;
  wire [Bits:0] count;
  sync_fifo #(
      .Width(Width),
      .Depth(Depth)
  ) u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(clear_i),
      .in_valid_i(in_valid_i),
      .in_ready_o(in_ready),
      .in_data_i(in_data_i),
      .out_valid_o(out_valid),
      .out_ready_i(out_ready_i),
      .out_data_o(out_data),
      .count_o(count)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));
  stream_asserted #(.Width(Width)) u_out (
      .clk_i(clk_i), .rst_i(rst_i || clear_i), .valid_i(out_valid), .ready_i(out_ready_i), .data_i(out_data)
  );

  wire push = in_valid_i && in_ready;
  wire pop = out_valid && out_ready_i;
  wire free_ready, free_valid;
  wire [Width-1:0] free_data;
  wire [Bits:0] free_count;
  sync_fifo #(
      .Width(Width),
      .Depth(Depth),
      .Checked(0)
  ) u_free (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(clear_i),
      .in_valid_i(push),
      .in_ready_o(free_ready),
      .in_data_i(in_data_i),
      .out_valid_o(free_valid),
      .out_ready_i(pop),
      .out_data_o(free_data),
      .count_o(free_count)
  );
  reg watching_q = 1'b0;
  reg [Bits:0] ahead_q;  // words in front of the one that is followed
  reg [Width-1:0] word_q;
  always @(posedge clk_i) begin
    if (rst_i || clear_i) watching_q <= 1'b0;
    else if (watching_q) begin
      if (pop && ahead_q == 0) watching_q <= 1'b0;
      if (pop) ahead_q <= ahead_q - 1'b1;
    end else if (push && watch_i) begin
      watching_q <= 1'b1;
      ahead_q <= pop ? count - 1'b1 : count;
      word_q <= in_data_i;
    end
  end

  // what holds in between
  (* hierconn *) wire [Bits-1:0] \u_dut.read_q ;
  (* hierconn *) wire [Bits-1:0] \u_dut.write_q ;
  (* hierconn *) wire [Width-1:0] \u_dut.memory[0] ;
  (* hierconn *) wire [Width-1:0] \u_dut.memory[1] ;
  (* hierconn *) wire [Width-1:0] \u_dut.memory[2] ;
  (* hierconn *) wire [Width-1:0] \u_dut.memory[3] ;
  (* hierconn *) wire [Bits-1:0] \u_free.read_q ;
  (* hierconn *) wire [Bits-1:0] \u_free.write_q ;
  (* hierconn *) wire [Width-1:0] \u_free.memory[0] ;
  (* hierconn *) wire [Width-1:0] \u_free.memory[1] ;
  (* hierconn *) wire [Width-1:0] \u_free.memory[2] ;
  (* hierconn *) wire [Width-1:0] \u_free.memory[3] ;
  wire [4*Width-1:0] free_held = {\u_free.memory[3] , \u_free.memory[2] , \u_free.memory[1] , \u_free.memory[0] };
  wire [4*Width-1:0] held = {\u_dut.memory[3] , \u_dut.memory[2] , \u_dut.memory[1] , \u_dut.memory[0] };
  wire [Bits-1:0] place = \u_dut.read_q + ahead_q[Bits-1:0];
  reg begun_q = 1'b0;
  always @(posedge clk_i) begun_q <= 1'b1;
  always @* if (begun_q) begin
    assert (count <= Depth);
    assert (out_valid == (count != 0));
    assert (in_ready == (count != Depth));
    assert (\u_dut.write_q - \u_dut.read_q == count[Bits-1:0]);
    assert ({free_ready, free_valid, free_count} == {in_ready, out_valid, count});
    assert (\u_free.read_q == \u_dut.read_q && \u_free.write_q == \u_dut.write_q );
    if (watching_q) begin
      assert (ahead_q < count);
      assert (held[place*Width+:Width] == word_q && free_held[place*Width+:Width] == word_q);
      if (ahead_q == 0) assert (out_data == word_q && free_data == word_q);
    end
  end
endmodule

`default_nettype wire
