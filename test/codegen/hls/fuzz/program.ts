/** Random kernels: a seed makes one, always the same. */
import { benchRandom } from "../../../../sim/bench/index.ts";
import { fitted, truth, unsigned } from "./expressions.ts";
import { emptyScope, pick, type Scope, type Writer } from "./scope.ts";
import { statements, type Result } from "./statements.ts";

export interface Program {
  readonly name: string;
  readonly source: string;
  /** What of the language it has. */
  readonly constructs: ReadonlySet<string>;
}

const tables = [
  { name: "squares", places: 3, bits: 8 },
  { name: "waves", places: 5, bits: 9 },
  { name: "noise", places: 8, bits: 12 },
  { name: "block", places: 9, bits: 14 },
];

/** What stands above the programs of a file. */
export const header = `import {
  abs, array, bit, clamp, concat, int, lookup, max, min, round, saturateInt, saturateUint, select, slice, uint, wrapInt,
  wrapUint, type Int, type UInt, type Vec,
} from "firebrick/hls";

const squares = Array.from({ length: 8 }, (_, i) => BigInt(i * i));
const waves = Array.from({ length: 32 }, (_, i) => BigInt(Math.round(255 * Math.sin(i / 5))));
const noise = Array.from({ length: 256 }, (_, i) => BigInt(((i * 40503) % 4096) - 2048));
const block = Array.from({ length: 512 }, (_, i) => BigInt(((i * 40503) % 16384) - 8192));
const rows: readonly Vec<bigint, 3>[] = Array.from({ length: 8 }, (_, i) => [BigInt(i * 9), BigInt(-i), BigInt(i * i)]);
const flags = Array.from({ length: 16 }, (_, i) => i % 3 === 1);
void [block, rows, flags, abs, array, bit, clamp, concat, int, lookup, max, min, round, saturateInt, saturateUint, select, slice, uint];
void [wrapInt, wrapUint, squares, waves, noise];

function mixed(a: bigint, b: bigint, flag: boolean): bigint {
  if (flag && a > b) return wrapInt(24, a - b);
  let sum = a;
  for (const part of [b, 3n, a]) {
    if (part > 1000n) return wrapInt(24, sum);
    sum += part;
  }
  return wrapInt(24, flag ? sum : sum ^ b);
}

function powers(x: bigint, count: number): bigint {
  let product = 1n;
  for (let i = 0; i < count; i++) product = wrapInt(32, product * x);
  return product;
}

function scaled<N extends number>(bits: N, x: bigint, places: number): Int<N> {
  return saturateInt(bits, round(x, places));
}

function ordered(a: bigint, b: bigint): [bigint, bigint] {
  return a <= b ? [a, b] : [b, a];
}

function swap(values: bigint[], i: number, j: number): void {
  const kept = values[i]!;
  values[i] = values[j]!;
  values[j] = kept;
}
`;

export function randomProgram(seed: number): Program {
  const name = `program${seed}`;
  const random = benchRandom(seed, "program");
  const constructs = new Set<string>();
  let count = 0;
  const w: Writer = {
    random,
    tables,
    use: (construct) => constructs.add(construct),
    fresh(letter) {
      count += 1;
      return `${letter}${count}`;
    },
  };
  const { text, scope } = parameters(w);
  const result = resultOf(w);
  const body = statements(w, scope, 3 + random.below(6), 2, result.value);
  const lines = [...body.lines, `return ${result.value(w, body.scope)};`].map((line) => `  ${line}`);
  // Reads of block RAM, one after the other, may take more stages.
  if (random.chance(15) && !constructs.has("lookup in block RAM")) w.use("@latency");
  if (random.chance(20)) w.use("@dsp");
  const latency = constructs.has("@latency") ? [`@latency ${1 + random.below(6)}`] : [];
  const tags = [...latency, ...(constructs.has("@dsp") ? ["@dsp"] : [])];
  const comment = tags.length === 0 ? "" : `/**\n${tags.map((tag) => ` * ${tag}\n`).join("")} */\n`;
  const source = `${comment}export function ${name}(${text}): ${result.type} {\n${lines.join("\n")}\n}\n`;
  return { name, source, constructs };
}

function parameters(w: Writer): { readonly text: string; readonly scope: Scope } {
  const { random } = w;
  let scope = emptyScope;
  const texts = Array.from({ length: 1 + random.below(3) }, () => {
    const name = w.fresh("p");
    const bits = 1 + random.below(random.chance(85) ? 16 : 64);
    const [type, own] = pick(random, [
      [`Int<${bits}>`, bits],
      [`UInt<${bits}>`, bits + 1],
    ] as const);
    const integer = { name, bits: own, isMutable: false };
    const kind = random.below(8);
    if (kind === 0) {
      w.use("boolean parameter");
      scope = { ...scope, truths: [...scope.truths, { name, isMutable: false }] };
      return `${name}: boolean`;
    }
    if (kind === 1) {
      const length = 1 + random.below(3);
      w.use("Vec parameter");
      scope = { ...scope, arrays: [...scope.arrays, { ...integer, length }] };
      return `${name}: Vec<${type}, ${length}>`;
    }
    if (kind === 2) {
      const other = w.fresh("p");
      w.use("tuple parameter");
      scope = {
        ...scope,
        integers: [...scope.integers, integer],
        truths: [...scope.truths, { name: other, isMutable: false }],
      };
      return `[${name}, ${other}]: [${type}, boolean]`;
    }
    w.use(type.startsWith("U") ? "UInt parameter" : "Int parameter");
    scope = { ...scope, integers: [...scope.integers, integer] };
    return `${name}: ${type}`;
  });
  return { text: texts.join(", "), scope };
}

function resultOf(w: Writer): { readonly type: string; readonly value: Result } {
  const { random } = w;
  const single = (): { type: string; value: Result } => {
    const bits = 1 + random.below(random.chance(85) ? 20 : 64);
    if (random.chance(10)) {
      w.use("boolean result");
      return { type: "boolean", value: (own, scope) => truth(own, scope, 2) };
    }
    return random.chance(50)
      ? { type: `Int<${bits}>`, value: (own, scope) => fitted(own, scope, bits, 2) }
      : { type: `UInt<${bits}>`, value: (own, scope) => unsigned(own, scope, bits, 2) };
  };
  if (random.chance(65)) return single();
  if (random.chance(20)) {
    w.use("array() as result");
    const { type, value } = single();
    const length = 1 + random.below(3);
    return {
      type: `Vec<${type}, ${length}>`,
      value: (own, scope) => `array(${length}, ${value(own, scope)})`,
    };
  }
  w.use("tuple result");
  const items = [single(), single()];
  return {
    type: `[${items.map(({ type }) => type).join(", ")}]`,
    value: (own, scope) => `[${items.map(({ value }) => value(own, scope)).join(", ")}]`,
  };
}
