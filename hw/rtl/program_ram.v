// Holds some consecutive words of every block descriptor, close to the unit that uses them.
// Latency: fields one cycle after the block number; a descriptor can be read one cycle after its last beat.
`default_nettype none

module program_ram #(
    parameter BusBytes  = 16,  // bytes of a descriptor beat, 8 or 16
    parameter MaxBlocks = 64,  // descriptors, 1 to 255
    parameter FirstWord = 0,   // first word kept, a multiple of 4
    parameter Words     = 8    // words kept, a multiple of 4
) (
    input wire clk_i,

    // descriptor stream from the program loader
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,

    // word FirstWord in the low bits
    input  wire [         7:0] block_i,
    output wire [Words*32-1:0] fields_o
);
  localparam BusBits = BusBytes * 8;
  localparam FirstBeat = FirstWord * 4 / BusBytes;
  localparam Beats = Words * 4 / BusBytes;
  localparam BlockBits = (MaxBlocks > 1) ? $clog2(MaxBlocks) : 1;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (MaxBlocks < 1 || MaxBlocks > 255) begin : gen_bad_blocks
      firebrick_error_max_blocks_must_be_1_to_255 u_error ();
    end
    if (FirstWord % 4 != 0 || Words % 4 != 0 || FirstWord + Words > 128) begin : gen_bad_words
      firebrick_error_descriptor_words_must_be_whole_16_bytes u_error ();
    end
  endgenerate

  wire [BlockBits-1:0] write_block = desc_block_i[BlockBits-1:0];
  wire [BlockBits-1:0] read_block = block_i[BlockBits-1:0];
  wire [7:0] unused_write_block = desc_block_i;
  wire [7:0] unused_read_block = block_i;

  genvar g;
  generate
    for (g = 0; g < Beats; g = g + 1) begin : gen_beat
      localparam Beat = FirstBeat + g;
      reg [BusBits-1:0] memory[0:(1<<BlockBits)-1];
      reg [BusBits-1:0] fields_q;

      always @(posedge clk_i) begin
        if (desc_valid_i && desc_beat_i == Beat[5:0]) memory[write_block] <= desc_data_i;
        fields_q <= memory[read_block];
      end

      assign fields_o[g*BusBits+:BusBits] = fields_q;
    end
  endgenerate
endmodule

`default_nettype wire
