/** Integer operators whose results nobody reads but the host, as calls of the functions of their names. */
import { aboveInt8 } from "../../../src/ir/above-int8.ts";
import type { IntBinary, IntGraph, IntMap, IntMean, IntPool, IntResize } from "../../../src/ir/integer.ts";
import { linearPlace, linearSteps } from "../../../src/ir/linear.ts";
import { joined, type Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import type { HostMemory } from "./memory.ts";
import type { Held } from "./moves.ts";

const SIGNS = { add: c`'+'`, sub: c`'-'`, mul: c`'*'`, maximum: c`'>'`, minimum: c`'<'` } as const;

const of = (...values: readonly number[]): Code<"c"> =>
  joined(
    c,
    values.map((value) => c`${value}`),
    c`, `,
  );

/** Steps in the map along the axes of the result; none along those that it is stretched along. */
function steps({ channels, height, width }: IntMap): Code<"c"> {
  return of(height === 1 ? 0 : width * channels, width === 1 ? 0 : channels, channels === 1 ? 0 : 1);
}

export function pairCall(node: IntBinary, to: Held, a: Held, b: Held): Code<"c"> {
  const { channels, height, width, zeroPoint } = to.map;
  const none = { multiplier: 0, exponent: 0 };
  const [first, second] =
    node.kind === "add" || node.kind === "sub" ? [node.input1, node.input2] : [none, none];
  const limits = { leftShift: 0, max: 127, min: -128, result: none };
  const { leftShift, max, min, result } = "result" in node ? node : limits;
  const numbers = joined(
    c,
    [
      c`{ ${of(height, width, channels)} }, { ${steps(a.map)} }, { ${steps(b.map)} }, ${SIGNS[node.kind]}`,
      of(leftShift, a.map.zeroPoint, b.map.zeroPoint, zeroPoint, min, max),
      of(first.multiplier, second.multiplier, result.multiplier),
      of(first.exponent, second.exponent, result.exponent),
    ],
    c`, `,
  );
  return c`pair(${to.values.code}, ${a.values.code}, ${b.values.code}, &(const pair_rule){ ${numbers} })`;
}

export function poolCall(node: IntPool, to: Held, { map, values }: Held): Code<"c"> {
  const { dilation = [1, 1], kernel, kind, max, min, padding, stride } = node;
  const [operation, centre] = kind === "max-pool" ? [c`'>'`, 0] : [c`'/'`, aboveInt8(map)];
  const numbers = joined(
    c,
    [
      of(map.height, map.width, map.channels, to.map.height, to.map.width),
      c`{ ${of(...kernel)} }, { ${of(...stride)} }, { ${of(...dilation)} }, ${of(padding.top, padding.left)}`,
      c`${operation}, ${of(centre, min, max)}`,
    ],
    c`, `,
  );
  return c`pool(${to.values.code}, ${values.code}, &(const pool_rule){ ${numbers} })`;
}

/** Undefined where it is rounded as ONNX Runtime does. */
export function meanCall(
  { exponent, floats, multiplier }: IntMean,
  to: Held,
  { map, values }: Held,
  rounding: IntGraph["rounding"],
): Code<"c"> | undefined {
  if (floats !== undefined || rounding !== undefined) return undefined;
  const numbers = of(
    map.height * map.width,
    map.channels,
    map.zeroPoint,
    multiplier,
    exponent,
    to.map.zeroPoint,
  );
  return c`mean(${to.values.code}, ${values.code}, ${numbers})`;
}

export function resizeCall(
  { alignment }: IntResize,
  to: Held,
  { map, values }: Held,
  memory: HostMemory,
): Code<"c"> {
  const places = (size: number, made: number): Code<"c"> => {
    const along = linearSteps(size, made, alignment);
    const list = Array.from({ length: made }, (_, i) => linearPlace(along, i, size));
    return memory.table(Int32Array.from(list.flatMap(({ high, low, weight }) => [low, high, weight])));
  };
  const [down, across] = [places(map.height, to.map.height), places(map.width, to.map.width)];
  const sizes = of(map.width, map.channels, to.map.height, to.map.width);
  const centre = aboveInt8(map);
  return c`resize(${to.values.code}, ${values.code}, ${sizes}, ${down}, ${across}, ${centre})`;
}
