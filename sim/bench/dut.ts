import koffi from "koffi";
import { assert } from "../../src/ir/errors.ts";
import type { Port } from "./ports.ts";

/** A verilated module in this process. Values are unsigned; a negative one is poked as its two's complement. */
export interface Dut {
  readonly ports: ReadonlyMap<string, Port>;
  /** Clock cycles since the start. */
  readonly cycles: number;
  /** Sets an input. Throws when the value does not fit in the port. */
  poke(port: string, value: bigint | number | boolean): void;
  peek(port: string): bigint;
  /** For ports of up to 53 bits. */
  peekNumber(port: string): number;
  /** The port as two's complement. */
  peekSigned(port: string): bigint;
  /** Lets outputs that depend directly on inputs settle, without a clock edge. */
  eval(): void;
  /** Clock cycles: low, then the rising edge. Throws when the Verilog ran into $finish or $stop. */
  step(cycles?: number): void;
  /** Holds the reset port for some cycles, with every input as it is. */
  reset(cycles?: number): void;
  close(): void;
}

export interface DutOptions {
  readonly ports: readonly Port[];
  /** Name of the reset input, active low when `resetActiveLow`. */
  readonly reset: string;
  readonly resetActiveLow: boolean;
  /** Of the values of registers before reset. */
  readonly seed: number;
  /** Waveform file; the library must have been built for its kind. */
  readonly trace?: string;
}

interface Cell extends Port {
  readonly offset: number;
  readonly limit: bigint;
}

/** Loads a library that `verilateModule` built. */
export function openDut(library: string, options: DutOptions): Dut {
  const native = koffi.load(library);
  const call = {
    create: native.func("void *bench_create(int seed)"),
    wave: native.func("void bench_open_wave(void *bench, const char *file)"),
    destroy: native.func("void bench_destroy(void *bench)"),
    memory: native.func("void *bench_memory(void *bench)"),
    bytes: native.func("double bench_memory_bytes(void *bench)"),
    offset: native.func("double bench_offset(void *bench, int port)"),
    eval: native.func("int bench_eval(void *bench)"),
    step: native.func("int bench_step(void *bench, int cycles)"),
    message: native.func("const char *bench_message()"),
  };
  const bench: unknown = call.create(options.seed);
  if (options.trace !== undefined) call.wave(bench, options.trace);
  let memory: DataView | null = new DataView(koffi.view(call.memory(bench), call.bytes(bench) as number));
  const cells = new Map(
    options.ports.map((port, index): [string, Cell] => [
      port.name,
      { ...port, offset: call.offset(bench, index) as number, limit: 1n << BigInt(port.width) },
    ]),
  );
  let cycles = 0;

  const open = (name: string): { cell: Cell; view: DataView } => {
    if (memory === null) throw new Error("the bench is closed");
    const cell = cells.get(name);
    if (cell === undefined) throw new Error(`no port ${name}; ports: ${[...cells.keys()].join(", ")}`);
    return { cell, view: memory };
  };
  const check = (stopped: unknown): void => {
    if (stopped !== 0) throw new Error(`the Verilog stopped in cycle ${cycles}: ${String(call.message())}`);
  };

  const dut: Dut = {
    ports: cells,
    get cycles() {
      return cycles;
    },
    poke(name, value) {
      const { cell, view } = open(name);
      if (cell.direction !== "input") throw new Error(`${name} is an output`);
      writeCell(view, cell, value);
    },
    peek(name) {
      const { cell, view } = open(name);
      return readCell(view, cell);
    },
    peekNumber(name) {
      const { cell, view } = open(name);
      assert(cell.width <= 53, `${name} has ${cell.width} bits; use peek`);
      return cell.storage <= 4 ? readSmall(view, cell) : Number(readCell(view, cell));
    },
    peekSigned(name) {
      const { cell, view } = open(name);
      return BigInt.asIntN(cell.width, readCell(view, cell));
    },
    eval() {
      assert(memory !== null, "the bench is closed");
      check(call.eval(bench));
    },
    step(count = 1) {
      assert(memory !== null, "the bench is closed");
      const stopped: unknown = call.step(bench, count);
      cycles += count;
      check(stopped);
    },
    reset(count = 2) {
      dut.poke(options.reset, options.resetActiveLow ? 0 : 1);
      dut.step(count);
      dut.poke(options.reset, options.resetActiveLow ? 1 : 0);
      dut.eval();
    },
    close() {
      if (memory === null) return;
      memory = null;
      call.destroy(bench);
    },
  };
  return dut;
}

function readSmall(view: DataView, cell: Cell): number {
  if (cell.storage === 1) return view.getUint8(cell.offset);
  return cell.storage === 2 ? view.getUint16(cell.offset, true) : view.getUint32(cell.offset, true);
}

function readCell(view: DataView, cell: Cell): bigint {
  if (cell.storage <= 4) return BigInt(readSmall(view, cell));
  if (cell.storage === 8) return view.getBigUint64(cell.offset, true);
  let value = 0n;
  for (let at = cell.storage - 4; at >= 0; at -= 4) {
    value = (value << 32n) | BigInt(view.getUint32(cell.offset + at, true));
  }
  return value;
}

function writeCell(view: DataView, cell: Cell, value: bigint | number | boolean): void {
  const wide = typeof value === "bigint" ? value : BigInt(value);
  if (wide >= cell.limit || wide < -(cell.limit >> 1n)) {
    throw new Error(`${value} does not fit in the ${cell.width} bits of ${cell.name}`);
  }
  const bits = wide < 0n ? wide + cell.limit : wide;
  if (cell.storage === 1) view.setUint8(cell.offset, Number(bits));
  else if (cell.storage === 2) view.setUint16(cell.offset, Number(bits), true);
  else if (cell.storage === 4) view.setUint32(cell.offset, Number(bits), true);
  else if (cell.storage === 8) view.setBigUint64(cell.offset, bits, true);
  else {
    for (let at = 0; at < cell.storage; at += 4) {
      view.setUint32(cell.offset + at, Number((bits >> BigInt(8 * at)) & 0xffffffffn), true);
    }
  }
}
