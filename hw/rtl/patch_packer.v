// Packs the kh x kw x C patches of a first layer densely into line-buffer words, so that C = 3 fills the multipliers.
// Runs beside the array: it reads line buffer 0 and writes line buffer 1. A patch row is a run of bytes of an image row. Two
// neighbouring words of each bank lie here at a time, so every cycle appends the bytes of one row of the patch, or with PatchRows = 2 of two
// where they leave less than a word behind. Patch pixel: ceil(patch / Bytes) words.
// Order of a patch: rows in groups of SrcBanks, which lie in different banks; of a group pieces of at most Bytes bytes of the run; of
// a piece one row behind the other. Four stages: what a piece is, addresses, and in patch_append bytes and words.
`default_nettype none

module patch_packer #(
    parameter PhaseW = 384,  // bits of a phase's words
    parameter Bytes = 16,  // bytes of a line-buffer word
    parameter PatchRows = 2,  // rows of a patch that a cycle may take, 1 or 2
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
    output reg               busy_o,

    // rows
    input  wire [     15:0] rows_there_i,
    output reg  [     15:0] rows_freed_o,     // whose words have been read, too
    input  wire [     15:0] dst_freed_i,
    input  wire [     15:0] dst_slots_i,
    input  wire [AddrW-1:0] dst_row_words_i,
    input  wire [AddrW-1:0] dst_last_i,
    output wire              row_written_o,

    // line buffer 0, data of all banks one cycle after the address, as row_address takes it
    output reg  [  BankW-1:0] src_bank_o,
    output reg  [  AddrW-1:0] src_addr_o,    // row in that bank and those above it
    output reg  [  AddrW-1:0] src_next_o,    // row in the banks below it
    output reg  [       19:0] src_offset_o,  // byte in the row
    input  wire [SrcBanks*Bytes*8-1:0] src_data_i,

    // line buffer 1
    output wire               dst_we_o,
    output wire [  BankW-1:0] dst_bank_o,
    output wire [  AddrW-1:0] dst_addr_o,
    output wire [Bytes*8-1:0] dst_data_o
);
  localparam ByteW = $clog2(Bytes);
  localparam IndexW = 17 - ByteW;  // signed word of a row
  localparam Banks = SrcBanks;
  localparam [BankW+1:0] AllBanks = Banks[BankW+1:0];
  localparam [9:0] OneWord = Bytes[9:0];
  localparam [9:0] TwoWords = {OneWord[8:0], 1'b0};
  localparam LastBank = SrcBanks - 1;
  localparam [BankW:0] OneRow = 1;
  localparam [1:0] Idle = 2'd0;
  localparam [1:0] Row = 2'd1;
  localparam [1:0] Run = 2'd2;
  localparam [1:0] Gap = 2'd3;

  generate
    if (Bytes < 2 || Bytes > 128 || (Bytes & (Bytes - 1)) != 0) begin : gen_bad_word
      firebrick_error_bytes_must_be_a_power_of_two_from_2_to_128 u_error ();
    end
    if (PatchRows != 1 && PatchRows != 2) begin : gen_bad_rows
      firebrick_error_patch_rows_must_be_1_or_2 u_error ();
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
  reg [16:0] win_row_q;                      // signed: first row of the patches
  reg [BankW-1:0] win_bank_q;
  reg [AddrW-1:0] win_addr_q;

  // ---- place in a patch: group of rows, piece of the run, row
  reg [7:0] group_ky_q;                      // first row of the group
  reg [AddrW-1:0] group_addr_q;              // where it lies in its bank
  reg [16:0] x_at_q, at_q;                   // signed byte in the row: of the patch, of the piece
  reg [16:0] x_behind_q, behind_q;           // bytes from there to the right edge, signed
  reg [7:0] left_q;                          // bytes of the run from there on
  reg [BankW-1:0] k_q;                       // row in the group
  reg [7:0] ky_q;                            // row in the patch
  reg [ByteW-1:0] fill_q;                    // bytes of a word that wait for more

  // ---- slots of rows
  function [BankW+AddrW-1:0] row_after;
    input [BankW-1:0] bank;
    input [AddrW-1:0] addr;
    input [BankW:0] rows;  // at most SrcBanks
    reg [BankW+1:0] sum;
    begin
      sum = {2'b00, bank} + {1'b0, rows};
      if (sum < AllBanks) row_after = {sum[BankW-1:0], addr};
      else row_after = {sum[BankW-1:0] - Banks[BankW-1:0],
                        (addr == cfg_last_bank) ? {AddrW{1'b0}} : addr + cfg_row_words};
    end
  endfunction
  wire [BankW-1:0] top_bank = (cfg_pt == 8'd0) ? {BankW{1'b0}} : Banks[BankW-1:0] - cfg_pt[BankW-1:0];
  wire [AddrW-1:0] group_addr = (state_q == Row) ? win_addr_q : group_addr_q;
  wire at_last = (state_q == Row) ? win_addr_q == cfg_last_bank : group_addr_q == cfg_last_bank;
  wire [AddrW-1:0] group_next = at_last ? {AddrW{1'b0}} : group_addr + cfg_row_words;
  wire [BankW-1:0] bank0, bank1;
  wire [AddrW-1:0] unused_addr0, unused_addr1;
  assign {bank0, unused_addr0} = row_after(win_bank_q, group_addr_q, {1'b0, k_q});
  assign {bank1, unused_addr1} = row_after(bank0, group_addr_q, OneRow);

  // ---- the piece, of one row or of two: what it is follows from the one before it, and stands in registers with its place
  reg [7:0] piece_take_q;                    // bytes of a row
  reg piece_last_q;                          // the run ends with it
  reg patch_row2_q;                          // the patch ends below the row behind its first
  reg group_row1_q, group_row2_q;            // the same for the first row of the group
  reg x_last_q;                              // the patch is the row's last
  reg piece_two_q;                           // two rows of it fit
  reg [9:0] one_q, both_q;                   // bytes of the word with one row, and with two
  wire [7:0] take = piece_take_q;
  wire two = piece_two_q;
  wire [9:0] total = piece_two_q ? both_q : one_q;
  wire full = total >= OneWord;
  reg rows_end_q, group_end_q, patch_end_q;  // it ends the rows of its group, the group, the patch
  wire [7:0] ky_after = ky_q + (piece_two_q ? 8'd2 : 8'd1);
  wire row_end = patch_end_q && x_last_q;
  wire flush = patch_end_q && total > OneWord;

  // ---- the next piece: of the rows below, of the run's next bytes, of the next group, of the next patch
  wire first = state_q == Row;               // of a row
  // the first piece of a patch: known from the phase
  reg [7:0] run_take;
  reg new_two, new_piece_last, new_rows_end, new_group_end, new_patch_end;
  wire whole_run = cfg_run <= OneWord[7:0];
  wire [7:0] most = whole_run ? cfg_run : OneWord[7:0];
  wire row_last = LastBank == 0 || cfg_kh == 8'd1;
  wire next_last = LastBank == 1 || cfg_kh == 8'd2;
  wire takes_two = PatchRows == 2 && !row_last && {1'b0, most, 1'b0} < TwoWords;
  always @(posedge clk_i) begin
    run_take <= most;
    new_two <= takes_two;
    new_piece_last <= whole_run;
    new_rows_end <= takes_two ? next_last : row_last;
    new_group_end <= (takes_two ? next_last : row_last) && whole_run;
    new_patch_end <= whole_run && cfg_kh == (takes_two ? 8'd2 : 8'd1);
  end
  // the next piece of this patch
  wire [8:0] run_left = {1'b0, left_q};      // with this piece, which is a whole word
  wire under_two = run_left[8:ByteW+1] == {(8 - ByteW) {1'b0}};
  wire [7:0] next_take = under_two ? {{(8 - ByteW) {1'b0}}, left_q[ByteW-1:0]} : OneWord[7:0];
  wire [7:0] take_next = group_end_q ? run_take : rows_end_q ? next_take : take;
  wire piece_last_next = group_end_q ? new_piece_last : rows_end_q ? under_two || run_left == TwoWords[8:0] : piece_last_q;
  wire [BankW-1:0] k_next = rows_end_q ? {BankW{1'b0}} :
      k_q + (two ? OneRow[BankW-1:0] + OneRow[BankW-1:0] : OneRow[BankW-1:0]);
  wire [7:0] rows_below = cfg_kh - ky_q;     // of the patch, from this piece's first row on
  wire again = rows_end_q && !piece_last_q;  // the group's rows once more
  wire patch_row1_next = again ? group_row1_q : two ? rows_below == 8'd3 : patch_row2_q;
  wire patch_row2_next = again ? group_row2_q : rows_below == (two ? 8'd4 : 8'd3);
  wire row_last_next = k_next == LastBank[BankW-1:0] || patch_row1_next;
  wire next_last_next = k_next + OneRow[BankW-1:0] == LastBank[BankW-1:0] || patch_row2_next;
  wire [9:0] fill_next = {{(10 - ByteW) {1'b0}}, total[ByteW-1:0]};
  wire [9:0] one_next = fill_next + {2'b00, take_next};
  wire [9:0] both_next = fill_next + {1'b0, take_next, 1'b0};
  wire two_next = PatchRows == 2 && !row_last_next && both_next < TwoWords;
  wire rows_end_next = two_next ? next_last_next : row_last_next;
  wire group_end_next = rows_end_next && piece_last_next;

  // ---- the two words: the one of the piece's first byte, held here, and the one that the banks show
  reg [IndexW-1:0] word_q;
  wire [IndexW-1:0] word = at_q[16:ByteW];
  reg there_q;                               // the piece's words are those two
  reg go_q;                                  // a piece is taken: its patch runs, and its words are there
  wire advance = go_q && word != word_q;
  wire [16:0] first_at = 17'd0 - {9'd0, cfg_pl};
  wire [IndexW-1:0] first_word = first_at[16:ByteW];
  wire [IndexW-1:0] show = (state_q == Row) ? first_word : (state_q == Gap) ? word_q + 1'b1 : there_q ? word + 1'b1 : word;
  always @(posedge clk_i) begin
    busy_o <= state_q != Idle;
    src_bank_o <= win_bank_q;
    src_addr_o <= group_addr;
    src_next_o <= group_next;
    src_offset_o <= {{3{show[IndexW-1]}}, show, {ByteW{1'b0}}};
  end

  wire [16:0] need = win_row_q + {9'd0, cfg_kh};
  wire rows_ready = rows_there_i >= cfg_in_rows || {1'b0, rows_there_i} >= need;
  reg [16:0] limit_q;                        // rows that the destination takes
  always @(posedge clk_i) limit_q <= {1'b0, dst_freed_i} + {1'b0, dst_slots_i};
  wire room = {1'b0, y_q} < limit_q;
  wire [16:0] x_after = x_at_q + {9'd0, cfg_sx};
  wire [16:0] first_behind = {1'b0, cfg_in_bytes} + {9'd0, cfg_pl};
  wire [16:0] behind_after = x_behind_q - {9'd0, cfg_sx};
  // of the next patch, if its first group has the rows of this one's last
  wire [IndexW-1:0] word_after = x_after[16:ByteW];
  wire near_after = group_addr_q == win_addr_q && (word_after == word || word_after == word + 1'b1);
  wire there_next = first || !there_q || !group_end_q || (patch_end_q && near_after);

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
      end
      Row: begin
        x_q <= 16'd0;
        x_last_q <= cfg_width == 16'd1;
        group_ky_q <= 8'd0;
        group_addr_q <= win_addr_q;
        x_at_q <= first_at;
        at_q <= first_at;
        x_behind_q <= first_behind;
        behind_q <= first_behind;
        left_q <= cfg_run;
        ky_q <= 8'd0;
        word_q <= first_word - 1'b1;
        if (rows_ready && room) state_q <= Run;
      end
      Run: word_q <= there_q ? word : word - 1'b1;
      // lets the last word of a patch leave before the next piece
      default: state_q <= Run;
    endcase
    if (go_q) begin
      ky_q <= ky_after;
      if (rows_end_q) begin
        ky_q <= group_ky_q;
        at_q <= at_q + {9'd0, take};
        behind_q <= behind_q - {9'd0, take};
        left_q <= left_q - take;
      end
      if (group_end_q) begin
        ky_q <= ky_after;
        group_ky_q <= ky_after;
        group_addr_q <= (group_addr_q == cfg_last_bank) ? {AddrW{1'b0}} : group_addr_q + cfg_row_words;
        at_q <= x_at_q;
        behind_q <= x_behind_q;
        left_q <= cfg_run;
      end
      if (patch_end_q) begin
        ky_q <= 8'd0;
        group_ky_q <= 8'd0;
        group_addr_q <= win_addr_q;
        x_q <= x_q + 16'd1;
        x_last_q <= x_q + 16'd2 == cfg_width;
        x_at_q <= x_after;
        at_q <= x_after;
        x_behind_q <= behind_after;
        behind_q <= behind_after;
      end
      if (flush) state_q <= Gap;
      if (row_end) begin
        y_q <= y_q + 16'd1;
        win_row_q <= win_row_q + {9'd0, cfg_sy};
        {win_bank_q, win_addr_q} <= row_after(win_bank_q, win_addr_q, cfg_sy[BankW:0]);
        done_q <= y_q == cfg_rows - 16'd1;
        state_q <= (y_q == cfg_rows - 16'd1) ? Idle : Row;
      end
    end
    if (rst_i) begin
      state_q <= Idle;
      done_q  <= 1'b0;
    end
  end
  // what the next piece is; a gap changes nothing
  always @(posedge clk_i) begin
    if (first || state_q == Run) there_q <= there_next;
    case (state_q)
      Idle: go_q <= 1'b0;
      Row: go_q <= rows_ready && room;
      Run: go_q <= !there_q || (there_next && !flush && !row_end);
      default: go_q <= there_q;
    endcase
    if (rst_i) go_q <= 1'b0;
    if (first || (go_q && patch_end_q)) begin
      fill_q <= {ByteW{1'b0}};
      k_q <= {BankW{1'b0}};
      piece_take_q <= run_take;
      piece_last_q <= new_piece_last;
      patch_row2_q <= cfg_kh == 8'd2;
      group_row1_q <= cfg_kh == 8'd1;
      group_row2_q <= cfg_kh == 8'd2;
      one_q <= {2'b00, run_take};
      both_q <= {1'b0, run_take, 1'b0};
      piece_two_q <= new_two;
      rows_end_q <= new_rows_end;
      group_end_q <= new_group_end;
      patch_end_q <= new_patch_end;
    end else if (go_q) begin
      fill_q <= total[ByteW-1:0];
      k_q <= k_next;
      piece_take_q <= take_next;
      piece_last_q <= piece_last_next;
      patch_row2_q <= patch_row2_next;
      if (group_end_q) begin
        group_row1_q <= patch_row1_next;
        group_row2_q <= patch_row2_next;
      end
      one_q <= one_next;
      both_q <= both_next;
      piece_two_q <= two_next;
      rows_end_q <= rows_end_next;
      group_end_q <= group_end_next;
      patch_end_q <= group_end_next && (two_next ? patch_row2_next : patch_row1_next);
    end
  end

  assign done_o = done_q;
  always @(posedge clk_i) rows_freed_o <= (start_i || win_row_q[16]) ? 16'd0 : win_row_q[15:0];

  // ---- stage 2: while the banks are asked for their words, where the piece lies in them
  wire [16:0] row0 = win_row_q + {9'd0, ky_q};
  wire [16:0] row1 = row0 + 17'd1;
  localparam [Bytes-1:0] Everything = {Bytes{1'b1}};
  // bytes of the two words that lie in front of the piece's first: those of the second word are in it; and of each word, whether none of
  // its bytes lie between the row's edges, whether all do, and which do if neither
  wire [ByteW-1:0] from = at_q[ByteW-1:0];
  wire [Bytes-1:0] second = ~(Everything << from);
  wire [16:0] edge_at = behind_q + {{(17 - ByteW) {1'b0}}, from};  // of the right edge in the words, signed
  wire [Bytes-1:0] below_edge = ~(Everything << edge_at[ByteW-1:0]);
  wire [IndexW-1:0] edge_word = edge_at[16:ByteW];
  wire [1:0] none = {(at_q[16] && !(&word)) || edge_at[16] || edge_word == {IndexW{1'b0}}, at_q[16] || edge_at[16]};
  wire [1:0] every = {edge_word != {{(IndexW - 1) {1'b0}}, 1'b1}, edge_word != {IndexW{1'b0}}};
  localparam PieceW = 13 + 2 * (ByteW + 2) + 2 * ByteW + 2 * BankW + 2 * Bytes;
  reg [PieceW-1:0] asked_q;
  always @(posedge clk_i)
    asked_q <= {
      go_q && !rst_i, advance, row0[16] || row0[15:0] >= cfg_in_rows, row1[16] || row1[15:0] >= cfg_in_rows,
      patch_end_q, row_end, x_q == 16'd0 && ky_q == 8'd0 && left_q == cfg_run, full, flush,
      one_q[ByteW+1:0], total[ByteW+1:0], from, fill_q, bank0, bank1, none, every, below_edge, second
    };

  patch_append #(
      .Bytes   (Bytes),
      .AddrW   (AddrW),
      .BankW   (BankW),
      .SrcBanks(SrcBanks),
      .DstBanks(DstBanks)
  ) u_append (
      .clk_i          (clk_i),
      .rst_i          (rst_i),
      .start_i        (state_q == Idle && start_i),
      .piece_i        (asked_q),
      .zero_i         (cfg_zero),
      .src_data_i     (src_data_i),
      .dst_row_words_i(dst_row_words_i),
      .dst_last_i     (dst_last_i),
      .row_written_o  (row_written_o),
      .dst_we_o       (dst_we_o),
      .dst_bank_o     (dst_bank_o),
      .dst_addr_o     (dst_addr_o),
      .dst_data_o     (dst_data_o)
  );
endmodule

`default_nettype wire
