// The regions that may be written, as the host has them: whole pages, which end below 2^32; and whether bytes lie in one of them.
`default_nettype none

module host_regions #(
    parameter [31:0] OutputBytes = 4096,
    parameter [31:0] WorkspaceBytes = 4096
) (
    input wire [127:0] bases_i,

    input  wire [31:0] addr_i,
    input  wire [32:0] behind_i,
    output wire        inside_o
);
  wire [32:0] output_base = {1'b0, bases_i[95:64]}, workspace_base = {1'b0, bases_i[127:96]};
  wire [32:0] output_end = output_base + OutputBytes, workspace_end = workspace_base + WorkspaceBytes;
  always @* assume (output_base[11:0] == 0 && workspace_base[11:0] == 0 && !output_end[32] && !workspace_end[32]);

  assign inside_o = (addr_i >= output_base && behind_i <= output_end) || (addr_i >= workspace_base && behind_i <= workspace_end);
endmodule

`default_nettype wire
