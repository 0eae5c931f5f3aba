// AXI4 master rules of the read channels, and every answer goes to the client that asked.
`default_nettype none

module formal_axi_read_arbiter #(
    parameter Clients = 2,
    parameter Outstanding = 4
) (
    input wire clk_i,
    input wire rst_i,
    input wire hold_i,
    input wire [Clients-1:0] req_valid_i,
    input wire [Clients*32-1:0] req_addr_i,
    input wire [Clients*9-1:0] req_beats_i,
    input wire [Clients*8-1:0] req_block_i,
    input wire m_axi_arready,
    input wire [63:0] m_axi_rdata,
    input wire [1:0] m_axi_rresp,
    input wire m_axi_rlast,
    input wire m_axi_rvalid
);
  wire [Clients-1:0] req_ready, rsp_valid, client;
  wire [63:0] rsp_data;
  wire rsp_last, error, idle, arvalid, rready;
  wire [31:0] araddr;
  wire [7:0] arlen;
  wire [2:0] arsize;
  wire [1:0] arburst;
  axi_read_arbiter #(
      .BusBytes(8),
      .Clients(Clients),
      .Outstanding(Outstanding)
  ) u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .hold_i(hold_i),
      .req_valid_i(req_valid_i),
      .req_ready_o(req_ready),
      .req_addr_i(req_addr_i),
      .req_beats_i(req_beats_i),
      .req_block_i(req_block_i),
      .rsp_valid_o(rsp_valid),
      .rsp_data_o(rsp_data),
      .rsp_last_o(rsp_last),
      .error_o(error),
      .answered_client_o(client),
      .answered_block_o(),
      .answered_addr_o(),
      .answered_decode_o(),
      .idle_o(idle),
      .m_axi_araddr(araddr),
      .m_axi_arlen(arlen),
      .m_axi_arsize(arsize),
      .m_axi_arburst(arburst),
      .m_axi_arvalid(arvalid),
      .m_axi_arready(m_axi_arready),
      .m_axi_rdata(m_axi_rdata),
      .m_axi_rresp(m_axi_rresp),
      .m_axi_rlast(m_axi_rlast),
      .m_axi_rvalid(m_axi_rvalid),
      .m_axi_rready(rready)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));
  stream_asserted #(.Width(45)) u_ar (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(arvalid), .ready_i(m_axi_arready),
      .data_i({araddr, arlen, arsize, arburst})
  );

  // bursts that the memory has taken and not yet answered; it answers no other
  localparam Bits = $clog2(Outstanding) + 1;
  reg [Bits-1:0] taken_q = 0;
  wire takes = arvalid && m_axi_arready;
  wire answers = m_axi_rvalid && rready && m_axi_rlast;
  always @(posedge clk_i) begin
    if (rst_i) taken_q <= 0;
    else taken_q <= taken_q + {{(Bits - 1) {1'b0}}, takes} - {{(Bits - 1) {1'b0}}, answers};
  end
  always @* if (m_axi_rvalid) assume (taken_q != 0);

  (* hierconn *) wire [Bits-1:0] \u_dut.u_tags.count_q ;
  (* hierconn *) wire [Clients-1:0] \u_dut.tag ;
  reg begun_q = 1'b0;
  reg held_q = 1'b0;
  reg waited_q = 1'b0;
  reg [Clients-1:0] due_q;
  reg [66:0] beat_q;
  always @(posedge clk_i) begin
    begun_q <= 1'b1;
    held_q <= hold_i && !rst_i;
    waited_q <= arvalid && !m_axi_arready;
    due_q <= rst_i ? {Clients{1'b0}} : m_axi_rvalid ? \u_dut.tag : {Clients{1'b0}};
    beat_q <= {m_axi_rdata, m_axi_rlast, m_axi_rresp[1] && !rst_i, 1'b0};
  end
  always @* if (begun_q) begin
    assert (rready);
    assert (arsize == 3'd3 && arburst == 2'b01);
    assert (\u_dut.u_tags.count_q <= Outstanding);
    assert (taken_q <= Outstanding);
    assert (\u_dut.u_tags.count_q == taken_q + {{(Bits - 1) {1'b0}}, arvalid});
    assert (idle == (\u_dut.u_tags.count_q == 0));
    // while it is held, no address that did not wait before
    if (held_q && !waited_q) assert (!arvalid);
    assert ((req_ready & (req_ready - 1'b1)) == 0);
    assert ((req_ready & ~req_valid_i) == 0);
    assert (rsp_valid == due_q);
    if (rsp_valid != 0) assert (client == rsp_valid);
    if (rsp_valid != 0) assert (rsp_data == beat_q[66:3] && rsp_last == beat_q[2]);
  end
endmodule

`default_nettype wire
