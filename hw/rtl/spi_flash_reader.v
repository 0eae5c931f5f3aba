// Reads a QSPI flash (W25Q128JV and alike) from one address on, four bits a clock, for as long as the stream is wanted.
// Once after reset: release from power-down (0xAB), volatile write enable (0x50), quad enable in status register 2 (0x31).
// A stream: fast read quad output (0x6B), 24 address bits, 8 dummy clocks, then data until `stop_i`.
// The pin's clock is low in the first half of a cycle and high in the second when `sck_en_o` is set.
`default_nettype none

module spi_flash_reader #(
    parameter [23:0] Address = 24'h100000  // of the stream's first byte
) (
    input wire clk_i,
    input wire rst_i,

    // stream of 16-bit words, little endian
    input  wire        start_i,
    input  wire        stop_i,
    output wire        ready_o,       // to start
    output wire        half_valid_o,
    input  wire        half_ready_i,
    output wire [15:0] half_data_o,

    // flash
    output wire       cs_n_o,
    output wire       sck_en_o,
    output wire       io0_o,
    output wire       io0_en_o,  // drives IO0; IO1 to IO3 are inputs, pulled up
    input  wire [3:0] io_i
);
  // Each command is followed by a pause; the last pause leads to Idle, where a stream may start. The pause behind the
  // release is long: the flash takes 3 us to wake.
  localparam [2:0] Wake = 3'd0, WakePause = 3'd1, Enable = 3'd2, EnablePause = 3'd3, Quad = 3'd4, Idle = 3'd5,
      Read = 3'd6, Data = 3'd7;

  reg [2:0] phase_q;
  reg [7:0] count_q;
  reg cs_n_q, sck_en_q, io0_q, io0_en_q;
  reg quad_q;  // quad reads have been enabled
  reg data_q, half_valid_q;

  wire [39:0] command = (phase_q == Wake) ? {8'hab, 32'd0} : (phase_q == Enable) ? {8'h50, 32'd0} :
      (phase_q == Quad) ? {16'h3102, 24'd0} : {8'h6b, Address, 8'h00};
  wire [7:0] last = (phase_q == Wake || phase_q == Enable) ? 8'd7 : (phase_q == Quad) ? 8'd15 :
      (phase_q == WakePause) ? 8'd255 : (phase_q == Read) ? 8'd39 : 8'd3;
  wire ends = count_q == last;
  wire sends = phase_q == Wake || phase_q == Enable || phase_q == Quad || phase_q == Read;
  wire held = half_valid_q && !half_ready_i;

  always @(posedge clk_i) begin
    count_q <= count_q + 8'd1;
    sck_en_q <= !rst_i && (sends || (phase_q == Data && !stop_i && !held));
    cs_n_q <= rst_i || !(sends || (phase_q == Data && !stop_i));
    io0_q <= command[6'd39-count_q[5:0]];
    // The flash drives IO0 from the last dummy clock on; it does not look at the dummy bits.
    io0_en_q <= sends && !(phase_q == Read && count_q >= 8'd32);
    if (rst_i) begin
      phase_q <= Wake;
      count_q <= 8'd0;
    end else if (phase_q == Data) begin
      if (stop_i) begin
        phase_q <= EnablePause;
        count_q <= 8'd0;
      end
    end else if (phase_q == Idle) begin
      count_q <= 8'd0;
      if (start_i) phase_q <= Read;
    end else if (ends) begin
      count_q <= 8'd0;
      phase_q <= (phase_q == Quad) ? EnablePause : (phase_q == EnablePause && quad_q) ? Idle : phase_q + 3'd1;
    end
    if (rst_i) quad_q <= 1'b0;
    else if (phase_q == Quad) quad_q <= 1'b1;
  end

  // A clock pulse of the data phase brings four bits at the end of its cycle.
  reg [1:0] nibble_q;
  reg [11:0] nibbles_q;
  reg [15:0] half_q;
  wire take = data_q && sck_en_q;

  always @(posedge clk_i) begin
    data_q <= phase_q == Data && !stop_i;
    if (phase_q == Read) nibble_q <= 2'd0;
    else if (take) nibble_q <= nibble_q + 2'd1;
    if (take) nibbles_q <= {nibbles_q[7:0], io_i};
    if (take && nibble_q == 2'd3) half_q <= {nibbles_q[3:0], io_i, nibbles_q[11:4]};
    if (rst_i || phase_q != Data) half_valid_q <= 1'b0;
    else if (take && nibble_q == 2'd3) half_valid_q <= 1'b1;
    else if (half_ready_i) half_valid_q <= 1'b0;
  end

  assign ready_o = phase_q == Idle;
  assign half_valid_o = half_valid_q;
  assign half_data_o = half_q;
  assign cs_n_o = cs_n_q;
  assign sck_en_o = sck_en_q;
  assign io0_o = io0_q;
  assign io0_en_o = io0_en_q;
endmodule

`default_nettype wire
