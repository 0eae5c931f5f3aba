// Asks for the tables of a block in front of its first weights, and holds back the count of groups behind them until they are
// written. A table may come when the results of a block that needs nothing of what it replaces have begun to leave.
// Latency: from the last beat of a table to the groups behind it BusBytes + 4 cycles, more where beats come faster than bytes leave.
`default_nettype none

module table_loader #(
    parameter BusBytes = 16,  // bytes of a beat, 8 or 16
    parameter Records  = 16   // records and tables asked for and not yet complete, a power of two, at least 2
) (
    input wire clk_i,
    input wire rst_i,

    // the block: whether its weights are still to be read for the first time, tables, the block that they wait for, and the
    // address of the first byte behind them
    input  wire        first_pass_i,
    input  wire        next_block_i,
    input  wire [ 1:0] tables_i,
    input  wire [ 7:0] after_i,
    input  wire [31:0] end_i,
    output wire        left_o,

    // a table asked for
    input  wire        may_ask_i,
    output wire        ask_o,
    output wire [31:0] addr_o,

    // records asked for, and complete; answers, and whether they are those of a table
    input  wire                  record_i,
    input  wire                  record_end_i,
    input  wire                  rsp_valid_i,
    input  wire [BusBytes*8-1:0] rsp_data_i,
    output wire                  in_table_o,
    output wire                  table_end_o,

    // what the beat of a table is to its check: the first; one that holds the check
    output wire check_first_o,
    output wire check_here_o,

    // to the memories of all lanes: slot, and value + 128; and the block of a result that has passed them
    output wire        table_we_o,
    output wire [10:0] table_addr_o,
    output wire [ 7:0] table_data_o,
    input  wire        result_valid_i,
    input  wire [ 7:0] result_block_i,

    // groups that came, and those of them that may be used
    input  wire [15:0] groups_loaded_i,
    output wire [15:0] groups_loaded_o
);
  localparam ValueBeats = 256 / BusBytes;
  localparam LastBeat = 272 / BusBytes - 1;  // the check lies behind the values
  localparam BeatBits = $clog2(LastBeat + 1);

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  // ---- when ----
  reg [7:0] passed_q;  // all results of the blocks in front of this one have left
  reg [1:0] asked_q;  // tables of the block
  wire room, done, busy;
  wire [1:0] left = tables_i - asked_q;
  // the first one when those of other blocks are written: no group of theirs waits for it
  wire free = (asked_q == 2'd0) ? done : room;
  wire ask = may_ask_i && left_o && free && passed_q >= after_i;
  assign left_o = first_pass_i && left != 2'd0;
  assign ask_o  = ask;
  assign addr_o = end_i - {22'd0, left, 2'd0, left, 4'd0};  // 272 bytes each

  always @(posedge clk_i) begin
    if (rst_i) passed_q <= 8'd0;
    else if (result_valid_i) passed_q <= result_block_i;
  end

  always @(posedge clk_i) begin
    if (rst_i || next_block_i) asked_q <= 2'd0;
    else if (ask) asked_q <= asked_q + 2'd1;
  end

  // ---- what the answers belong to ----
  wire is_table, record_there;
  wire unused_ready;  // as much room as the loader's own queue of records
  wire [$clog2(Records):0] unused_count;
  sync_fifo #(
      .Width(1),
      .Depth(Records)
  ) u_kinds (
      .clk_i      (clk_i),
      .rst_i      (rst_i),
      .clear_i    (1'b0),
      .in_valid_i (record_i || ask),
      .in_ready_o (unused_ready),
      .in_data_i  (ask),
      .out_valid_o(record_there),
      .out_ready_i(record_end_i || table_end_o),
      .out_data_o (is_table),
      .count_o    (unused_count)
  );

  reg [BeatBits-1:0] beat_q;
  wire table_beat = rsp_valid_i && in_table_o;
  assign in_table_o  = record_there && is_table;
  assign table_end_o = table_beat && beat_q == LastBeat[BeatBits-1:0];
  assign check_first_o = beat_q == {BeatBits{1'b0}};
  assign check_here_o = beat_q >= ValueBeats[BeatBits-1:0];
  always @(posedge clk_i) begin
    if (rst_i || table_end_o) beat_q <= {BeatBits{1'b0}};
    else if (table_beat) beat_q <= beat_q + {{(BeatBits - 1) {1'b0}}, 1'b1};
  end

  table_writer #(
      .BusBytes(BusBytes)
  ) u_writer (
      .clk_i     (clk_i),
      .rst_i     (rst_i),
      .asked_i   (ask),
      .room_o    (room),
      .done_o    (done),
      .in_valid_i(table_beat && !check_here_o),
      .in_data_i (rsp_data_i),
      .busy_o    (busy),
      .we_o      (table_we_o),
      .addr_o    (table_addr_o),
      .data_o    (table_data_o)
  );

  // ---- groups behind them ----
  // two cycles late: a group that ends right in front of a table has been counted, and none behind a table ends so soon
  reg [1:0] busy_q;
  reg [15:0] groups_loaded_q;
  always @(posedge clk_i) begin
    if (rst_i) begin
      busy_q <= 2'd0;
      groups_loaded_q <= 16'd0;
    end else begin
      busy_q <= {busy_q[0], busy};
      if (!busy_q[1]) groups_loaded_q <= groups_loaded_i;
    end
  end
  assign groups_loaded_o = groups_loaded_q;
endmodule

`default_nettype wire
