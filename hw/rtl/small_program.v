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

  // moves
  assign address_step_o = instruction[13:0];
  assign column_step_o = {instruction[14], instruction[23:16]};
  assign row_step_o = {instruction[15], instruction[31:24]};

  // constants, a word a cycle
  reg [7:0] words_q, out_columns_q, out_rows_q, last_column_q, last_row_q, zero_in_q, zero_out_q, min_q, max_q, pitch_q;
  reg [3:0] columns_q, rows_q, groups_q, last_groups_q;
  reg final_q;
  always @(posedge clk_i) begin
    if (fetch_i)
      case (fetch_cycle_i)
        3'd1: {out_rows_q, out_columns_q, rows_q, columns_q, words_q} <= instruction;
        3'd2: {zero_out_q, zero_in_q, last_row_q, last_column_q} <= instruction;
        3'd3: {groups_q, last_groups_q, max_q, min_q} <= {instruction[31:24], instruction[15:0]};
        3'd4: {final_q, pitch_q} <= {instruction[15], instruction[7:0]};
        default: ;
      endcase
  end
  assign words_o = words_q;
  assign columns_o = columns_q;
  assign rows_o = rows_q;
  assign out_columns_o = out_columns_q;
  assign out_rows_o = out_rows_q;
  assign last_column_o = last_column_q;
  assign last_row_o = last_row_q;
  assign pitch_o = pitch_q;
  assign zero_in_o = zero_in_q;
  assign zero_out_o = zero_out_q;
  assign min_o = min_q;
  assign max_o = max_q;
  assign final_o = final_q;

  // tiles behind this one
  reg [7:0] tiles_q;
  always @(posedge clk_i) begin
    if (fetch_i && fetch_cycle_i == 3'd3) tiles_q <= instruction[23:16];
    else if (tile_end_i) tiles_q <= tiles_q - 8'd1;
  end
  assign last_tile_o = tiles_q == 8'd0;
  assign groups_o = last_tile_o ? last_groups_q : groups_q;
endmodule

`default_nettype wire
