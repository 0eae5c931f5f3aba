/** The ports of firebrick_axi: one list for Verilog, IP-XACT and LiteX. */

export interface Port {
  readonly name: string;
  readonly input: boolean;
  /** Bits. */
  readonly width: number;
}

const port = (name: string, input: boolean, width = 1): Port => ({ name, input, width });

/** AXI4-Lite slave, as top.v has it. */
export const controlPorts: readonly Port[] = [
  port("s_axil_awaddr", true, 8),
  port("s_axil_awvalid", true),
  port("s_axil_awready", false),
  port("s_axil_wdata", true, 32),
  port("s_axil_wstrb", true, 4),
  port("s_axil_wvalid", true),
  port("s_axil_wready", false),
  port("s_axil_bresp", false, 2),
  port("s_axil_bvalid", false),
  port("s_axil_bready", true),
  port("s_axil_araddr", true, 8),
  port("s_axil_arvalid", true),
  port("s_axil_arready", false),
  port("s_axil_rdata", false, 32),
  port("s_axil_rresp", false, 2),
  port("s_axil_rvalid", false),
  port("s_axil_rready", true),
];

/** AXI4 master, as top.v has it. */
export function memoryPorts(busBytes: number): readonly Port[] {
  return [
    port("m_axi_awaddr", false, 32),
    port("m_axi_awlen", false, 8),
    port("m_axi_awsize", false, 3),
    port("m_axi_awburst", false, 2),
    port("m_axi_awvalid", false),
    port("m_axi_awready", true),
    port("m_axi_wdata", false, busBytes * 8),
    port("m_axi_wstrb", false, busBytes),
    port("m_axi_wlast", false),
    port("m_axi_wvalid", false),
    port("m_axi_wready", true),
    port("m_axi_bresp", true, 2),
    port("m_axi_bvalid", true),
    port("m_axi_bready", false),
    port("m_axi_araddr", false, 32),
    port("m_axi_arlen", false, 8),
    port("m_axi_arsize", false, 3),
    port("m_axi_arburst", false, 2),
    port("m_axi_arvalid", false),
    port("m_axi_arready", true),
    port("m_axi_rdata", true, busBytes * 8),
    port("m_axi_rresp", true, 2),
    port("m_axi_rlast", true),
    port("m_axi_rvalid", true),
    port("m_axi_rready", false),
  ];
}

/** Observation ports of top.v, which a board leaves open. */
export function openPorts(pk: number): readonly Port[] {
  return [
    port("trace_valid", false),
    port("trace_block", false, 8),
    port("trace_phase", false, 2),
    port("trace_y", false, 16),
    port("trace_x", false, 16),
    port("trace_group", false, 16),
    port("trace_data", false, pk * 8),
    port("pool_valid", false),
    port("pool_block", false, 8),
    port("pool_y", false, 16),
    port("pool_x", false, 16),
    port("pool_group", false, 16),
    port("pool_data", false, pk * 8),
    port("state_block", false, 8),
    port("state_phase", false, 2),
  ];
}
