// A memory behind AXI4, for simulation: bursts come in order, each is answered `Latency` cycles after its address (a write after
// its last beat), a beat a cycle. The model region and the input region are read from files, the rest is filled with 0xa5.
`default_nettype none

module axi_memory #(
    parameter BusBytes         = 16,     // bytes of a beat
    parameter Words            = 256,    // of the memory, in beats
    parameter [31:0] Base      = 32'd0,  // address of the first
    parameter Latency          = 40,
    parameter ModelWords       = 1,
    parameter InputWord        = 0,      // where the input region begins
    parameter InputWords       = 1
) (
    input wire clk_i,
    input wire rst_i,

    input  wire [          31:0] awaddr_i,
    input  wire [           7:0] awlen_i,
    input  wire                  awvalid_i,
    output wire                  awready_o,
    input  wire [BusBytes*8-1:0] wdata_i,
    input  wire [  BusBytes-1:0] wstrb_i,
    input  wire                  wlast_i,
    input  wire                  wvalid_i,
    output wire                  wready_o,
    output wire [           1:0] bresp_o,
    output wire                  bvalid_o,
    input  wire                  bready_i,
    input  wire [          31:0] araddr_i,
    input  wire [           7:0] arlen_i,
    input  wire                  arvalid_i,
    output wire                  arready_o,
    output wire [BusBytes*8-1:0] rdata_o,
    output wire [           1:0] rresp_o,
    output wire                  rlast_o,
    output wire                  rvalid_o,
    input  wire                  rready_i,

    // a beat is written: the address of its first byte
    output wire        write_o,
    output wire [31:0] write_addr_o,

    // a burst leaves the memory or has another number of beats than it said; it stays
    output reg fault_o
);
  reg [BusBytes*8-1:0] content[0:Words-1];

  integer index;
  initial begin
    for (index = 0; index < Words; index = index + 1) content[index] = {BusBytes{8'ha5}};
    $readmemh("sim/model.hex", content, 0, ModelWords - 1);
    $readmemh("sim/input.hex", content, InputWord, InputWord + InputWords - 1);
  end

  // The memory's own word of an address; out of range where it has none.
  function [31:0] word_of(input [31:0] address);
    word_of = (address - Base) / BusBytes;
  endfunction

  reg [31:0] now_q;
  always @(posedge clk_i) now_q <= rst_i ? 32'd0 : now_q + 32'd1;

  // ---- reads: up to 16 bursts on their way
  reg [31:0] read_addr[0:15];
  reg [31:0] read_due[0:15];
  reg [7:0] read_len[0:15];
  reg [4:0] read_tail_q, read_head_q;
  reg [7:0] read_beat_q;
  reg r_valid_q, r_last_q;
  reg [BusBytes*8-1:0] r_data_q;
  wire [4:0] reads = read_tail_q - read_head_q;
  wire [3:0] read = read_head_q[3:0];
  wire read_here = reads != 5'd0 && now_q >= read_due[read];
  wire read_last = read_beat_q == read_len[read];
  wire [31:0] read_word = word_of(read_addr[read]) + {24'd0, read_beat_q};

  assign arready_o = reads != 5'd16;
  assign rdata_o   = r_data_q;
  assign rresp_o   = 2'b00;
  assign rlast_o   = r_last_q;
  assign rvalid_o  = r_valid_q;

  always @(posedge clk_i) begin
    if (rst_i) begin
      read_tail_q <= 5'd0;
      read_head_q <= 5'd0;
      read_beat_q <= 8'd0;
      r_valid_q   <= 1'b0;
    end else begin
      if (arvalid_i && arready_o) begin
        read_addr[read_tail_q[3:0]] <= araddr_i;
        read_len[read_tail_q[3:0]]  <= arlen_i;
        read_due[read_tail_q[3:0]]  <= now_q + Latency;
        read_tail_q <= read_tail_q + 5'd1;
      end
      if (!r_valid_q || rready_i) begin
        r_valid_q <= read_here;
        if (read_here) begin
          r_data_q <= content[read_word];
          r_last_q <= read_last;
          read_beat_q <= read_last ? 8'd0 : read_beat_q + 8'd1;
          if (read_last) read_head_q <= read_head_q + 5'd1;
        end
      end
    end
  end

  // ---- writes: 16 bursts between their address and their answer
  reg [31:0] write_addr[0:15];
  reg [31:0] write_due[0:15];
  reg [7:0] write_len[0:15];
  reg [4:0] write_tail_q, write_fill_q, write_head_q;
  reg [7:0] write_beat_q;
  wire [4:0] writes = write_tail_q - write_head_q;
  wire [3:0] fill = write_fill_q[3:0];
  wire [31:0] write_word = word_of(write_addr[fill]) + {24'd0, write_beat_q};
  wire [BusBytes*8-1:0] old = content[write_word];
  wire [BusBytes*8-1:0] merged;
  genvar lane;
  generate
    for (lane = 0; lane < BusBytes; lane = lane + 1) begin : gen_lane
      assign merged[8*lane+:8] = wstrb_i[lane] ? wdata_i[8*lane+:8] : old[8*lane+:8];
    end
  endgenerate

  assign awready_o = writes != 5'd16;
  assign wready_o = write_fill_q != write_tail_q;
  assign bresp_o = 2'b00;
  assign bvalid_o = write_head_q != write_fill_q && now_q >= write_due[write_head_q[3:0]];
  assign write_o = wvalid_i && wready_o;
  assign write_addr_o = write_word * BusBytes + Base;

  always @(posedge clk_i) begin
    if (rst_i) begin
      write_tail_q <= 5'd0;
      write_fill_q <= 5'd0;
      write_head_q <= 5'd0;
      write_beat_q <= 8'd0;
    end else begin
      if (awvalid_i && awready_o) begin
        write_addr[write_tail_q[3:0]] <= awaddr_i;
        write_len[write_tail_q[3:0]] <= awlen_i;
        write_tail_q <= write_tail_q + 5'd1;
      end
      if (write_o) begin
        content[write_word] <= merged;
        write_beat_q <= wlast_i ? 8'd0 : write_beat_q + 8'd1;
        if (wlast_i) begin
          write_due[fill] <= now_q + Latency;
          write_fill_q <= write_fill_q + 5'd1;
        end
      end
      if (bvalid_o && bready_i) write_head_q <= write_head_q + 5'd1;
    end
  end

  wire lost_read = arvalid_i && arready_o && word_of(araddr_i) + {24'd0, arlen_i} >= Words;
  wire lost_write = awvalid_i && awready_o && word_of(awaddr_i) + {24'd0, awlen_i} >= Words;
  wire wrong_last = write_o && wlast_i != (write_beat_q == write_len[fill]);
  always @(posedge clk_i) begin
    if (rst_i) fault_o <= 1'b0;
    else if (lost_read || lost_write || wrong_last) fault_o <= 1'b1;
  end
endmodule

`default_nettype wire
