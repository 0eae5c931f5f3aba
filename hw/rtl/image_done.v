// An image is done when the last block's rows have reached memory, no source row is on its way and the array has nothing left to
// compute, not even rows that a pool at the end leaves out; or when its program was refused. Combinational.
`default_nettype none

module image_done (
    input wire       busy_i,         // from the cycle after start
    input wire       loaded_i,       // program complete
    input wire [7:0] blocks_i,
    input wire [7:0] blocks_done_i,   // row writer
    input wire [7:0] reader_block_i,  // row reader
    input wire       array_idle_i,    // sequencer
    input wire       bad_program_i,

    output wire done_o  // pulse, since busy falls with it
);
  assign done_o = busy_i && (bad_program_i ||
      (loaded_i && blocks_done_i == blocks_i && reader_block_i == blocks_i && array_idle_i));
endmodule

`default_nettype wire
