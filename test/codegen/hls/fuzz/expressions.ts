/** Random expressions that are well typed: no bit is lost, no divisor is 0, no index leaves its table. */
import { pick, type Scope, type Writer } from "./scope.ts";

/** Text, and bits that hold its value as two's complement. */
export interface Integer {
  readonly text: string;
  readonly bits: number;
}

/** Intermediate values wider than this are wrapped. */
const widest = 160;

export function integer(w: Writer, scope: Scope, depth: number): Integer {
  const made = depth <= 0 ? leaf(w, scope) : operation(w, scope, depth);
  if (made.bits <= widest) return made;
  w.use("wrapInt");
  return { text: `wrapInt(48, ${made.text})`, bits: 48 };
}

/** A value of at most `bits`: the writer's way to lose bits on purpose. */
export function fitted(w: Writer, scope: Scope, bits: number, depth: number): string {
  const { text, bits: needed } = integer(w, scope, depth);
  const name =
    needed <= bits ? pick(w.random, ["int", "wrapInt"]) : pick(w.random, ["wrapInt", "saturateInt"]);
  w.use(name);
  return `${name}(${bits}, ${text})`;
}

export function unsigned(w: Writer, scope: Scope, bits: number, depth: number): string {
  const { text, bits: needed } = integer(w, scope, depth);
  const fits = needed < bits;
  const name = fits && w.random.chance(50) ? "max" : pick(w.random, ["wrapUint", "saturateUint"]);
  w.use(name);
  if (name !== "max") return `${name}(${bits}, ${text})`;
  w.use("uint");
  return `uint(${bits}, max(${text}, 0n))`;
}

function leaf(w: Writer, { integers, arrays, counters, truths }: Scope): Integer {
  const { random } = w;
  const choice = random.below(10);
  if (choice < 5 && integers.length > 0) {
    const { name, bits } = pick(random, integers);
    return { text: name, bits };
  }
  if (choice === 5 && arrays.length > 0) {
    w.use("array[number]");
    const { name, length, bits } = pick(random, arrays);
    const inside = counters.filter(({ limit }) => limit <= length);
    const index = inside.length > 0 ? pick(random, inside).name : String(random.below(length));
    return { text: `${name}[${index}]!`, bits };
  }
  if (choice === 6 && counters.length > 0) {
    w.use("BigInt(number)");
    return { text: `BigInt(${pick(random, counters).name})`, bits: 8 };
  }
  if (choice === 7 && truths.length > 0) {
    w.use("BigInt(boolean)");
    return { text: `BigInt(${pick(random, truths).name})`, bits: 2 };
  }
  const bits = 1 + random.below(random.chance(80) ? 9 : 40);
  const value = BigInt.asIntN(bits, random.bits(bits));
  w.use("literal");
  return { text: value < 0n ? `(${value}n)` : `${value}n`, bits };
}

