// Where the taps of a row's steps lie in the source: row, column, byte offset. Each sum is one adder behind the choice of its operands.
// Depthwise steps are columns, which have no rows of their own.
`default_nettype none

module walk_taps #(
    parameter Pc      = 8,  // multipliers a lane
    parameter Columns = 1,  // of a depthwise window that a step may take, 1 or 2
    parameter AddrW = 10,  // bits of a line-buffer word address
    parameter BankW = 2    // bits of a bank number
) (
    input wire clk_i,

    // a row's first pixel comes next
    input wire rewind_i,
    // what begins with the next step, if this cycle advances to it: a group, a kernel's row or a group, a pixel, a column; and
    // of a row or group whether it is of another pixel, else whether it is in another column
    input wire advance_i,
    input wire group_i,
    input wire restart_i,
    input wire pixel_i,
    input wire column_i,
    input wire further_i,

    // fields of the phase
    input wire             depthwise_i,
    input wire             pairs_i,      // depthwise, two columns a step
    input wire             before_i,     // the first one of a row lies in front of the map
    input wire [      7:0] sx_i,
    input wire [      7:0] pad_left_i,
    input wire [     15:0] pad_bytes_i,
    input wire [     15:0] pitch_i,
    input wire [     15:0] col_step_i,
    input wire [  BankW:0] banks_i,
    input wire [AddrW-1:0] row_words_i,
    input wire [AddrW-1:0] last_bank_i,

    // the window's first row, and whether the next group takes the centre tap only
    input wire [BankW-1:0] win_bank_i,
    input wire [AddrW-1:0] win_addr_i,
    input wire [     16:0] win_row_i,
    input wire             next_centre_i,

    // the tap: slot of its row, row and column, byte in the row
    output reg [BankW-1:0] bank_o,
    output reg [AddrW-1:0] addr_o,
    output reg [     16:0] row_o,    // signed
    output reg [     16:0] col_o,    // signed
    output reg [     19:0] offset_o,

    // the second of two columns
    output wire [16:0] second_col_o,  // signed
    output wire [19:0] second_o
);
  generate
    if (Pc < 1 || Pc > 128) begin : gen_bad_multipliers
      firebrick_error_pc_must_be_1_to_128 u_error ();
    end
  endgenerate

  // ---- rows
  localparam [BankW:0] OneRow = 1;
  wire [BankW-1:0] after_bank;
  wire [AddrW-1:0] after_addr;
  row_slot #(
      .AddrW(AddrW),
      .BankW(BankW)
  ) u_after (
      .bank_i (group_i ? win_bank_i : bank_o),
      .addr_i (group_i ? win_addr_i : addr_o),
      .rows_i (OneRow),
      .banks_i(banks_i),
      .words_i(row_words_i),
      .last_i (last_bank_i),
      .bank_o (after_bank),
      .addr_o (after_addr)
  );
  wire stays = group_i && !next_centre_i;
  always @(posedge clk_i)
    if (advance_i && restart_i) begin
      {bank_o, addr_o} <= stays ? {win_bank_i, win_addr_i} : {after_bank, after_addr};
      row_o <= (group_i ? win_row_i : row_o) + {16'd0, !stays};
    end

  // ---- columns: of the pixel, of the one after it, and of the tap
  reg [16:0] col0_q, next_col0_q;
  reg [19:0] x_offset_q, next_x_offset_q, col_offset_q;
  wire pitch = restart_i ? group_i && next_centre_i : further_i;
  reg [15:0] column_pitch_q;  // fields of a phase are there before its first step
  always @(posedge clk_i) column_pitch_q <= pairs_i ? {pitch_i[14:0], 1'b0} : pitch_i;
  wire [16:0] first_col = depthwise_i ? {17{before_i}} : 17'd0 - {9'd0, pad_left_i};
  wire [19:0] before_offset = before_i ? 20'd0 - {4'd0, pitch_i} : 20'd0;
  wire [19:0] first_offset = depthwise_i ? before_offset : 20'd0 - {4'd0, pad_bytes_i};
  wire [7:0] col_step = depthwise_i ? 8'd0 : sx_i;
  wire [15:0] offset_step = depthwise_i ? 16'd0 : col_step_i;
  wire [16:0] from_col = !restart_i ? col_o : further_i ? next_col0_q : col0_q;
  wire [19:0] from_offset = restart_i ? (further_i ? next_x_offset_q : x_offset_q) : further_i ? col_offset_q : offset_o;
  wire [15:0] step = pitch ? column_pitch_q : restart_i ? 16'd0 : Pc[15:0];
  wire [19:0] offset = from_offset + {4'd0, step};
  always @(posedge clk_i) begin
    if (rewind_i) begin
      next_col0_q <= first_col;
      next_x_offset_q <= first_offset;
    end else if (advance_i && pixel_i) begin
      next_col0_q <= next_col0_q + {9'd0, col_step};
      next_x_offset_q <= next_x_offset_q + {4'd0, offset_step};
    end
    if (advance_i) begin
      if (pixel_i) begin
        col0_q <= next_col0_q;
        x_offset_q <= next_x_offset_q;
      end
      if (column_i) begin
        col_o <= from_col + {15'd0, pitch && pairs_i, pitch && !pairs_i};
        col_offset_q <= offset;
      end
      if (column_i || !depthwise_i) offset_o <= offset;
    end
  end

  // ---- the second of two columns, which a row begins with too
  generate
    if (Columns == 2) begin : gen_second
      reg [16:0] col_q;
      reg [19:0] offset_q;
      always @(posedge clk_i)
        if (advance_i && column_i) begin
          col_q <= restart_i ? {16'd0, !before_i} : col_q + 17'd2;
          offset_q <= restart_i ? (before_i ? 20'd0 : {4'd0, pitch_i}) : offset_q + {3'd0, pitch_i, 1'b0};
        end
      assign second_col_o = col_q;
      assign second_o = offset_q;
    end else begin : gen_no_second
      assign second_col_o = 17'd0;
      assign second_o = 20'd0;
    end
  endgenerate
endmodule

`default_nettype wire
