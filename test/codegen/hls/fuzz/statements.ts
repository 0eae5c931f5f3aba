/** Random statements. */
import { fitted, integer, truth } from "./expressions.ts";
import { pick, type Scope, type Writer } from "./scope.ts";

/** How a program returns: text of a value of its result type. */
export type Result = (w: Writer, scope: Scope) => string;

interface Written {
  readonly lines: readonly string[];
  /** With what the statement declared. */
  readonly scope: Scope;
}

/** `count` statements, the declarations of each visible to those after it. */
export function statements(w: Writer, scope: Scope, count: number, depth: number, result: Result): Written {
  let current = scope;
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const made = statement(w, current, depth, result);
    lines.push(...made.lines);
    current = made.scope;
  }
  return { lines, scope: current };
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function statement(w: Writer, scope: Scope, depth: number, result: Result): Written {
  const { random } = w;
  const inner = (own: Scope): readonly string[] =>
    indented(statements(w, own, 1 + random.below(2), depth - 1, result).lines);
  const same = (...lines: string[]): Written => ({ lines, scope });
  const simple: readonly (() => Written)[] = [
    () => declareInteger(w, scope),
    () => declareInteger(w, scope),
    () => declareInteger(w, scope),
    () => declareTruth(w, scope),
    () => declareArray(w, scope),
    () => destructure(w, scope),
    () => same(...assignment(w, scope)),
    () => same(...assignment(w, scope)),
    () => same(...assignment(w, scope)),
    () => same(...itemAssignment(w, scope)),
    () => same(...itemAssignment(w, scope)),
    () => same(...swapped(w, scope)),
    () => changedOnTheWay(w, scope),
  ];
  const nested: readonly (() => Written)[] = [
    () => {
      w.use("if");
      return same(`if (${truth(w, scope, 2)}) {`, ...inner(scope), "}");
    },
    () => {
      w.use("if else");
      return same(`if (${truth(w, scope, 2)}) {`, ...inner(scope), "} else {", ...inner(scope), "}");
    },
    () => {
      w.use("early return");
      return same(`if (${truth(w, scope, 2)}) return ${result(w, scope)};`);
    },
    () => {
      w.use("for");
      if (scope.counters.length > 0) w.use("for in for");
      const name = w.fresh("i");
      const limit = 1 + random.below(3);
      const own = { ...scope, counters: [...scope.counters, { name, limit }] };
      return same(`for (let ${name} = 0; ${name} < ${limit}; ${name}++) {`, ...inner(own), "}");
    },
    () => {
      if (scope.arrays.length === 0) return declareArray(w, scope);
      w.use("for of");
      const name = w.fresh("e");
      const { name: array, bits } = pick(random, scope.arrays);
      const own = { ...scope, integers: [...scope.integers, { name, bits, isMutable: false }] };
      return same(`for (const ${name} of ${array}) {`, ...inner(own), "}");
    },
  ];
  return pick(random, depth > 0 && random.chance(40) ? nested : simple)();
}

function declareInteger(w: Writer, scope: Scope): Written {
  const name = w.fresh("v");
  const isMutable = w.random.chance(50);
  w.use(isMutable ? "let" : "const");
  if (!isMutable && w.random.chance(50)) {
    const { text, bits } = integer(w, scope, 3);
    return {
      lines: [`const ${name}: bigint = ${text};`],
      scope: { ...scope, integers: [...scope.integers, { name, bits, isMutable }] },
    };
  }
  const bits = 1 + w.random.below(32);
  return {
    lines: [`${isMutable ? "let" : "const"} ${name}: bigint = ${fitted(w, scope, bits, 3)};`],
    scope: { ...scope, integers: [...scope.integers, { name, bits, isMutable }] },
  };
}

function declareTruth(w: Writer, scope: Scope): Written {
  const name = w.fresh("t");
  const isMutable = w.random.chance(50);
  return {
    lines: [`${isMutable ? "let" : "const"} ${name}: boolean = ${truth(w, scope, 2)};`],
    scope: { ...scope, truths: [...scope.truths, { name, isMutable }] },
  };
}

function declareArray(w: Writer, scope: Scope): Written {
  const name = w.fresh("a");
  const bits = 1 + w.random.below(16);
  const length = 1 + w.random.below(4);
  const isFilled = w.random.chance(30);
  w.use(isFilled ? "array()" : "array literal");
  const items = Array.from({ length: isFilled ? 1 : length }, () => fitted(w, scope, bits, 2));
  const value = isFilled ? `array(${length}, ${items[0]})` : `[${items.join(", ")}]`;
  return {
    lines: [`const ${name}: bigint[] = ${value};`],
    scope: { ...scope, arrays: [...scope.arrays, { name, bits, length, isMutable: true }] },
  };
}

