// Takes the network's stream apart: packets of a header and their words, written where the kind says. Runs at most four tiles
// ahead of the engine, and never over weights that are in use.
//   0 end; 1 a layer's program; 2 biases, which begin a tile; 3 multiplier digits; 4 shifts; 5 weights, which end a tile;
//   6 weights of one channel a lane: each pair of words becomes a row of a 4 x 4 matrix with nothing beside its diagonal
`default_nettype none

module small_loader #(
    parameter WeightW = 8  // bits of a weight address
) (
    input wire clk_i,
    input wire rst_i,
    input wire clear_i,

    // stream
    input  wire        half_valid_i,
    output wire        half_ready_o,
    input  wire [15:0] half_data_i,
    output wire        end_o,

    // tiles: how many have been loaded, and the engine has finished; weights in use begin at `weight_base_i`
    output wire [        2:0] loaded_o,
    input  wire [        2:0] finished_i,
    input  wire [  WeightW:0] weight_base_i,

    // writes
    output wire [        15:0] data_o,
    output wire                program_we_o,
    output wire [         8:0] program_addr_o,
    output wire [         7:0] bias_we_o,
    output wire [         5:0] bias_addr_o,
    output wire                digit_we_o,
    output wire [         8:0] digit_addr_o,
    output wire                shift_we_o,
    output wire [         7:0] shift_addr_o,
    output wire [         7:0] weight_we_o,
    output wire [ WeightW-1:0] weight_addr_o,
    output wire [       127:0] weight_data_o
);
  localparam [2:0] Finish = 3'd0, Descriptor = 3'd1, Bias = 3'd2, Digits = 3'd3, Shifts = 3'd4, Dense = 3'd5, Diagonal = 3'd6;

  generate
    if (WeightW < 1) begin : gen_bad_weights
      firebrick_error_weight_w_must_be_at_least_1 u_error ();
    end
  endgenerate

  reg body_q, end_q;
  reg [2:0] kind_q, begun_q, loaded_q;
  reg [12:0] left_q;
  reg [8:0] program_q, bias_q, digit_q;
  reg [7:0] shift_q;
  reg [2:0] part_q;
  // Like weight_base_i it has one bit more than an address: that tells a full ring from an empty one.
  reg [WeightW:0] row_q;

  wire [2:0] kind;
  wire [12:0] length;
  small_packet_fields u_header (
      .words_i ({16'd0, half_data_i}),
      .length_o(length),
      .kind_o  (kind)
  );
  wire weights = kind_q == Dense || kind_q == Diagonal;
  wire is_diagonal = kind_q == Diagonal;
  wire [2:0] ahead = begun_q - finished_i;
  wire may_begin = kind != Bias || ahead < 3'd4;
  wire full = row_q == (weight_base_i ^ {1'b1, {WeightW{1'b0}}});
  wire may_write = !(weights && full);
  assign half_ready_o = !end_q && (body_q ? may_write : may_begin);
  wire take = half_valid_i && half_ready_o;
  wire last = left_q == 13'd1;

  always @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      {body_q, end_q} <= 2'd0;
      {begun_q, loaded_q} <= 6'd0;
      program_q <= 9'd0;
      bias_q <= 9'd0;
      digit_q <= 9'd0;
      shift_q <= 8'd0;
      part_q <= 3'd0;
      row_q <= {WeightW + 1{1'b0}};
    end else begin
      if (take && !body_q) begin
        body_q <= kind != Finish;
        end_q <= kind == Finish;
        if (kind == Bias) begun_q <= begun_q + 3'd1;
      end
      if (take && body_q) begin
        body_q <= !last;
        if (last && weights) loaded_q <= loaded_q + 3'd1;
        if (kind_q == Descriptor) program_q <= program_q + 9'd1;
        if (kind_q == Bias) bias_q <= bias_q + 9'd1;
        if (kind_q == Digits) digit_q <= digit_q + 9'd1;
        if (kind_q == Shifts) shift_q <= shift_q + 8'd1;
        if (weights) begin
          part_q <= part_q + (is_diagonal ? 3'd4 : 3'd1);
          if (part_q[2] && (is_diagonal || part_q[1:0] == 2'd3)) row_q <= row_q + {{WeightW{1'b0}}, 1'b1};
        end
      end
    end
    if (take && !body_q) kind_q <= kind;
    if (take) left_q <= body_q ? left_q - 13'd1 : length;
  end

  assign end_o = end_q;
  assign loaded_o = loaded_q;
  assign data_o = half_data_i;
  wire write = take && body_q;
  assign program_we_o = write && kind_q == Descriptor;
  assign program_addr_o = program_q;
  assign bias_we_o = {7'd0, write && kind_q == Bias} << bias_q[2:0];
  assign bias_addr_o = bias_q[8:3];
  assign digit_we_o = write && kind_q == Digits;
  assign digit_addr_o = digit_q;
  assign shift_we_o = write && kind_q == Shifts;
  assign shift_addr_o = shift_q;
  assign weight_we_o = !(write && weights) ? 8'd0 : is_diagonal ? (part_q[2] ? 8'hf0 : 8'h0f) : 8'd1 << part_q;
  assign weight_addr_o = row_q[WeightW-1:0];

  wire [7:0] lower = half_data_i[7:0];
  wire [7:0] upper = half_data_i[15:8];
  wire [7:0] lower_dense = is_diagonal ? 8'd0 : lower;
  wire [7:0] upper_dense = is_diagonal ? 8'd0 : upper;
  wire [15:0] beside = {upper_dense, lower_dense};
  assign weight_data_o = {upper, lower_dense, beside, upper_dense, lower, beside,
                          beside, upper, lower_dense, beside, upper_dense, lower};
endmodule

`default_nettype wire
