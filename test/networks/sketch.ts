/** Small quantised networks for tests, layer behind layer, with seeded weights and scales that use the int8 range. */
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { Graph, Node, Padding, Quantization, Tensor, TensorId } from "../../src/ir/graph.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { createRandom } from "../../src/zoo/pictures/random.ts";

export interface Window {
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  /** SAME as TensorFlow places it; default valid. */
  readonly same?: boolean;
}

/** A layer appends itself; every map is [H, W, C]. */
export interface Sketch {
  conv(outputs: number, window: Window): Sketch;
  depthwise(window: Window & { readonly multiplier?: number }): Sketch;
  dense(outputs: number): Sketch;
  averagePool(window: Window): Sketch;
  mean(): Sketch;
  /** The same values in this shape. */
  reshape(to: Shape): Sketch;
  softmax(): Sketch;
  graph(): IntGraph;
}

/** Of a map. */
export type Shape = readonly [height: number, width: number, channels: number];

/** `uint8`: one scale a tensor and weight zero points, as legacy networks have them; `int8`: one scale a channel. */
export function sketch(name: string, input: Shape, dtype: "int8" | "uint8" = "int8"): Sketch {
  const random = createRandom(name.length + input[0] * 31 + input[1] * 7 + input[2]);
  const below = (limit: number): number => Math.floor(random() * limit);
  const tensors = new Map<TensorId, Tensor>();
  const nodes: Node[] = [];
  const centre = dtype === "uint8" ? 128 : 0;
  const tensor = (of: Omit<Tensor, "id" | "name">, as: string): TensorId => {
    tensors.set(tensors.size, { id: tensors.size, name: as, ...of });
    return tensors.size - 1;
  };
  const map = ([h, w, c]: Shape, scale: number, zeroPoint: number): TensorId => {
    const quantization = perTensor(Math.fround(scale), zeroPoint);
    return tensor({ shape: [1, h, w, c], dtype, quantization }, `map_${tensors.size}`);
  };
  let shape = input;
  let at = map(shape, 1 / 64, centre + below(40) - 20);

  const scaleOf = (id: TensorId): number => tensors.get(id)!.quantization!.scales[0]!;
  /** Random weights, bias and a result whose scale suits sums of `taps` products. */
  const weighted = (size: readonly number[], axis: number, outputs: number, taps: number, to: Shape) => {
    const count = size.reduce((a, b) => a * b);
    const values = Array.from({ length: count }, () => below(255) - 127);
    const perChannel = dtype === "int8" && axis >= 0;
    const scales = Array.from({ length: perChannel ? outputs : 1 }, () =>
      Math.fround(0.004 * (0.5 + random())),
    );
    const zeroPoint = dtype === "uint8" ? 110 + below(40) : 0;
    const weights = tensor(
      {
        shape: size,
        dtype,
        data: dtype === "uint8" ? Uint8Array.from(values, (v) => v + 128) : Int8Array.from(values),
        quantization: { scales, zeroPoints: scales.map(() => zeroPoint), axis: Math.max(0, axis) },
      },
      `weights_${tensors.size}`,
    );
    const biasScales = scales.map((scale) => Math.fround(scale * scaleOf(at)));
    const bias = tensor(
      {
        shape: [outputs],
        dtype: "int32",
        data: Int32Array.from({ length: outputs }, () => below(4000) - 2000),
        quantization: { scales: biasScales, zeroPoints: biasScales.map(() => 0), axis: 0 },
      },
      `bias_${tensors.size}`,
    );
    const output = map(to, scaleOf(at) * 0.004 * 73 * Math.sqrt(taps) * 1.5, centre + below(60) - 30);
    const inputs = [at, weights, bias];
    return { inputs, output };
  };
  const append = (node: Node, to: Shape): Sketch => {
    nodes.push({ ...node, sources: [nodes.length] });
    at = node.output;
    shape = to;
    return self;
  };
  const named = (kind: string) => ({ name: `${kind}_${nodes.length}`, sources: [] });

  const self: Sketch = {
    conv(outputs, window) {
      const { size, ...attributes } = place(shape, window);
      const [kh, kw] = window.kernel;
      const to = [...size, outputs] as const;
      const c = shape[2];
      const parts = weighted([outputs, kh, kw, c], 0, outputs, kh * kw * c, to);
      const base = { ...named("conv"), ...attributes, ...parts };
      return append({ kind: "conv", ...base, groups: 1, activation: "none" }, to);
    },
    depthwise({ multiplier = 1, ...window }) {
      const { size, ...attributes } = place(shape, window);
      const [kh, kw] = window.kernel;
      const outputs = shape[2] * multiplier;
      const to = [...size, outputs] as const;
      const parts = weighted([1, kh, kw, outputs], 3, outputs, kh * kw, to);
      const base = { ...named("depthwise"), ...attributes, ...parts };
      return append({ kind: "depthwise", ...base, multiplier, activation: "relu6" }, to);
    },
    dense(outputs) {
      const count = shape[0] * shape[1] * shape[2];
      const to = [1, 1, outputs] as const;
      const { inputs, output } = weighted([outputs, count], -1, outputs, count, to);
      tensors.set(output, { ...tensors.get(output)!, shape: [1, outputs] });
      return append({ kind: "dense", ...named("dense"), inputs, output, activation: "none" }, to);
    },
    averagePool(window) {
      const { size, ...attributes } = place(shape, window);
      const to = [...size, shape[2]] as const;
      const { scales, zeroPoints } = tensors.get(at)!.quantization!;
      const ends = { inputs: [at], output: map(to, scales[0]!, zeroPoints[0]!) };
      const base = { ...named("average_pool"), ...attributes, ...ends };
      return append({ kind: "average-pool", ...base, activation: "none", countPadding: false }, to);
    },
    mean() {
      const to = [1, 1, shape[2]] as const;
      const output = map(to, scaleOf(at) / 2, centre + 3);
      return append({ kind: "mean", ...named("mean"), inputs: [at], output, keepDims: true }, to);
    },
    reshape(to) {
      const { scales, zeroPoints } = tensors.get(at)!.quantization!;
      const output = map(to, scales[0]!, zeroPoints[0]!);
      return append({ kind: "reshape", ...named("reshape"), inputs: [at], output }, to);
    },
    softmax() {
      const { shape: same } = tensors.get(at)!;
      const output = map(shape, 1 / 256, centre - 128);
      tensors.set(output, { ...tensors.get(output)!, shape: same });
      return append({ kind: "softmax", ...named("softmax"), inputs: [at], output, beta: 1 }, shape);
    },
    graph() {
      const graph: Graph = { name, tensors, nodes, inputs: [0], outputs: [at] };
      return lower(runPasses(graph));
    },
  };
  return self;
}

function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}

/** Output size and padding of a window. */
function place([height, width]: Shape, window: Window) {
  const { kernel, stride = [1, 1], dilation = [1, 1], same = false } = window;
  const vertical = along(height, kernel[0], stride[0], dilation[0], same);
  const horizontal = along(width, kernel[1], stride[1], dilation[1], same);
  const padding: Padding = {
    top: vertical.before,
    bottom: vertical.after,
    left: horizontal.before,
    right: horizontal.after,
  };
  return { size: [vertical.size, horizontal.size] as const, kernel, stride, dilation, padding };
}

function along(input: number, kernel: number, stride: number, dilation: number, same: boolean) {
  const reach = (kernel - 1) * dilation + 1;
  if (!same) return { size: Math.floor((input - reach) / stride) + 1, before: 0, after: 0 };
  const size = Math.ceil(input / stride);
  const total = Math.max((size - 1) * stride + reach - input, 0);
  return { size, before: Math.floor(total / 2), after: total - Math.floor(total / 2) };
}
