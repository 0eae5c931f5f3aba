// A QSPI flash, for simulation: what a W25Q128JV does of it. It holds the network, and faults when it is asked in power-down, while it wakes,
// by an unknown command, without quad enable, behind its content, or while both sides drive IO0.
`default_nettype none

module qspi_flash #(
    parameter [23:0] Address = 24'd0,  // of the network
    parameter Bytes = 16,              // of the network
    parameter WakeCycles = 72          // from the release of power-down until commands are taken
) (
    input wire clk_i,
    input wire rst_i,  // the pins mean nothing yet

    input  wire       cs_n_i,
    input  wire       sck_en_i,
    input  wire       io0_i,
    input  wire       io0_en_i,
    output reg  [3:0] io_o,

    // it was misused; it stays
    output reg fault_o
);
  localparam [7:0] PowerUp = 8'hab, WriteEnable = 8'h50, WriteStatus2 = 8'h31, QuadRead = 8'h6b;
  localparam [2:0] ModeCommand = 3'd0, ModeStatus = 3'd1, ModeAddress = 3'd2, ModeData = 3'd3, ModeIgnore = 3'd4;
  localparam Words = (Bytes + 15) / 16;

  reg [127:0] content[0:Words-1];
  reg powered, write_enabled, quad_enabled, selected;
  reg [2:0] mode;
  reg [7:0] command;
  reg [23:0] shift, at;
  reg [31:0] count, nibble, now, busy_until, place;
  reg [127:0] word;

  initial begin
    $readmemh("sim/network.hex", content);
    {powered, write_enabled, quad_enabled, selected, fault_o} = 5'd0;
    {mode, command, shift, at} = 59'd0;
    {count, nibble, now, busy_until} = 128'd0;
    io_o = 4'hf;
  end

  task next_nibble;
    begin
      place = {8'd0, at - Address} + nibble / 2;
      if (place >= Bytes) fault_o <= 1'b1;
      word = content[place/16];
      io_o <= word[8*(place%16)+4*(1-nibble%2)+:4];
      nibble = nibble + 32'd1;
    end
  endtask

  task decode;
    begin
      command = shift[7:0];
      {shift, count} = 56'd0;
      if (!powered && command != PowerUp) fault_o <= 1'b1;
      if (command == PowerUp || command == WriteEnable) mode = ModeIgnore;
      else if (command == WriteStatus2 && write_enabled) mode = ModeStatus;
      else if (command == QuadRead && quad_enabled) mode = ModeAddress;
      else fault_o <= 1'b1;
    end
  endtask

  // The rising edge takes a bit, the falling edge puts the next four out.
  task pulse;
    if (mode == ModeData) begin
      if (io0_en_i) fault_o <= 1'b1;
      next_nibble;
    end else begin
      if (!io0_en_i && !(mode == ModeAddress && count >= 32'd24)) fault_o <= 1'b1;
      count = count + 32'd1;
      if (mode != ModeAddress || count <= 32'd24) shift = {shift[22:0], io0_i};
      if (mode == ModeCommand && count == 32'd8) decode;
      else if (mode == ModeAddress && count == 32'd24) at = shift;
      else if (mode == ModeAddress && count == 32'd32) begin
        if (io0_en_i) fault_o <= 1'b1;
        mode   = ModeData;
        nibble = 32'd0;
        next_nibble;
      end
    end
  endtask

  task deselect;
    begin
      io_o <= 4'hf;
      if (mode == ModeStatus && count == 32'd8) begin
        quad_enabled  = shift[1];
        write_enabled = 1'b0;
      end else if (mode != ModeData && (mode != ModeIgnore || count != 32'd0)) fault_o <= 1'b1;
      if (mode == ModeIgnore && command == PowerUp) begin
        powered = 1'b1;
        busy_until = now + WakeCycles;
      end
      if (mode == ModeIgnore && command == WriteEnable) write_enabled = 1'b1;
    end
  endtask

  always @(posedge clk_i) begin
    now = now + 32'd1;
    if (!rst_i && !cs_n_i && !selected) begin
      if (now < busy_until) fault_o <= 1'b1;
      mode = ModeCommand;
      {shift, count} = 56'd0;
    end
    if (!rst_i && cs_n_i && selected) deselect;
    selected = !rst_i && !cs_n_i;
    if (selected && sck_en_i) pulse;
  end
endmodule

`default_nettype wire