function destructure(w: Writer, scope: Scope): Written {
  w.use("destructuring");
  const [a, b] = [w.fresh("v"), w.fresh("v")];
  const made = [integer(w, scope, 2), integer(w, scope, 2)];
  const bits = Math.max(...made.map((value) => value.bits));
  const names = [a, b].map((name) => ({ name, bits, isMutable: false }));
  return {
    lines: [`const [${a}, ${b}] = ordered(${made.map(({ text }) => text).join(", ")});`],
    scope: { ...scope, integers: [...scope.integers, ...names] },
  };
}

function assignment(w: Writer, scope: Scope): string[] {
  const { random } = w;
  const truths = scope.truths.filter(({ isMutable }) => isMutable);
  if (truths.length > 0 && random.chance(25)) {
    w.use("boolean assignment");
    return [`${pick(random, truths).name} = ${truth(w, scope, 2)};`];
  }
  const mutable = scope.integers.filter(({ isMutable }) => isMutable);
  if (mutable.length === 0) return [];
  const { name, bits } = pick(random, mutable);
  if (random.chance(40)) {
    const operator = pick(random, ["+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>=", "++", "--"]);
    w.use(operator);
    const value = operator.length === 3 ? `${random.below(5)}n` : integer(w, scope, 1).text;
    const change =
      operator === "++" || operator === "--" ? `${name}${operator};` : `${name} ${operator} ${value};`;
    return [change, `${name} = wrapInt(${bits}, ${name});`];
  }
  w.use("assignment");
  return [`${name} = ${fitted(w, scope, bits, 3)};`];
}

function itemAssignment(w: Writer, scope: Scope): string[] {
  const { random } = w;
  const mutable = scope.arrays.filter(({ isMutable }) => isMutable);
  if (mutable.length === 0) return [];
  const { name, bits, length } = pick(random, mutable);
  if (length > 1 && random.chance(25)) {
    w.use("array changed by a call");
    return [`swap(${name}, ${random.below(length)}, ${random.below(length)});`];
  }
  if (random.chance(25)) {
    w.use("array[Number()] = ");
    const index = `clamp(${integer(w, scope, 1).text}, 0n, ${length - 1}n)`;
    return [`${name}[Number(${index})] = ${fitted(w, scope, bits, 2)};`];
  }
  if (random.chance(25)) {
    w.use("array[i++] += ");
    const counter = w.fresh("i");
    const first = random.below(length);
    const change = `${name}[${counter}++]! ${pick(random, ["+=", "-=", "^="])} BigInt(${counter}) * ${integer(w, scope, 1).text};`;
    return [
      `let ${counter} = ${first};`,
      change,
      `${name}[${first}] = wrapInt(${bits}, ${name}[--${counter}]!);`,
    ];
  }
  w.use("array[number] = ");
  const inside = scope.counters.filter(({ limit }) => limit <= length);
  const index = inside.length > 0 ? pick(random, inside).name : String(random.below(length));
  return [`${name}[${index}] = ${fitted(w, scope, bits, 2)};`];
}

function swapped(w: Writer, { integers }: Scope): string[] {
  const [a, b] = integers.filter(({ isMutable }) => isMutable);
  if (a === undefined || b === undefined) return [];
  w.use("destructuring assignment");
  const wrapped = [a, b].map(({ name, bits }) => `${name} = wrapInt(${bits}, ${name});`);
  return [`[${a.name}, ${b.name}] = [${b.name}, ${a.name}];`, ...wrapped];
}

/** An assignment that only happens where the other side of && or || does not decide. */
function changedOnTheWay(w: Writer, scope: Scope): Written {
  const mutable = scope.integers.filter(({ isMutable }) => isMutable);
  if (mutable.length === 0) return { lines: [], scope };
  const { name, bits } = pick(w.random, mutable);
  const operator = pick(w.random, ["&&", "||"]);
  w.use(`assignment behind ${operator}`);
  const result = w.fresh("t");
  const change = `(${name} = ${fitted(w, scope, bits, 2)}) > 0n`;
  return {
    lines: [`const ${result}: boolean = ${truth(w, scope, 1)} ${operator} ${change};`],
    scope: { ...scope, truths: [...scope.truths, { name: result, isMutable: false }] },
  };
}
