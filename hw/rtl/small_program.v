// The small engine's program: 16 words of 32 bits a layer, of 16 layers at a time. The walker reads a move a cycle; a layer's
// constants are fetched once, before its first tile. Counts are less one.
`default_nettype none

module small_program (
    input wire clk_i,

    // from the loader: halves of words, the lower one first
    input wire        we_i,
    input wire [ 8:0] addr_i,
    input wire [15:0] data_i,

    // layer; its constants are there behind five cycles of fetch, which are counted from 0
    input wire [3:0] layer_i,
    input wire       fetch_i,
    input wire [2:0] fetch_cycle_i,

    // tile: they are counted down
    input  wire       tile_end_i,
    output wire       last_tile_o,
    output wire [3:0] groups_o,

    // what a move adds, one cycle behind it; not while constants are fetched
    input  wire [ 2:0] move_i,
    output wire [13:0] address_step_o,
    output wire [ 8:0] column_step_o,
    output wire [ 8:0] row_step_o,

    // constants: kernel and maps
    output wire [7:0] words_o,        // of a tap
    output wire [3:0] columns_o,      // of the kernel
    output wire [3:0] rows_o,
    output wire [7:0] out_columns_o,
    output wire [7:0] out_rows_o,
    output wire [7:0] last_column_o,  // of the source
    output wire [7:0] last_row_o,
    output wire [7:0] pitch_o,        // words of a result pixel, not less one

    // constants: values
    output wire [7:0] zero_in_o,   // zero points
    output wire [7:0] zero_out_o,
    output wire [7:0] min_o,
    output wire [7:0] max_o,
    output wire       final_o      // the last layer
);
  wire [31:0] instruction;
  wire [7:0] read_addr = {layer_i, fetch_i ? {2'b10, fetch_cycle_i[1:0]} : {1'b0, move_i}};
  ram_1r1w #(
      .Width(16),
      .Depth(256),
      .AddrW(8)
  ) u_low (
      .clk_i  (clk_i),
      .we_i   (we_i && !addr_i[0]),
      .waddr_i(addr_i[8:1]),
      .wdata_i(data_i),
      .raddr_i(read_addr),
      .rdata_o(instruction[15:0])
  );
  ram_1r1w #(
      .Width(16),
      .Depth(256),
      .AddrW(8)
  ) u_high (
      .clk_i  (clk_i),
      .we_i   (we_i && addr_i[0]),
      .waddr_i(addr_i[8:1]),
      .wdata_i(data_i),
      .raddr_i(read_addr),
      .rdata_o(instruction[31:16])
  );

  // moves: column and row with their sign in front
  small_move_fields u_move (
      .words_i      (instruction),
      .address_o    (address_step_o),
      .column_sign_o(column_step_o[8]),
      .row_sign_o   (row_step_o[8]),
      .column_o     (column_step_o[7:0]),
      .row_o        (row_step_o[7:0])
  );

  // constants, a word a cycle
  wire tiles_valid;
  wire [7:0] tiles;
  wire [3:0] groups, last_groups;
  small_constant_fields u_constants (
      .clk_i        (clk_i),
      .valid_i      (fetch_i && fetch_cycle_i != 3'd0),
      .word_i       (fetch_cycle_i[1:0] - 2'd1),
      .data_i       (instruction),
      .words_o      (words_o),
      .columns_o    (columns_o),
      .rows_o       (rows_o),
      .out_columns_o(out_columns_o),
      .out_rows_o   (out_rows_o),
      .last_column_o(last_column_o),
      .last_row_o   (last_row_o),
      .zero_in_o    (zero_in_o),
      .zero_out_o   (zero_out_o),
      .min_o        (min_o),
      .max_o        (max_o),
      .last_groups_o(last_groups),
      .groups_o     (groups),
      .pitch_o      (pitch_o),
      .final_o      (final_o),
      .tiles_valid_o(tiles_valid),
      .tiles_o      (tiles)
  );

  // tiles behind this one
  reg [7:0] tiles_q;
  always @(posedge clk_i) begin
    if (tiles_valid) tiles_q <= tiles;
    else if (tile_end_i) tiles_q <= tiles_q - 8'd1;
  end
  assign last_tile_o = tiles_q == 8'd0;
  assign groups_o = last_tile_o ? last_groups : groups;
endmodule

`default_nettype wire
