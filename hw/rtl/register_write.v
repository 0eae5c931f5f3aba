// What the host writes: the register of an address, and the bits in its word. Combinational.
// Made of src/format/registers.ts by `npm run formats`: change the table, not this file.
`default_nettype none

module register_write (
    input  wire [ 5:0] addr_i,  // word address
    input  wire [31:0] data_i,

    // the register
    output wire        to_control_o,
    output wire        to_global_enable_o,
    output wire        to_enable_o,
    output wire        to_status_o,
    output wire        to_model_o,
    output wire        to_input_o,
    output wire        to_output_o,
    output wire        to_workspace_o,
    output wire        to_error_o,
    output wire        to_stop_o,
    output wire        to_keep_o,
    output wire        to_watchdog_o,

    // the word as bits of each
    output wire        control_start_o,
    output wire        control_auto_restart_o,
    output wire        global_enable_o,
    output wire        enable_o,
    output wire        status_o,
    output wire        error_read_o,
    output wire        error_write_o,
    output wire        error_program_o,
    output wire        error_base_o,
    output wire        error_stopped_o,
    output wire        error_weights_o,
    output wire        error_watchdog_o,
    output wire        error_outside_o,
    output wire        stop_o,
    output wire        keep_o
);
  assign to_control_o = addr_i == 6'h00;
  assign to_global_enable_o = addr_i == 6'h01;
  assign to_enable_o = addr_i == 6'h02;
  assign to_status_o = addr_i == 6'h03;
  assign to_model_o = addr_i == 6'h04;
  assign to_input_o = addr_i == 6'h07;
  assign to_output_o = addr_i == 6'h0a;
  assign to_workspace_o = addr_i == 6'h0d;
  assign to_error_o = addr_i == 6'h18;
  assign to_stop_o = addr_i == 6'h19;
  assign to_keep_o = addr_i == 6'h1a;
  assign to_watchdog_o = addr_i == 6'h1b;

  assign control_start_o = data_i[0];
  assign control_auto_restart_o = data_i[7];
  assign global_enable_o = data_i[0];
  assign enable_o = data_i[0];
  assign status_o = data_i[0];
  assign error_read_o = data_i[0];
  assign error_write_o = data_i[1];
  assign error_program_o = data_i[2];
  assign error_base_o = data_i[3];
  assign error_stopped_o = data_i[4];
  assign error_weights_o = data_i[5];
  assign error_watchdog_o = data_i[6];
  assign error_outside_o = data_i[7];
  assign stop_o = data_i[0];
  assign keep_o = data_i[0];
  wire unused_data = &{1'b0, data_i};
endmodule

`default_nettype wire
