// Rows of maps, from memory or from the scratchpad, which lies here: bit 0 and field 0 of each port belong to the row reader, 1 to that of
// residuals. Residuals go first. Latency: one cycle to memory where there is a scratchpad, else none; three from a burst to its first answer
// in the scratchpad.
`default_nettype none

module map_reads #(
    parameter BusBytes  = 16,  // bytes of a beat, 8 or 16
    parameter Residual  = 1,   // 1: residuals are read
    parameter ChipDepth = 256  // beats of the scratchpad; 0: none
) (
    input wire clk_i,
    input wire rst_i,

    // row readers
    input  wire [             1:0] valid_i,
    output wire [             1:0] ready_o,
    input  wire [             1:0] on_chip_i,
    input  wire [            63:0] addr_i,
    input  wire [            17:0] beats_i,
    output wire [             1:0] rsp_valid_o,
    output wire [2*BusBytes*8-1:0] rsp_data_o,
    output wire [             1:0] rsp_last_o,

    // memory
    output wire [           1:0] memory_valid_o,
    output wire [          63:0] memory_addr_o,
    output wire [          17:0] memory_beats_o,
    input  wire [           1:0] memory_ready_i,
    input  wire [           1:0] memory_rsp_valid_i,
    input  wire [BusBytes*8-1:0] memory_rsp_data_i,
    input  wire                  memory_rsp_last_i,

    // a beat of a map that is written
    input wire                                                 chip_we_i,
    input wire [((ChipDepth > 1) ? $clog2(ChipDepth) : 1)-1:0] chip_addr_i,
    input wire [                               BusBytes*8-1:0] chip_data_i
);
  generate
    if (Residual != 0 && Residual != 1) begin : gen_bad_residual
      firebrick_error_residual_must_be_0_or_1 u_error ();
    end
    if (ChipDepth == 0) begin : gen_memory
      assign memory_valid_o = valid_i;
      assign memory_addr_o = addr_i;
      assign memory_beats_o = beats_i;
      assign ready_o = memory_ready_i;
      assign rsp_valid_o = memory_rsp_valid_i;
      assign rsp_data_o = {2{memory_rsp_data_i}};
      assign rsp_last_o = {2{memory_rsp_last_i}};
      wire unused = &{1'b0, clk_i, rst_i, on_chip_i, chip_we_i, chip_addr_i, chip_data_i};
    end else begin : gen_chip
      wire [1:0] chip_valid, chip_ready, chip_rsp_valid;
      wire [BusBytes*8-1:0] chip_rsp_data;
      wire chip_rsp_last;

      genvar c;
      for (c = 0; c < 2; c = c + 1) begin : gen_client
        if (c <= Residual) begin : gen_route
          read_route #(
              .BusBytes(BusBytes)
          ) u_route (
              .clk_i             (clk_i),
              .rst_i             (rst_i),
              .req_valid_i       (valid_i[c]),
              .req_ready_o       (ready_o[c]),
              .req_on_chip_i     (on_chip_i[c]),
              .req_addr_i        (addr_i[c*32+:32]),
              .req_beats_i       (beats_i[c*9+:9]),
              .addr_o            (memory_addr_o[c*32+:32]),
              .beats_o           (memory_beats_o[c*9+:9]),
              .rsp_valid_o       (rsp_valid_o[c]),
              .rsp_data_o        (rsp_data_o[c*BusBytes*8+:BusBytes*8]),
              .rsp_last_o        (rsp_last_o[c]),
              .memory_valid_o    (memory_valid_o[c]),
              .memory_ready_i    (memory_ready_i[c]),
              .memory_rsp_valid_i(memory_rsp_valid_i[c]),
              .memory_rsp_data_i (memory_rsp_data_i),
              .memory_rsp_last_i (memory_rsp_last_i),
              .chip_valid_o      (chip_valid[c]),
              .chip_ready_i      (chip_ready[c]),
              .chip_rsp_valid_i  (chip_rsp_valid[c]),
              .chip_rsp_data_i   (chip_rsp_data),
              .chip_rsp_last_i   (chip_rsp_last)
          );
        end else begin : gen_none
          assign {ready_o[c], rsp_valid_o[c], rsp_last_o[c], memory_valid_o[c], chip_valid[c]} = 5'd0;
          assign rsp_data_o[c*BusBytes*8+:BusBytes*8] = {BusBytes * 8{1'b0}};
          assign memory_addr_o[c*32+:32] = 32'd0;
          assign memory_beats_o[c*9+:9] = 9'd0;
          wire unused = &{1'b0, valid_i[c], addr_i[c*32+:32], beats_i[c*9+:9], on_chip_i[c], memory_ready_i[c], memory_rsp_valid_i[c], chip_ready[c], chip_rsp_valid[c]};
        end
      end

      // client 0 of the scratchpad goes first
      wire [Residual:0] order_valid, order_ready, order_rsp_valid;
      wire [32*Residual+31:0] order_addr;
      wire [9*Residual+8:0] order_beats;
      if (Residual != 0) begin : gen_two
        assign order_valid = {chip_valid[0], chip_valid[1]};
        assign order_addr = {memory_addr_o[31:0], memory_addr_o[63:32]};
        assign order_beats = {memory_beats_o[8:0], memory_beats_o[17:9]};
        assign {chip_ready[0], chip_ready[1]} = order_ready;
        assign {chip_rsp_valid[0], chip_rsp_valid[1]} = order_rsp_valid;
      end else begin : gen_one
        assign order_valid = chip_valid[0];
        assign order_addr = memory_addr_o[31:0];
        assign order_beats = memory_beats_o[8:0];
        assign chip_ready = {1'b0, order_ready};
        assign chip_rsp_valid = {1'b0, order_rsp_valid};
        wire unused = chip_valid[1];
      end

      scratchpad #(
          .BusBytes(BusBytes),
          .Depth   (ChipDepth),
          .Clients (Residual + 1)
      ) u_scratchpad (
          .clk_i      (clk_i),
          .rst_i      (rst_i),
          .we_i       (chip_we_i),
          .waddr_i    (chip_addr_i),
          .wdata_i    (chip_data_i),
          .req_valid_i(order_valid),
          .req_ready_o(order_ready),
          .req_addr_i (order_addr),
          .req_beats_i(order_beats),
          .rsp_valid_o(order_rsp_valid),
          .rsp_data_o (chip_rsp_data),
          .rsp_last_o (chip_rsp_last)
      );
    end
  endgenerate
endmodule

`default_nettype wire
