// Checks the program and every group record of weights while they are read: the CRC of their beats, whose own bits count as zero there,
// against the check that they hold. Bit 0 of the flags belongs to the program, bit 1 to records; no record comes before the program is here.
// Latency: three cycles, for the beat without its own bits, for what it adds to the CRC, and for the CRC.
`default_nettype none

module read_check #(
    parameter BusBytes = 16  // bytes of a beat, 8 or 16
) (
    input wire clk_i,
    input wire rst_i,

    // a beat, and what it is: the first, one that holds the check or a part of it, the last; a record may end behind its last beat
    input wire [           1:0] valid_i,
    input wire [           1:0] first_i,
    input wire [           1:0] here_i,
    input wire [           1:0] end_i,
    input wire [BusBytes*8-1:0] data_i,

    // pulses: the end came three cycles before, and the check is wrong
    output wire program_unsound_o,
    output wire record_unsound_o
);
  localparam Lanes = BusBytes / 4;  // words of a beat
  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
  endgenerate

  wire in_header = valid_i[0] && here_i[0];
  wire in_record = valid_i[1] && here_i[1];

  // the header's check lies in the low half of its last word, a record's in four bits of each lane's shift word
  localparam [31:0] RecordBits = 32'h000020e0;
  localparam [BusBytes*8-1:0] HeaderMask = {32'h0000ffff, {BusBytes * 8 - 32{1'b0}}};
  wire [BusBytes*8-1:0] own = in_header ? HeaderMask : in_record ? {Lanes{RecordBits}} : {BusBytes * 8{1'b0}};
  wire [4*Lanes-1:0] nibbles;
  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : gen_lane
      assign nibbles[l*4+:4] = {data_i[l*32+13], data_i[l*32+5+:3]};
    end
  endgenerate

  // ---- the beat, and the check as far as it is known with it
  reg [BusBytes*8-1:0] data_q;
  reg [15:0] check_q;
  wire [15:0] record_check;
  generate
    // the lanes of a record come in one beat, or in two, the low ones first
    if (Lanes == 4) begin : gen_whole
      assign record_check = nibbles;
    end else begin : gen_halves
      assign record_check = {nibbles, check_q[15:8]};
    end
  endgenerate
  always @(posedge clk_i) begin
    data_q <= data_i & ~own;
    if (in_header) check_q <= data_i[BusBytes*8-32+:16];
    else if (in_record) check_q <= record_check;
  end

  // ---- what it adds
  wire [15:0] added;
  reg [15:0] added_q, check_q2;
  beat_crc #(
      .BusBytes(BusBytes)
  ) u_added (
      .crc_i (16'd0),
      .data_i(data_q),
      .crc_o (added)
  );
  always @(posedge clk_i) {added_q, check_q2} <= {added, check_q};

  // ---- the CRC
  reg valid_q, valid_q2, first_q, first_q2;
  reg [1:0] end_q, end_q2, end_q3;
  reg [15:0] crc_q, check_q3;
  wire [15:0] moved;
  beat_crc #(
      .BusBytes(BusBytes)
  ) u_moved (
      .crc_i (first_q2 ? 16'hffff : crc_q),
      .data_i({BusBytes * 8{1'b0}}),
      .crc_o (moved)
  );
  always @(posedge clk_i) begin
    {valid_q, first_q} <= {valid_i != 2'd0, (valid_i & first_i) != 2'd0};
    {valid_q2, first_q2} <= {valid_q, first_q};
    check_q3 <= check_q2;
    if (valid_q2) crc_q <= moved ^ added_q;
    if (rst_i) {end_q, end_q2, end_q3} <= 6'd0;
    else {end_q, end_q2, end_q3} <= {end_i[1], valid_i[0] && end_i[0], end_q, end_q2};
  end
  wire wrong = crc_q != check_q3;
  assign program_unsound_o = end_q3[0] && wrong;
  assign record_unsound_o  = end_q3[1] && wrong;
endmodule

`default_nettype wire
