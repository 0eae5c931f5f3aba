/** What 7-series and UltraScale+ have in common: the cells, and which wires lie within a slice or beside its carry chain. */
import type { Parameters } from "../netlist.ts";
import {
  arcs,
  combinational,
  edges,
  fabricWire,
  isSet,
  type CellTiming,
  type DelayModel,
  type Driver,
  type Pin,
  type WireModel,
} from "./model.ts";

/** Of a family and speed grade, ps. */
export interface XilinxDelays {
  readonly wire: WireModel;
  /** Between the slices of a carry chain, between neighbouring DSP blocks, of cascades between block RAMs. */
  readonly carryWire: (type: string) => number;
  readonly cascadeWire: number;
  readonly lut: number;
  readonly muxData: number;
  readonly muxSelect: number;
  readonly register: {
    readonly launch: number;
    readonly data: number;
    readonly enable: number;
    readonly reset: number;
  };
  /** Distributed memory and shift registers. */
  readonly lutRam: {
    readonly launch: number;
    readonly shiftLaunch: number;
    readonly data: number;
    readonly address: number;
    readonly write: number;
  };
  readonly blockRam: {
    readonly launch: number;
    readonly registeredLaunch: number;
    readonly address: number;
    readonly data: number;
    readonly enable: number;
    readonly write: number;
    readonly reset: number;
  };
  readonly carry: (type: string) => CellTiming;
  readonly dsp: (parameters: Parameters) => CellTiming;
}

const luts = /^(LUT[1-6]|INV)$/;
const muxes = /^MUXF[789]$/;
const carries = /^CARRY[48]$/;
/** Drive the register beside them without leaving the slice. */
const besideRegisters = /^(LUT[1-6]|INV|MUXF[789]|CARRY[48])$/;
const cascades = /^(PCOUT|ACOUT|BCOUT|CARRYCASCOUT|CAS\w*OUT\w*|CAS_OUT_\w+)$/;

export function xilinxModel(delays: XilinxDelays): DelayModel {
  return {
    cell: (type, parameters) => cellTiming(type, parameters, delays),
    isRegisterData: ({ port, type }) => /^FD/.test(type) && port === "D",
    wire: (from, to) => wirePs(from, to, delays),
  };
}

function wirePs(from: Driver, to: Pin, { carryWire, cascadeWire, wire }: XilinxDelays): number {
  if (from.type === "") return 0;
  if (carries.test(from.type) && from.port === "CO" && to.port === "CI") return carryWire(from.type);
  if (cascades.test(from.port)) return cascadeWire;
  if (luts.test(from.type) && carries.test(to.type) && to.port === "S") return 0;
  if ((luts.test(from.type) || muxes.test(from.type)) && muxes.test(to.type) && to.port !== "S") return 0;
  if (besideRegisters.test(from.type) && /^FD/.test(to.type) && to.port === "D" && from.registers === 1)
    return 0;
  return fabricWire(wire, from.fanout);
}

function cellTiming(type: string, parameters: Parameters, delays: XilinxDelays): CellTiming | null {
  const { blockRam, lut, lutRam, muxData, muxSelect, register } = delays;
  if (/^(VCC|GND|BUFG|IBUF|OBUF)$/.test(type)) return null;
  if (luts.test(type)) return combinational(arcs(["I", "I0", "I1", "I2", "I3", "I4", "I5"], ["O"], lut));
  if (muxes.test(type))
    return combinational([...arcs(["I0", "I1"], ["O"], muxData), ...arcs(["S"], ["O"], muxSelect)]);
  if (carries.test(type)) return delays.carry(type);
  if (/^FD[RSCP]E(_1)?$/.test(type))
    return {
      arcs: [],
      launches: edges(["Q"], register.launch),
      captures: [
        ...edges(["D"], register.data),
        ...edges(["CE"], register.enable),
        ...edges(["R", "S", "CLR", "PRE"], register.reset),
      ],
    };
  if (/^SRL/.test(type))
    return {
      arcs: arcs(["A", "A0", "A1", "A2", "A3"], ["Q"], lut),
      launches: edges(["Q", "Q15", "Q31"], lutRam.shiftLaunch),
      captures: [...edges(["D"], lutRam.data), ...edges(["CE"], register.enable)],
    };
  if (/^RAM\d+(M|X)/.test(type)) return distributedMemory(lut, lutRam);
  if (/^RAMB(18|36)E[12]$/.test(type)) return blockMemory(parameters, blockRam);
  if (type === "URAM288") return ultraMemory(parameters, blockRam);
  if (/^DSP48E[12]$/.test(type)) return delays.dsp(parameters);
  throw new Error(`internal error: no delays of cell ${type}`);
}

