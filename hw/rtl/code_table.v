// The weights that the codes of a segment stand for: one entry is written at a time, and all places of a part look theirs up at once.
// Combinational.
`default_nettype none

module code_table #(
    parameter Places   = 16,  // codes looked up at once
    parameter CodeBits = 6    // bits of a code, 1 to 7
) (
    input wire clk_i,

    // an entry
    input wire                we_i,
    input wire [CodeBits-1:0] code_i,
    input wire [         7:0] weight_i,

    // codes, each in the low bits of a byte
    input  wire [Places*8-1:0] codes_i,
    output wire [Places*8-1:0] weights_o
);
  generate
    if (CodeBits < 1 || CodeBits > 7) begin : gen_bad_bits
      firebrick_error_code_bits_must_be_1_to_7 u_error ();
    end
  endgenerate

  genvar p;
  generate
    for (p = 0; p < Places; p = p + 1) begin : gen_place
      reg [7:0] mem_q[0:(1<<CodeBits)-1];
      always @(posedge clk_i) if (we_i) mem_q[code_i] <= weight_i;
      assign weights_o[p*8+:8] = mem_q[codes_i[p*8+:CodeBits]];
`ifdef ZERO_RAMS
      // For simulators that know x: codes that no segment has are those of places that are not full.
      integer word;
      initial for (word = 0; word < (1 << CodeBits); word = word + 1) mem_q[word] = 8'd0;
`endif
    end
  endgenerate
  wire unused_codes = &{1'b0, codes_i};
endmodule

`default_nettype wire
