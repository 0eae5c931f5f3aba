// How far a phase of a block has come, and whether its next strip may be walked: all rows done, source rows there, room in the destination.
// These stand in registers. What concerns the strip behind the one that is walked is looked at while that is walked, so that it is
// there with the cycle behind its last; what others bring forward (source rows, room) is seen a cycle later.
`default_nettype none

module phase_progress #(
    parameter PhaseW = 384,  // bits of a phase's words
    parameter AddrW  = 10,   // bits of a line-buffer word address
    parameter BankW  = 2,    // bits of a bank number
    parameter Banks  = 4     // of the source's line buffer
) (
    input wire clk_i,

    // block and phase
    input wire              preparing_i,  // at the beginning of a block
    input wire              present_i,    // the block has the phase
    input wire [PhaseW-1:0] cfg_i,        // descriptor words of the phase
    input wire              pack_done_i,  // the packer has made it, if it is packed

    // the walk, if it is of this phase: its steps go on, their source rows do
    input wire walked_i,
    input wire reads_i,

    // ends of its rows, and where the row after one begins
    input wire             row_end_i,
    input wire             win_end_i,   // the source rows of a row are no longer needed
    input wire [BankW-1:0] win_bank_i,
    input wire [AddrW-1:0] win_addr_i,
    input wire [     16:0] win_row_i,
    input wire [BankW-1:0] dst_bank_i,
    input wire [AddrW-1:0] dst_addr_i,

    // source rows that are complete; destination rows that are no longer needed, slots for them
    input wire [15:0] rows_there_i,
    input wire [15:0] dst_freed_i,
    input wire [15:0] dst_slots_i,

    // fields of the phase
    output reg              pack_o,
    output wire [AddrW-1:0] row_words_o,
    output wire [     15:0] slots_o,
    output wire [AddrW-1:0] last_bank_o,

    // the next row: its number, its window's first row, its slots
    output reg [     15:0] y_o,
    output reg [     16:0] win_row_o,
    output reg [BankW-1:0] win_bank_o,
    output reg [AddrW-1:0] win_addr_o,
    output reg [BankW-1:0] dst_bank_o,
    output reg [AddrW-1:0] dst_addr_o,

    // all rows are made; source rows of the next strip are there, and room for its results
    output reg done_o,
    output reg there_o,
    output reg room_o
);
  generate
    if (Banks < 1 || Banks > (1 << BankW)) begin : gen_bad_banks
      firebrick_error_banks_must_be_at_least_1_and_fit_bank_w u_error ();
    end
  endgenerate

  wire [15:0] cfg_rows, cfg_in_rows, cfg_strip_rows;
  wire pack;
  wire [7:0] cfg_halo_rows, cfg_kh, cfg_pt;
  phase_choice_fields #(
      .AddrW(AddrW)
  ) u_fields (
      .words_i     (cfg_i),
      .pack_o      (pack),
      .halo_rows_o (cfg_halo_rows),
      .rows_o      (cfg_rows),
      .in_rows_o   (cfg_in_rows),
      .kh_o        (cfg_kh),
      .pad_top_o   (cfg_pt),
      .strip_rows_o(cfg_strip_rows),
      .row_words_o (row_words_o),
      .slots_o     (slots_o),
      .last_bank_o (last_bank_o)
  );
  localparam [BankW-1:0] AllBanks = Banks[BankW-1:0];
  wire [BankW-1:0] top_bank = (cfg_pt == 8'd0) ? {BankW{1'b0}} : AllBanks - cfg_pt[BankW-1:0];

  wire signed [16:0] need = (reads_i ? win_row_i : win_row_o) + {9'd0, cfg_kh};
  wire [15:0] next_y = y_o + 16'd1;
  reg last_q;  // it is the map's last
  reg [16:0] stop_q;   // behind the next strip's last row, if the map has as many
  reg [16:0] limit_q;  // rows that the destination takes
  // the strip behind this one: one row further, and never the block's first
  wire [16:0] stop = walked_i ? {1'b0, next_y} + {1'b0, cfg_strip_rows} : stop_q;

  always @(posedge clk_i) begin
    pack_o  <= pack;
    last_q  <= next_y == cfg_rows;
    limit_q <= {1'b0, dst_freed_i} + {1'b0, dst_slots_i};
    there_o <= rows_there_i >= cfg_in_rows || $signed({1'b0, rows_there_i}) >= need;
    room_o  <= !preparing_i && (stop <= limit_q || {1'b0, cfg_rows} <= limit_q);
    if (preparing_i) begin
      y_o <= 16'd0;
      done_o <= !present_i;
      stop_q <= {1'b0, cfg_strip_rows} + {9'd0, cfg_halo_rows};
      win_row_o <= 17'd0 - {9'd0, cfg_pt};
      win_bank_o <= top_bank;
      win_addr_o <= (cfg_pt == 8'd0) ? {AddrW{1'b0}} : last_bank_o;
      dst_bank_o <= {BankW{1'b0}};
      dst_addr_o <= {AddrW{1'b0}};
    end else begin
      if (win_end_i) begin
        win_row_o  <= win_row_i;
        win_bank_o <= win_bank_i;
        win_addr_o <= win_addr_i;
      end
      if (pack_o && pack_done_i) done_o <= 1'b1;
      if (row_end_i) begin
        y_o <= next_y;
        done_o <= last_q;
        stop_q <= stop;
        dst_bank_o <= dst_bank_i;
        dst_addr_o <= dst_addr_i;
      end
    end
  end
endmodule

`default_nettype wire
