// AXI4-Lite register file in the Vitis ap_ctrl layout: start, done and stop, interrupt, region bases, counters, errors.
// Latency: start one cycle after the write is taken; a read answers one cycle after its address; one access at a time.
`default_nettype none

module axil_control (
    input wire clk_i,
    input wire rst_i,

    // AXI4-Lite write
    input  wire [ 7:0] s_axil_awaddr,
    input  wire        s_axil_awvalid,
    output wire        s_axil_awready,
    input  wire [31:0] s_axil_wdata,
    input  wire [ 3:0] s_axil_wstrb,
    input  wire        s_axil_wvalid,
    output wire        s_axil_wready,
    output wire [ 1:0] s_axil_bresp,
    output wire        s_axil_bvalid,
    input  wire        s_axil_bready,

    // AXI4-Lite read
    input  wire [ 7:0] s_axil_araddr,
    input  wire        s_axil_arvalid,
    output wire        s_axil_arready,
    output wire [31:0] s_axil_rdata,
    output wire [ 1:0] s_axil_rresp,
    output wire        s_axil_rvalid,
    input  wire        s_axil_rready,

    // level: global and done interrupt enabled, image done
    output wire interrupt_o,

    // start, done and stop are pulses; busy holds from the cycle after start to done
    output wire start_o,
    output wire busy_o,
    output wire stop_o,
    input  wire done_i,

    // byte bases of regions 0 model, 1 input, 2 output, 3 workspace, from the low bits
    output wire [127:0] bases_o,

    // cycles without progress that end an image, 0: none
    output wire [31:0] watchdog_o,

    // level: program and weights that stay may serve the next image
    output wire keep_o,

    // what the sequencer does this cycle: 0 step, 1 rows, 2 weights, 3 output, 4 line-buffer space, others
    input wire [2:0] state_reason_i,

    // error pulses
    input wire error_read_i,     // a read's response
    input wire error_write_i,    // a write's response
    input wire error_program_i,  // the program's header
    input wire error_base_i,     // a region's base
    input wire error_weights_i,  // the check of weights
    input wire error_watchdog_i, // no progress
    input wire error_outside_i,  // a write outside its region

    // where the first error of read, write and outside was; level: it is to stay
    input  wire [ 2:0] place_unit_i,
    input  wire [ 7:0] place_block_i,
    input  wire [31:0] place_addr_i,
    input  wire        place_decode_i,
    output wire        place_held_o
);
  wire [1:0] unused_awaddr = s_axil_awaddr[1:0];
  wire [1:0] unused_araddr = s_axil_araddr[1:0];

  // ---- write channel: address and data are held until both are here and the last answer is taken ----
  reg aw_held_q;
  reg w_held_q;
  reg b_valid_q;
  reg [5:0] aw_addr_q;
  reg [31:0] w_data_q;
  reg [3:0] w_strb_q;
  wire write = aw_held_q && w_held_q && !b_valid_q;
  wire [31:0] mask = {{8{w_strb_q[3]}}, {8{w_strb_q[2]}}, {8{w_strb_q[1]}}, {8{w_strb_q[0]}}};
  wire [31:0] set_bits = w_data_q & mask;
  wire to_control, to_global_enable, to_enable, to_status, to_error, to_stop, to_keep;
  wire to_model, to_input, to_output, to_workspace, to_watchdog;
  wire set_start, set_auto_restart, set_global_enable, set_enable, set_status, set_stop, set_keep;
  wire clear_read, clear_write, clear_program, clear_base, clear_stopped, clear_weights, clear_watchdog, clear_outside;

  register_write u_write (
      .addr_i                (aw_addr_q),
      .data_i                (set_bits),
      .to_control_o          (to_control),
      .to_global_enable_o    (to_global_enable),
      .to_enable_o           (to_enable),
      .to_status_o           (to_status),
      .to_model_o            (to_model),
      .to_input_o            (to_input),
      .to_output_o           (to_output),
      .to_workspace_o        (to_workspace),
      .to_watchdog_o         (to_watchdog),
      .to_error_o            (to_error),
      .to_stop_o             (to_stop),
      .to_keep_o             (to_keep),
      .control_start_o       (set_start),
      .control_auto_restart_o(set_auto_restart),
      .global_enable_o       (set_global_enable),
      .enable_o              (set_enable),
      .status_o              (set_status),
      .error_read_o          (clear_read),
      .error_write_o         (clear_write),
      .error_program_o       (clear_program),
      .error_base_o          (clear_base),
      .error_stopped_o       (clear_stopped),
      .error_weights_o       (clear_weights),
      .error_watchdog_o      (clear_watchdog),
      .error_outside_o       (clear_outside),
      .stop_o                (set_stop),
      .keep_o                (set_keep)
  );

  assign s_axil_awready = !aw_held_q;
  assign s_axil_wready = !w_held_q;
  assign s_axil_bvalid = b_valid_q;
  assign s_axil_bresp = 2'b00;

  always @(posedge clk_i) begin
    if (rst_i) begin
      aw_held_q <= 1'b0;
      w_held_q  <= 1'b0;
      b_valid_q <= 1'b0;
    end else begin
      if (write) aw_held_q <= 1'b0;
      else if (s_axil_awvalid) aw_held_q <= 1'b1;
      if (write) w_held_q <= 1'b0;
      else if (s_axil_wvalid) w_held_q <= 1'b1;
      if (write) b_valid_q <= 1'b1;
      else if (s_axil_bready) b_valid_q <= 1'b0;
    end
  end

  always @(posedge clk_i) begin
    if (s_axil_awready) aw_addr_q <= s_axil_awaddr[7:2];
    if (s_axil_wready) begin
      w_data_q <= s_axil_wdata;
      w_strb_q <= s_axil_wstrb;
    end
  end

  // ---- control, interrupt ----
  reg r_valid_q;
  reg [31:0] r_data_q;
  wire read = s_axil_arvalid && s_axil_arready;
  wire [5:0] read_addr = s_axil_araddr[7:2];
  wire from_control;
  wire read_control = read && from_control;
  wire write_control = write && to_control && w_strb_q[0];

  reg start_q;
  reg busy_q;
  reg done_q;
  reg ready_q;
  reg auto_restart_q;
  reg keep_q;
  reg global_enable_q;
  reg enable_q;
  reg status_q;
  reg [7:0] error_q;  // read, write, program, base, stopped, weights, watchdog, outside
  wire start = start_q && !busy_q;
  wire stop = write && to_stop && set_stop && busy_q && !done_i;
  wire [7:0] raised = {error_outside_i, error_watchdog_i, error_weights_i, stop, error_base_i, error_program_i, error_write_i, error_read_i};
  wire [7:0] cleared = {clear_outside, clear_watchdog, clear_weights, clear_stopped, clear_base, clear_program, clear_write, clear_read};
  reg [7:0] clear_q;  // a cycle behind the write: what the errors hold back does not wait for it
  wire [7:0] told = error_q & ~clear_q;
  always @(posedge clk_i) clear_q <= cleared & {8{write && to_error}};

  always @(posedge clk_i) begin
    if (rst_i) begin
      start_q <= 1'b0;
      busy_q <= 1'b0;
      done_q <= 1'b0;
      ready_q <= 1'b0;
      auto_restart_q <= 1'b0;
      keep_q <= 1'b0;
      global_enable_q <= 1'b0;
      enable_q <= 1'b0;
      status_q <= 1'b0;
      error_q <= 8'd0;
    end else begin
      if (done_i) start_q <= auto_restart_q;
      if (write_control && set_start) start_q <= 1'b1;
      if (write_control) auto_restart_q <= set_auto_restart;
      else if (stop) auto_restart_q <= 1'b0;
      if (write && to_keep && w_strb_q[0]) keep_q <= set_keep;

      if (start) busy_q <= 1'b1;
      else if (done_i) busy_q <= 1'b0;

      // clear on read; an image that ends in that cycle is reported by the next read
      if (done_i) done_q <= 1'b1;
      else if (read_control) done_q <= 1'b0;
      if (done_i) ready_q <= 1'b1;
      else if (read_control) ready_q <= 1'b0;

      if (write && to_global_enable && w_strb_q[0]) global_enable_q <= set_global_enable;
      if (write && to_enable && w_strb_q[0]) enable_q <= set_enable;
      if (done_i && enable_q) status_q <= 1'b1;
      else if (write && to_status) status_q <= status_q ^ set_status;
      error_q <= raised | told;
    end
  end

  assign start_o = start;
  assign busy_o = busy_q;
  assign stop_o = stop;
  assign keep_o = keep_q;
  assign place_held_o = told[0] || told[1] || told[7];
  assign interrupt_o = global_enable_q && status_q;

  // ---- region bases ----
  reg [31:0] model_q;
  reg [31:0] input_q;
  reg [31:0] output_q;
  reg [31:0] workspace_q;
  always @(posedge clk_i) begin
    if (rst_i) begin
      model_q <= 32'd0;
      input_q <= 32'd0;
      output_q <= 32'd0;
      workspace_q <= 32'd0;
    end else if (write) begin
      if (to_model) model_q <= set_bits | (model_q & ~mask);
      if (to_input) input_q <= set_bits | (input_q & ~mask);
      if (to_output) output_q <= set_bits | (output_q & ~mask);
      if (to_workspace) workspace_q <= set_bits | (workspace_q & ~mask);
    end
  end
  reg [31:0] watchdog_q;
  always @(posedge clk_i) begin
    if (rst_i) watchdog_q <= 32'd1048576;
    else if (write && to_watchdog) watchdog_q <= set_bits | (watchdog_q & ~mask);
  end
  assign watchdog_o = watchdog_q;
  assign bases_o = {workspace_q, output_q, input_q, model_q};

  // ---- counters: every busy cycle counts once in cycles and once by its reason, in the cycle behind it ----
  reg counts_q;
  reg [2:0] reason_q;
  always @(posedge clk_i) begin
    counts_q <= busy_q && !rst_i && !start;
    reason_q <= state_reason_i;
  end
  reg [31:0] cycles_q;
  reg [31:0] steps_q;
  reg [31:0] rows_q;
  reg [31:0] weights_q;
  reg [31:0] output_wait_q;
  reg [31:0] other_q;
  always @(posedge clk_i) begin
    if (rst_i || start) begin
      cycles_q <= 32'd0;
      steps_q <= 32'd0;
      rows_q <= 32'd0;
      weights_q <= 32'd0;
      output_wait_q <= 32'd0;
      other_q <= 32'd0;
    end else if (counts_q) begin
      cycles_q <= cycles_q + 32'd1;
      case (reason_q)
        3'd0: steps_q <= steps_q + 32'd1;
        3'd1: rows_q <= rows_q + 32'd1;
        3'd2: weights_q <= weights_q + 32'd1;
        3'd3, 3'd4: output_wait_q <= output_wait_q + 32'd1;
        default: other_q <= other_q + 32'd1;
      endcase
    end
  end

  // ---- read channel ----
  wire [31:0] read_data;
  register_read u_read (
      .addr_i                (read_addr),
      .control_start_i       (start_q),
      .control_done_i        (done_q),
      .control_idle_i        (!(busy_q || start_q)),
      .control_ready_i       (ready_q),
      .control_auto_restart_i(auto_restart_q),
      .global_enable_i       (global_enable_q),
      .enable_i              (enable_q),
      .status_i              (status_q),
      .model_i               (model_q),
      .input_i               (input_q),
      .output_i              (output_q),
      .workspace_i           (workspace_q),
      .cycles_i              (cycles_q),
      .steps_i               (steps_q),
      .rows_wait_i           (rows_q),
      .weights_wait_i        (weights_q),
      .output_wait_i         (output_wait_q),
      .other_i               (other_q),
      .error_read_i          (told[0]),
      .error_write_i         (told[1]),
      .error_program_i       (told[2]),
      .error_base_i          (told[3]),
      .error_stopped_i       (told[4]),
      .error_weights_i       (told[5]),
      .error_watchdog_i      (told[6]),
      .error_outside_i       (told[7]),
      .watchdog_i            (watchdog_q),
      .error_place_unit_i    (place_unit_i),
      .error_place_decode_i  (place_decode_i),
      .error_place_block_i   (place_block_i),
      .error_address_i       (place_addr_i),
      .keep_i                (keep_q),
      .from_control_o        (from_control),
      .data_o                (read_data)
  );

  assign s_axil_arready = !r_valid_q;
  assign s_axil_rvalid = r_valid_q;
  assign s_axil_rdata = r_data_q;
  assign s_axil_rresp = 2'b00;

  always @(posedge clk_i) begin
    if (rst_i) r_valid_q <= 1'b0;
    else if (read) r_valid_q <= 1'b1;
    else if (s_axil_rready) r_valid_q <= 1'b0;
  end

  always @(posedge clk_i) begin
    if (read) r_data_q <= read_data;
  end
endmodule

`default_nettype wire
