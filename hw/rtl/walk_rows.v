// The rows of a strip: which one is walked, where its window and its results lie, and whether what it needs is there. Where the row after
// it lies stands in registers; that its source rows have come is seen a cycle later, those of a strip's first row are there.
`default_nettype none

module walk_rows #(
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2    // bits of a bank number
) (
    input wire clk_i,

    // the walk: none, or a row waits; its step is the last, and goes
    input wire idle_i,
    input wire row_i,
    input wire row_end_i,
    input wire row_go_i,

    // fields of the phase
    input wire [     15:0] rows_i,
    input wire [     15:0] in_rows_i,
    input wire [     15:0] strip_rows_i,
    input wire [      7:0] halo_rows_i,
    input wire [      7:0] sy_i,
    input wire [      8:0] need_step_i,
    input wire [AddrW-1:0] row_words_i,
    input wire [AddrW-1:0] last_bank_i,

    // the strip's first row, source and destination
    input wire [     15:0] y_i,
    input wire [  BankW:0] src_banks_i,
    input wire [BankW-1:0] win_bank_i,
    input wire [AddrW-1:0] win_addr_i,
    input wire [     16:0] win_row_i,
    input wire [  BankW:0] dst_banks_i,
    input wire [BankW-1:0] dst_bank_i,
    input wire [AddrW-1:0] dst_addr_i,
    input wire [AddrW-1:0] dst_row_words_i,
    input wire [AddrW-1:0] dst_last_i,

    // what has come
    input wire [15:0] rows_there_i,
    input wire        residual_i,
    input wire [15:0] residual_rows_i,

    // what the row needs is there: in the next cycle, in this one
    output wire rows_next_o,
    output reg  rows_o,

    // the row, and the one after it
    output reg             tile_end_o,  // it is a tile's last
    output reg [     15:0] y_o,
    output reg [BankW-1:0] win_bank_o,
    output reg [AddrW-1:0] win_addr_o,
    output reg [     16:0] win_row_o,   // signed
    output reg [BankW-1:0] dst_bank_o,
    output reg [AddrW-1:0] dst_addr_o,
    output reg [BankW-1:0] win_bank_next_o,
    output reg [AddrW-1:0] win_addr_next_o,
    output reg [     16:0] win_row_next_o,
    output reg [BankW-1:0] dst_bank_next_o,
    output reg [AddrW-1:0] dst_addr_next_o
);
  generate
    if (AddrW < 1 || BankW < 1) begin : gen_bad_widths
      firebrick_error_addr_w_and_bank_w_must_be_at_least_1 u_error ();
    end
  endgenerate

  wire run = !idle_i && !row_i;
  reg begin_q;         // the row is a tile's first
  reg [15:0] y_left_q;  // rows of the strip from this one on

  // a block's first strip is longer, by the rows of a later phase's window that lie ahead of it
  reg [15:0] rows_left_q;
  reg first_rows_q;
  wire [15:0] strip_rows = strip_rows_i + (first_rows_q ? {8'd0, halo_rows_i} : 16'd0);
  wire [15:0] rows_here = (rows_left_q < strip_rows) ? rows_left_q : strip_rows;
  always @(posedge clk_i) begin
    rows_left_q  <= rows_i - y_i;
    first_rows_q <= y_i == 16'd0;
    if (idle_i || (row_go_i && tile_end_o)) begin
      begin_q <= 1'b1;
      y_o <= y_i;
      win_bank_o <= win_bank_i;
      win_addr_o <= win_addr_i;
      win_row_o <= win_row_i;
      dst_bank_o <= dst_bank_i;
      dst_addr_o <= dst_addr_i;
    end else if (row_go_i) begin
      y_o <= y_o + 16'd1;
      y_left_q <= y_left_q - 16'd1;
      tile_end_o <= y_left_q == 16'd2;
      win_bank_o <= win_bank_next_o;
      win_addr_o <= win_addr_next_o;
      win_row_o <= win_row_next_o;
      dst_bank_o <= dst_bank_next_o;
      dst_addr_o <= dst_addr_next_o;
    end
    if (row_i && begin_q) begin
      y_left_q <= rows_here;
      tile_end_o <= rows_left_q == 16'd1 || strip_rows == 16'd1;
      begin_q <= !rows_o;
    end
  end

  // ---- what a row needs: of the next one it is known with this one's last step, unless that is its only one
  reg  [16:0] need_q;      // signed: source rows up to the window's last
  reg  [15:0] residual_q;  // row of another map
  reg         ahead_q;     // they are of the next row
  wire [15:0] residual_row = idle_i ? y_i : residual_q;
  wire source_there = begin_q || rows_there_i >= in_rows_i || $signed({1'b0, rows_there_i}) >= $signed(need_q);
  wire residual_there = !residual_i || residual_rows_i > residual_row;
  assign rows_next_o = (run && row_end_i && tile_end_o) || (source_there && residual_there && (!run || ahead_q));
  always @(posedge clk_i) begin
    ahead_q <= run;
    rows_o  <= rows_next_o;
    if (run) begin
      need_q <= win_row_o + {8'd0, need_step_i};
      residual_q <= y_o + 16'd1;
    end else residual_q <= residual_row;
  end

  // ---- slots of the row after this one
  localparam [BankW:0] OneRow = 1;
  wire [BankW-1:0] win_after_bank, dst_after_bank;
  wire [AddrW-1:0] win_after_addr, dst_after_addr;
  row_slot #(
      .AddrW(AddrW),
      .BankW(BankW)
  ) u_window (
      .bank_i (win_bank_o),
      .addr_i (win_addr_o),
      .rows_i (sy_i[BankW:0]),
      .banks_i(src_banks_i),
      .words_i(row_words_i),
      .last_i (last_bank_i),
      .bank_o (win_after_bank),
      .addr_o (win_after_addr)
  );
  row_slot #(
      .AddrW(AddrW),
      .BankW(BankW)
  ) u_destination (
      .bank_i (dst_bank_o),
      .addr_i (dst_addr_o),
      .rows_i (OneRow),
      .banks_i(dst_banks_i),
      .words_i(dst_row_words_i),
      .last_i (dst_last_i),
      .bank_o (dst_after_bank),
      .addr_o (dst_after_addr)
  );
  always @(posedge clk_i) begin
    {win_bank_next_o, win_addr_next_o} <= {win_after_bank, win_after_addr};
    win_row_next_o <= win_row_o + {9'd0, sy_i};
    {dst_bank_next_o, dst_addr_next_o} <= {dst_after_bank, dst_after_addr};
  end
endmodule

`default_nettype wire
