// The small engine behind a serial line: what a board's top connects to its pins.
`default_nettype none

module small_system #(
    parameter [23:0] Address = 24'h100000,  // of the network in the flash
    parameter WeightW = 8,                  // bits of a weight address
    parameter Divisor = 12                  // clock cycles a bit of the serial line
) (
    input wire clk_i,
    input wire rst_i,

    // serial line, 8N1
    input  wire rx_i,
    output wire tx_o,

    // flash
    output wire       flash_cs_n_o,
    output wire       flash_sck_en_o,
    output wire       flash_io0_o,
    output wire       flash_io0_en_o,
    input  wire [3:0] flash_io_i,

    // lights
    output wire       idle_o,
    output wire [9:0] class_o
);
  generate
    if (WeightW < 1) begin : gen_bad_weights
      firebrick_error_weight_w_must_be_at_least_1 u_error ();
    end
  endgenerate

  wire rx_valid, tx_valid, tx_ready, picture_valid, picture_next, start, done;
  wire [7:0] rx_data, tx_data, picture_data, score;
  wire [1:0] picture_byte;
  wire [31:0] cycles;

  uart_rx #(
      .Divisor(Divisor)
  ) u_rx (
      .clk_i  (clk_i),
      .rst_i  (rst_i),
      .line_i (rx_i),
      .valid_o(rx_valid),
      .data_o (rx_data)
  );
  uart_tx #(
      .Divisor(Divisor)
  ) u_tx (
      .clk_i  (clk_i),
      .rst_i  (rst_i),
      .valid_i(tx_valid),
      .ready_o(tx_ready),
      .data_i (tx_data),
      .line_o (tx_o)
  );
  small_host u_host (
      .clk_i          (clk_i),
      .rst_i          (rst_i),
      .rx_valid_i     (rx_valid),
      .rx_data_i      (rx_data),
      .tx_valid_o     (tx_valid),
      .tx_ready_i     (tx_ready),
      .tx_data_o      (tx_data),
      .picture_valid_o(picture_valid),
      .picture_data_o (picture_data),
      .picture_byte_o (picture_byte),
      .picture_next_o (picture_next),
      .start_o        (start),
      .idle_i         (idle_o),
      .done_i         (done),
      .class_i        (class_o),
      .score_i        (score),
      .cycles_i       (cycles)
  );

  wire trace_valid, trace_step, trace_wait;
  wire [7:0] trace_layer, trace_data;
  wire [15:0] trace_addr;
  wire unused_trace = &{1'b0, trace_valid, trace_step, trace_wait, trace_layer, trace_data, trace_addr};
  small_engine #(
      .Address(Address),
      .WeightW(WeightW)
  ) u_engine (
      .clk_i          (clk_i),
      .rst_i          (rst_i),
      .picture_valid_i(picture_valid),
      .picture_data_i (picture_data),
      .picture_byte_i (picture_byte),
      .picture_next_i (picture_next),
      .start_i        (start),
      .idle_o         (idle_o),
      .done_o         (done),
      .class_o        (class_o),
      .score_o        (score),
      .cycles_o       (cycles),
      .flash_cs_n_o   (flash_cs_n_o),
      .flash_sck_en_o (flash_sck_en_o),
      .flash_io0_o    (flash_io0_o),
      .flash_io0_en_o (flash_io0_en_o),
      .flash_io_i     (flash_io_i),
      .trace_valid_o  (trace_valid),
      .trace_layer_o  (trace_layer),
      .trace_addr_o   (trace_addr),
      .trace_data_o   (trace_data),
      .trace_step_o   (trace_step),
      .trace_wait_o   (trace_wait)
  );
endmodule

`default_nettype wire