/** RAM32M, RAM64M and their like: each read port is a look-up table of its own. */
function distributedMemory(lut: number, delays: XilinxDelays["lutRam"]): CellTiming {
  const ports = ["A", "B", "C", "D", "E", "F", "G", "H"];
  const single = ["A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A"];
  const dual = single.map((pin) => `DPR${pin}`);
  return {
    arcs: [
      ...ports.flatMap((port) => arcs([`ADDR${port}`], [`DO${port}`], lut)),
      ...arcs(single, ["SPO", "O", "DOH"], lut),
      ...arcs(dual, ["DPO"], lut),
    ],
    launches: edges([...ports.map((port) => `DO${port}`), "SPO", "DPO", "O"], delays.launch),
    captures: [
      ...edges([...ports.map((port) => `DI${port}`), "D"], delays.data),
      // a write's address is that of the last port
      ...edges(["ADDRD", "ADDRH", ...single], delays.address),
      ...edges(["WE"], delays.write),
    ],
  };
}

function blockMemory(parameters: Parameters, delays: XilinxDelays["blockRam"]): CellTiming {
  const launch = (register: string): number =>
    isSet(parameters, register) ? delays.registeredLaunch : delays.launch;
  return {
    arcs: [],
    launches: [
      ...edges(["DOADO", "DOPADOP", "DOUTADOUT", "DOUTPADOUTP"], launch("DOA_REG")),
      ...edges(["DOBDO", "DOPBDOP", "DOUTBDOUT", "DOUTPBDOUTP"], launch("DOB_REG")),
    ],
    captures: [
      ...edges(["ADDRARDADDR", "ADDRBWRADDR"], delays.address),
      ...edges(["DIADI", "DIBDI", "DIPADIP", "DIPBDIP"], delays.data),
      ...edges(["DINADIN", "DINBDIN", "DINPADINP", "DINPBDINP"], delays.data),
      ...edges(["ENARDEN", "ENBWREN", "REGCEAREGCE", "REGCEB"], delays.enable),
      ...edges(["WEA", "WEBWE"], delays.write),
      ...edges(["RSTRAMARSTRAM", "RSTRAMB", "RSTREGARSTREG", "RSTREGB"], delays.reset),
    ],
  };
}

/** UltraRAM, by block RAM's times: none are published. */
function ultraMemory(parameters: Parameters, delays: XilinxDelays["blockRam"]): CellTiming {
  const launch = (register: string): number =>
    isSet(parameters, register) ? delays.registeredLaunch : delays.launch;
  return {
    arcs: [],
    launches: [...edges(["DOUT_A"], launch("OREG_A")), ...edges(["DOUT_B"], launch("OREG_B"))],
    captures: [
      ...edges(["ADDR_A", "ADDR_B"], delays.address),
      ...edges(["DIN_A", "DIN_B"], delays.data),
      ...edges(["EN_A", "EN_B", "RDB_WR_A", "RDB_WR_B", "OREG_CE_A", "OREG_CE_B"], delays.enable),
      ...edges(["BWE_A", "BWE_B"], delays.write),
      ...edges(["RST_A", "RST_B"], delays.reset),
    ],
  };
}
