// What a lane keeps: its part of the weight ring and of the parameter ring, and its depthwise window.
`default_nettype none

module lane_store #(
    parameter LaneIndex   = 0,    // number of the lane
    parameter Pc          = 8,    // multipliers
    parameter Sparse      = 0,    // 1: weights have selectors
    parameter BusBytes    = 16,
    parameter DwKh        = 3,
    parameter DwKw        = 3,
    parameter Columns     = 1,    // of a window that may come at once, 1 or 2
    parameter WeightPartW = 2,    // bits of a part number in a weight word
    parameter ParamPartW  = 2,    // bits of a part number in a parameter field
    parameter WeightDepth = 512,  // words
    parameter WeightW     = 9,    // bits of a word address
    parameter ParamDepth  = 64,   // groups
    parameter ParamW      = 6
) (
    input wire clk_i,

    // weight ring, written one bus beat at a time
    input  wire                   weight_we_i,
    input  wire [    WeightW-1:0] weight_addr_i,
    input  wire [WeightPartW-1:0] weight_part_i,
    input  wire [ BusBytes*9-1:0] weight_data_i,
    input  wire [ BusBytes*3-1:0] weight_selectors_i,
    input  wire [    WeightW-1:0] weight_raddr_i,
    output wire [       Pc*9-1:0] weights_o,
    output wire [       Pc*3-1:0] selectors_o,

    // parameter ring: biases
    input  wire                  param_we_i,
    input  wire [    ParamW-1:0] param_addr_i,
    input  wire [           1:0] param_field_i,
    input  wire [ParamPartW-1:0] param_part_i,
    input  wire [BusBytes*8-1:0] param_data_i,
    input  wire [    ParamW-1:0] bias_raddr_i,
    output wire [          31:0] bias_o,

    // columns of taps
    input  wire                      column_valid_i,
    input  wire [Columns*DwKh*8-1:0] column_i,
    input  wire                      column_pair_i,
    input  wire                      column_first_i,
    input  wire                      column_capture_i,
    input  wire [               7:0] padding_i,
    output wire [   DwKh*DwKw*8-1:0] window_o
);
  localparam Chunk = (Pc < BusBytes) ? Pc : BusBytes;  // bytes of the lane in one beat
  localparam Chunks = Pc / Chunk;
  localparam FirstByte = LaneIndex * Pc;
  localparam LanesPerBeat = BusBytes / 4;

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Pc < 4 || Pc > 32 || (Pc & (Pc - 1)) != 0) begin : gen_bad_multipliers
      firebrick_error_pc_must_be_a_power_of_two_from_4_to_32 u_error ();
    end
    if (LaneIndex < 0 || (LaneIndex + 1) * Pc > (BusBytes << WeightPartW) || (LaneIndex + 1) * 4 > (BusBytes << ParamPartW))
    begin : gen_bad_parts
      firebrick_error_weight_part_w_and_param_part_w_must_reach_the_lane u_error ();
    end
  endgenerate

  genvar c;
  generate
    for (c = 0; c < Chunks; c = c + 1) begin : gen_weights
      localparam PartOf = (FirstByte + c * Chunk) / BusBytes;
      localparam [WeightPartW-1:0] Part = PartOf[WeightPartW-1:0];
      localparam At = (FirstByte + c * Chunk) % BusBytes;
      ram_1r1w #(
          .Width(Chunk * 9),
          .Depth(WeightDepth),
          .AddrW(WeightW)
      ) u_weights (
          .clk_i  (clk_i),
          .we_i   (weight_we_i && weight_part_i == Part),
          .waddr_i(weight_addr_i),
          .wdata_i(weight_data_i[At*9+:Chunk*9]),
          .raddr_i(weight_raddr_i),
          .rdata_o(weights_o[c*Chunk*9+:Chunk*9])
      );
      if (Sparse != 0) begin : gen_selectors
        ram_1r1w #(
            .Width(Chunk * 3),
            .Depth(WeightDepth),
            .AddrW(WeightW)
        ) u_selectors (
            .clk_i  (clk_i),
            .we_i   (weight_we_i && weight_part_i == Part),
            .waddr_i(weight_addr_i),
            .wdata_i(weight_selectors_i[At*3+:Chunk*3]),
            .raddr_i(weight_raddr_i),
            .rdata_o(selectors_o[c*Chunk*3+:Chunk*3])
        );
      end else begin : gen_no_selectors
        assign selectors_o[c*Chunk*3+:Chunk*3] = {Chunk * 3{1'b0}};
      end
    end
  endgenerate
  wire unused_weights = &{1'b0, weight_data_i, weight_selectors_i};

  wire unused_params = &{1'b0, param_data_i};

  localparam ParamPartOf = LaneIndex / LanesPerBeat;
  localparam [ParamPartW-1:0] ParamPart = ParamPartOf[ParamPartW-1:0];
  localparam ParamAt = (LaneIndex % LanesPerBeat) * 32;
  wire param_mine = param_we_i && param_part_i == ParamPart;
  wire [31:0] param = param_data_i[ParamAt+:32];

  ram_1r1w #(
      .Width(32),
      .Depth(ParamDepth),
      .AddrW(ParamW)
  ) u_bias (
      .clk_i  (clk_i),
      .we_i   (param_mine && param_field_i == 2'd0),
      .waddr_i(param_addr_i),
      .wdata_i(param),
      .raddr_i(bias_raddr_i),
      .rdata_o(bias_o)
  );
  window_shifter #(
      .Kh     (DwKh),
      .Kw     (DwKw),
      .Columns(Columns)
  ) u_window (
      .clk_i    (clk_i),
      .valid_i  (column_valid_i),
      .column_i (column_i),
      .pair_i   (column_pair_i),
      .first_i  (column_first_i),
      .padding_i(padding_i),
      .capture_i(column_capture_i),
      .hold_o   (window_o)
  );
endmodule

`default_nettype wire
