/** Layers with random attributes, appended one by one to an integer graph. */
import type {
  IntAdd,
  IntBinary,
  IntConcat,
  IntConv,
  IntDepthwise,
  IntMap,
  IntNode,
  IntPool,
} from "../../src/ir/integer.ts";
import { intMap } from "../golden/helpers.ts";

export type Draw = (min: number, max: number) => number;

/** A window along one side: every one meets the map, as in each framework. */
export interface Along {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly outputs: number;
}

export function along(draw: Draw, size: number, reach: number): Along {
  const kernel = draw(1, draw(0, 3) === 0 ? Math.max(1, size) : Math.min(4, size + 1));
  const before = draw(0, Math.min(reach, kernel - 1));
  const least = Math.max(0, kernel - before - size);
  const after = Math.max(least, draw(0, kernel - 1));
  const stride = draw(1, reach);
  return {
    kernel,
    stride,
    before,
    after,
    outputs: Math.floor((size + before + after - kernel) / stride) + 1,
  };
}

const WEIGHTED: readonly string[] = ["conv", "depthwise"];

/** Appends layers to a graph; each takes its input and returns its result. */
export function layers(draw: Draw) {
  const dtype = draw(0, 3) === 0 ? "uint8" : "int8";
  const maps: IntMap[] = [];
  const nodes: IntNode[] = [];
  const map = (height: number, width: number, channels: number, zeroPoint = draw(-128, 127)): IntMap => {
    const made = intMap({ id: maps.length, height, width, channels, zeroPoint, dtype, scale: 1 / 16 });
    maps.push(made);
    return made;
  };
  const base = (kind: string, inputs: readonly IntMap[], output: IntMap) => ({
    // what leads to a layer with any is computed by the accelerator
    ...{ name: `${kind}_${nodes.length}`, sources: [nodes.length], macs: WEIGHTED.includes(kind) ? 1 : 0 },
    ...{ inputs: inputs.map(({ id }) => id), output: output.id },
  });
  const append = (node: IntNode, output: IntMap): IntMap => {
    nodes.push(node);
    return output;
  };
  const range = () =>
    draw(0, 3) === 0 ? { min: draw(-128, 0), max: draw(1, 127) } : { min: -128, max: 127 };
  return {
    maps,
    nodes,
    map,
    pool(
      input: IntMap,
      rows: Along,
      columns: Along,
      kind: IntPool["kind"] = draw(0, 1) === 0 ? "max-pool" : "average-pool",
    ): IntMap {
      const output = map(rows.outputs, columns.outputs, input.channels, input.zeroPoint);
      const window: Omit<IntPool, keyof ReturnType<typeof base> | "kind" | "min" | "max"> = {
        kernel: [rows.kernel, columns.kernel],
        stride: [rows.stride, columns.stride],
        padding: { top: rows.before, left: columns.before, bottom: rows.after, right: columns.after },
      };
      return append({ kind, ...base(kind, [input], output), ...range(), ...window }, output);
    },
    pad(input: IntMap, above = draw(0, 3)): IntMap {
      const padding = { top: above, left: draw(0, 3), bottom: draw(0, 3), right: draw(0, 3) };
      const { top, left, bottom, right } = padding;
      const output = map(
        input.height + top + bottom,
        input.width + left + right,
        input.channels,
        input.zeroPoint,
      );
      return append({ kind: "pad", ...base("pad", [input], output), padding }, output);
    },
    add(first: IntMap, second: IntMap): IntMap {
      const output = map(first.height, first.width, first.channels);
      const node: IntAdd = {
        ...{ kind: "add", ...base("add", [first, second], output), ...range(), leftShift: 20 },
        input1: { multiplier: 2 ** 30, exponent: 0 },
        input2: { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: -1 },
        result: { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: -19 },
      };
      return append(node, output);
    },
    rescale(input: IntMap): IntMap {
      const output = map(input.height, input.width, input.channels);
      const rescaling = { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: draw(-2, 1) };
      return append({ kind: "rescale", ...base("rescale", [input], output), rescaling }, output);
    },
    /** Without padding or, of 3 x 3, with it. */
    conv(input: IntMap, side: 1 | 3, outputs: number): IntMap {
      const output = map(input.height, input.width, outputs);
      const pad = (side - 1) / 2;
      const taps = side * side * input.channels;
      const node: IntConv = {
        ...{ kind: "conv", ...base("conv", [input], output), kernel: [side, side], stride: [1, 1] },
        ...{ dilation: [1, 1], padding: { top: pad, left: pad, bottom: pad, right: pad } },
        weights: Int16Array.from({ length: outputs * taps }, () => draw(-127, 127)),
        ...{ weightZeroPoint: 0, bias: Int32Array.from({ length: outputs }, () => draw(-999, 999)) },
        requantize: {
          multiplier: Int32Array.from({ length: outputs }, () => draw(2 ** 30, 2 ** 31 - 1)),
          exponent: new Int32Array(outputs).fill(-Math.round(Math.log2(80 * Math.sqrt(taps)))),
          ...range(),
        },
      };
      return append(node, output);
    },
    /** Sides of 1 are stretched. */
    binary(kind: IntBinary["kind"], first: IntMap, second: IntMap): IntMap {
      const most = (of: (map: IntMap) => number) => Math.max(of(first), of(second));
      const output = map(
        most(({ height }) => height),
        most(({ width }) => width),
        most(({ channels }) => channels),
      );
      const own = base(kind, [first, second], output);
      const factor = (exponent: number) => ({ multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent });
      switch (kind) {
        case "maximum":
        case "minimum":
          return append({ kind, ...own }, output);
        case "mul":
          return append({ kind, ...own, ...range(), leftShift: 0, result: factor(draw(-9, -6)) }, output);
        case "add":
        case "sub": {
          const parts = { input1: factor(0), input2: factor(-1), result: factor(-19) };
          return append({ kind, ...own, ...range(), leftShift: 20, ...parts }, output);
        }
      }
    },
    lookup(input: IntMap): IntMap {
      const output = map(input.height, input.width, input.channels);
      const tables = Int8Array.from({ length: 256 }, () => draw(-128, 127));
      return append({ kind: "lookup", ...base("lookup", [input], output), tables }, output);
    },
    /** Weights of `groups` groups are zero elsewhere. */
    grouped(input: IntMap, side: 1 | 3, groups: number, perGroup: number): IntMap {
      const outputs = groups * perGroup;
      const output = this.conv(input, side, outputs);
      const node = nodes.at(-1) as IntConv;
      const own = input.channels / groups;
      const weights = node.weights.map((w, i) => {
        const [k, c] = [Math.floor(i / (side * side * input.channels)), i % input.channels];
        return Math.floor(k / perGroup) === Math.floor(c / own) ? w : 0;
      });
      nodes[nodes.length - 1] = { ...node, weights, groups };
      return output;
    },
    depthwise(input: IntMap, stride: 1 | 2, multiplier: number): IntMap {
      const { channels, height, width } = input;
      const outputs = channels * multiplier;
      const size = (length: number) => Math.floor((length - 1) / stride) + 1;
      const output = map(size(height), size(width), outputs);
      const node: IntDepthwise = {
        ...{ kind: "depthwise", ...base("depthwise", [input], output), multiplier },
        ...{ kernel: [3, 3], stride: [stride, stride], dilation: [1, 1] },
        padding: { top: 1, left: 1, bottom: 1, right: 1 },
        weights: Int16Array.from({ length: 9 * outputs }, () => draw(-127, 127)),
        ...{ weightZeroPoint: 0, bias: Int32Array.from({ length: outputs }, () => draw(-999, 999)) },
        requantize: {
          multiplier: Int32Array.from({ length: outputs }, () => draw(2 ** 30, 2 ** 31 - 1)),
          exponent: new Int32Array(outputs).fill(-8),
          ...range(),
        },
      };
      return append(node, output);
    },
    /** Of one size but along the axis; now and then one of another scale. */
    concat(inputs: readonly IntMap[], axis: 0 | 1 | 2): IntMap {
      const [first] = inputs as [IntMap];
      const sum = (of: (map: IntMap) => number) => inputs.reduce((total, one) => total + of(one), 0);
      const output = map(
        axis === 0 ? sum(({ height }) => height) : first.height,
        axis === 1 ? sum(({ width }) => width) : first.width,
        axis === 2 ? sum(({ channels }) => channels) : first.channels,
        first.zeroPoint,
      );
      const rescale = inputs.map(({ zeroPoint }) =>
        zeroPoint === output.zeroPoint && draw(0, 4) > 0
          ? null
          : { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: draw(-1, 1) },
      );
      const node: IntConcat = { kind: "concat", ...base("concat", inputs, output), axis, rescale };
      return append(node, output);
    },
    slice(input: IntMap): IntMap {
      const part = (size: number, steps: number) => {
        const begin = draw(0, Math.max(0, size - 1));
        const stride = draw(1, steps);
        return { begin, stride, count: draw(1, Math.floor((size - 1 - begin) / stride) + 1) };
      };
      const [y, x, c] = [part(input.height, 2), part(input.width, 2), part(input.channels, draw(1, 2))];
      const output = map(y.count, x.count, c.count, input.zeroPoint);
      return append(
        {
          ...{ kind: "slice", ...base("slice", [input], output) },
          ...{ begin: [y.begin, x.begin, c.begin], stride: [y.stride, x.stride, c.stride] },
        },
        output,
      );
    },
    repeat(input: IntMap): IntMap {
      const factor = [draw(1, 2), draw(1, 3)] as const;
      const output = map(input.height * factor[0], input.width * factor[1], input.channels, input.zeroPoint);
      return append({ kind: "repeat", ...base("repeat", [input], output), factor }, output);
    },
    /** By factors that the accelerator has weights for, larger or smaller along each side. */
    resize(input: IntMap): IntMap {
      const alignment = (["half-pixel", "asymmetric", "align-corners"] as const)[draw(0, 2)]!;
      const made = (size: number) => {
        const factor = draw(1, 2);
        if (alignment === "align-corners") return Math.max(1, (size - 1) * factor + 1);
        return size % 2 === 0 && draw(0, 3) === 0 ? size / 2 : size * factor;
      };
      const output = map(made(input.height), made(input.width), input.channels, input.zeroPoint);
      return append({ kind: "resize-bilinear", ...base("resize", [input], output), alignment }, output);
    },
    zeros(input: IntMap): IntMap {
      const channels = [draw(0, 5), draw(1, 9)] as const;
      const padding = { top: draw(0, 1), left: 0, bottom: 0, right: draw(0, 1) };
      const output = map(
        input.height + padding.top,
        input.width + padding.right,
        input.channels + channels[0] + channels[1],
        input.zeroPoint,
      );
      return append({ kind: "pad", ...base("zeros", [input], output), padding, channels }, output);
    },
  };
}
