// A single data rate SDRAM as its data sheet has it: CAS latency 2, bursts of one word, four banks. It answers as the chip does and
// watches what the chip wants: times between commands, rows open or closed, refreshes, the order behind power on. fault_o is the
// number of the first rule that was broken, 0 as long as there is none. Times in picoseconds.
`default_nettype none

module sdram #(
    parameter DataBytes = 2,
    parameter RowW = 13,
    parameter ColW = 9,
    parameter Words = 32768,        // kept: addresses wrap around
    parameter Period = 40000,       // of the clock
    parameter Init = 100000000,
    parameter Rcd = 20000,          // row opened to read or write
    parameter Rp = 20000,           // row closed to the next command
    parameter Ras = 44000,          // row opened to closed
    parameter Rc = 66000,           // row opened to the next one of the bank
    parameter Rfc = 66000,          // refresh to the next command
    parameter Wr = 15000,           // last word written to row closed
    parameter Refresh = 7812500,    // from one refresh to the next, on average
    parameter Late = 8         // refreshes that may be late
) (
    input wire clk_i,
    input wire ras_n_i,
    input wire cas_n_i,
    input wire we_n_i,
    input wire [1:0] ba_i,
    input wire [RowW-1:0] a_i,
    input wire [DataBytes-1:0] dqm_i,
    input wire [DataBytes*8-1:0] dq_i,
    input wire dq_en_i,  // somebody drives the data
    output reg [DataBytes*8-1:0] dq_o,
    output reg dq_en_o,
    output reg [7:0] fault_o,
    output wire ready_o  // its mode is set
);
  localparam [2:0] Nop = 3'b111, Activate = 3'b011, Read = 3'b101, Write = 3'b100;
  localparam [2:0] Precharge = 3'b010, AutoRefresh = 3'b001, SetMode = 3'b000;

  reg [DataBytes*8-1:0] content[0:Words-1]  /* verilator public_flat_rw */;
  reg [3:0] open_q;
  reg [RowW-1:0] row_q[0:3];
  reg [63:0] now_q, opened_q[0:3], closed_q[0:3], written_q[0:3], refreshed_q, mode_q, oldest_q;
  reg [31:0] refreshes_q;
  reg mode_set_q, closed_once_q;
  assign ready_o = mode_set_q;

  wire [2:0] command = {ras_n_i, cas_n_i, we_n_i};
  wire [31:0] word = {{(30 - RowW - ColW) {1'b0}}, row_q[ba_i], ba_i, a_i[ColW-1:0]} % Words;
  wire every_bank = a_i[10];
  integer i;

  task broken;
    input [7:0] rule;
    if (fault_o == 8'd0) fault_o <= rule;
  endtask

  // CAS latency: the data of a read are driven between the first and the second edge behind it
  reg read_q;
  reg [DataBytes*8-1:0] data_q;
  initial begin
    fault_o = 8'd0;
    open_q = 4'd0;
    now_q = 64'd0;
    refreshed_q = 64'd0;
    oldest_q = 64'd0;
    mode_q = 64'd0;
    refreshes_q = 32'd0;
    mode_set_q = 1'b0;
    closed_once_q = 1'b0;
    read_q = 1'b0;
    dq_en_o = 1'b0;
    for (i = 0; i < 4; i = i + 1) begin
      opened_q[i] = 64'd0;
      closed_q[i] = 64'd0;
      written_q[i] = 64'd0;
    end
  end

  always @(posedge clk_i) begin
    now_q <= now_q + Period;
    read_q <= command == Read;
    dq_o <= data_q;
    dq_en_o <= read_q;
    if (dq_en_i && (read_q || dq_en_o)) broken(8'd1);  // both drive
    if (command != Nop && now_q < Init) broken(8'd2);
    if (command != Nop && refreshes_q != 0 && now_q < refreshed_q + Rfc) broken(8'd3);
    if (command != Nop && mode_set_q && now_q < mode_q + 2 * Period) broken(8'd4);
    if (mode_set_q && now_q > oldest_q + Late * Refresh) broken(8'd5);
    case (command)
      Activate: begin
        if (!mode_set_q) broken(8'd6);
        if (open_q[ba_i]) broken(8'd7);
        if (now_q < closed_q[ba_i] + Rp) broken(8'd8);
        if (opened_q[ba_i] != 0 && now_q < opened_q[ba_i] + Rc) broken(8'd9);
        open_q[ba_i] <= 1'b1;
        row_q[ba_i] <= a_i;
        opened_q[ba_i] <= now_q;
      end
      Read, Write: begin
        if (!open_q[ba_i]) broken(8'd10);
        if (now_q < opened_q[ba_i] + Rcd) broken(8'd11);
        if (every_bank) broken(8'd12);  // it would close the row by itself
        if (command == Read) begin
          data_q <= content[word];
          if (dqm_i != 0) broken(8'd13);
        end else begin
          if (!dq_en_i) broken(8'd14);
          written_q[ba_i] <= now_q;
          for (i = 0; i < DataBytes; i = i + 1) if (!dqm_i[i]) content[word][8*i+:8] <= dq_i[8*i+:8];
        end
      end
      Precharge: begin
        closed_once_q <= 1'b1;
        for (i = 0; i < 4; i = i + 1)
          if (every_bank || ba_i == i[1:0]) begin
            if (open_q[i] && now_q < opened_q[i] + Ras) broken(8'd15);
            if (open_q[i] && written_q[i] != 0 && now_q < written_q[i] + Wr) broken(8'd16);
            open_q[i] <= 1'b0;
            closed_q[i] <= now_q;
          end
      end
      AutoRefresh: begin
        if (open_q != 4'd0 || !closed_once_q) broken(8'd17);
        for (i = 0; i < 4; i = i + 1) if (now_q < closed_q[i] + Rp) broken(8'd18);
        refreshed_q <= now_q;
        refreshes_q <= refreshes_q + 1;
        oldest_q <= !mode_set_q || oldest_q + Refresh > now_q ? now_q : oldest_q + Refresh;
      end
      SetMode: begin
        if (open_q != 4'd0 || refreshes_q < 2) broken(8'd19);
        if (a_i[6:0] != 7'h20) broken(8'd20);  // what this model is made for
        mode_set_q <= 1'b1;
        mode_q <= now_q;
      end
      default: ;
    endcase
  end
endmodule

`default_nettype wire
