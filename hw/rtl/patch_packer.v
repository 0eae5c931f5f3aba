// Packs the kh x kw x C patches of a first layer densely into line-buffer words, so that C = 3 fills the multipliers.
// A patch row is a run of bytes of an image row; every cycle takes the part of a run that lies in one word (or padding) and
// appends it. Runs beside the array: it reads line buffer 0 and writes line buffer 1. Patch pixel: ceil(patch / Bytes) words.
`default_nettype none

module patch_packer #(
    parameter PhaseW = 384,  // bits of a phase's words
    parameter Bytes = 16,  // bytes of a line-buffer word
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2,   // bits of a bank number
    parameter SrcBanks = 4,
    parameter DstBanks = 1
) (
    input wire clk_i,
    input wire rst_i,

    // phase: descriptor words, counted in bytes; stable until done
    input  wire              start_i,
    input  wire [PhaseW-1:0] cfg_i,
    output wire              done_o,
    output wire              busy_o,

    // rows
    input  wire [     15:0] rows_there_i,
    output wire [     15:0] rows_freed_o,
    input  wire [     15:0] dst_freed_i,
    input  wire [     15:0] dst_slots_i,
    input  wire [AddrW-1:0] dst_row_words_i,
    input  wire [AddrW-1:0] dst_last_i,
    output reg              row_written_o,

    // line buffer 0, data one cycle after the address
    output wire [  AddrW-1:0] src_addr_o,
    input  wire [SrcBanks*Bytes*8-1:0] src_data_i,  // all banks at that address

    // line buffer 1
    output reg                dst_we_o,
    output reg  [  BankW-1:0] dst_bank_o,
    output reg  [  AddrW-1:0] dst_addr_o,
    output reg  [Bytes*8-1:0] dst_data_o
);
  localparam ByteW = $clog2(Bytes);
  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Row = 2'd1;
  localparam [1:0] Run = 2'd2;
  localparam [1:0] Gap = 2'd3;

  generate
    if (Bytes < 2 || Bytes > 128 || (Bytes & (Bytes - 1)) != 0) begin : gen_bad_word
      firebrick_error_bytes_must_be_a_power_of_two_from_2_to_128 u_error ();
    end
    if (SrcBanks < 1 || DstBanks < 1 || SrcBanks > (1 << BankW) || DstBanks > (1 << BankW)) begin : gen_bad_banks
      firebrick_error_bank_w_must_reach_src_banks_and_dst_banks u_error ();
    end
    if (AddrW + ByteW > 20) begin : gen_bad_depth
      firebrick_error_addr_w_must_not_reach_beyond_1_mib u_error ();
    end
  endgenerate

  wire [15:0] cfg_rows, cfg_width, cfg_in_rows, cfg_in_bytes;
  wire [7:0] cfg_kh, cfg_run, cfg_sy, cfg_sx, cfg_pt, cfg_pl, cfg_zero;
  wire [AddrW-1:0] cfg_row_words, cfg_last_bank;
  patch_packer_fields #(
      .AddrW(AddrW)
  ) u_fields (
      .words_i    (cfg_i),
      .rows_o     (cfg_rows),
      .width_o    (cfg_width),
      .in_rows_o  (cfg_in_rows),
      .in_width_o (cfg_in_bytes),
      .kh_o       (cfg_kh),
      .kw_o       (cfg_run),
      .sy_o       (cfg_sy),
      .sx_o       (cfg_sx),
      .pad_top_o  (cfg_pt),
      .pad_left_o (cfg_pl),
      .zero_o     (cfg_zero),
      .row_words_o(cfg_row_words),
      .last_bank_o(cfg_last_bank)
  );

  reg [1:0] state_q;
  reg done_q;
  reg [15:0] y_q, x_q;
  reg [7:0] ky_q, left_q;       // row of the patch, bytes left of its run
  reg [16:0] win_row_q, row_q;  // signed
  reg [16:0] x_at_q, at_q;      // signed byte in the row: of the patch, of the next piece
  reg [BankW-1:0] win_bank_q, row_bank_q, piece_bank_q;
  reg [AddrW-1:0] win_addr_q, row_addr_q;
  reg [BankW-1:0] dst_bank_q;
  reg [AddrW-1:0] dst_row_q;

  // ---- slots of rows
  function [BankW+AddrW-1:0] row_after;
    input [BankW-1:0] bank;
    input [AddrW-1:0] addr;
    input [BankW:0] rows;  // at most SrcBanks
    reg [BankW+1:0] sum;
    begin
      sum = {2'b00, bank} + {1'b0, rows};
      if (sum < SrcBanks) row_after = {sum[BankW-1:0], addr};
      else row_after = {sum[BankW-1:0] - Banks[BankW-1:0],
                        (addr == cfg_last_bank) ? {AddrW{1'b0}} : addr + cfg_row_words};
    end
  endfunction
  localparam Banks = SrcBanks;
  localparam [BankW:0] OneRow = 1;
  localparam LastDstBank = DstBanks - 1;
  wire [BankW-1:0] top_bank = (cfg_pt == 8'd0) ? {BankW{1'b0}} : Banks[BankW-1:0] - cfg_pt[BankW-1:0];

  // ---- the piece: bytes of the run that one word, or padding, gives
  wire row_outside = row_q[16] || row_q[15:0] >= cfg_in_rows;
  wire left_of = at_q[16];
  wire right_of = !left_of && at_q[15:0] >= cfg_in_bytes;
  wire pad = row_outside || left_of || right_of;
  wire [16:0] to_edge = left_of ? 17'd0 - at_q : {1'b0, cfg_in_bytes} - at_q;
  wire [7:0] to_word = Bytes[7:0] - (pad ? 8'd0 : {{(8 - ByteW) {1'b0}}, at_q[ByteW-1:0]});
  wire [7:0] most = (left_q < to_word) ? left_q : to_word;
  wire [7:0] take = (!row_outside && !right_of && {9'd0, most} > to_edge) ? to_edge[7:0] : most;
  wire run_end = take == left_q;
  wire patch_end = run_end && ky_q == cfg_kh - 8'd1;
  wire row_end = patch_end && x_q == cfg_width - 16'd1;

  wire [16:0] need = win_row_q + {9'd0, cfg_kh};
  wire rows_ready = rows_there_i >= cfg_in_rows || {1'b0, rows_there_i} >= need;
  wire dst_bank_end = dst_bank_q == LastDstBank[BankW-1:0];
  wire room = {1'b0, y_q} < {1'b0, dst_freed_i} + {1'b0, dst_slots_i};

  always @(posedge clk_i) begin
    case (state_q)
      Idle:
      if (start_i) begin
        state_q <= Row;
        done_q <= 1'b0;
        y_q <= 16'd0;
        win_row_q <= 17'd0 - {9'd0, cfg_pt};
        win_bank_q <= top_bank;
        win_addr_q <= (cfg_pt == 8'd0) ? {AddrW{1'b0}} : cfg_last_bank;
        dst_bank_q <= {BankW{1'b0}};
        dst_row_q <= {AddrW{1'b0}};
      end
      Row: begin
        x_q <= 16'd0;
        ky_q <= 8'd0;
        left_q <= cfg_run;
        x_at_q <= 17'd0 - {9'd0, cfg_pl};
        at_q <= 17'd0 - {9'd0, cfg_pl};
        row_q <= win_row_q;
        row_bank_q <= win_bank_q;
        row_addr_q <= win_addr_q;
        if (rows_ready && room) state_q <= Run;
      end
      Run: begin
        left_q <= run_end ? cfg_run : left_q - take;
        at_q   <= run_end ? x_at_q : at_q + {9'd0, take};
        if (run_end) begin
          ky_q  <= ky_q + 8'd1;
          row_q <= row_q + 17'd1;
          {row_bank_q, row_addr_q} <= row_after(row_bank_q, row_addr_q, OneRow);
        end
        if (patch_end) begin
          ky_q <= 8'd0;
          x_q <= x_q + 16'd1;
          x_at_q <= x_at_q + {9'd0, cfg_sx};
          at_q <= x_at_q + {9'd0, cfg_sx};
          row_q <= win_row_q;
          row_bank_q <= win_bank_q;
          row_addr_q <= win_addr_q;
          if (cfg_run >= Bytes[7:0]) state_q <= Gap;
        end
        if (row_end) begin
          y_q <= y_q + 16'd1;
          win_row_q <= win_row_q + {9'd0, cfg_sy};
          {win_bank_q, win_addr_q} <= row_after(win_bank_q, win_addr_q, cfg_sy[BankW:0]);
          dst_bank_q <= dst_bank_end ? {BankW{1'b0}} : dst_bank_q + OneRow[BankW-1:0];
          if (dst_bank_end) dst_row_q <= (dst_row_q == dst_last_i) ? {AddrW{1'b0}} : dst_row_q + dst_row_words_i;
          done_q <= y_q == cfg_rows - 16'd1;
          state_q <= (y_q == cfg_rows - 16'd1) ? Idle : Row;
        end
      end
      // lets the last word of a long patch leave before the next piece
      default: state_q <= Run;
    endcase
    if (rst_i) begin
      state_q <= Idle;
      done_q  <= 1'b0;
    end
  end
  assign done_o = done_q;
  assign busy_o = state_q != Idle;
  assign rows_freed_o = win_row_q[16] ? 16'd0 : win_row_q[15:0];
  wire [19:0] offset = {3'd0, at_q};  // as row_address takes it
  assign src_addr_o = row_addr_q + offset[ByteW+:AddrW];
  wire unused_offset = &{1'b0, offset};

  // ---- piece on its way through the memory
  reg piece_q, piece_pad_q, piece_end_q, piece_row_end_q, piece_row_first_q;
  reg [7:0] piece_bytes_q;
  reg [ByteW-1:0] piece_at_q;
  reg [BankW-1:0] piece_dst_bank_q;
  reg [AddrW-1:0] piece_dst_q;
  always @(posedge clk_i) begin
    piece_q <= state_q == Run;
    piece_pad_q <= pad;
    piece_bank_q <= row_bank_q;
    piece_end_q <= patch_end;
    piece_row_end_q <= row_end;
    piece_row_first_q <= x_q == 16'd0 && ky_q == 8'd0 && left_q == cfg_run;
    piece_bytes_q <= take;
    piece_at_q <= at_q[ByteW-1:0];
    piece_dst_bank_q <= dst_bank_q;
    piece_dst_q <= dst_row_q;
    if (rst_i) piece_q <= 1'b0;
  end

  // ---- append
  reg [ByteW-1:0] fill_q;
  reg [Bytes*8-1:0] rest_q;  // bytes collected; zero above fill
  reg flush_q, flush_row_end_q;
  reg [AddrW-1:0] word_q;    // where the next word goes
  wire [Bytes*8-1:0] src_word = src_data_i[piece_bank_q*Bytes*8+:Bytes*8];
  wire [Bytes*8-1:0] source = piece_pad_q ? {Bytes{cfg_zero}} : src_word >> {piece_at_q, 3'b000};
  wire [Bytes*8-1:0] keep = ~({Bytes * 8{1'b1}} << {piece_bytes_q, 3'b000});
  wire [ByteW-1:0] fill = flush_q ? {ByteW{1'b0}} : fill_q;
  wire [2*Bytes*8-1:0] old = {{Bytes * 8{1'b0}}, flush_q ? {Bytes * 8{1'b0}} : rest_q};
  wire [2*Bytes*8-1:0] joined = old | ({{Bytes * 8{1'b0}}, source & keep} << {fill, 3'b000});
  wire [8:0] total = {{(9 - ByteW) {1'b0}}, fill} + {1'b0, piece_bytes_q};
  wire full = total >= Bytes[8:0];
  wire remainder = total != Bytes[8:0];
  wire [AddrW-1:0] word = piece_row_first_q ? piece_dst_q : word_q;
  wire emit = piece_q && (full || piece_end_q);

  always @(posedge clk_i) begin
    flush_q <= 1'b0;
    flush_row_end_q <= 1'b0;
    dst_we_o <= 1'b0;
    row_written_o <= 1'b0;
    if (flush_q) begin
      dst_we_o <= 1'b1;
      dst_addr_o <= word_q;
      dst_data_o <= rest_q;
      word_q <= word_q + 1'b1;
      fill_q <= {ByteW{1'b0}};
      rest_q <= {Bytes * 8{1'b0}};
      row_written_o <= flush_row_end_q;
    end
    if (piece_q) begin
      fill_q <= (emit && piece_end_q && !(full && remainder)) ? {ByteW{1'b0}} : total[ByteW-1:0];
      rest_q <= !emit ? joined[Bytes*8-1:0] : joined[2*Bytes*8-1:Bytes*8];
      if (emit) begin
        dst_we_o <= 1'b1;
        dst_bank_o <= piece_dst_bank_q;
        dst_addr_o <= word;
        dst_data_o <= joined[Bytes*8-1:0];
        word_q <= word + 1'b1;
        flush_q <= piece_end_q && full && remainder;
        flush_row_end_q <= piece_row_end_q && full && remainder;
        row_written_o <= piece_row_end_q && !(full && remainder);
      end else if (piece_row_first_q) word_q <= piece_dst_q;
    end
    if (rst_i) begin
      flush_q <= 1'b0;
      flush_row_end_q <= 1'b0;
      dst_we_o <= 1'b0;
      row_written_o <= 1'b0;
      fill_q <= {ByteW{1'b0}};
      rest_q <= {Bytes * 8{1'b0}};
    end
  end
endmodule

`default_nettype wire
