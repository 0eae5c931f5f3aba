// The host of an array on a board without a processor: program, weights and pictures in and classes out over bytes.
// In: 0x46, channels, pixels (16 bits), then the pixels' channels, int8: a picture, of the network's size; or 0x4c, bytes (32 bits), then
// the bytes: the model region, which the first picture needs. Any other byte in front of them is ignored. Numbers are little endian.
// Out: behind a picture 0x46, class (16 bits), score (int8), cycles (32 bits), or 0x45 and the registers of the error (its low 16 bits), of
// its place (16 bits) and of its address (32 bits); 0x4c behind a model.
// A byte goes to memory before the next one comes: a bit of the line has to last four cycles at least.
`default_nettype none

module array_host #(
    // bases of the regions
    parameter [31:0] Model = 32'h0,
    parameter [31:0] Picture = 32'h0,
    parameter [31:0] Result = 32'h0,
    parameter [31:0] Workspace = 32'h0,
    // the picture in its region: first byte, pixels a row, bytes from pixel to pixel and from row to row
    parameter [31:0] FirstByte = 32'd0,
    parameter [15:0] PixelsARow = 16'd1,
    parameter [31:0] PixelPitch = 32'd4,
    parameter [31:0] RowPitch = 32'd4,
    // the scores in theirs: the first, and how many
    parameter [31:0] FirstScore = 32'd0,
    parameter [15:0] Scores = 16'd1
) (
    input wire clk_i,
    input wire rst_i,

    // bytes in
    input wire       rx_valid_i,
    input wire [7:0] rx_data_i,

    // bytes out
    output wire       tx_valid_o,
    input  wire       tx_ready_i,
    output reg  [7:0] tx_data_o,

    // memory, a byte at a time: valid until done
    output wire        byte_valid_o,
    output wire        byte_write_o,
    output wire [31:0] byte_addr_o,
    output wire [ 7:0] byte_data_o,
    input  wire        byte_done_i,
    input  wire [ 7:0] byte_data_i,

    // registers: an AXI4-Lite master that is always ready for answers
    output wire [ 7:0] awaddr_o,
    output wire        awvalid_o,
    input  wire        awready_i,
    output reg  [31:0] wdata_o,
    output wire        wvalid_o,
    input  wire        wready_i,
    input  wire        bvalid_i,
    output wire [ 7:0] araddr_o,
    output wire        arvalid_o,
    input  wire        arready_i,
    input  wire [31:0] rdata_i,
    input  wire        rvalid_i,

    // lights
    output wire        idle_o,
    output wire [15:0] class_o
);
  localparam [7:0] PictureMark = 8'h46, ModelMark = 8'h4c, ErrorMark = 8'h45;
  localparam [3:0] Marked = 4'd0, Header = 4'd1, Bytes = 4'd2, Registers = 4'd3, Reading = 4'd4, Sending = 4'd5;
  // accesses of the registers, in order; a model needs the first alone
  localparam [3:0] Keep = 4'd0, Bases = 4'd1, Clear = 4'd5, Start = 4'd6, Done = 4'd7, Errors = 4'd8;
  localparam [3:0] Place = 4'd9, Word = 4'd10, KeepOn = 4'd11;
  localparam [7:0] ControlReg = 8'h00, ModelReg = 8'h10, PictureReg = 8'h1c, ResultReg = 8'h28, WorkspaceReg = 8'h34;
  localparam [7:0] CyclesReg = 8'h40, ErrorReg = 8'h60, KeepReg = 8'h68, PlaceReg = 8'h70, AddressReg = 8'h74;

  reg [3:0] state_q;
  reg model_q;  // not a picture
  reg [1:0] header_q;
  reg [31:0] left_q;  // header, then bytes to come, of the model; pixels to come
  reg [7:0] channels_q, channel_q;  // of a pixel less one; still to come less one
  reg [31:0] addr_q, pixel_q, row_q;
  reg [15:0] column_q;
  reg pending_q;  // a byte is on its way to memory
  reg [7:0] value_q;
  reg last_q;
  reg [3:0] step_q;
  reg [15:0] score_q, best_q;
  reg [7:0] best_score_q;
  reg [15:0] error_q, place_q;
  reg [31:0] word_q;  // cycles, or the address of an error
  wire failed = error_q != 16'd0;
  assign idle_o  = state_q == Marked;
  assign class_o = best_q;

  // ---- memory
  assign byte_valid_o = pending_q || state_q == Reading;
  assign byte_write_o = pending_q;
  assign byte_addr_o  = addr_q;
  assign byte_data_o  = value_q;
  wire channel_end = channel_q == 8'd0;
  wire row_end = column_q == PixelsARow - 16'd1;
  wire [31:0] next_row = row_q + RowPitch, next_pixel = row_end ? next_row : pixel_q + PixelPitch;

  // ---- registers: both channels of a write at once, the next access behind the answer
  reg aw_q, w_q, ar_q;  // still to be taken
  reg [7:0] reg_addr;
  wire reads = step_q >= Done && step_q <= Word;
  assign awaddr_o  = reg_addr;
  assign araddr_o  = reg_addr;
  assign awvalid_o = aw_q;
  assign wvalid_o  = w_q;
  assign arvalid_o = ar_q;
  always @* begin
    case (step_q)
      Bases: reg_addr = ModelReg;
      Bases + 4'd1: reg_addr = PictureReg;
      Bases + 4'd2: reg_addr = ResultReg;
      Bases + 4'd3: reg_addr = WorkspaceReg;
      Clear, Errors: reg_addr = ErrorReg;
      Start, Done: reg_addr = ControlReg;
      Place: reg_addr = PlaceReg;
      Word: reg_addr = failed ? AddressReg : CyclesReg;
      default: reg_addr = KeepReg;
    endcase
    case (step_q)
      Bases: wdata_o = Model;
      Bases + 4'd1: wdata_o = Picture;
      Bases + 4'd2: wdata_o = Result;
      Bases + 4'd3: wdata_o = Workspace;
      Clear: wdata_o = 32'hffffffff;
      Keep: wdata_o = 32'd0;
      default: wdata_o = 32'd1;
    endcase
  end
  wire answered = reads ? rvalid_i : bvalid_i;
  wire again = step_q == Done && !rdata_i[1];
  wire access_end = answered && !again && (step_q == KeepOn || step_q == Keep);

  always @(posedge clk_i) begin
    if (awready_i) aw_q <= 1'b0;
    if (wready_i) w_q <= 1'b0;
    if (arready_i) ar_q <= 1'b0;
    case (state_q)
      Marked: begin
        header_q <= 2'd0;
        last_q <= 1'b0;
        model_q <= rx_data_i == ModelMark;
        if (rx_valid_i && (rx_data_i == PictureMark || rx_data_i == ModelMark)) state_q <= Header;
      end
      Header:
      if (rx_valid_i) begin
        header_q <= header_q + 2'd1;
        left_q   <= {rx_data_i, left_q[31:8]};
        if (header_q == 2'd0) channels_q <= rx_data_i - 8'd1;
        if (model_q ? header_q == 2'd3 : header_q == 2'd2) begin
          state_q <= Bytes;
          if (!model_q) left_q <= {16'd0, rx_data_i, left_q[31:24]};
          channel_q <= channels_q;
          column_q <= 16'd0;
          addr_q <= model_q ? Model : Picture + FirstByte;
          pixel_q <= Picture + FirstByte;
          row_q <= Picture + FirstByte;
        end
      end
      Bytes: begin
        if (rx_valid_i) begin
          pending_q <= 1'b1;
          value_q <= rx_data_i;
          if (model_q || channel_end) left_q <= left_q - 32'd1;
          last_q <= (model_q || channel_end) && left_q == 32'd1;
        end
        if (byte_done_i) begin
          pending_q <= 1'b0;
          channel_q <= channel_end ? channels_q : channel_q - 8'd1;
          if (model_q || !channel_end) addr_q <= addr_q + 32'd1;
          else begin
            addr_q <= next_pixel;
            pixel_q <= next_pixel;
            if (row_end) row_q <= next_row;
            column_q <= row_end ? 16'd0 : column_q + 16'd1;
          end
          if (last_q) begin
            state_q <= Registers;
            step_q <= model_q ? Keep : Bases;
            aw_q <= 1'b1;
            w_q <= 1'b1;
          end
        end
      end
      Registers:
      if (answered) begin
        if (step_q == Errors) error_q <= rdata_i[15:0];
        if (step_q == Place) place_q <= rdata_i[15:0];
        if (step_q == Word) word_q <= rdata_i;
        if (access_end) begin
          state_q <= model_q ? Sending : Reading;
          addr_q <= Result + FirstScore;
          score_q <= 16'd0;
          best_q <= 16'd0;
          best_score_q <= 8'h80;
        end else begin
          if (!again) step_q <= step_q + 4'd1;
          ar_q <= again || (step_q >= Start && step_q < Word);
          aw_q <= step_q < Start || step_q == Word;
          w_q  <= step_q < Start || step_q == Word;
        end
      end
      Reading:
      if (byte_done_i) begin
        addr_q  <= addr_q + 32'd1;
        score_q <= score_q + 16'd1;
        if ($signed(byte_data_i) > $signed(best_score_q) || score_q == 16'd0) begin
          best_q <= score_q;
          best_score_q <= byte_data_i;
        end
        if (score_q == Scores - 16'd1) state_q <= Sending;
      end
      default: if (send_q == 4'd0 && sent_q) state_q <= Marked;
    endcase
    if (rst_i) begin
      state_q <= Marked;
      pending_q <= 1'b0;
      aw_q <= 1'b0;
      w_q <= 1'b0;
      ar_q <= 1'b0;
    end
  end

  // ---- answer
  reg [3:0] send_q;  // bytes still to send
  reg sent_q;
  assign tx_valid_o = send_q != 4'd0;
  always @(posedge clk_i) begin
    sent_q <= state_q == Sending;
    if (rst_i) send_q <= 4'd0;
    else if (state_q == Sending && !sent_q) send_q <= model_q ? 4'd1 : failed ? 4'd9 : 4'd8;
    else if (tx_valid_o && tx_ready_i) send_q <= send_q - 4'd1;
  end
  always @* begin
    case (send_q)
      4'd1: tx_data_o = model_q ? ModelMark : word_q[31:24];
      4'd2: tx_data_o = word_q[23:16];
      4'd3: tx_data_o = word_q[15:8];
      4'd4: tx_data_o = word_q[7:0];
      4'd5: tx_data_o = failed ? place_q[15:8] : best_score_q;
      4'd6: tx_data_o = failed ? place_q[7:0] : best_q[15:8];
      4'd7: tx_data_o = failed ? error_q[15:8] : best_q[7:0];
      4'd8: tx_data_o = failed ? error_q[7:0] : PictureMark;
      default: tx_data_o = ErrorMark;
    endcase
  end
endmodule

`default_nettype wire
