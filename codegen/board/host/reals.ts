/** Float operators at the end of a network, as calls of the functions in templates/board/host/real_*. */
import type { IntMap, IntResize } from "../../../src/ir/integer.ts";
import { item } from "../../../src/ir/known.ts";
import { realPlaces } from "../../../src/ir/linear.ts";
import { permutedStrides, broadcastStrides, stridesOf } from "../../../src/ir/places.ts";
import { elements, type Shape } from "../../../src/ir/shapes.ts";
import type { RealNode, TailBinary, TailFunction, TailLayer, TailShares } from "../../../src/ir/tail.ts";
import { joined, type Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import type { HostMemory } from "./memory.ts";
import type { Held } from "./moves.ts";

/** Axes of `places` in C. */
const AXES = 6;

/** Values and where they lie. */
export interface Reals {
  readonly shape: Shape;
  readonly code: Code<"c">;
}

export function realValuesCall(to: Code<"c">, from: Code<"c">, map: IntMap): Code<"c"> {
  const count = map.height * map.width * map.channels;
  return c`real_values(${to}, ${from}, ${count}, ${map.scale}, ${map.zeroPoint})`;
}

/** A bilinear resize as ONNX Runtime computes it in float32. */
export function realResizeCall(
  { alignment }: IntResize,
  to: Held,
  { map, values }: Held,
  memory: HostMemory,
): Code<"c"> {
  const along = (size: number, made: number) => {
    const list = realPlaces(size, made, alignment);
    return {
      places: memory.table(Int32Array.from(list.flatMap(({ high, low }) => [low, high]))),
      weights: memory.table(Float32Array.from(list.flatMap(({ weights }) => weights))),
    };
  };
  const [down, across] = [along(map.height, to.map.height), along(map.width, to.map.width)];
  const sizes = c`${map.width}, ${map.channels}, ${to.map.height}, ${to.map.width}`;
  const tables = c`${down.places}, ${across.places}, ${down.weights}, ${across.weights}`;
  const scales = c`${map.scale}, ${to.map.scale}, ${map.zeroPoint}, ${to.map.zeroPoint}`;
  const rule = c`&(const real_places_between){ ${sizes}, ${tables}, ${scales} }`;
  return c`real_resize(${to.values.code}, ${values.code}, ${rule})`;
}

/** Undefined where there is no function for it. */
export function realCalls(node: RealNode, to: Reals, inputs: readonly Reals[]): Code<"c">[] | undefined {
  const first = item(inputs, 0);
  if ([to, ...inputs].some(({ shape }) => shape.length > AXES)) return undefined;
  switch (node.kind) {
    case "function":
      return [functionCall(node, to, first)];
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      return [pairCall(node, to, first, item(inputs, 1))];
    case "real-softmax":
    case "real-log-softmax":
      return softmaxCall(node, to, first);
    case "concat": {
      let next = 0;
      const strides = stridesOf(to.shape);
      return inputs.map(({ code, shape }) => {
        const at = next;
        next += item(shape, node.axis) * item(strides, node.axis);
        return c`real_move(${to.code} + ${at}, ${code}, ${places(shape, { to: strides, a: stridesOf(shape) })})`;
      });
    }
    case "transpose": {
      const a = permutedStrides(first.shape, node.perm);
      return [c`real_move(${to.code}, ${first.code}, ${places(to.shape, { to: stridesOf(to.shape), a })})`];
    }
    case "slice": {
      const strides = stridesOf(first.shape);
      const begin = strides.reduce((sum, step, axis) => sum + step * item(node.begin, axis), 0);
      const a = strides.map((step, axis) => step * item(node.stride, axis));
      return [
        c`real_move(${to.code}, ${first.code} + ${begin}, ${places(to.shape, { to: stridesOf(to.shape), a })})`,
      ];
    }
  }
}

function functionCall({ function: it }: TailFunction, to: Reals, from: Reals): Code<"c"> {
  const values = c`${to.code}, ${from.code}, ${elements(to.shape)}`;
  switch (it.name) {
    case "clamp":
      return c`real_clamp(${values}, ${real(it.low)}, ${real(it.high)})`;
    case "leaky":
      return c`real_leaky(${values}, ${it.alpha})`;
    case "steps":
      return c`real_steps(${values}, ${it.scale}, ${it.zeroPoint}, ${it.low}, ${it.high})`;
    case "exp":
      return c`real_exp(${values})`;
    case "power":
      return c`real_power(${values}, ${it.bias}, ${it.factor}, ${it.exponent})`;
    case "logistic":
      return c`real_logistic(${values})`;
    case "tanh":
      return c`real_tanh(${values})`;
    case "hard-sigmoid":
      return c`real_hard_sigmoid(${values})`;
    case "hard-swish":
      return c`real_hard_swish(${values})`;
  }
}

const SIGNS = { add: c`'+'`, sub: c`'-'`, mul: c`'*'`, maximum: c`'>'`, minimum: c`'<'` } as const;

function pairCall({ high, kind, low }: TailBinary, to: Reals, a: Reals, b: Reals): Code<"c"> {
  const it = places(to.shape, {
    a: broadcastStrides(a.shape, to.shape),
    b: broadcastStrides(b.shape, to.shape),
  });
  const limits = c`${real(low)}, ${real(high)}`;
  return c`real_pair(${to.code}, ${a.code}, ${b.code}, ${it}, ${SIGNS[kind]}, ${limits})`;
}

/** Axes that follow each other are one. */
function softmaxCall({ axes, beta, kind }: TailShares, to: Reals, from: Reals): Code<"c">[] | undefined {
  const [low, high] = [Math.min(...axes), Math.max(...axes)];
  if (high - low !== new Set(axes).size - 1) return undefined;
  const sizes = [from.shape.slice(0, low), from.shape.slice(low, high + 1), from.shape.slice(high + 1)];
  const [outer = 1, inner = 1, apart = 1] = sizes.map(elements);
  const isLog = kind === "real-log-softmax" ? 1 : 0;
  return [c`real_softmax(${to.code}, ${from.code}, ${outer}, ${inner}, ${apart}, ${beta}, ${isLog})`];
}

function real(x: number): Code<"c"> {
  if (Number.isFinite(x)) return c`${x}`;
  return x > 0 ? c`INFINITY` : c`-INFINITY`;
}

/** Sizes, and steps by their names, with axes of one value in front. */
function places(
  sizes: Shape,
  steps: { readonly to?: Shape; readonly a?: Shape | undefined; readonly b?: Shape | undefined },
): Code<"c"> {
  const list = (values: readonly number[] = [], fill: number): Code<"c"> => {
    const all = Array.from({ length: AXES - values.length }, () => fill).concat(values);
    return joined(
      c,
      all.map((n) => c`${n}`),
      c`, `,
    );
  };
  const [to, a, b] = [list(steps.to, 0), list(steps.a, 0), list(steps.b, 0)];
  return c`&(const places){ ${elements(sizes)}, { ${list(sizes, 1)} }, { ${to} }, { ${a} }, { ${b} } }`;
}

/** A last layer on a map. `shape`: of its result. */
export function layerCall(node: TailLayer, to: Reals, { map, values }: Held, memory: HostMemory): Code<"c"> {
  const { high, low, sums } = node;
  const limits = c`${real(low)}, ${real(high)}`;
  const outputs = item(to.shape, to.shape.length - 1);
  if (!sums.order) {
    const tables = [sums.weights, sums.bias, sums.factors].map((list) => memory.table(list));
    const size = map.height * map.width * map.channels;
    const operands = joined(c, tables, c`, `);
    return c`real_products(${to.code}, ${values.code}, ${size}, ${map.zeroPoint}, ${outputs}, ${operands}, ${limits})`;
  }
  const { bias, groups, order, weights } = sums;
  const { dilation, kernel, padding, stride } = node;
  const [rows, columns] = to.shape.length === 4 ? to.shape.slice(1) : [];
  const pair = ([y, x]: readonly [number, number]): Code<"c"> => c`{ ${y}, ${x} }`;
  const number = { blocks: 0, fours: order.kind === "fours" && order.biasFirst ? 2 : 1, eights: 3 }[
    order.kind
  ];
  const rule = joined(
    c,
    [
      c`${map.height}, ${map.width}, ${map.channels}, ${rows ?? 1}, ${columns ?? 1}, ${outputs}, ${groups}`,
      c`${pair(kernel)}, ${pair(stride)}, ${pair(dilation)}, ${padding.top}, ${padding.left}`,
      c`${map.scale}, ${map.zeroPoint}, ${number}, ${order.kind === "blocks" ? order.size : 0}, ${limits}`,
    ],
    c`, `,
  );
  const patch = memory.room("float", weights.length / outputs).code;
  const offsets = bias ? memory.table(bias) : c`NULL`;
  const operands = c`${memory.table(weights)}, ${offsets}, ${patch}`;
  return c`real_layer(${to.code}, ${values.code}, ${operands}, &(const layer){ ${rule} })`;
}
