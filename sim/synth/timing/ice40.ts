/**
 * iCE40 as nextpnr-ice40 times it: its cells' delays are those of its reports, which are IceStorm's. A register and the look-up table
 * in front of it are one logic cell, as are a carry and the sum behind it; what does not fit together so goes through a further cell. The
 * wires are fitted to nextpnr's on the designs of check/designs.ts.
 */
import { netsOf, type Netlist } from "../netlist.ts";
import {
  arcs,
  combinational,
  edges,
  fabricWire,
  type CellTiming,
  type DelayModel,
  type Driver,
  type Pin,
  type WireModel,
} from "./model.ts";

/** ps. */
interface Ice40Delays {
  /** Of a design of a thousand cells; `spread`: the power of others' size. `shortest`: to a neighbour. */
  readonly wire: WireModel & { readonly spread: number; readonly shortest: number };
  /** From I0 to I3. */
  readonly lut: readonly [number, number, number, number];
  readonly register: { readonly launch: number; readonly data: number; readonly control: number };
  /** From the operands and from the carry below to the carry. */
  readonly carry: { readonly first: number; readonly second: number; readonly below: number };
  /** To the next carry, an eighth of what the step to the next tile takes; to the sum's look-up table. */
  readonly carryWire: number;
  readonly sumWire: number;
  /** To enables and resets of many registers, over a buffer of the clocks' network. */
  readonly globalWire: number;
  readonly blockRam: { readonly launch: number; readonly setUp: number };
  readonly singlePortRam: { readonly launch: number; readonly setUp: number };
  /** Of a multiplier, taken to stand between registers always. */
  readonly product: { readonly launch: number; readonly setUp: number };
}

export type Ice40Device = "hx8k" | "up5k";

/** The HX has none. */
const none = { launch: 0, setUp: 0 };

const devices: Readonly<Record<Ice40Device, Ice40Delays>> = {
  hx8k: {
    wire: { base: 675, perDoubling: 75, few: 8, most: 64, spread: 0.25, shortest: 588 },
    lut: [448, 399, 378, 315],
    register: { launch: 540, data: 20, control: 100 },
    carry: { first: 259, second: 231, below: 126 },
    carryWire: 25,
    sumWire: 259,
    globalWire: 1800,
    blockRam: { launch: 2146, setUp: 100 },
    singlePortRam: none,
    product: none,
  },
  up5k: {
    wire: { base: 2300, perDoubling: 150, few: 8, most: 64, spread: 0.1, shortest: 1761 },
    lut: [1284, 1231, 1205, 874],
    register: { launch: 1390, data: -50, control: 100 },
    carry: { first: 675, second: 609, below: 278 },
    carryWire: 70,
    sumWire: 662,
    globalWire: 3000,
    blockRam: { launch: 1178, setUp: 100 },
    singlePortRam: { launch: 1821, setUp: 100 },
    product: { launch: 100, setUp: 100 },
  },
};

/** `cells`: logic cells of the design. Those of a larger one lie further apart: its wires are longer by a power of its size. */
export function ice40(device: Ice40Device, cells: number): DelayModel {
  const { wire, ...rest } = devices[device];
  const spread = (cells / 1000) ** wire.spread;
  const base = Math.max(wire.shortest, spread * wire.base);
  const delays = { ...rest, wire: { ...wire, base, perDoubling: spread * wire.perDoubling } };
  return {
    cell: (type) => cellTiming(type, delays),
    isRegisterData: ({ port, type }) => /^SB_DFF/.test(type) && port === "D",
    wire: (from, to) => wirePs(from, to, delays),
  };
}

/** A look-up table and the register that it alone feeds are one. */
export function logicCells({ cells }: Netlist): number {
  const luts = cells.filter(({ type }) => type === "SB_LUT4");
  const sinks = new Map<number, number>();
  for (const net of cells.flatMap(({ inputs }) => netsOf(inputs))) {
    const so = sinks.get(net);
    sinks.set(net, so === undefined ? 1 : so + 1);
  }
  const own = new Set(luts.flatMap(({ outputs }) => netsOf(outputs)).filter((net) => sinks.get(net) === 1));
  const apart = cells.filter(
    ({ inputs, type }) =>
      /^SB_DFF/.test(type) && !inputs["D"]?.some((net) => typeof net === "number" && own.has(net)),
  );
  return luts.length + apart.length;
}

/** Enables and resets of as many registers go over the clocks' network. */
const MANY = 32;

function wirePs(
  from: Driver,
  to: Pin,
  { carry, carryWire, globalWire, lut, sumWire, wire }: Ice40Delays,
): number {
  const own = from.type === "" ? 0 : fabricWire(wire, from.fanout);
  if (from.type === "SB_CARRY") {
    if (to.type === "SB_CARRY" && to.port === "CI") return carryWire;
    if (to.type === "SB_LUT4" && to.port === "I3") return sumWire;
    // out of the chain through a look-up table
    return sumWire + lut[3] + own;
  }
  if (to.type === "SB_CARRY" && to.port === "CI") return own + carry.first;
  if (/^SB_DFF/.test(to.type) && to.port === "D") {
    const together = from.type === "SB_LUT4" && from.fanout === 1;
    return together ? 0 : own + lut[0];
  }
  return /^SB_DFF/.test(to.type) && from.fanout >= MANY ? own + globalWire : own;
}

function cellTiming(
  type: string,
  { blockRam, carry, lut, product, register, singlePortRam }: Ice40Delays,
): CellTiming | null {
  if (/^SB_(IO|GB|GB_IO|PLL40_\w+)$/.test(type)) return null;
  if (/^SB_DFF/.test(type))
    return {
      arcs: [],
      launches: edges(["Q"], register.launch),
      captures: [...edges(["D"], register.data), ...edges(["E", "R", "S"], register.control)],
    };
  if (/^SB_RAM40_4K/.test(type)) return memory(["RDATA"], blockRam);
  switch (type) {
    case "SB_LUT4":
      return combinational(lut.flatMap((ps, index) => arcs([`I${index}`], ["O"], ps)));
    case "SB_CARRY":
      return combinational([
        ...arcs(["I0"], ["CO"], carry.first),
        ...arcs(["I1"], ["CO"], carry.second),
        ...arcs(["CI"], ["CO"], carry.below),
      ]);
    case "SB_SPRAM256KA":
      return memory(["DATAOUT"], singlePortRam);
    case "SB_MAC16":
      return {
        arcs: [],
        launches: edges(["O"], product.launch),
        captures: edges(["A", "B", "C", "D"], product.setUp),
      };
    default:
      throw new Error(`internal error: no delays of cell ${type}`);
  }
}

const memoryInputs = [
  ...["RADDR", "RE", "RCLKE", "WADDR", "WDATA", "WE", "WCLKE", "MASK"],
  ...["ADDRESS", "DATAIN", "MASKWREN", "WREN", "CHIPSELECT"],
];

function memory(
  outputs: readonly string[],
  times: { readonly launch: number; readonly setUp: number },
): CellTiming {
  return { arcs: [], launches: edges(outputs, times.launch), captures: edges(memoryInputs, times.setUp) };
}
