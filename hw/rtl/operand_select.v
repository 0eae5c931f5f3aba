// What the multipliers of a lane get of a window of four patch words: the activation at the place that the weight's selector names, 0 in a
// dense step: that of their own column in the first word. src/format/places.ts has the same table. Combinational.
`default_nettype none

module operand_select #(
    parameter Pc = 8  // multipliers
) (
    input  wire [4*Pc*8-1:0] window_i,
    input  wire [  Pc*3-1:0] selectors_i,
    output wire [  Pc*8-1:0] operands_o
);
  // by place: word of the window, and columns to the right of the multiplier's own modulo 32, and so modulo Pc
  localparam [15:0] Words = {2'd3, 2'd1, 2'd1, 2'd1, 2'd2, 2'd2, 2'd1, 2'd0};
  localparam [39:0] Columns = {5'd29, 5'd4, 5'd31, 5'd1, 5'd30, 5'd0, 5'd0, 5'd0};

  genvar j;
  genvar p;
  generate
    if (Pc < 2 || (Pc & (Pc - 1)) != 0) begin : gen_bad_multipliers
      firebrick_error_pc_must_be_a_power_of_two_of_at_least_2 u_error ();
    end
    for (j = 0; j < Pc; j = j + 1) begin : gen_multiplier
      wire [63:0] places;
      for (p = 0; p < 8; p = p + 1) begin : gen_place
        localparam At = Words[2*p+:2] * Pc + (j + Columns[5*p+:5]) % Pc;
        assign places[p*8+:8] = window_i[At*8+:8];
      end
      assign operands_o[j*8+:8] = places[{selectors_i[j*3+:3], 3'b000}+:8];
    end
  endgenerate
endmodule

`default_nettype wire
