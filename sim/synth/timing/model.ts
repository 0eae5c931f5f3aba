/** What a timing analysis has to know of a device: the delays of its cells, and of the wires between them. All in picoseconds. */
import type { Parameters } from "../netlist.ts";

/** From an input to an output, without a clock. A pin is a port's bit such as `S[2]`, or a port's name for each of its bits. */
export interface Arc {
  readonly from: string;
  readonly to: string;
  readonly ps: number;
}

/** `launches`: from the clock to an output; `captures`: how long before the clock an input has to be there. */
export interface Edge {
  readonly pin: string;
  readonly ps: number;
}

export interface CellTiming {
  readonly arcs: readonly Arc[];
  readonly launches: readonly Edge[];
  readonly captures: readonly Edge[];
}

/** A pin by its cell's type; "" stands for the design, whose ports are such pins too. */
export interface Pin {
  readonly type: string;
  readonly port: string;
  readonly bit: number;
}

/** What drives a wire. */
export interface Driver extends Pin {
  /** Pins that it drives, and of these the data inputs of registers. */
  readonly fanout: number;
  readonly registers: number;
}

export interface DelayModel {
  /** Delays of a cell as it is set; null for one that has none, such as a constant. */
  cell(type: string, parameters: Parameters): CellTiming | null;
  /** Whether a pin is the data input of a register, which may lie beside what drives it. */
  isRegisterData(pin: Pin): boolean;
  wire(from: Driver, to: Pin): number;
}

/** A wire through the fabric: what it takes to one of at most `few` pins, and for each doubling of their number up to `most`. */
export interface WireModel {
  readonly base: number;
  readonly perDoubling: number;
  readonly few: number;
  /** What drives more pins is driven from several places, or by a buffer of its own. */
  readonly most: number;
}

export function fabricWire({ base, few, most, perDoubling }: WireModel, fanout: number): number {
  return base + perDoubling * Math.log2(Math.min(most, Math.max(few, fanout)) / few);
}

/** Arcs from all of some pins to all of others. */
export function arcs(from: readonly string[], to: readonly string[], ps: number): readonly Arc[] {
  return from.flatMap((a) => to.map((b) => ({ from: a, to: b, ps })));
}

/** The same time at several pins. */
export function edges(pins: readonly string[], ps: number): readonly Edge[] {
  return pins.map((pin) => ({ pin, ps }));
}

/** A cell without a clock. */
export function combinational(paths: readonly Arc[]): CellTiming {
  return { arcs: paths, launches: [], captures: [] };
}

/** Whether a parameter is 1 or "TRUE". Yosys writes numbers in binary, of newer versions in 32 bits. */
export function isSet(parameters: Parameters, name: string): boolean {
  return /^(TRUE|0*1)$/.test(String(parameters[name]));
}
