// Multipliers and shift words of a lane, or of two that share a requantiser: their part of the parameter ring.
// The words of two lanes come in one beat; those of the second are written a cycle later, since a beat's field comes once.
`default_nettype none

module scale_store #(
    parameter Lanes      = 1,   // 1 or 2
    parameter LaneIndex  = 0,   // number of the first lane, a multiple of Lanes
    parameter BusBytes   = 16,
    parameter ParamPartW = 2,   // bits of a part number in a parameter field
    parameter ParamDepth = 64,  // groups
    parameter ParamW     = 6
) (
    input wire clk_i,

    // written one bus beat at a time
    input wire                  param_we_i,
    input wire [    ParamW-1:0] param_addr_i,
    input wire [           1:0] param_field_i,
    input wire [ParamPartW-1:0] param_part_i,
    input wire [BusBytes*8-1:0] param_data_i,

    // group, and which of two lanes; data one cycle later
    input  wire [ParamW-1:0] raddr_i,
    input  wire              second_i,
    output wire [      31:0] multiplier_o,
    output wire [      31:0] shift_o
);
  localparam LanesPerBeat = BusBytes / 4;
  localparam PartOf = LaneIndex / LanesPerBeat;
  localparam [ParamPartW-1:0] Part = PartOf[ParamPartW-1:0];
  localparam At = (LaneIndex % LanesPerBeat) * 32;

  generate
    if ((Lanes != 1 && Lanes != 2) || LaneIndex % Lanes != 0) begin : gen_bad_lanes
      firebrick_error_lanes_must_be_1_or_2_and_divide_lane_index u_error ();
    end
  endgenerate

  wire mine = param_we_i && param_part_i == Part;
  wire [63:0] words;  // multiplier, shift
  assign {shift_o, multiplier_o} = words;
  wire unused_data = &{1'b0, param_data_i};

  genvar i;
  generate
    for (i = 0; i < 2; i = i + 1) begin : gen_field
      wire own = mine && param_field_i == i + 1;
      if (Lanes == 1) begin : gen_one
        ram_1r1w #(
            .Width(32),
            .Depth(ParamDepth),
            .AddrW(ParamW)
        ) u_words (
            .clk_i  (clk_i),
            .we_i   (own),
            .waddr_i(param_addr_i),
            .wdata_i(param_data_i[At+:32]),
            .raddr_i(raddr_i),
            .rdata_o(words[i*32+:32])
        );
        wire unused_second = second_i;
      end else begin : gen_two
        localparam SecondAt = At + (Lanes - 1) * 32;
        reg late_q;
        reg [ParamW-1:0] addr_q;
        reg [31:0] word_q;
        always @(posedge clk_i) begin
          late_q <= own;
          addr_q <= param_addr_i;
          word_q <= param_data_i[SecondAt+:32];
        end
        ram_1r1w #(
            .Width(32),
            .Depth(2 * ParamDepth),
            .AddrW(ParamW + 1)
        ) u_words (
            .clk_i  (clk_i),
            .we_i   (own || late_q),
            .waddr_i({late_q ? addr_q : param_addr_i, late_q}),
            .wdata_i(late_q ? word_q : param_data_i[At+:32]),
            .raddr_i({raddr_i, second_i}),
            .rdata_o(words[i*32+:32])
        );
      end
    end
  endgenerate
endmodule

`default_nettype wire
