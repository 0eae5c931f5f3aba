// Simple dual-port memory of SB_RAM40_4K block RAMs of an iCE40: one write port, one read port, read data one cycle after the address.
// A word that is read while it is written may be any. Up to four words stay registers.
//
// A block is a row of 256 words of 16 bits; or two rows of 8 bits, four of 4, eight of 2 (its modes 0 to 3). Whole columns of 16 bits lie
// beside those that are left over, and either is cut by depth into pieces of eight rows, then four, two and one: as few pieces to choose
// among as can be had without one more block. src/resources/memory.ts counts the same blocks.
`default_nettype none

module ram_1r1w #(
    parameter Width = 8,   // bits a word
    parameter Depth = 16,  // words
    parameter AddrW = 4    // bits of an address, at least those of Depth - 1
) (
    input wire clk_i,

    // write port
    input wire             we_i,
    input wire [AddrW-1:0] waddr_i,
    input wire [Width-1:0] wdata_i,

    // read port
    input  wire [AddrW-1:0] raddr_i,
    output wire [Width-1:0] rdata_o
);
  localparam UsedW = (Depth > 1) ? $clog2(Depth) : 1;
  localparam BlockRows = (Depth + 255) / 256;
  localparam WholeBits = Width - Width % 16;

  generate
    if (Width < 1 || Depth < 1 || AddrW < 1 || Depth > (1 << AddrW)) begin : gen_bad_size
      firebrick_error_addr_w_must_reach_depth u_error ();
    end
  endgenerate

  // rows of the first piece of so many
  function integer deep_of(input integer rows);
    deep_of = (rows >= 8) ? 8 : (rows >= 4) ? 4 : (rows >= 2) ? 2 : 1;
  endfunction

  // first row of a piece
  function integer first_of(input integer rows, input integer piece);
    integer i;
    begin
      first_of = 0;
      for (i = 0; i < piece; i = i + 1) first_of = first_of + deep_of(rows - first_of);
    end
  endfunction

  function integer pieces_of(input integer rows);
    pieces_of = rows / 8 + (rows / 4) % 2 + (rows / 2) % 2 + rows % 2;
  endfunction

  function integer blocks_of(input integer rows, input integer bits);
    integer row;
    begin
      blocks_of = 0;
      for (row = 0; row < rows; row = row + deep_of(rows - row))
        blocks_of = blocks_of + (deep_of(rows - row) * bits + 15) / 16;
    end
  endfunction

  // the rows, the last ones made one piece where that costs no block
  function integer rounded(input integer rows, input integer bits);
    integer whole;
    begin
      whole = rows - rows % 8;
      if (rows % 8 > 4) whole = whole + 8;
      else if (rows % 8 > 2) whole = whole + 4;
      else whole = rows;
      rounded = (blocks_of(whole, bits) <= blocks_of(rows, bits)) ? whole : rows;
    end
  endfunction

  wire [31:0] waddr = {{32 - UsedW{1'b0}}, waddr_i[UsedW-1:0]};
  wire [31:0] raddr = {{32 - UsedW{1'b0}}, raddr_i[UsedW-1:0]};
  wire unused_addr = &{1'b0, waddr, raddr, waddr_i, raddr_i};

  genvar part, piece, column, lane, b;
  generate
    if (Depth <= 4) begin : gen_registers
      (* no_rw_check *)
      reg [Width-1:0] mem_q [0:Depth-1];
      reg [Width-1:0] rdata_q;
      assign rdata_o = rdata_q;
      always @(posedge clk_i) begin
        if (we_i) mem_q[waddr[UsedW-1:0]] <= wdata_i;
        rdata_q <= mem_q[raddr[UsedW-1:0]];
      end
    end else begin : gen_blocks
      // whole columns, then the bits that are left over
      for (part = 0; part < 2; part = part + 1) begin : gen_part
        localparam First = (part == 0) ? 0 : WholeBits;
        localparam PartBits = (part == 0) ? WholeBits : Width - WholeBits;
        localparam PartRows = rounded(BlockRows, PartBits);
        localparam Pieces = pieces_of(PartRows);

        if (PartBits > 0) begin : gen_bits
          wire [Pieces*PartBits-1:0] read;  // a bit of every piece, then the next bit
          for (b = 0; b < PartBits; b = b + 1) begin : gen_read
            assign rdata_o[First+b] = |read[Pieces*b+:Pieces];
          end

          for (piece = 0; piece < Pieces; piece = piece + 1) begin : gen_piece
            localparam FirstRow = first_of(PartRows, piece);
            localparam Deep = deep_of(PartRows - FirstRow);
            localparam Mode = $clog2(Deep);
            localparam CellW = 16 / Deep;
            localparam FirstLane = (Deep < 2) ? 0 : Deep / 2 - 1;  // the cell's bits in use lie Deep apart

            wire write, valid;
            if (Pieces == 1) begin : gen_all
              assign write = we_i;
              assign valid = 1'b1;
            end else begin : gen_some
              reg valid_q;
              assign write = we_i && (waddr >> (8 + Mode)) == FirstRow / Deep;
              assign valid = valid_q;
              always @(posedge clk_i) valid_q <= (raddr >> (8 + Mode)) == FirstRow / Deep;
            end

            wire [31:0] cell_waddr = waddr & (256 * Deep - 1);
            wire [31:0] cell_raddr = raddr & (256 * Deep - 1);
            wire unused_cell = &{1'b0, cell_waddr[31:11], cell_raddr[31:11]};

            for (column = 0; column < PartBits; column = column + CellW) begin : gen_column
              wire [15:0] cell_wdata, cell_rdata;
              wire unused_lanes = &{1'b0, cell_rdata};
              for (lane = 0; lane < 16; lane = lane + 1) begin : gen_lane
                if (lane % Deep == FirstLane && column + lane / Deep < PartBits) begin : gen_used
                  assign cell_wdata[lane] = wdata_i[First+column+lane/Deep];
                  assign read[Pieces*(column+lane/Deep)+piece] = cell_rdata[lane] && valid;
                end else begin : gen_unused
                  assign cell_wdata[lane] = 1'b0;
                end
              end

              SB_RAM40_4K #(
                  .WRITE_MODE(Mode),
                  .READ_MODE (Mode)
              ) u_ram (
                  .WCLK (clk_i),
                  .WCLKE(1'b1),
                  .WE   (write),
                  .WADDR(cell_waddr[10:0]),
                  .MASK (16'd0),
                  .WDATA(cell_wdata),
                  .RCLK (clk_i),
                  .RCLKE(1'b1),
                  .RE   (1'b1),
                  .RADDR(cell_raddr[10:0]),
                  .RDATA(cell_rdata)
              );
            end
          end
        end
      end
    end
  endgenerate
endmodule

`default_nettype wire
