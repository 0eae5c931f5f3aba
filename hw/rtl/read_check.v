// Checks the program and every group record of weights while they are read: the CRC of their beats, whose own bits count as zero there,
// against the check that they hold. Bit 0 of the flags belongs to the program, bit 1 to records; no record comes before the program is here.
// Latency: one cycle.
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

    // pulses: the end came in the cycle before, and the check is wrong
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

  reg [15:0] crc_q;
  wire [15:0] crc;
  beat_crc #(
      .BusBytes(BusBytes)
  ) u_crc (
      .crc_i ((valid_i & first_i) != 2'd0 ? 16'hffff : crc_q),
      .data_i(data_i & ~own),
      .crc_o (crc)
  );

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
    if (valid_i != 2'd0) crc_q <= crc;
    if (in_header) check_q <= data_i[BusBytes*8-32+:16];
    else if (in_record) check_q <= record_check;
  end

  reg [1:0] end_q;
  always @(posedge clk_i) begin
    if (rst_i) end_q <= 2'd0;
    else end_q <= {end_i[1], valid_i[0] && end_i[0]};
  end
  wire wrong = crc_q != check_q;
  assign program_unsound_o = end_q[0] && wrong;
  assign record_unsound_o  = end_q[1] && wrong;
endmodule

`default_nettype wire
