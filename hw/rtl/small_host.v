// Pictures in and results out over bytes. In: 0x46, channels, pixels (16 bits), then the pixels' channels; multi-byte
// numbers little endian. Out, eight bytes: 0x46, class (16 bits), score (int8), cycles (32 bits).
// Any other byte than 0x46 in front of a picture is ignored.
`default_nettype none

module small_host (
    input wire clk_i,
    input wire rst_i,

    // bytes in
    input wire       rx_valid_i,
    input wire [7:0] rx_data_i,

    // bytes out
    output wire       tx_valid_o,
    input  wire       tx_ready_i,
    output reg  [7:0] tx_data_o,

    // engine
    output wire        picture_valid_o,
    output wire [ 7:0] picture_data_o,
    output wire [ 1:0] picture_byte_o,
    output wire        picture_next_o,
    output reg         start_o,
    input  wire        idle_i,
    input  wire        done_i,
    input  wire [ 9:0] class_i,
    input  wire [ 7:0] score_i,
    input  wire [31:0] cycles_i
);
  localparam [7:0] Mark = 8'h46;
  localparam [2:0] Marked = 3'd0, Channels = 3'd1, Low = 3'd2, High = 3'd3, Pixels = 3'd4, Busy = 3'd5;

  reg [2:0] state_q;
  reg [7:0] channels_q, channel_q;  // of a pixel less one; still to come less one
  reg [15:0] pixels_q;
  reg [1:0] byte_q;
  reg started_q;
  wire channel_end = channel_q == 8'd0;

  assign picture_valid_o = rx_valid_i && state_q == Pixels;
  assign picture_data_o = rx_data_i;
  assign picture_byte_o = byte_q;
  assign picture_next_o = channel_end || byte_q == 2'd3;

  always @(posedge clk_i) begin
    if (rst_i) state_q <= Marked;
    else
      case (state_q)
        Marked: if (rx_valid_i && rx_data_i == Mark) state_q <= Channels;
        Channels: if (rx_valid_i) state_q <= Low;
        Low: if (rx_valid_i) state_q <= High;
        High: if (rx_valid_i) state_q <= Pixels;
        Pixels: if (rx_valid_i && channel_end && pixels_q == 16'd1) state_q <= Busy;
        default: if (done_i) state_q <= Marked;
      endcase
    start_o <= !rst_i && state_q == Busy && idle_i && !start_o && !started_q;
    if (state_q != Busy) started_q <= 1'b0;
    else if (start_o) started_q <= 1'b1;
    if (rx_valid_i) begin
      if (state_q == Channels) begin
        channels_q <= rx_data_i - 8'd1;
        channel_q <= rx_data_i - 8'd1;
        byte_q <= 2'd0;
      end
      if (state_q == Low) pixels_q[7:0] <= rx_data_i;
      if (state_q == High) pixels_q[15:8] <= rx_data_i;
      if (state_q == Pixels) begin
        channel_q <= channel_end ? channels_q : channel_q - 8'd1;
        byte_q <= channel_end ? 2'd0 : byte_q + 2'd1;
        if (channel_end) pixels_q <= pixels_q - 16'd1;
      end
    end
  end

  reg [3:0] send_q;  // bytes still to send
  assign tx_valid_o = send_q != 4'd0;
  always @(posedge clk_i) begin
    if (rst_i) send_q <= 4'd0;
    else if (done_i) send_q <= 4'd8;
    else if (tx_valid_o && tx_ready_i) send_q <= send_q - 4'd1;
  end
  always @* begin
    case (send_q[2:0])
      3'd0: tx_data_o = Mark;
      3'd7: tx_data_o = class_i[7:0];
      3'd6: tx_data_o = {6'd0, class_i[9:8]};
      3'd5: tx_data_o = score_i;
      3'd4: tx_data_o = cycles_i[7:0];
      3'd3: tx_data_o = cycles_i[15:8];
      3'd2: tx_data_o = cycles_i[23:16];
      default: tx_data_o = cycles_i[31:24];
    endcase
  end
endmodule

`default_nettype wire
