// A project's top for a board with an SDRAM, with that memory; TOP, ROW_W, COL_W, DATA_BYTES, PERIOD and REFRESH are replaced.
`default_nettype none

module serial_bench (
    input wire clk_i,
    input wire rst_i,  // the button
    input wire uart_rx_i,
    output wire uart_tx_o,
    output wire [1:0] led_o,
    output wire [7:0] fault_o,
    output wire ready_o
);
  wire sdram_clk, cke, cs_n, ras_n, cas_n, we_n, chip_en;
  wire [1:0] ba;
  wire [ROW_W-1:0] a;
  wire [DATA_BYTES-1:0] dqm;
  wire [DATA_BYTES*8-1:0] dq, chip_dq;
  assign dq = chip_en ? chip_dq : {DATA_BYTES * 8{1'bz}};
  TOP #(
      .Divisor(4)
  ) u_top (
      .clk(clk_i),
      .button(BUTTON),
      .uart_rx(uart_rx_i),
      .uart_tx(uart_tx_o),
      .led(led_o),
      .O_sdram_clk(sdram_clk),
      .O_sdram_cke(cke),
      .O_sdram_cs_n(cs_n),
      .O_sdram_ras_n(ras_n),
      .O_sdram_cas_n(cas_n),
      .O_sdram_wen_n(we_n),
      .O_sdram_ba(ba),
      .O_sdram_addr(a),
      .O_sdram_dqm(dqm),
      .IO_sdram_dq(dq)
  );
  sdram #(
      .DataBytes(DATA_BYTES),
      .RowW(ROW_W),
      .ColW(COL_W),
      .Words(65536),
      .Period(PERIOD),
      .Refresh(REFRESH)
  ) u_chip (
      .clk_i(sdram_clk),
      .ras_n_i(ras_n || cs_n || !cke),
      .cas_n_i(cas_n || cs_n || !cke),
      .we_n_i(we_n || cs_n || !cke),
      .ba_i(ba),
      .a_i(a),
      .dqm_i(dqm),
      .dq_i(dq),
      .dq_en_i(!we_n && !cas_n && ras_n),
      .dq_o(chip_dq),
      .dq_en_o(chip_en),
      .fault_o(fault_o),
      .ready_o(ready_o)
  );
endmodule

`default_nettype wire
