// Where memory answered with an error, or would have been written outside of its region: what the first such error of the host's word was.
// Latency: one cycle.
`default_nettype none

module error_place (
    input wire clk_i,

    // level: an error that the host has not cleared yet holds the place
    input wire held_i,

    // pulse: a read came with an error; level: a write did, or would go outside. With them: unit, block, address, and DECERR
    input wire        read_i,
    input wire [ 2:0] read_unit_i,
    input wire [ 7:0] read_block_i,
    input wire [31:0] read_addr_i,
    input wire        read_decode_i,
    input wire        write_i,
    input wire [ 7:0] write_block_i,
    input wire [31:0] write_addr_i,
    input wire        write_decode_i,

    // as the registers have it
    output wire [ 2:0] unit_o,
    output wire [ 7:0] block_o,
    output wire [31:0] addr_o,
    output wire        decode_o
);
  localparam [2:0] Results = 3'd5;
  reg [43:0] place_q;
  always @(posedge clk_i) begin
    if (!held_i && read_i) place_q <= {read_unit_i, read_block_i, read_addr_i, read_decode_i};
    else if (!held_i && write_i) place_q <= {Results, write_block_i, write_addr_i, write_decode_i};
  end
  assign {unit_o, block_o, addr_o, decode_o} = place_q;
endmodule

`default_nettype wire
