// Shares one AXI4 read master among clients: fixed priority, client 0 first, answers in order.
// Latency: request to AR one cycle, R to answer one cycle; one request and one beat a cycle.
`default_nettype none

module axi_read_arbiter #(
    parameter BusBytes    = 16,  // bytes of a beat, 8 or 16
    parameter Clients     = 3,   // request ports, 1 to 4
    parameter Outstanding = 16   // bursts asked for and not yet answered, a power of two, at least 2
) (
    input wire clk_i,
    input wire rst_i,

    // no new address while it is high
    input wire hold_i,

    // requests: client c in bit c and field c; a request stays inside 256 aligned bytes
    input  wire [   Clients-1:0] req_valid_i,
    output wire [   Clients-1:0] req_ready_o,
    input  wire [Clients*32-1:0] req_addr_i,
    input  wire [ Clients*9-1:0] req_beats_i,
    input  wire [ Clients*8-1:0] req_block_i,  // for which block

    // answers: no back-pressure, a client has reserved the space
    output wire [   Clients-1:0] rsp_valid_o,
    output wire [BusBytes*8-1:0] rsp_data_o,
    output wire                  rsp_last_o,

    // with an answer: its beat came with an error response; with every answer: of which client's burst it is, for which block, the burst's
    // address, and of an error whether nobody was there to answer (DECERR)
    output wire               error_o,
    output wire [Clients-1:0] answered_client_o,
    output wire [        7:0] answered_block_o,
    output wire [       31:0] answered_addr_o,
    output wire               answered_decode_o,

    // no burst waits for an answer
    output wire idle_o,

    // AXI4 read address
    output wire [31:0] m_axi_araddr,
    output wire [ 7:0] m_axi_arlen,
    output wire [ 2:0] m_axi_arsize,
    output wire [ 1:0] m_axi_arburst,
    output wire        m_axi_arvalid,
    input  wire        m_axi_arready,

    // AXI4 read data
    input  wire [BusBytes*8-1:0] m_axi_rdata,
    input  wire [           1:0] m_axi_rresp,
    input  wire                  m_axi_rlast,
    input  wire                  m_axi_rvalid,
    output wire                  m_axi_rready
);
  localparam LaneBits = $clog2(BusBytes);

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Clients < 1 || Clients > 4) begin : gen_bad_clients
      firebrick_error_clients_must_be_1_to_4 u_error ();
    end
  endgenerate

  reg ar_valid_q;
  reg [31:0] ar_addr_q;
  reg [7:0] ar_len_q;

  wire tag_ready;
  wire ar_free = (!ar_valid_q || m_axi_arready) && tag_ready && !hold_i;
  wire [Clients-1:0] grant;
  wire ar_load = ar_free && (req_valid_i != {Clients{1'b0}});

  // the first of those that ask
  genvar c;
  generate
    for (c = 0; c < Clients; c = c + 1) begin : gen_grant
      localparam [Clients-1:0] Earlier = (1 << c) - 1;
      assign grant[c] = req_valid_i[c] && (req_valid_i & Earlier) == {Clients{1'b0}};
    end
  endgenerate
  assign req_ready_o = ar_free ? grant : {Clients{1'b0}};

  // address and length of the granted client: and-or over the clients
  integer i;
  reg [31:0] chosen_addr;
  reg [8:0] chosen_beats;
  reg [7:0] chosen_block;
  always @* begin
    chosen_addr  = 32'd0;
    chosen_beats = 9'd0;
    chosen_block = 8'd0;
    for (i = 0; i < Clients; i = i + 1) begin
      chosen_addr  = chosen_addr | (req_addr_i[i*32+:32] & {32{grant[i]}});
      chosen_beats = chosen_beats | (req_beats_i[i*9+:9] & {9{grant[i]}});
      chosen_block = chosen_block | (req_block_i[i*8+:8] & {8{grant[i]}});
    end
  end
  wire [8:0] chosen_length = chosen_beats - 9'd1;
  wire unused_length = chosen_length[8];

  always @(posedge clk_i) begin
    if (rst_i) ar_valid_q <= 1'b0;
    else if (ar_load) ar_valid_q <= 1'b1;
    else if (m_axi_arready) ar_valid_q <= 1'b0;
  end

  always @(posedge clk_i) begin
    if (ar_load) begin
      ar_addr_q <= chosen_addr;
      ar_len_q  <= chosen_length[7:0];
    end
  end

  assign m_axi_araddr  = ar_addr_q;
  assign m_axi_arlen   = ar_len_q;
  assign m_axi_arsize  = LaneBits[2:0];
  assign m_axi_arburst = 2'b01;
  assign m_axi_arvalid = ar_valid_q;
  assign m_axi_rready  = 1'b1;

  // which burst is answered: one entry a burst, whose it is one-hot
  wire tag_valid;
  wire [Clients-1:0] tag;
  wire [7:0] tag_block;
  wire [31:LaneBits] tag_addr;
  wire [$clog2(Outstanding):0] unused_count;
  sync_fifo #(
      .Width(Clients + 40 - LaneBits),
      .Depth(Outstanding)
  ) u_tags (
      .clk_i(clk_i),
      .rst_i(rst_i),
      .clear_i(1'b0),
      .in_valid_i(ar_load),
      .in_ready_o(tag_ready),
      .in_data_i({chosen_block, chosen_addr[31:LaneBits], grant}),
      .out_valid_o(tag_valid),
      .out_ready_i(m_axi_rvalid && m_axi_rlast),
      .out_data_o({tag_block, tag_addr, tag}),
      .count_o(unused_count)
  );

  reg [Clients-1:0] rsp_valid_q;
  reg [BusBytes*8-1:0] rsp_data_q;
  reg rsp_last_q;
  reg error_q;
  reg [Clients-1:0] answered_client_q;
  reg [7:0] answered_block_q;
  reg [31:LaneBits] answered_addr_q;
  reg answered_decode_q;

  always @(posedge clk_i) begin
    if (rst_i) begin
      rsp_valid_q <= {Clients{1'b0}};
      error_q <= 1'b0;
    end else begin
      rsp_valid_q <= (m_axi_rvalid && tag_valid) ? tag : {Clients{1'b0}};
      error_q <= m_axi_rvalid && m_axi_rresp[1];
    end
  end

  always @(posedge clk_i) begin
    rsp_data_q <= m_axi_rdata;
    rsp_last_q <= m_axi_rlast;
    {answered_block_q, answered_addr_q, answered_client_q} <= {tag_block, tag_addr, tag};
    answered_decode_q <= m_axi_rresp[0];
  end

  assign rsp_valid_o = rsp_valid_q;
  assign rsp_data_o = rsp_data_q;
  assign rsp_last_o = rsp_last_q;
  assign error_o = error_q;
  assign answered_client_o = answered_client_q;
  assign answered_block_o = answered_block_q;
  assign answered_addr_o = {answered_addr_q, {LaneBits{1'b0}}};
  assign answered_decode_o = answered_decode_q;
  assign idle_o = !tag_valid;
endmodule

`default_nettype wire
