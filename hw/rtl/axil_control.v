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

    // what the sequencer does this cycle: 0 step, 1 rows, 2 weights, 3 output, 4 line-buffer space, others
    input wire [2:0] state_reason_i,

    // error pulses: 0 read response, 1 write response, 2 program header, 3 base
    input wire [3:0] error_i
);
  // word addresses
  localparam [5:0] RegControl = 6'h00;
  localparam [5:0] RegGlobalEnable = 6'h01;
  localparam [5:0] RegEnable = 6'h02;
  localparam [5:0] RegStatus = 6'h03;
  localparam [5:0] RegModel = 6'h04;
  localparam [5:0] RegInput = 6'h07;
  localparam [5:0] RegOutput = 6'h0a;
  localparam [5:0] RegWorkspace = 6'h0d;
  localparam [5:0] RegCycles = 6'h10;
  localparam [5:0] RegSteps = 6'h11;
  localparam [5:0] RegRows = 6'h12;
  localparam [5:0] RegWeights = 6'h13;
  localparam [5:0] RegOutputWait = 6'h14;
  localparam [5:0] RegOther = 6'h15;
  localparam [5:0] RegError = 6'h18;
  localparam [5:0] RegStop = 6'h19;

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
  wire read_control = read && read_addr == RegControl;
  wire write_control = write && aw_addr_q == RegControl && w_strb_q[0];

  reg start_q;
  reg busy_q;
  reg done_q;
  reg ready_q;
  reg auto_restart_q;
  reg global_enable_q;
  reg enable_q;
  reg status_q;
  reg [4:0] error_q;
  wire start = start_q && !busy_q;
  wire stop = write && aw_addr_q == RegStop && set_bits[0] && busy_q && !done_i;

  always @(posedge clk_i) begin
    if (rst_i) begin
      start_q <= 1'b0;
      busy_q <= 1'b0;
      done_q <= 1'b0;
      ready_q <= 1'b0;
      auto_restart_q <= 1'b0;
      global_enable_q <= 1'b0;
      enable_q <= 1'b0;
      status_q <= 1'b0;
      error_q <= 5'd0;
    end else begin
      if (done_i) start_q <= auto_restart_q;
      if (write_control && set_bits[0]) start_q <= 1'b1;
      if (write_control) auto_restart_q <= set_bits[7];
      else if (stop) auto_restart_q <= 1'b0;

      if (start) busy_q <= 1'b1;
      else if (done_i) busy_q <= 1'b0;

      // clear on read; an image that ends in that cycle is reported by the next read
      if (done_i) done_q <= 1'b1;
      else if (read_control) done_q <= 1'b0;
      if (done_i) ready_q <= 1'b1;
      else if (read_control) ready_q <= 1'b0;

      if (write && aw_addr_q == RegGlobalEnable && w_strb_q[0]) global_enable_q <= set_bits[0];
      if (write && aw_addr_q == RegEnable && w_strb_q[0]) enable_q <= set_bits[0];
      if (done_i && enable_q) status_q <= 1'b1;
      else if (write && aw_addr_q == RegStatus) status_q <= status_q ^ set_bits[0];
      error_q <= {stop, error_i} | ((write && aw_addr_q == RegError) ? error_q & ~set_bits[4:0] : error_q);
    end
  end

  assign start_o = start;
  assign busy_o = busy_q;
  assign stop_o = stop;
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
      if (aw_addr_q == RegModel) model_q <= set_bits | (model_q & ~mask);
      if (aw_addr_q == RegInput) input_q <= set_bits | (input_q & ~mask);
      if (aw_addr_q == RegOutput) output_q <= set_bits | (output_q & ~mask);
      if (aw_addr_q == RegWorkspace) workspace_q <= set_bits | (workspace_q & ~mask);
    end
  end
  assign bases_o = {workspace_q, output_q, input_q, model_q};

  // ---- counters: every busy cycle counts once in cycles and once by its reason ----
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
    end else if (busy_q) begin
      cycles_q <= cycles_q + 32'd1;
      case (state_reason_i)
        3'd0: steps_q <= steps_q + 32'd1;
        3'd1: rows_q <= rows_q + 32'd1;
        3'd2: weights_q <= weights_q + 32'd1;
        3'd3, 3'd4: output_wait_q <= output_wait_q + 32'd1;
        default: other_q <= other_q + 32'd1;
      endcase
    end
  end

  // ---- read channel ----
  reg [31:0] read_data;
  always @* begin
    case (read_addr)
      RegControl: read_data = {24'd0, auto_restart_q, 3'd0, ready_q, !(busy_q || start_q), done_q, start_q};
      RegGlobalEnable: read_data = {31'd0, global_enable_q};
      RegEnable: read_data = {31'd0, enable_q};
      RegStatus: read_data = {31'd0, status_q};
      RegModel: read_data = model_q;
      RegInput: read_data = input_q;
      RegOutput: read_data = output_q;
      RegWorkspace: read_data = workspace_q;
      RegCycles: read_data = cycles_q;
      RegSteps: read_data = steps_q;
      RegRows: read_data = rows_q;
      RegWeights: read_data = weights_q;
      RegOutputWait: read_data = output_wait_q;
      RegOther: read_data = other_q;
      RegError: read_data = {27'd0, error_q};
      default: read_data = 32'd0;
    endcase
  end

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
