// Maps that stay on the chip: words of a beat, written by the row writer, read by row readers burst by burst.
// Latency: two cycles from a burst taken to its first answer; one beat a cycle, bursts back to back. Client 0 goes first.
`default_nettype none

module scratchpad #(
    parameter BusBytes = 16,   // bytes of a beat, 8 or 16
    parameter Depth    = 256,  // beats, 2 to 65536
    parameter Clients  = 2     // request ports, 1 or 2
) (
    input wire clk_i,
    input wire rst_i,

    // a beat of a map
    input wire                     we_i,
    input wire [$clog2(Depth)-1:0] waddr_i,
    input wire [   BusBytes*8-1:0] wdata_i,

    // requests in bytes and beats: client c in bit c and field c
    input  wire [   Clients-1:0] req_valid_i,
    output wire [   Clients-1:0] req_ready_o,
    input  wire [Clients*32-1:0] req_addr_i,
    input  wire [ Clients*9-1:0] req_beats_i,

    // answers: no back-pressure, a client has reserved the space
    output wire [   Clients-1:0] rsp_valid_o,
    output wire [BusBytes*8-1:0] rsp_data_o,
    output wire                  rsp_last_o
);
  localparam LaneBits = $clog2(BusBytes);
  localparam AddrW = $clog2(Depth);

  generate
    if (BusBytes != 8 && BusBytes != 16) begin : gen_bad_bus
      firebrick_error_bus_bytes_must_be_8_or_16 u_error ();
    end
    if (Depth < 2 || Depth > 65536) begin : gen_bad_depth
      firebrick_error_depth_must_be_2_to_65536 u_error ();
    end
    if (Clients < 1 || Clients > 2) begin : gen_bad_clients
      firebrick_error_clients_must_be_1_or_2 u_error ();
    end
  endgenerate

  // ---- the burst under way ----
  reg [Clients-1:0] client_q;  // one-hot; none: no burst
  reg [AddrW-1:0] addr_q;
  reg [8:0] left_q;
  wire busy = client_q != {Clients{1'b0}};
  wire last = left_q == 9'd1;
  wire free = !busy || last;

  wire [Clients-1:0] grant;
  wire [AddrW-1:0] addr;
  wire [8:0] beats;
  wire unused_addr = &{1'b0, req_addr_i};
  generate
    if (Clients == 1) begin : gen_one
      assign grant = req_valid_i;
      assign addr  = req_addr_i[LaneBits+:AddrW];
      assign beats = req_beats_i;
    end else begin : gen_two
      assign grant = {req_valid_i[1] && !req_valid_i[0], req_valid_i[0]};
      assign addr  = req_valid_i[0] ? req_addr_i[LaneBits+:AddrW] : req_addr_i[32+LaneBits+:AddrW];
      assign beats = req_valid_i[0] ? req_beats_i[8:0] : req_beats_i[17:9];
    end
  endgenerate
  assign req_ready_o = free ? grant : {Clients{1'b0}};

  always @(posedge clk_i) begin
    if (rst_i) client_q <= {Clients{1'b0}};
    else if (free) client_q <= grant;
  end

  always @(posedge clk_i) begin
    if (free) begin
      addr_q <= addr;
      left_q <= beats;
    end else begin
      addr_q <= addr_q + {{(AddrW - 1) {1'b0}}, 1'b1};
      left_q <= left_q - 9'd1;
    end
  end

  ram_1r1w #(
      .Width(BusBytes * 8),
      .Depth(Depth),
      .AddrW(AddrW)
  ) u_maps (
      .clk_i  (clk_i),
      .we_i   (we_i),
      .waddr_i(waddr_i),
      .wdata_i(wdata_i),
      .raddr_i(addr_q),
      .rdata_o(rsp_data_o)
  );

  reg [Clients-1:0] rsp_valid_q;
  reg rsp_last_q;
  always @(posedge clk_i) begin
    if (rst_i) rsp_valid_q <= {Clients{1'b0}};
    else rsp_valid_q <= client_q;
  end
  always @(posedge clk_i) rsp_last_q <= last;

  assign rsp_valid_o = rsp_valid_q;
  assign rsp_last_o  = rsp_last_q;
endmodule

`default_nettype wire
