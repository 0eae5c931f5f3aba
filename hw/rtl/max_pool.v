// Max pool of the results on their way to memory: windows of 2 x 2 or 3 x 3, stride 2, clipped at bottom and right.
// One register file holds the running maximum of a row's open window for each channel group, one memory the
// maxima of the rows above. Blocks without a pool pass. Two cycles; every result leaves as one or as drop_o.
`default_nettype none

module max_pool #(
    parameter BusBytes  = 16,
    parameter MaxBlocks = 32,
    parameter Pk        = 8,
    parameter Groups    = 16,   // channel groups of the widest pooled map
    parameter Depth     = 512,  // pooled pixels of a row times groups, the largest
    parameter TokenW    = 16    // bits that accompany a result
) (
    input wire clk_i,
    input wire rst_i,

    // program
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,

    // results; the constants of their block are looked up
    input wire              valid_i,
    input wire [       7:0] block_i,
    input wire [      15:0] y_i,
    input wire [      15:0] x_i,
    input wire [      15:0] group_i,
    input wire              x_last_i,      // last column of the map
    input wire              y_last_i,      // last row
    input wire              pixel_last_i,  // last group of the pixel (of its tile)
    input wire              chunk_last_i,  // without a pool: the writer's chunk ends
    input wire [  Pk*8-1:0] data_i,
    input wire [TokenW-1:0] token_i,

    // pooled
    output reg              valid_o,
    output reg              drop_o,        // the result became part of a window
    output reg              chunk_last_o,
    output reg              pooled_o,      // from a pool: x and y are the pooled map's
    output reg [      15:0] y_o,
    output reg [      15:0] x_o,
    output reg [  Pk*8-1:0] data_o,
    output reg [TokenW-1:0] token_o
);
  localparam GroupW = (Groups > 1) ? $clog2(Groups) : 1;
  localparam AddrW = (Depth > 1) ? $clog2(Depth) : 1;
  localparam W = Pk * 8;

  generate
    if (Groups < 1 || Groups > 65536 || Depth < 1 || Depth > 65536) begin : gen_bad_size
      firebrick_error_groups_and_depth_must_be_1_to_65536 u_error ();
    end
  endgenerate

  wire pool, three, pixel_chunks;
  wire [15:0] row_groups, pooled_width, pooled_rows;
  max_pool_fields #(
      .BusBytes (BusBytes),
      .MaxBlocks(MaxBlocks)
  ) u_fields (
      .clk_i         (clk_i),
      .desc_valid_i  (desc_valid_i),
      .desc_block_i  (desc_block_i),
      .desc_beat_i   (desc_beat_i),
      .desc_data_i   (desc_data_i),
      .block_i       (block_i),
      .pool_o        (pool),
      .pool3_o       (three),
      .pixel_chunks_o(pixel_chunks),
      .groups_o      (row_groups),
      .pool_width_o  (pooled_width),
      .pool_rows_o   (pooled_rows)
  );

  // ---- stage 1: beside the constants
  reg valid_q, x_last_q, y_last_q, pixel_last_q, chunk_last_q;
  reg [15:0] y_q, x_q, group_q;
  reg [W-1:0] data_q;
  reg [TokenW-1:0] token_q;
  always @(posedge clk_i) begin
    valid_q <= valid_i && !rst_i;
    x_last_q <= x_last_i;
    y_last_q <= y_last_i;
    pixel_last_q <= pixel_last_i;
    chunk_last_q <= chunk_last_i;
    y_q <= y_i;
    x_q <= x_i;
    group_q <= group_i;
    data_q <= data_i;
    token_q <= token_i;
  end

  // ---- windows: which one a column (or row) closes, and whether it opens one
  function [16:0] closes;  // {closes, window}
    input [15:0] at;
    input last;
    input wide;
    input [15:0] windows;
    reg [15:0] window;
    reg full;
    begin
      // 3: even columns from 2 on close the window before theirs; 2: odd columns. The last column closes what is open.
      full = wide ? (!at[0] && at != 16'd0) : at[0];
      window = (wide && full) ? {1'b0, at[15:1]} - 16'd1 : {1'b0, at[15:1]};
      closes = {(full || last) && window < windows, window};
    end
  endfunction
  wire x_close;
  wire y_close;
  wire [15:0] x_window;
  wire [15:0] y_window;
  assign {x_close, x_window} = closes(x_q, x_last_q, three, pooled_width);
  assign {y_close, y_window} = closes(y_q, y_last_q, three, pooled_rows);

  // ---- running maxima, read as they are needed, written one cycle later
  function [W-1:0] larger;
    input [W-1:0] a;
    input [W-1:0] b;
    integer k;
    begin
      for (k = 0; k < Pk; k = k + 1)
        larger[k*8+:8] = ($signed(a[k*8+:8]) > $signed(b[k*8+:8])) ? a[k*8+:8] : b[k*8+:8];
    end
  endfunction

  reg [W-1:0] across_q [0:Groups-1];
  reg [AddrW-1:0] base_q;  // first group of the window that a column closes
  wire [AddrW-1:0] addr = base_q + group_q[AddrW-1:0];
  wire [W-1:0] across = across_q[group_q[GroupW-1:0]];
  wire [W-1:0] down;
  wire [W-1:0] row_max = (x_q == 16'd0 || (!three && !x_q[0])) ? data_q : larger(across, data_q);
  wire [W-1:0] window_max = (y_q == 16'd0 || (!three && !y_q[0])) ? row_max : larger(down, row_max);
  wire store = valid_q && pool;
  ram_1rw #(
      .Width(W),
      .Depth(Depth),
      .AddrW(AddrW)
  ) u_down (
      .clk_i  (clk_i),
      .we_i   (store && x_close),
      .addr_i (addr),
      .wdata_i((three && !y_q[0]) ? row_max : window_max),
      .rdata_o(down)
  );
  wire unused_groups = &{1'b0, row_groups, x_window, group_q};

  always @(posedge clk_i) begin
    if (store) across_q[group_q[GroupW-1:0]] <= (three && !x_q[0]) ? data_q : row_max;
    if (store && pixel_last_q) base_q <= x_last_q ? {AddrW{1'b0}} : x_close ? base_q + row_groups[AddrW-1:0] : base_q;
    if (rst_i) base_q <= {AddrW{1'b0}};
  end

  always @(posedge clk_i) begin
    valid_o <= valid_q && (!pool || (x_close && y_close));
    drop_o <= valid_q && pool && !(x_close && y_close);
    chunk_last_o <= pool ? pixel_last_q && (pixel_chunks || x_window + 16'd1 == pooled_width) : chunk_last_q;
    pooled_o <= pool;
    y_o <= pool ? y_window : y_q;
    x_o <= pool ? x_window : x_q;
    data_o <= pool ? window_max : data_q;
    token_o <= token_q;
    if (rst_i) begin
      valid_o <= 1'b0;
      drop_o  <= 1'b0;
    end
  end
endmodule

`default_nettype wire
