// AXI4-Lite slave rules: an answer for each access, none without one, and what waits stays; a write is answered within two cycles.
// Start and stop are pulses of an image that may have them.
`default_nettype none

module formal_axil_control (
    input wire clk_i,
    input wire rst_i,
    input wire [7:0] awaddr_i,
    input wire awvalid_i,
    input wire [31:0] wdata_i,
    input wire [3:0] wstrb_i,
    input wire wvalid_i,
    input wire bready_i,
    input wire [7:0] araddr_i,
    input wire arvalid_i,
    input wire rready_i,
    input wire done_i,
    input wire [2:0] state_reason_i,
    input wire [6:0] errors_i,
    input wire [43:0] place_i
);
  wire awready, wready, bvalid, arready, rvalid, interrupt, start, busy, stop, keep, held;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata;
  wire [127:0] bases;
  wire [31:0] watchdog;
  axil_control u_dut (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .s_axil_awaddr(awaddr_i),
      .s_axil_awvalid(awvalid_i),
      .s_axil_awready(awready),
      .s_axil_wdata(wdata_i),
      .s_axil_wstrb(wstrb_i),
      .s_axil_wvalid(wvalid_i),
      .s_axil_wready(wready),
      .s_axil_bresp(bresp),
      .s_axil_bvalid(bvalid),
      .s_axil_bready(bready_i),
      .s_axil_araddr(araddr_i),
      .s_axil_arvalid(arvalid_i),
      .s_axil_arready(arready),
      .s_axil_rdata(rdata),
      .s_axil_rresp(rresp),
      .s_axil_rvalid(rvalid),
      .s_axil_rready(rready_i),
      .interrupt_o(interrupt),
      .start_o(start),
      .busy_o(busy),
      .stop_o(stop),
      .done_i(done_i),
      .bases_o(bases),
      .keep_o(keep),
      .state_reason_i(state_reason_i),
      .error_read_i(errors_i[0]),
      .error_write_i(errors_i[1]),
      .error_program_i(errors_i[2]),
      .error_base_i(errors_i[3]),
      .error_weights_i(errors_i[4]),
      .error_watchdog_i(errors_i[5]),
      .error_outside_i(errors_i[6]),
      .place_unit_i(place_i[2:0]),
      .place_block_i(place_i[10:3]),
      .place_addr_i(place_i[42:11]),
      .place_decode_i(place_i[43]),
      .place_held_o(held),
      .watchdog_o(watchdog)
  );
  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));
  stream_asserted #(.Width(2)) u_b (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(bvalid), .ready_i(bready_i), .data_i(bresp)
  );
  stream_asserted #(.Width(34)) u_r (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(rvalid), .ready_i(rready_i), .data_i({rdata, rresp})
  );
  stream_assumed #(.Width(8)) u_aw (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(awvalid_i), .ready_i(awready), .data_i(awaddr_i)
  );
  stream_assumed #(.Width(36)) u_w (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(wvalid_i), .ready_i(wready), .data_i({wdata_i, wstrb_i})
  );
  stream_assumed #(.Width(8)) u_ar (
      .clk_i(clk_i), .rst_i(rst_i), .valid_i(arvalid_i), .ready_i(arready), .data_i(araddr_i)
  );
  // an image ends when one runs, or is refused in the cycle behind its start
  always @* if (done_i) assume (busy);

  // addresses, data and reads that are taken and not yet answered
  reg [1:0] addresses_q = 0, datas_q = 0;
  reg reads_q = 0;
  reg begun_q = 1'b0, busy_q = 1'b0, started_q = 1'b0, due_q = 1'b0;
  wire answered = bvalid && bready_i;
  always @(posedge clk_i) begin
    begun_q <= 1'b1;
    busy_q <= busy && !rst_i && !done_i;
    started_q <= start && !rst_i;
    due_q <= !rst_i && !bvalid && addresses_q != 0 && datas_q != 0;
    if (rst_i) begin
      addresses_q <= 0;
      datas_q <= 0;
      reads_q <= 0;
    end else begin
      addresses_q <= addresses_q + {1'b0, awvalid_i && awready} - {1'b0, answered};
      datas_q <= datas_q + {1'b0, wvalid_i && wready} - {1'b0, answered};
      reads_q <= (reads_q && !(rvalid && rready_i)) || (arvalid_i && arready);
    end
  end
  (* hierconn *) wire \u_dut.aw_held_q ;
  (* hierconn *) wire \u_dut.w_held_q ;
  always @* if (begun_q) begin
    assert (addresses_q == {1'b0, \u_dut.aw_held_q } + {1'b0, bvalid});
    assert (datas_q == {1'b0, \u_dut.w_held_q } + {1'b0, bvalid});
    if (bvalid) assert (addresses_q != 0 && datas_q != 0);
    assert (reads_q == rvalid);
    assert (bresp == 2'b00 && rresp == 2'b00);
    if (due_q) assert (bvalid);
    if (start) assert (!busy);
    if (started_q) assert (busy);
    if (busy_q) assert (busy);
    if (stop) assert (busy && !done_i);
  end
endmodule

`default_nettype wire
