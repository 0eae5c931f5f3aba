/** One kernel of a simulation: operands go in, results are compared with the function's. */
import { benchRandom, type Dut } from "../bench/index.ts";
import type { Format, KernelPort } from "../../codegen/hls/format.ts";
import type { CheckResult, KernelModule, OperandCounts } from "./kernel-module.ts";
import { operands } from "./vectors.ts";
import { item } from "../../src/ir/known.ts";

/** Results that random pauses on both sides interrupt. */
const paused = 256;

export interface KernelStream {
  readonly isFinished: boolean;
  /** Sets the module's inputs for this cycle. */
  drive(): void;
  /** Looks at the module's outputs, once they have settled. */
  observe(): void;
  result(): CheckResult;
}

/** `prefix` stands before the names of the kernel's ports. */
export function kernelStream(
  dut: Dut,
  kernel: KernelModule,
  prefix: string,
  { random: count, corners, seed }: OperandCounts,
): KernelStream {
  const { name, inputs, outputs, parameters, latency } = kernel;
  const vectors = operands(inputs, count, corners, benchRandom(seed, name));
  const random = benchRandom(seed, `pauses of ${name}`);
  const flying: (readonly bigint[])[] = [];
  const port = Object.fromEntries(
    ["in_valid_i", "in_ready_o", "out_valid_o", "out_ready_i"].map((own) => [own, prefix + own]),
  ) as Record<"in_valid_i" | "in_ready_o" | "out_valid_o" | "out_ready_i", string>;
  const inputNames = inputs.map((input) => `${prefix}${input.name}_i`);
  const outputNames = outputs.map((output) => `${prefix}${output.name}_o`);
  const steady = { cycles: 0, results: 0 };
  let [sent, received, cycles] = [0, 0, 0];
  let next = vectors.next();
  let [isOffered, isWanted] = [false, false];
  let difference: string | null = null;

  dut.poke(port.in_valid_i, 0);
  dut.poke(port.out_ready_i, 0);

  function compare(): void {
    const vector = flying.shift();
    const got = outputs.map((output, i) => peek(dut, output, item(outputNames, i)));
    const want = vector === undefined ? [] : flatten(kernel.run(...assemble(parameters, vector)));
    if (vector !== undefined && got.every((value, i) => value === want[i])) return;
    const given = inputs.map((input, i) => `${input.name} = ${vector?.[i] ?? "nothing"}`);
    difference = `${name}(${given.join(", ")}): expected ${want.join(", ")}, the Verilog gave ${got.join(", ")}`;
  }

  return {
    get isFinished() {
      return difference !== null || received === vectors.length;
    },
    drive() {
      const isPaused = received < paused;
      isOffered = sent < vectors.length && (!isPaused || random.chance(60));
      isWanted = !isPaused || random.chance(60);
      dut.poke(port.in_valid_i, isOffered);
      dut.poke(port.out_ready_i, isWanted);
      if (isOffered) for (const [i, value] of next.entries()) dut.poke(item(inputNames, i), value);
    },
    observe() {
      const gives = isWanted && dut.peekNumber(port.out_valid_o) === 1;
      if (received >= paused + latency && sent < vectors.length) {
        steady.cycles += 1;
        if (gives) steady.results += 1;
      }
      if (gives) {
        compare();
        received += 1;
      }
      if (isOffered && dut.peekNumber(port.in_ready_o) === 1) {
        flying.push(next);
        sent += 1;
        if (sent < vectors.length) next = vectors.next();
      }
      cycles += 1;
      if (cycles > 8 * vectors.length + 10_000) {
        difference = `${name}: ${received} of ${vectors.length} results after ${cycles} cycles`;
      }
    },
    result: () => ({ vectors: vectors.length, steady, difference }),
  };
}

function peek(dut: Dut, { format }: KernelPort, name: string): bigint {
  return format.kind === "int" && format.signed ? dut.peekSigned(name) : dut.peek(name);
}

/** Port values as the function's arguments. */
function assemble(formats: readonly Format[], values: readonly bigint[]): unknown[] {
  let next = 0;
  const take = (format: Format): unknown => {
    if (format.kind === "tuple") return format.items.map(take);
    const value = item(values, next);
    next += 1;
    return format.kind === "bool" ? value === 1n : value;
  };
  return formats.map(take);
}

function flatten(result: unknown): bigint[] {
  if (Array.isArray(result)) return result.flatMap((item: unknown) => flatten(item));
  return typeof result === "bigint" ? [result] : [result === true ? 1n : 0n];
}
