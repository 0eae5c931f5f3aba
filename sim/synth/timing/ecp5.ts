/**
 * ECP5, speed grade 6 (the ULX3S's). Cells: Project Trellis's database (github.com/YosysHQ/prjtrellis-db, timing/speed_6, greatest
 * times); the multiplier's product is from memory, unconfirmed. Wires: what routed paths of nextpnr-ecp5 have.
 */
import type { Parameters } from "../netlist.ts";
import {
  arcs,
  combinational,
  edges,
  fabricWire,
  type CellTiming,
  type DelayModel,
  type Driver,
  type Pin,
} from "./model.ts";

const WIRE = { base: 800, perDoubling: 130, few: 1, most: 16 };

/** What a slice's own multiplexers add to the look-up table, and to each other. */
const lut4 = combinational(arcs(["A", "B", "C", "D"], ["Z"], 236));
const pfumx = combinational([...arcs(["ALUT", "BLUT"], ["Z"], 165), ...arcs(["C0"], ["Z"], 256)]);
const l6mux = combinational([...arcs(["D0", "D1"], ["Z"], 242), ...arcs(["SD"], ["Z"], 252)]);
const low = ["A0", "B0", "C0", "D0"];
const high = ["A1", "B1", "C1", "D1"];
const ccu2c = combinational([
  ...arcs(low, ["S0"], 236),
  ...arcs(low, ["S1"], 714),
  ...arcs(high, ["S1"], 236),
  ...arcs([...low, ...high], ["COUT"], 447),
  ...arcs(["CIN"], ["COUT"], 71),
  ...arcs(["CIN"], ["S0"], 443),
  ...arcs(["CIN"], ["S1"], 474),
]);
const register: CellTiming = {
  arcs: [],
  launches: edges(["Q"], 525),
  captures: [...edges(["DI", "M", "CE"], 0), ...edges(["LSR"], 424)],
};
const distributed: CellTiming = {
  arcs: arcs(["RAD"], ["DO"], 236),
  launches: edges(["DO"], 929),
  captures: [...edges(["DI", "WAD"], 0), ...edges(["WRE"], 392)],
};
const numbered = (port: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, bit) => `${port}${bit}`);
const blockRam: CellTiming = {
  arcs: [],
  launches: [
    ...edges(numbered("DOA", 18), 5609),
    ...edges(numbered("DOB", 18), 5830),
    ...edges(numbered("DO", 36), 5830),
  ],
  captures: [
    ...edges(
      [...numbered("ADA", 14), ...numbered("ADW", 9), ...numbered("DIA", 18), ...numbered("DI", 36)],
      251,
    ),
    ...edges([...numbered("ADB", 14), ...numbered("ADR", 14), ...numbered("DIB", 18)], 205),
    ...edges(["CEA", "CEB", "CEW", "CER", "OCEA", "OCEB", "OCER"], 340),
    ...edges(["WEA", "WEB", ...numbered("BE", 4)], 139),
    ...edges(
      [...numbered("CSA", 3), ...numbered("CSB", 3), ...numbered("CSW", 3), ...numbered("CSR", 3)],
      20,
    ),
    ...edges(["RSTA", "RSTB", "RST"], 585),
  ],
};
const factors = [...numbered("A", 18), ...numbered("B", 18), "SIGNEDA", "SIGNEDB"];
const multiplier = combinational(arcs(factors, numbered("P", 36), 3931));

const cells: Readonly<Record<string, CellTiming | null>> = {
  LUT4: lut4,
  PFUMX: pfumx,
  L6MUX21: l6mux,
  CCU2C: ccu2c,
  TRELLIS_FF: register,
  TRELLIS_DPR16X4: distributed,
  DP16KD: blockRam,
  PDPW16KD: blockRam,
  MULT18X18D: multiplier,
  GSR: null,
};

function wire(from: Driver, to: Pin): number {
  if (from.type === "") return 0;
  if (from.port === "COUT" && to.port === "CIN") return 0;
  if (from.type === "LUT4" && to.type === "PFUMX" && to.port !== "C0") return 0;
  if (/^(PFUMX|L6MUX21)$/.test(from.type) && to.type === "L6MUX21" && to.port !== "SD") return 0;
  const beside = /^(LUT4|PFUMX|L6MUX21|CCU2C)$/.test(from.type) && from.registers === 1;
  if (beside && to.type === "TRELLIS_FF" && to.port === "DI") return 0;
  return fabricWire(WIRE, from.fanout);
}

export const ecp5: DelayModel = {
  cell(type: string, parameters: Parameters): CellTiming | null {
    const timing = cells[type];
    if (timing === undefined) throw new Error(`internal error: no delays of cell ${type}`);
    // registers of the multiplier are not used by Yosys
    if (
      type === "MULT18X18D" &&
      Object.entries(parameters).some(([name, value]) => /^REG_.*_CLK$/.test(name) && value !== "NONE")
    )
      throw new Error("internal error: no delays of a multiplier with registers");
    return timing;
  },
  isRegisterData: ({ port, type }) => type === "TRELLIS_FF" && port === "DI",
  wire,
};
