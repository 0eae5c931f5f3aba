// Groups of results as beats of the bus: several groups a beat, with zeros behind the last of a chunk, one, or several beats a group.
// Combinational; a group that fills no beat yet is held.
`default_nettype none

module group_beats #(
    parameter BusBytes = 16,  // bytes of a beat, 8 or 16
    parameter Pk       = 8    // bytes of a group, a power of two, 4 to 32
) (
    input wire clk_i,
    input wire rst_i,

    // groups; last marks the final one of a chunk
    input  wire            group_valid_i,
    output wire            group_ready_o,
    input  wire [Pk*8-1:0] group_data_i,
    input  wire            group_last_i,

    // beats
    output wire                  beat_valid_o,
    input  wire                  beat_ready_i,
    output wire [BusBytes*8-1:0] beat_data_o
);
  localparam Groups = (Pk < BusBytes) ? BusBytes / Pk : 1;  // of a beat
  localparam GroupBits = (Groups > 1) ? $clog2(Groups) : 1;
  localparam LastGroup = Groups - 1;
  localparam Parts = (Pk > BusBytes) ? Pk / BusBytes : 1;  // beats of a group
  localparam LaneBits = $clog2(BusBytes);

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Pk < 4 || Pk > 32 || (Pk & (Pk - 1)) != 0) begin : gen_bad_lanes
      firebrick_error_pk_must_be_a_power_of_two_from_4_to_32 u_error ();
    end
  endgenerate

  generate
    if (Pk < BusBytes) begin : gen_gather
      reg [GroupBits-1:0] place_q;
      reg [BusBytes*8-1:0] held_q;
      wire full = group_last_i || place_q == LastGroup[GroupBits-1:0];
      wire take = group_valid_i && group_ready_o;

      genvar g;
      for (g = 0; g < Groups; g = g + 1) begin : gen_place
        localparam Place = g;
        assign beat_data_o[g*Pk*8+:Pk*8] = (place_q == Place[GroupBits-1:0]) ? group_data_i : held_q[g*Pk*8+:Pk*8];
      end
      assign beat_valid_o = group_valid_i && full;
      assign group_ready_o = !full || beat_ready_i;

      always @(posedge clk_i) begin
        if (rst_i) place_q <= {GroupBits{1'b0}};
        else if (take) place_q <= full ? {GroupBits{1'b0}} : place_q + {{(GroupBits - 1) {1'b0}}, 1'b1};
      end

      // zero again after each beat: places behind a chunk's last group are written as zero
      always @(posedge clk_i) begin
        if (rst_i || (take && full)) held_q <= {(BusBytes * 8) {1'b0}};
        else if (take) held_q <= beat_data_o;
      end
    end else if (Pk == BusBytes) begin : gen_whole
      wire unused_held = &{1'b0, clk_i, rst_i, group_last_i};
      assign beat_valid_o = group_valid_i;
      assign beat_data_o  = group_data_i;
      assign group_ready_o = beat_ready_i;
    end else begin : gen_scatter
      localparam PartBits = $clog2(Parts);
      localparam LastPart = Parts - 1;
      reg [PartBits-1:0] part_q;
      wire unused_last = group_last_i;
      wire end_of_group = part_q == LastPart[PartBits-1:0];
      assign beat_valid_o = group_valid_i;
      assign beat_data_o  = group_data_i[{part_q, {(LaneBits + 3) {1'b0}}}+:BusBytes*8];
      assign group_ready_o = beat_ready_i && end_of_group;

      always @(posedge clk_i) begin
        if (rst_i) part_q <= {PartBits{1'b0}};
        else if (group_valid_i && beat_ready_i) part_q <= part_q + {{(PartBits - 1) {1'b0}}, 1'b1};
      end
    end
  endgenerate
endmodule

`default_nettype wire
