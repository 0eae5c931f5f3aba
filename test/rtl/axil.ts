import type { Dut } from "../../sim/bench/index.ts";

/** How an access is spread over cycles: when each channel's valid and the answer's ready come. */
export interface AxilTiming {
  readonly address?: number;
  readonly data?: number;
  readonly answer?: number;
}

const limit = 50;

/** Writes a register through the AXI4-Lite slave of `dut`; checks the answer. */
export function axilWrite(
  dut: Dut,
  address: number,
  data: number,
  strobe = 15,
  timing: AxilTiming = {},
): void {
  const open = { aw: true, w: true, b: true };
  for (let now = 0; open.b; now += 1) {
    if (now > limit) throw new Error(`write to ${address} is not answered`);
    const aw = open.aw && now >= (timing.address ?? 0);
    const w = open.w && now >= (timing.data ?? 0);
    const b = now >= (timing.answer ?? 0);
    dut.poke("s_axil_awvalid", aw);
    dut.poke("s_axil_awaddr", aw ? address : 0xff);
    dut.poke("s_axil_wvalid", w);
    dut.poke("s_axil_wdata", w ? data >>> 0 : 0xffff_ffff);
    dut.poke("s_axil_wstrb", w ? strobe : 15);
    dut.poke("s_axil_bready", b);
    dut.eval();
    if (aw && dut.peekNumber("s_axil_awready") === 1) open.aw = false;
    if (w && dut.peekNumber("s_axil_wready") === 1) open.w = false;
    if (dut.peekNumber("s_axil_bvalid") === 1) {
      if (open.aw || open.w) throw new Error("answered before address and data");
      if (dut.peekNumber("s_axil_bresp") !== 0) throw new Error("bad response");
      if (b) open.b = false;
    }
    dut.step();
  }
  for (const name of ["aw", "w"]) dut.poke(`s_axil_${name}valid`, 0);
  dut.poke("s_axil_bready", 0);
  dut.eval();
}

/** Reads a register; checks that the answer is steady while it waits. */
export function axilRead(dut: Dut, address: number, timing: AxilTiming = {}): number {
  let asked = false;
  let value: number | undefined;
  for (let now = 0; now <= limit; now += 1) {
    const ar = !asked && now >= (timing.address ?? 0);
    const ready = now >= (timing.answer ?? 0);
    dut.poke("s_axil_arvalid", ar);
    dut.poke("s_axil_araddr", ar ? address : 0xff);
    dut.poke("s_axil_rready", ready);
    dut.eval();
    const valid = dut.peekNumber("s_axil_rvalid") === 1;
    if (valid && !asked) throw new Error("answered before the address");
    if (value !== undefined && (!valid || dut.peekNumber("s_axil_rdata") !== value))
      throw new Error("answer changed");
    if (valid) value = dut.peekNumber("s_axil_rdata");
    if (ar && dut.peekNumber("s_axil_arready") === 1) asked = true;
    dut.step();
    if (!valid || !ready) continue;
    dut.poke("s_axil_arvalid", 0);
    dut.poke("s_axil_rready", 0);
    dut.eval();
    return value ?? 0;
  }
  throw new Error(`read of ${address} is not answered`);
}
