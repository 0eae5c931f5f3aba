// What the host reads: the word at an address, of the bits in each register. Combinational.
// Made of src/format/registers.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module register_read (
    input  wire [ 5:0] addr_i,  // word address

    input  wire        control_start_i,
    input  wire        control_done_i,
    input  wire        control_idle_i,
    input  wire        control_ready_i,
    input  wire        control_auto_restart_i,
    input  wire        global_enable_i,
    input  wire        enable_i,
    input  wire        status_i,
    input  wire [31:0] model_i,
    input  wire [31:0] input_i,
    input  wire [31:0] output_i,
    input  wire [31:0] workspace_i,
    input  wire [31:0] cycles_i,
    input  wire [31:0] steps_i,
    input  wire [31:0] rows_wait_i,
    input  wire [31:0] weights_wait_i,
    input  wire [31:0] output_wait_i,
    input  wire [31:0] other_i,
    input  wire        error_read_i,
    input  wire        error_write_i,
    input  wire        error_program_i,
    input  wire        error_base_i,
    input  wire        error_stopped_i,
    input  wire        error_weights_i,
    input  wire        error_watchdog_i,
    input  wire        error_outside_i,
    input  wire        keep_i,
    input  wire [31:0] watchdog_i,
    input  wire [ 2:0] error_place_unit_i,
    input  wire        error_place_decode_i,
    input  wire [ 7:0] error_place_block_i,
    input  wire [31:0] error_address_i,

    output wire        from_control_o,
    output wire [31:0] data_o
);
  assign from_control_o = addr_i == 6'h00;
  reg [31:0] data;
  always @* begin
    case (addr_i)
      6'h00: data = {24'd0, control_auto_restart_i, 3'd0, control_ready_i, control_idle_i, control_done_i, control_start_i};
      6'h01: data = {31'd0, global_enable_i};
      6'h02: data = {31'd0, enable_i};
      6'h03: data = {31'd0, status_i};
      6'h04: data = model_i;
      6'h07: data = input_i;
      6'h0a: data = output_i;
      6'h0d: data = workspace_i;
      6'h10: data = cycles_i;
      6'h11: data = steps_i;
      6'h12: data = rows_wait_i;
      6'h13: data = weights_wait_i;
      6'h14: data = output_wait_i;
      6'h15: data = other_i;
      6'h18: data = {24'd0, error_outside_i, error_watchdog_i, error_weights_i, error_stopped_i, error_base_i, error_program_i, error_write_i, error_read_i};
      6'h1a: data = {31'd0, keep_i};
      6'h1b: data = watchdog_i;
      6'h1c: data = {16'd0, error_place_block_i, error_place_decode_i, 4'd0, error_place_unit_i};
      6'h1d: data = error_address_i;
      default: data = 32'd0;
    endcase
  end
  assign data_o = data;
endmodule

`default_nettype wire
