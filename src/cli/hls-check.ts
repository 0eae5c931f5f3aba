/** Streams operands through a kernel's Verilog and compares every result with the function. */
import { benchRandom, verilateModule, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import type { CompiledKernel } from "../../codegen/hls/compile.ts";
import { bitsOf, rangeOf, type Format, type KernelPort } from "../../codegen/hls/format.ts";

export interface CheckResult {
  readonly vectors: number;
  /** Clock cycles while operands came and results left without a pause, and how many results that were. */
  readonly steady: { readonly cycles: number; readonly results: number };
  /** The first difference, as text; null when there is none. */
  readonly difference: string | null;
}

/** Vectors that random pauses on both sides interrupt. */
const paused = 256;
/** Combinations of corner values that are tried at most. */
const mostCorners = 4096;

/** `count` random operands and every combination of corner values. `file` holds the module. */
export async function checkKernel(
  { kernel, names, report }: CompiledKernel,
  file: string,
  count: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  const dut = await verilateModule({ top: names.top, files: [file], libraries: [], signal });
  try {
    const vectors = operands(kernel.inputs, count, benchRandom(1, kernel.name));
    const expected = vectors.map((vector) =>
      flatten(
        kernel.run(
          ...assemble(
            kernel.parameters.map(({ format }) => format),
            vector,
          ),
        ),
      ),
    );
    const random = benchRandom(2, kernel.name);
    dut.poke("in_valid_i", 0);
    dut.poke("out_ready_i", 0);
    dut.reset();
    const run = { sent: 0, received: 0, cycles: 0, steadyCycles: 0, steadyResults: 0 };
    while (run.received < vectors.length) {
      const isPaused = run.received < paused;
      const sends = run.sent < vectors.length && (!isPaused || random.chance(60));
      dut.poke("in_valid_i", sends);
      if (sends) poke(dut, kernel.inputs, names.inputs, vectors[run.sent]!);
      dut.poke("out_ready_i", !isPaused || random.chance(60));
      dut.eval();
      const takes = sends && dut.peekNumber("in_ready_o") === 1;
      const gives = dut.peekNumber("out_valid_o") === 1 && (!isPaused || dut.peekNumber("out_ready_i") === 1);
      if (gives) {
        const got = kernel.outputs.map((port, i) => peek(dut, port, names.outputs[i]!));
        const want = expected[run.received]!;
        if (got.some((value, i) => value !== want[i])) {
          const given = kernel.inputs.map(({ name }, i) => `${name} = ${vectors[run.received]![i]}`);
          const difference = `${kernel.name}(${given.join(", ")}): expected ${want.join(", ")}, the Verilog gave ${got.join(", ")}`;
          return { vectors: vectors.length, steady: { cycles: 0, results: 0 }, difference };
        }
        run.received += 1;
      }
      if (takes) run.sent += 1;
      if (run.received >= paused + report.latency && run.sent < vectors.length) {
        run.steadyCycles += 1;
        if (gives) run.steadyResults += 1;
      }
      run.cycles += 1;
      if (run.cycles > 8 * vectors.length + 10_000) {
        const difference = `${kernel.name}: ${run.received} of ${vectors.length} results after ${run.cycles} cycles`;
        return { vectors: vectors.length, steady: { cycles: 0, results: 0 }, difference };
      }
      dut.step();
    }
    return {
      vectors: vectors.length,
      steady: { cycles: run.steadyCycles, results: run.steadyResults },
      difference: null,
    };
  } finally {
    dut.close();
  }
}

/** Corner values in all combinations, as far as they are few, then random ones of every size. */
function operands(ports: readonly KernelPort[], count: number, random: BenchRandom): bigint[][] {
  const corners = ports.map(cornerValues);
  const combinations = corners.reduce((product, values) => product * values.length, 1);
  const take = Math.min(combinations, mostCorners);
  const list = Array.from({ length: take }, (_, index) => {
    let rest = index;
    return corners.map((values) => {
      const place = combinations <= mostCorners ? rest % values.length : random.below(values.length);
      rest = Math.floor(rest / values.length);
      return values[place]!;
    });
  });
  for (let i = 0; i < count; i += 1) list.push(ports.map((port) => randomValue(port, random)));
  return list;
}

/** Every value of a narrow port; of a wide one the ends, what lies around 0, and powers of two. */
function cornerValues({ format }: KernelPort): bigint[] {
  const { low, high } = rangeOf(format);
  if (high - low < 16n) return Array.from({ length: Number(high - low) + 1 }, (_, i) => low + BigInt(i));
  const middle = 1n << BigInt(bitsOf(format) >> 1);
  const values = [low, low + 1n, -middle, -1n, 0n, 1n, 2n, middle - 1n, middle, high - 1n, high];
  return [...new Set(values)].filter((value) => value >= low && value <= high);
}

function randomValue({ format }: KernelPort, random: BenchRandom): bigint {
  const bits = bitsOf(format);
  const isSigned = format.kind === "int" && format.signed;
  // Half of the values are small ones, where most special cases are.
  const size = random.chance(50) ? bits : 1 + random.below(bits);
  const value = random.bits(size);
  return isSigned ? BigInt.asIntN(size, value) : value;
}

function poke(
  dut: Dut,
  ports: readonly KernelPort[],
  names: readonly string[],
  vector: readonly bigint[],
): void {
  for (const i of ports.keys()) dut.poke(`${names[i]!}_i`, vector[i]!);
}

function peek(dut: Dut, { format }: KernelPort, name: string): bigint {
  return format.kind === "int" && format.signed ? dut.peekSigned(`${name}_o`) : dut.peek(`${name}_o`);
}

/** Port values as the function's arguments. */
function assemble(formats: readonly Format[], values: readonly bigint[]): unknown[] {
  let next = 0;
  const take = (format: Format): unknown => {
    if (format.kind === "tuple") return format.items.map(take);
    const value = values[next]!;
    next += 1;
    return format.kind === "bool" ? value === 1n : value;
  };
  return formats.map(take);
}

function flatten(result: unknown): bigint[] {
  if (Array.isArray(result)) return result.flatMap((item: unknown) => flatten(item));
  return typeof result === "bigint" ? [result] : [result === true ? 1n : 0n];
}
