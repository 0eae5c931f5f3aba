// Simple dual-port memory: one write port, one read port, read data one cycle after the address.
// A read and a write of one address in the same cycle: the old word in simulation, any on a device. Whoever instantiates it uses no such
// word (test/networks/collisions.test.ts); block RAM that cannot return the old word would be wrapped in registers and comparators.
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
  generate
    if (Width < 1 || Depth < 1 || AddrW < 1 || Depth > (1 << AddrW)) begin : gen_bad_size
      firebrick_error_addr_w_must_reach_depth u_error ();
    end
  endgenerate

  (* no_rw_check *)
  reg [Width-1:0] mem_q [0:Depth-1];
  reg [Width-1:0] rdata_q;

  localparam UsedW = (Depth > 1) ? $clog2(Depth) : 1;
  wire unused_addr = &{1'b0, waddr_i, raddr_i};

  assign rdata_o = rdata_q;

`ifdef ZERO_RAMS
  // For simulators that know x: words that nobody wrote are multiplied by zero, which is x of an x.
  integer word;
  initial for (word = 0; word < Depth; word = word + 1) mem_q[word] = {Width{1'b0}};
`endif

  always @(posedge clk_i) begin
    if (we_i) mem_q[waddr_i[UsedW-1:0]] <= wdata_i;
    rdata_q <= mem_q[raddr_i[UsedW-1:0]];
  end
endmodule

`default_nettype wire
