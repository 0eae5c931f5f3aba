// Tables on their way to the memories behind the lanes: beats of the bus become bytes, one a cycle. Tables fill the eight slots
// in turn, from slot 0 at reset on.
// Latency: two cycles from a beat to its first byte.
`default_nettype none

module table_writer #(
    parameter BusBytes = 16  // bytes of a beat, 8 or 16
) (
    input wire clk_i,
    input wire rst_i,

    // tables asked for: a pulse each, while there is room; whether all of them are written
    input  wire asked_i,
    output wire room_o,
    output wire done_o,

    // their beats
    input wire                  in_valid_i,
    input wire [BusBytes*8-1:0] in_data_i,

    // high while a beat is here that the lanes do not have yet
    output wire busy_o,

    // to the memories of all lanes: slot, and value + 128
    output wire        we_o,
    output wire [10:0] addr_o,
    output wire [ 7:0] data_o
);
  localparam ByteBits = $clog2(BusBytes);
  localparam LastByte = BusBytes - 1;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  reg [ByteBits-1:0] byte_q;
  reg [10:0] next_q;
  reg [1:0] open_q;  // asked for and not yet written

  wire valid;
  wire [BusBytes*8-1:0] beat;
  wire unused_ready;  // there is room for all that was asked for
  wire [$clog2(512/BusBytes):0] unused_count;
  sync_fifo #(
      .Width(BusBytes * 8),
      .Depth(512 / BusBytes)
  ) u_beats (
      .clk_i      (clk_i),
      .rst_i      (rst_i),
      .clear_i    (1'b0),
      .in_valid_i (in_valid_i),
      .in_ready_o (unused_ready),
      .in_data_i  (in_data_i),
      .out_valid_o(valid),
      .out_ready_i(byte_q == LastByte[ByteBits-1:0]),
      .out_data_o (beat),
      .count_o    (unused_count)
  );

  wire table_end = valid && next_q[7:0] == 8'd255;

  always @(posedge clk_i) begin
    if (rst_i) begin
      byte_q <= {ByteBits{1'b0}};
      next_q <= 11'd0;
      open_q <= 2'd0;
    end else begin
      if (valid) begin
        byte_q <= byte_q + {{(ByteBits - 1) {1'b0}}, 1'b1};
        next_q <= next_q + 11'd1;
      end
      if (asked_i && !table_end) open_q <= open_q + 2'd1;
      if (table_end && !asked_i) open_q <= open_q - 2'd1;
    end
  end

  reg we_q;
  reg [10:0] addr_q;
  reg [7:0] data_q;
  always @(posedge clk_i) begin
    we_q   <= valid && !rst_i;
    addr_q <= next_q;
    data_q <= beat[{byte_q, 3'b000}+:8];
  end

  assign room_o = !open_q[1];
  assign done_o = open_q == 2'd0;
  assign busy_o = valid || we_q;
  assign we_o   = we_q;
  assign addr_o = addr_q;
  assign data_o = data_q;
endmodule

`default_nettype wire
