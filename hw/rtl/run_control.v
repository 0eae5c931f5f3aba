// Begins and ends images: registers for the host, the check of the regions' bases, stop, and when an image is done.
// Latency: start three cycles after its register is written.
`default_nettype none

module run_control (
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

    // level: interrupt to the host
    output wire interrupt_o,

    // what the sequencer does this cycle
    input wire [2:0] state_reason_i,

    // all blocks have left the array
    input wire array_idle_i,

    // pulse: an image starts, whose regions lie at these bases
    output wire         start_o,
    output wire [127:0] bases_o,
    output reg          keep_o,   // with it: program and weights that stay are those of the last image

    // stop: no new address while hold is high; all units are reset when the bus is quiet, and with rst_i a cycle late
    output wire hold_o,
    output wire reset_o,
    input  wire reads_idle_i,
    input  wire writes_idle_i,

    // a beat, an answer or a step of the array in this cycle
    input wire progress_i,

    // the program, and how far readers and writer are
    input wire       loaded_i,
    input wire [7:0] blocks_i,
    input wire [7:0] blocks_done_i,   // row writer
    input wire [7:0] reader_block_i,  // row reader

    // what went wrong, pulses: a read or a write came with an error, with what it was of; level: a write would have left its region
    input wire        read_error_i,
    input wire [ 2:0] read_unit_i,
    input wire [ 7:0] read_block_i,
    input wire [31:0] read_addr_i,
    input wire        read_decode_i,
    input wire        write_error_i,
    input wire        outside_i,
    input wire [ 7:0] write_block_i,
    input wire [31:0] write_addr_i,
    input wire        write_decode_i,

    // and pulses
    input wire bad_program_i,     // the program is for other hardware, or has another check than it says
    input wire bad_weights_i      // so have weights
);
  wire start_request, busy, stop, image_over, bad_base, keep, may_keep, hold;
  wire hung, given_up, refused, stuck, stops, stopped;
  wire [31:0] limit;
  wire [127:0] written_bases;
  wire [2:0] place_unit;
  wire [7:0] place_block;
  wire [31:0] place_addr;
  wire place_decode, place_held;

  axil_control u_control (
      .clk_i          (clk_i),
      .rst_i          (rst_i),
      .s_axil_awaddr  (s_axil_awaddr),
      .s_axil_awvalid (s_axil_awvalid),
      .s_axil_awready (s_axil_awready),
      .s_axil_wdata   (s_axil_wdata),
      .s_axil_wstrb   (s_axil_wstrb),
      .s_axil_wvalid  (s_axil_wvalid),
      .s_axil_wready  (s_axil_wready),
      .s_axil_bresp   (s_axil_bresp),
      .s_axil_bvalid  (s_axil_bvalid),
      .s_axil_bready  (s_axil_bready),
      .s_axil_araddr  (s_axil_araddr),
      .s_axil_arvalid (s_axil_arvalid),
      .s_axil_arready (s_axil_arready),
      .s_axil_rdata   (s_axil_rdata),
      .s_axil_rresp   (s_axil_rresp),
      .s_axil_rvalid  (s_axil_rvalid),
      .s_axil_rready  (s_axil_rready),
      .interrupt_o    (interrupt_o),
      .start_o        (start_request),
      .busy_o         (busy),
      .stop_o         (stop),
      .done_i         (image_over_q || bad_base || stopped || given_up || refused),
      .bases_o        (written_bases),
      .keep_o         (keep),
      .state_reason_i (state_reason_i),
      .error_read_i   (read_error_i),
      .error_write_i  (write_error_i),
      .error_program_i(bad_program_i),
      .error_base_i   (bad_base),
      .error_weights_i(bad_weights_i),
      .error_watchdog_i(hung || given_up || refused),
      .error_outside_i(outside_i),
      .place_unit_i   (place_unit),
      .place_block_i  (place_block),
      .place_addr_i   (place_addr),
      .place_decode_i (place_decode),
      .place_held_o   (place_held),
      .watchdog_o     (limit)
  );

  error_place u_place (
      .clk_i         (clk_i),
      .held_i        (place_held),
      .read_i        (read_error_i),
      .read_unit_i   (read_unit_i),
      .read_block_i  (read_block_i),
      .read_addr_i   (read_addr_i),
      .read_decode_i (read_decode_i),
      .write_i       (write_error_i || outside_i),
      .write_block_i (write_block_i),
      .write_addr_i  (write_addr_i),
      .write_decode_i(write_decode_i),
      .unit_o        (place_unit),
      .block_o       (place_block),
      .addr_o        (place_addr),
      .decode_o      (place_decode)
  );

  region_bases u_bases (
      .clk_i    (clk_i),
      .rst_i    (rst_i),
      .start_i  (start_request && !stuck),
      .bases_i  (written_bases),
      .start_o  (start_o),
      .refused_o(bad_base),
      .bases_o  (bases_o)
  );

  image_keep u_keep (
      .clk_i        (clk_i),
      .rst_i        (rst_i || stopped),
      .keep_i       (keep),
      .base_i       (written_bases[31:0]),
      .last_base_i  (bases_o[31:0]),
      .start_i      (start_request),
      .over_i       (image_over_q),
      .error_i      (read_error_i),
      .bad_program_i(bad_program_i),
      .keep_o       (may_keep)
  );

  always @(posedge clk_i) keep_o <= may_keep;

  image_stop u_stop (
      .clk_i        (clk_i),
      .rst_i        (rst_i),
      .busy_i       (busy && !image_over_q),
      .stop_i       (stop || read_error_i || write_error_i || outside_i || bad_weights_i || hung),
      .reads_idle_i (reads_idle_i),
      .writes_idle_i(writes_idle_i),
      .hold_o       (hold),
      .stops_o      (stops),
      .stopped_o    (stopped)
  );

  // a register of its own: everything hangs on it
  reg reset_q;
  always @(posedge clk_i) reset_q <= rst_i || stops;
  assign reset_o = reset_q;

  assign hold_o = hold || stuck;

  watchdog u_watchdog (
      .clk_i     (clk_i),
      .rst_i     (rst_i),
      .limit_i   (limit),
      .busy_i    (busy),
      .progress_i(progress_i),
      .stopping_i(hold),
      .start_i   (start_request),
      .stop_o    (hung),
      .give_up_o (given_up),
      .refused_o (refused),
      .stuck_o   (stuck)
  );

  // with the start the units still hold the last image's end, with a pulse the control its own
  reg image_over_q;
  always @(posedge clk_i) image_over_q <= image_over && !rst_i;
  image_done u_done (
      .busy_i        (busy && !start_o && !image_over_q),
      .loaded_i      (loaded_i),
      .blocks_i      (blocks_i),
      .blocks_done_i (blocks_done_i),
      .reader_block_i(reader_block_i),
      .array_idle_i  (array_idle_i),
      .bad_program_i (bad_program_i),
      .done_o        (image_over)
  );
endmodule

`default_nettype wire
