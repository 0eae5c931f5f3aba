/** Damage to what a file holds: objects, lists, numbers, strings and bytes, as its writer takes them. */
import { hostileTexts } from "../../support/hostile-text.ts";
import type { Random } from "../random.ts";
import { damageBytes } from "./bytes.ts";

export type Tree = null | undefined | boolean | number | string | Uint8Array | readonly Tree[] | TreeFields;
export interface TreeFields {
  readonly [name: string]: Tree;
}

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  3,
  4,
  5,
  7,
  8,
  9,
  15,
  16,
  31,
  32,
  64,
  100,
  127,
  128,
  129,
  255,
  256,
  257,
  1000,
  32767,
  32768,
  65535,
  65536,
  100_000,
  2 ** 24,
  2 ** 30,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  0.5,
  -0.5,
  1e-3,
  1e-45,
  1e-38,
  1e38,
  1e300,
  NaN,
  Infinity,
  -Infinity,
] as const;

const STRINGS = [
  ...hostileTexts,
  "",
  " ",
  "constructor",
  "toString",
  "../../../etc/passwd",
  "/dev/zero",
  "\u0000",
  "a".repeat(10_000),
] as const;

/** Levels of nesting that break what walks a tree by calling itself. */
const DEEP = 1000;

interface Place {
  /** Names and positions from the root. */
  readonly path: readonly string[];
  readonly value: Tree;
}

/** A copy with another number or other bytes, which may well be as sound as before. */
export function nudgeTree(tree: Tree, draw: Random): Tree {
  const all = placesOf(tree, []);
  const isReal = (value: Tree) => typeof value === "number" && !Number.isInteger(value);
  const kinds = [
    all.filter(({ value }) => value instanceof Uint8Array),
    all.filter(({ value }) => isReal(value)),
    all.filter(({ value }) => typeof value === "number" && !isReal(value)),
  ].filter((places) => places.length > 0);
  if (kinds.length === 0) return tree;
  const places = draw.pick(kinds);
  const { path, value } = draw.pick(places);
  return replaced(tree, path, nudged(value, draw));
}

function nudged(value: Tree, draw: Random): Tree {
  if (typeof value === "number") {
    const next = Number.isInteger(value)
      ? value + draw.pick([-1, 1, 1, 2])
      : value * draw.pick([0.3, 0.9, 1.1, 4]);
    return draw.chance(90) ? next : draw.pick(NUMBERS);
  }
  if (!(value instanceof Uint8Array)) return value;
  return Uint8Array.from(value, (byte) => (draw.chance(20) ? draw.below(256) : byte));
}

/** A changed copy; the tree itself stays. */
export function damageTree(tree: Tree, draw: Random): Tree {
  const places = placesOf(tree, []);
  // A long list of weights is one place among the others, not nearly all of them.
  const { path, value } = draw.pick(places);
  const alike = places.filter((place) => kindOf(place.value) === kindOf(value));
  return replaced(tree, path, damaged(value, alike, draw));
}

function damaged(value: Tree, alike: readonly Place[], draw: Random): Tree {
  if (draw.chance(4)) return draw.pick([null, undefined, 0, "", [], {}, true, NaN, -1]);
  // What stands elsewhere: wrong references and circles.
  if (draw.chance(25)) return draw.pick(alike).value;
  if (typeof value === "number") return damagedNumber(value, draw);
  if (typeof value === "string") return draw.pick(STRINGS);
  if (typeof value === "boolean") return !value;
  if (value instanceof Uint8Array) return draw.chance(10) ? new Uint8Array() : damageBytes(value, draw);
  if (isList(value)) return damagedList(value, draw);
  if (typeof value === "object" && value !== null) return damagedFields(value, draw);
  return draw.pick(NUMBERS);
}

function damagedNumber(value: number, draw: Random): number {
  switch (draw.below(5)) {
    case 0:
      return value + 1;
    case 1:
      return value - 1;
    case 2:
      return draw.pick([-value, 2 * value, value / 2, value * 1000, -1 - value]);
    default:
      return draw.pick(NUMBERS);
  }
}

function damagedList(list: readonly Tree[], draw: Random): readonly Tree[] {
  if (list.length === 0) return draw.pick<readonly Tree[]>([[0], [-1], [[]], [{}], [""]]);
  const at = draw.below(list.length);
  const piece = list.slice(at, at + 1);
  const [before, behind] = [list.slice(0, at), list.slice(at + 1)];
  switch (draw.below(8)) {
    case 0:
      return [];
    case 1:
      return [...before, ...behind];
    case 2:
      return [...before, ...piece, ...piece, ...behind];
    case 3:
      return [...before, ...Array.from({ length: draw.pick([10, 1000]) }, () => piece).flat(), ...behind];
    case 4:
      return list.toReversed();
    case 5: {
      const other = draw.below(list.length);
      return list.with(at, list[other]).with(other, list[at]);
    }
    case 6:
      return [...before, nested(piece[0], draw.chance(50) ? 2 : DEEP), ...behind];
    default:
      return list.slice(0, at);
  }
}

function nested(value: Tree, levels: number): Tree {
  let tree = value;
  for (let level = 0; level < levels; level++) tree = [tree];
  return tree;
}

function damagedFields(fields: TreeFields, draw: Random): Tree {
  const names = Object.keys(fields);
  if (names.length === 0) return { ["__proto__"]: 1, extra: 1 };
  const [name, other] = [draw.pick(names), draw.pick(names)];
  switch (draw.below(4)) {
    case 0:
      return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
    case 1:
      return withField(fields, name, fields[other]);
    case 2:
      return withField(fields, draw.pick(STRINGS), fields[name]);
    default:
      return withField(fields, name, nested(fields[name], draw.chance(50) ? 1 : DEEP));
  }
}

/** `name` may be __proto__, which an assignment would take for the prototype. */
function withField(fields: TreeFields, name: string, value: Tree): TreeFields {
  return Object.fromEntries([...Object.entries(fields).filter(([key]) => key !== name), [name, value]]);
}

/** Deeper, there is only what an earlier damage has nested. */
const DEEPEST = 30;

/** Of a list of numbers the first few. */
function placesOf(value: Tree, path: readonly string[]): Place[] {
  const here = [{ path, value }];
  const isLeaf = value instanceof Uint8Array || typeof value !== "object" || value === null;
  if (isLeaf || path.length === DEEPEST) return here;
  const entries = isList(value)
    ? value
        .slice(0, typeof value[0] === "number" ? 4 : value.length)
        .map((inner, i) => [String(i), inner] as const)
    : Object.entries(value);
  return [...here, ...entries.flatMap(([name, inner]) => placesOf(inner, [...path, name]))];
}

function replaced(tree: Tree, path: readonly string[], value: Tree): Tree {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (isList(tree)) return tree.with(Number(name), replaced(tree[Number(name)], rest, value));
  const fields = tree as TreeFields;
  return { ...fields, [name]: replaced(fields[name], rest, value) };
}

function isList(value: Tree): value is readonly Tree[] {
  return Array.isArray(value);
}

function kindOf(value: Tree): string {
  if (value instanceof Uint8Array) return "bytes";
  if (isList(value)) return "list";
  return typeof value;
}
