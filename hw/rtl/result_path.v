// What becomes of the results of the lanes: they are computed with residuals, they go to a line buffer or on their way to
// memory, and there through the max pool. Stages + 1 cycles of residual_add and two of max_pool, where there are such.
`default_nettype none

module result_path #(
    parameter BusBytes           = 16,
    parameter MaxBlocks          = 32,
    parameter Pk                 = 8,
    parameter LbBytes            = 16,   // bytes of a line-buffer word
    parameter AddrW              = 10,
    parameter BankW              = 2,
    parameter Activations        = 0,    // 1: the token names a kernel
    parameter TokenW             = 130,  // bits of the token
    parameter ResidualStages     = 9,    // of residual_add
    parameter ResidualDepth      = 0,    // words of the residual's line buffer; 0: no block has a residual
    parameter ResidualOperations = 0,    // of residual_add
    parameter PoolGroups         = 0,    // channel groups of the widest pooled map; 0: no block has a pool
    parameter PoolDepth          = 0     // pooled pixels of a row times groups, the largest
) (
    input wire clk_i,
    input wire rst_i,

    // program: descriptor stream
    input wire                  desc_valid_i,
    input wire [           7:0] desc_block_i,
    input wire [           5:0] desc_beat_i,
    input wire [BusBytes*8-1:0] desc_data_i,

    // results of the lanes
    input wire              valid_i,
    input wire [TokenW-1:0] token_i,
    input wire [  Pk*8-1:0] data_i,

    // rows of the residual from memory: their block, writes into the line buffer, rows no longer needed
    input  wire [                 7:0] residual_block_i,
    input  wire                        residual_we_i,
    input  wire                        residual_bank_i,
    input  wire [           AddrW-1:0] residual_addr_i,
    input  wire [LbBytes/BusBytes-1:0] residual_strb_i,
    input  wire [      BusBytes*8-1:0] residual_data_i,
    output wire [                15:0] residual_freed_o,

    // sums: what they are
    output wire            sum_valid_o,
    output wire [     7:0] sum_block_o,
    output wire [     1:0] sum_phase_o,
    output wire [    15:0] sum_y_o,
    output wire [    15:0] sum_x_o,
    output wire [    15:0] sum_group_o,
    output wire [Pk*8-1:0] sum_data_o,

    // sums that go to the line buffer of the next phase: where
    output wire             row_valid_o,
    output wire             row_last_o,    // the row is complete
    output wire [BankW-1:0] row_bank_o,
    output wire [AddrW-1:0] row_addr_o,
    output wire [     19:0] row_offset_o,

    // groups that go to memory
    output wire            out_valid_o,
    output wire            out_last_o,   // of a chunk
    output wire [Pk*8-1:0] out_data_o,

    // pool: a sum became part of a window; groups to memory that are a window's maximum
    output wire        pool_drop_o,
    output wire        pool_valid_o,
    output wire [ 7:0] pool_block_o,
    output wire [15:0] pool_y_o,
    output wire [15:0] pool_x_o,
    output wire [15:0] pool_group_o
);
  generate
    if ((PoolGroups > 0) != (PoolDepth > 0)) begin : gen_bad_pool
      firebrick_error_pool_groups_and_pool_depth_must_both_be_0_or_neither u_error ();
    end
    if (ResidualDepth < 0 || ResidualDepth > (1 << AddrW)) begin : gen_bad_residual
      firebrick_error_addr_w_must_reach_residual_depth u_error ();
    end
  endgenerate

  // ---- residual
  wire [TokenW-1:0] sum_token;
  wire to_memory, row_last;
  generate
    if (ResidualDepth > 0) begin : gen_residual
      wire [AddrW-1:0] raddr;
      wire [LbBytes*8-1:0] rdata, unused_copy;
      line_buffer #(
          .Bytes    (LbBytes),
          .PartBytes(BusBytes),
          .Banks    (1),
          .Depth    (ResidualDepth),
          .AddrW    (AddrW),
          .BankW    (1)
      ) u_residual_buffer (
          .clk_i  (clk_i),
          .we_i   (residual_we_i),
          .wbank_i(residual_bank_i),
          .waddr_i(residual_addr_i),
          .wstrb_i(residual_strb_i),
          .wdata_i({LbBytes / BusBytes{residual_data_i}}),
          .raddr_i(raddr),
          .rdata_o(rdata),
          .pair_raddr_i({AddrW{1'b0}}),
          .pair_rdata_o(unused_copy)
      );

      wire adds_to_memory;
      wire [7:0] result_block;
      wire [AddrW-1:0] addr;
      wire [19:0] offset;
      token_residual #(
          .AddrW      (AddrW),
          .BankW      (BankW),
          .Activations(Activations)
      ) u_token_residual (
          .token_i     (token_i),
          .dst_offset_o(offset),
          .dst_addr_o  (addr),
          .block_o     (result_block),
          .to_memory_o (adds_to_memory)
      );

      residual_add #(
          .Stages    (ResidualStages),
          .Operations(ResidualOperations),
          .BusBytes  (BusBytes),
          .MaxBlocks (MaxBlocks),
          .Pk        (Pk),
          .LbBytes   (LbBytes),
          .AddrW     (AddrW),
          .TokenW    (TokenW)
      ) u_residual_add (
          .clk_i       (clk_i),
          .rst_i       (rst_i),
          .desc_valid_i(desc_valid_i),
          .desc_block_i(desc_block_i),
          .desc_beat_i (desc_beat_i),
          .desc_data_i (desc_data_i),
          .valid_i     (valid_i),
          .to_memory_i (adds_to_memory),
          .block_i     (result_block),
          .addr_i      (addr),
          .offset_i    (offset),
          .data_i      (data_i),
          .token_i     (token_i),
          .raddr_o     (raddr),
          .rdata_i     (rdata),
          .valid_o     (sum_valid_o),
          .token_o     (sum_token),
          .data_o      (sum_data_o)
      );

      residual_rows u_residual_rows (
          .clk_i         (clk_i),
          .rst_i         (rst_i),
          .row_end_i     (sum_valid_o && to_memory && row_last),
          .block_i       (sum_block_o),
          .reader_block_i(residual_block_i),
          .rows_freed_o  (residual_freed_o)
      );
    end else begin : gen_no_residual
      assign sum_valid_o = valid_i;
      assign sum_token = token_i;
      assign sum_data_o = data_i;
      assign residual_freed_o = 16'd0;
      wire unused = &{1'b0, MaxBlocks[0], ResidualStages[0], ResidualOperations[0], clk_i, rst_i, desc_valid_i,
                      desc_block_i, desc_beat_i, desc_data_i, residual_block_i, residual_we_i, residual_bank_i,
                      residual_addr_i, residual_strb_i, residual_data_i};
    end
  endgenerate

  // ---- where a sum goes
  wire x_last, y_last, pixel_last, chunk_last;
  token_result #(
      .AddrW      (AddrW),
      .BankW      (BankW),
      .Activations(Activations)
  ) u_token_result (
      .token_i        (sum_token),
      .channel_group_o(sum_group_o),
      .x_o            (sum_x_o),
      .y_o            (sum_y_o),
      .pixel_last_o   (pixel_last),
      .y_last_o       (y_last),
      .x_last_o       (x_last),
      .chunk_last_o   (chunk_last),
      .row_last_o     (row_last),
      .dst_offset_o   (row_offset_o),
      .dst_addr_o     (row_addr_o),
      .dst_bank_o     (row_bank_o),
      .block_o        (sum_block_o),
      .phase_o        (sum_phase_o),
      .to_memory_o    (to_memory)
  );
  assign row_valid_o = sum_valid_o && !to_memory;
  assign row_last_o  = row_valid_o && row_last;

  // ---- pool
  generate
    if (PoolGroups > 0) begin : gen_pool
      wire pooled;
      max_pool #(
          .BusBytes (BusBytes),
          .MaxBlocks(MaxBlocks),
          .Pk       (Pk),
          .Groups   (PoolGroups),
          .Depth    (PoolDepth),
          .TokenW   (24)
      ) u_max_pool (
          .clk_i       (clk_i),
          .rst_i       (rst_i),
          .desc_valid_i(desc_valid_i),
          .desc_block_i(desc_block_i),
          .desc_beat_i (desc_beat_i),
          .desc_data_i (desc_data_i),
          .valid_i     (sum_valid_o && to_memory),
          .block_i     (sum_block_o),
          .y_i         (sum_y_o),
          .x_i         (sum_x_o),
          .group_i     (sum_group_o),
          .x_last_i    (x_last),
          .y_last_i    (y_last),
          .pixel_last_i(pixel_last),
          .chunk_last_i(chunk_last),
          .data_i      (sum_data_o),
          .token_i     ({sum_block_o, sum_group_o}),
          .valid_o     (out_valid_o),
          .drop_o      (pool_drop_o),
          .chunk_last_o(out_last_o),
          .pooled_o    (pooled),
          .y_o         (pool_y_o),
          .x_o         (pool_x_o),
          .data_o      (out_data_o),
          .token_o     ({pool_block_o, pool_group_o})
      );
      assign pool_valid_o = out_valid_o && pooled;
    end else begin : gen_no_pool
      assign out_valid_o = sum_valid_o && to_memory;
      assign out_last_o = chunk_last;
      assign out_data_o = sum_data_o;
      assign pool_drop_o = 1'b0;
      assign pool_valid_o = 1'b0;
      assign pool_block_o = 8'd0;
      assign pool_y_o = 16'd0;
      assign pool_x_o = 16'd0;
      assign pool_group_o = 16'd0;
      wire unused = &{1'b0, x_last, y_last, pixel_last};
    end
  endgenerate
endmodule

`default_nettype wire
