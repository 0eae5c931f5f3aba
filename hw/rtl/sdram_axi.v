// A single data rate SDRAM behind an AXI4 port for one master without ids, such as the accelerator, and a port for single bytes.
// One burst at a time, one word a cycle while its row is open; one row is open at a time. CAS latency 2, bursts of one word.
// The memory's clock is the inverse of clk_i: a command reaches it in the middle of a cycle, and its data are there at the end of the
// second cycle behind. Addresses wrap around at the memory's end. Latency: address to first beat 7 where the row is open.
`default_nettype none

module sdram_axi #(
    parameter BusBytes = 8,         // of the AXI data bus, 8 or 16
    parameter DataBytes = 2,        // of the memory's data bus, 2 or 4
    parameter RowW = 13,            // bits of a row, 11 to 13
    parameter ColW = 9,             // bits of a column, 8 to 10
    // cycles of the memory's times, each at least 1
    parameter InitCycles = 5000,    // from power on to the first command
    parameter RefreshCycles = 180,  // from one refresh to the next
    parameter RcdCycles = 1,        // row opened to read or write
    parameter RpCycles = 1,         // row closed to the next command
    parameter RasCycles = 2,        // row opened to closed
    parameter RfcCycles = 2,        // refresh to the next command
    parameter WrCycles = 1          // last word written to row closed
) (
    input wire clk_i,
    input wire rst_i,

    // a byte at a time, before bursts: valid until done
    input  wire        byte_valid_i,
    input  wire        byte_write_i,
    input  wire [31:0] byte_addr_i,
    input  wire [ 7:0] byte_data_i,
    output reg         byte_done_o,
    output reg  [ 7:0] byte_data_o,

    // AXI4 writes, incrementing bursts of whole beats
    input  wire [          31:0] awaddr_i,
    input  wire [           7:0] awlen_i,
    input  wire                  awvalid_i,
    output wire                  awready_o,
    input  wire [BusBytes*8-1:0] wdata_i,
    input  wire [  BusBytes-1:0] wstrb_i,
    input  wire                  wvalid_i,
    output wire                  wready_o,
    output reg                   bvalid_o,
    input  wire                  bready_i,

    // AXI4 reads
    input  wire [          31:0] araddr_i,
    input  wire [           7:0] arlen_i,
    input  wire                  arvalid_i,
    output wire                  arready_o,
    output wire [BusBytes*8-1:0] rdata_o,
    output wire                  rlast_o,
    output wire                  rvalid_o,
    input  wire                  rready_i,

    // the memory's pins; it is always enabled and selected
    output wire                   ras_n_o,
    output wire                   cas_n_o,
    output wire                   we_n_o,
    output reg  [            1:0] ba_o,
    output reg  [       RowW-1:0] a_o,
    output reg  [  DataBytes-1:0] dqm_o,
    output reg  [DataBytes*8-1:0] dq_o,
    output reg                    dq_en_o,
    input  wire [DataBytes*8-1:0] dq_i
);
  localparam Words = BusBytes / DataBytes;  // of a beat
  localparam WordW = $clog2(Words);
  localparam ByteW = $clog2(DataBytes);
  localparam PlaceW = RowW + 2;  // row and bank
  localparam [31:0] DataStep = DataBytes;
  localparam [WordW-1:0] LastWord = Words[WordW-1:0] - 1'b1;
  localparam [15:0] Init = InitCycles[15:0] - 16'd1, Refresh = RefreshCycles[15:0] - 16'd1;
  localparam [15:0] Rcd = RcdCycles[15:0] - 16'd1, Rp = RpCycles[15:0] - 16'd1, Rfc = RfcCycles[15:0] - 16'd1;
  localparam [7:0] Ras = RasCycles[7:0] - 8'd1, Wr = WrCycles[7:0] - 8'd1;
  localparam [15:0] ModeWait = 16'd1, DrainWait = 16'd3;
  localparam [5:0] MostBeats = 6'd16;  // under way and in the queue
  // RAS, CAS, WE
  localparam [2:0] Nop = 3'b111, Activate = 3'b011, Read = 3'b101, Write = 3'b100;
  localparam [2:0] Precharge = 3'b010, AutoRefresh = 3'b001, SetMode = 3'b000;
  localparam [RowW-1:0] AllBanks = 1 << 10, Mode = 2 << 4;  // CAS latency 2, bursts of one word
  localparam [1:0] Setup = 2'd0, Rest = 2'd1, Move = 2'd2;
  localparam [3:0] Refreshes = 4'd8;  // behind power on

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (DataBytes != 2 && DataBytes != 4) begin : gen_bad_data
      firebrick_error_data_bytes_must_be_2_or_4 u_error ();
    end
    if (RowW < 11 || RowW > 13 || ColW < 8 || ColW > 10) begin : gen_bad_address
      firebrick_error_row_w_must_be_11_to_13_and_col_w_8_to_10 u_error ();
    end
    if (InitCycles < 1 || RefreshCycles < 1 || RcdCycles < 1 || RpCycles < 1 || RasCycles < 1 || RfcCycles < 1 || WrCycles < 1) begin : gen_bad_cycles
      firebrick_error_all_cycles_must_be_at_least_1 u_error ();
    end
  endgenerate

  reg [1:0] state_q;
  reg [3:0] setup_q;
  reg [15:0] wait_q;
  reg [15:0] refresh_q;
  reg due_q;
  reg turn_q;  // a read was last: a write goes first
  reg open_q;
  reg [PlaceW-1:0] open_place_q;
  reg [7:0] ras_q, wr_q;  // cycles until the row may be closed
  reg [2:0] command_q;
  assign {ras_n_o, cas_n_o, we_n_o} = command_q;

  // ---- what is moved
  reg [31:0] addr_q;
  reg [8:0] beats_q;
  reg [WordW-1:0] word_q;
  reg write_q, single_q;
  wire [PlaceW-1:0] place = addr_q[ByteW+ColW+:PlaceW];
  wire [RowW-1:0] column = {{(RowW - ColW) {1'b0}}, addr_q[ByteW+:ColW]};
  wire here = open_q && open_place_q == place;
  wire wants_refresh = wait_q == 16'd0 && state_q == Rest && due_q;
  wire wants_row = wait_q == 16'd0 && state_q == Move && !here;
  wire closes = (wants_refresh || wants_row) && open_q && ras_q == 8'd0 && wr_q == 8'd0;
  wire [5:0] held;
  wire room = word_q != {WordW{1'b0}} || held != MostBeats;
  wire ready = write_q ? single_q || wvalid_i : single_q || room;
  wire moving = state_q == Move && wait_q == 16'd0 && here && ready;
  wire beat_end = single_q || word_q == LastWord;
  wire last = beat_end && beats_q == 9'd1;

  // ---- what comes next
  wire rests = state_q == Rest && wait_q == 16'd0 && !due_q;
  wire take_byte = rests && byte_valid_i && !byte_done_o;
  wire may_burst = rests && !byte_valid_i;
  wire take_write = may_burst && awvalid_i && !bvalid_o && (turn_q || !arvalid_i);
  wire take_read = may_burst && arvalid_i && !take_write;
  assign awready_o = take_write;
  assign arready_o = take_read;
  assign wready_o  = moving && write_q && !single_q && beat_end;

  always @(posedge clk_i) begin
    command_q <= Nop;
    dq_en_o <= 1'b0;
    dqm_o <= {DataBytes{1'b0}};
    if (wait_q != 16'd0) wait_q <= wait_q - 16'd1;
    if (ras_q != 8'd0) ras_q <= ras_q - 8'd1;
    if (wr_q != 8'd0) wr_q <= wr_q - 8'd1;
    refresh_q <= refresh_q == 16'd0 ? Refresh : refresh_q - 16'd1;
    if (refresh_q == 16'd0) due_q <= 1'b1;
    if (bready_i) bvalid_o <= 1'b0;
    byte_done_o <= arrives && single_q;

    if (wait_q == 16'd0 && state_q == Setup) begin
      setup_q <= setup_q + 4'd1;
      if (setup_q == 4'd0) begin
        command_q <= Precharge;
        a_o <= AllBanks;
        wait_q <= Rp;
      end else if (setup_q <= Refreshes) begin
        command_q <= AutoRefresh;
        wait_q <= Rfc;
      end else begin
        command_q <= SetMode;
        a_o <= Mode;
        ba_o <= 2'd0;
        wait_q <= ModeWait;
        state_q <= Rest;
      end
    end

    if (closes) begin
      command_q <= Precharge;
      a_o <= AllBanks;
      wait_q <= Rp;
      open_q <= 1'b0;
    end
    if (wants_refresh && !open_q) begin
      command_q <= AutoRefresh;
      wait_q <= Rfc;
      due_q <= 1'b0;
    end
    if (take_byte || take_write || take_read) begin
      state_q <= Move;
      single_q <= take_byte;
      write_q <= take_byte ? byte_write_i : take_write;
      addr_q <= take_byte ? byte_addr_i : take_write ? awaddr_i : araddr_i;
      beats_q <= take_byte ? 9'd1 : {1'b0, take_write ? awlen_i : arlen_i} + 9'd1;
      word_q <= {WordW{1'b0}};
      if (!take_byte) turn_q <= take_read;
    end

    if (wants_row && !open_q) begin
      command_q <= Activate;
      {a_o, ba_o} <= place;
      open_q <= 1'b1;
      open_place_q <= place;
      ras_q <= Ras;
      wait_q <= Rcd;
    end
    if (moving) begin
      command_q <= write_q ? Write : Read;
      a_o <= column;
      ba_o <= place[1:0];
      dq_o <= single_q ? {DataBytes{byte_data_i}} : wdata_i[word_q*DataBytes*8+:DataBytes*8];
      dq_en_o <= write_q;
      if (write_q) dqm_o <= single_q ? ~byte_here : ~wstrb_i[word_q*DataBytes+:DataBytes];
      if (write_q) wr_q <= Wr;
      addr_q <= addr_q + DataStep;
      word_q <= beat_end ? {WordW{1'b0}} : word_q + 1'b1;
      if (beat_end) beats_q <= beats_q - 9'd1;
      if (last) begin
        state_q <= Rest;
        // reads bring their data first
        wait_q <= write_q ? 16'd0 : DrainWait;
        if (write_q && single_q) byte_done_o <= 1'b1;
        if (write_q && !single_q) bvalid_o <= 1'b1;
      end
    end

    if (rst_i) begin
      state_q <= Setup;
      setup_q <= 4'd0;
      wait_q <= Init;
      refresh_q <= Refresh;
      due_q <= 1'b0;
      turn_q <= 1'b0;
      open_q <= 1'b0;
      ras_q <= 8'd0;
      wr_q <= 8'd0;
      bvalid_o <= 1'b0;
      byte_done_o <= 1'b0;
      single_q <= 1'b0;
    end
  end

  // ---- what comes back: a word is in word_in_q in the third cycle behind its read
  reg [2:0] arrive_q;
  reg [DataBytes*8-1:0] word_in_q;
  wire arrives = arrive_q[2];
  wire [DataBytes-1:0] byte_here = {{(DataBytes - 1) {1'b0}}, 1'b1} << byte_addr_i[ByteW-1:0];
  always @(posedge clk_i) begin
    arrive_q  <= rst_i ? 3'd0 : {arrive_q[1:0], moving && !write_q};
    word_in_q <= dq_i;
    if (arrives) byte_data_o <= word_in_q[byte_addr_i[ByteW-1:0]*8+:8];
  end

  reg [BusBytes*8-1:0] beat_words_q;  // the last ones, whose oldest nobody wants
  wire [BusBytes*8-1:0] newest = {word_in_q, beat_words_q[BusBytes*8-1:DataBytes*8]};
  wire unused_word = &{1'b0, beat_words_q[DataBytes*8-1:0]};
  reg [WordW-1:0] got_q;
  reg [8:0] got_beats_q;
  wire push = arrives && !single_q && got_q == LastWord;
  always @(posedge clk_i) begin
    if (take_read) begin
      got_q <= {WordW{1'b0}};
      got_beats_q <= {1'b0, arlen_i};
    end else if (arrives && !single_q) begin
      got_q <= got_q + 1'b1;
      beat_words_q <= newest;
      if (push) got_beats_q <= got_beats_q - 9'd1;
    end
  end

  // beats asked for and not yet taken
  reg [5:0] held_q;
  wire asks = moving && !write_q && !single_q && word_q == {WordW{1'b0}};
  wire pops = rvalid_o && rready_i;
  assign held = held_q;
  always @(posedge clk_i) begin
    if (rst_i) held_q <= 6'd0;
    else held_q <= held_q + {5'd0, asks} - {5'd0, pops};
  end
  wire unused_ready;
  wire [4:0] unused_count;
  sync_fifo #(
      .Width(BusBytes * 8 + 1),
      .Depth(16)
  ) u_beats (
      .clk_i      (clk_i),
      .rst_i      (rst_i),
      .clear_i    (1'b0),
      .in_valid_i (push),
      .in_ready_o (unused_ready),
      .in_data_i  ({got_beats_q == 9'd0, newest}),
      .out_valid_o(rvalid_o),
      .out_ready_i(rready_i),
      .out_data_o ({rlast_o, rdata_o}),
      .count_o    (unused_count)
  );
endmodule

`default_nettype wire