function operation(w: Writer, scope: Scope, depth: number): Integer {
  const { random } = w;
  const below = (): Integer => integer(w, scope, depth - 1);
  const pair = (operator: string, bits: (a: number, b: number) => number): Integer => {
    const [a, b] = [below(), below()];
    w.use(operator);
    return { text: `(${a.text} ${operator} ${b.text})`, bits: bits(a.bits, b.bits) };
  };
  const larger = (a: number, b: number): number => Math.max(a, b);
  const call = (name: string, text: string, bits: number): Integer => {
    w.use(name);
    return { text: `${name}(${text})`, bits };
  };
  const kinds: readonly (() => Integer)[] = [
    () => pair("+", (a, b) => Math.max(a, b) + 1),
    () => pair("-", (a, b) => Math.max(a, b) + 1),
    () => pair("*", (a, b) => a + b),
    () => pair("&", larger),
    () => pair("|", larger),
    () => pair("^", larger),
    () => {
      const { text, bits } = below();
      w.use("* constant");
      const factor = 1 + random.below(random.chance(70) ? 300 : 70_000);
      return { text: `(${text} * ${random.chance(20) ? `(-${factor}n)` : `${factor}n`})`, bits: bits + 18 };
    },
    () => {
      const { text, bits } = below();
      const operator = pick(random, ["/", "%"]);
      w.use(`${operator} constant`);
      const divisor = 1 + random.below(random.chance(70) ? 60 : 100_000);
      return {
        text: `(${text} ${operator} ${random.chance(20) ? `(-${divisor}n)` : `${divisor}n`})`,
        bits: bits + 1,
      };
    },
    () => {
      const { text, bits } = small(w, scope, depth - 1);
      const operator = pick(random, ["/", "%"]);
      w.use(operator);
      const divisor = fitted(w, scope, 8, depth - 1);
      const safe = random.chance(50) ? `max(${divisor}, 1n)` : `clamp(${divisor}, -100n, -1n)`;
      return { text: `(${text} ${operator} ${safe})`, bits: bits + 1 };
    },
    () => {
      const { text, bits } = below();
      const places = random.below(9);
      w.use("<< constant");
      return { text: `((${text}) << ${places}n)`, bits: bits + places };
    },
    () => {
      const { text, bits } = below();
      w.use(">> constant");
      return { text: `(${text} >> ${random.below(bits + 2)}n)`, bits };
    },
    () => {
      const { text, bits } = below();
      const operator = pick(random, ["<<", ">>"]);
      w.use(`${operator} variable`);
      const places = 1 + random.below(4);
      const amount = unsigned(w, scope, places, 1);
      return {
        text: `((${text}) ${operator} ${amount})`,
        bits: operator === "<<" ? bits + 2 ** places : bits,
      };
    },
    () => {
      const { text, bits } = below();
      const operator = pick(random, ["-", "~"]);
      w.use(`unary ${operator}`);
      return { text: `(${operator}(${text}))`, bits: bits + 1 };
    },
    () => {
      const condition = truth(w, scope, depth - 1);
      const [a, b] = [below(), below()];
      w.use("?:");
      return { text: `(${condition} ? ${a.text} : ${b.text})`, bits: Math.max(a.bits, b.bits) };
    },
    () => {
      const condition = truth(w, scope, depth - 1);
      const [a, b] = [below(), below()];
      return call("select", `${condition}, ${a.text}, ${b.text}`, Math.max(a.bits, b.bits));
    },
    () => {
      const [a, b] = [below(), below()];
      return call(pick(random, ["min", "max"]), `${a.text}, ${b.text}`, Math.max(a.bits, b.bits));
    },
    () => {
      const [a, b, c] = [below(), below(), below()];
      return call("clamp", `${a.text}, ${b.text}, ${c.text}`, Math.max(a.bits, b.bits, c.bits));
    },
    () => {
      const { text, bits } = below();
      return call("abs", text, bits + 1);
    },
    () => {
      const { text, bits } = below();
      return call("round", `${text}, ${random.below(6)}`, bits + 1);
    },
    () => {
      const { text } = below();
      const low = random.below(12);
      return call("slice", `${text}, ${low + random.below(12)}, ${low}`, 13);
    },
    () => {
      const [a, b] = [below(), below()];
      const bits = 1 + random.below(8);
      return call("concat", `${a.text}, ${b.text}, ${bits}`, Math.max(a.bits, 1) + bits);
    },
    () => {
      const { name, places, bits } = pick(random, w.tables);
      if (name === "block") w.use("lookup in block RAM");
      return call("lookup", `${name}, ${unsigned(w, scope, places, depth - 1)}`, bits);
    },
    () => {
      if (scope.arrays.length === 0) return below();
      const { name, length, bits } = pick(random, scope.arrays);
      const index = `clamp(${below().text}, 0n, ${length - 1}n)`;
      const isLookup = random.chance(50);
      w.use(isLookup ? "lookup in variables" : "array[Number()]");
      return { text: isLookup ? `lookup(${name}, ${index})` : `${name}[Number(${index})]!`, bits };
    },
    () => {
      w.use("lookup of a row");
      return { text: `lookup(rows, ${unsigned(w, scope, 3, depth - 1)})[${random.below(3)}]!`, bits: 8 };
    },
    () => {
      const [a, b] = [small(w, scope, depth - 1), small(w, scope, depth - 1)];
      w.use("call of a helper");
      return { text: `mixed(${a.text}, ${b.text}, ${truth(w, scope, 0)})`, bits: 24 };
    },
    () => {
      w.use("call with constants");
      return { text: `powers(${small(w, scope, depth - 1).text}, ${1 + random.below(4)})`, bits: 32 };
    },
    () => {
      const bits = 4 + random.below(20);
      w.use("call of a generic function");
      return { text: `scaled(${bits}, ${below().text}, ${random.below(5)})`, bits };
    },
    () => {
      w.use("BigInt.asIntN");
      const bits = 1 + random.below(24);
      return { text: `BigInt.asIntN(${bits}, ${below().text})`, bits };
    },
  ];
  return pick(random, kinds)();
}

/** At most 24 bits. */
function small(w: Writer, scope: Scope, depth: number): Integer {
  const made = integer(w, scope, depth);
  return made.bits <= 24 ? made : { text: `wrapInt(24, ${made.text})`, bits: 24 };
}

export function truth(w: Writer, scope: Scope, depth: number): string {
  const { random } = w;
  const choice = random.below(depth <= 0 ? 5 : 10);
  const compare = (): string => {
    const operator = pick(random, ["<", ">", "<=", ">=", "===", "!=="]);
    w.use(operator);
    const isOrder = !operator.endsWith("==");
    const left = integer(w, scope, depth - 1).text;
    const other = integer(w, scope, isOrder ? depth - 1 : Math.max(depth - 1, 0)).text;
    // After a `<` further left, `> (` would end a list of type arguments.
    const right = operator === ">" && other.startsWith("(") ? `BigInt(${other})` : other;
    // Types of literals and widths would make TypeScript call an equality unintentional.
    return isOrder ? `((${left}) ${operator} ${right})` : `((${left} | 0n) ${operator} (${right} | 0n))`;
  };
  if (choice < 2 && scope.truths.length > 0) return pick(random, scope.truths).name;
  if (choice === 2) {
    w.use("bit");
    return `bit(${integer(w, scope, depth - 1).text}, ${random.below(20)})`;
  }
  if (choice === 5) {
    w.use("!");
    return `!${truth(w, scope, depth - 1)}`;
  }
  if (choice === 6 || choice === 7) {
    const operator = choice === 6 ? "&&" : "||";
    w.use(operator);
    return `(${truth(w, scope, depth - 1)} ${operator} ${truth(w, scope, depth - 1)})`;
  }
  if (choice === 9) {
    w.use("lookup of booleans");
    return `lookup(flags, ${unsigned(w, scope, 4, depth - 1)})`;
  }
  if (choice === 8) {
    w.use("boolean ===");
    return `(${compare()} ${pick(random, ["===", "!=="])} ${compare()})`;
  }
  return compare();
}
