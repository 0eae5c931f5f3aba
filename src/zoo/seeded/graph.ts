import type {
  AveragePoolLayer,
  ConvLayer,
  DepthwiseLayer,
  Layer,
  Network,
  NetworkMap,
} from "../../ir/builder.ts";
import type { Graph, Node, Quantization, Tensor, TensorData, TensorId } from "../../ir/graph.ts";
import { mixSeed } from "../pictures/random.ts";
import { calibrate, outputSteps } from "./calibrate.ts";
import { seededPicture, seededWeights } from "./random.ts";
import { layerSums } from "./sums.ts";

/** Pixels - 128 in steps of 1/128: real values of -1..1, as MobileNets read them. */
const INPUT_SCALE = 1 / 128;
/** Pictures to calibrate on. */
const PICTURES = 2;

/** A map while the network is calibrated: its scale and, for each picture, its values above the zero point. */
interface Activations {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly steps: readonly Int16Array[];
}

/**
 * Gives a described network seeded int8 weights, per channel, and scales that spread every map over the int8 range.
 * The same network and seed give the same graph on every machine: all arithmetic is on integers or IEEE doubles.
 */
export function seededGraph(network: Network, seed: number): Graph {
  const tensors = new Map<TensorId, Tensor>();
  const nodes: Node[] = [];
  const add = (
    name: string,
    shape: readonly number[],
    quantization: Quantization,
    data?: TensorData & { readonly length: number },
  ): TensorId => {
    const id = tensors.size;
    const dtype = data instanceof Int32Array ? "int32" : "int8";
    tensors.set(id, { id, name, shape, dtype, quantization, ...(data && { data }) });
    return id;
  };
  const { input } = network;
  const pictures = Array.from({ length: PICTURES }, (_, i) =>
    Int16Array.from(seededPicture(input.height, input.width, input.channels, mixSeed(seed, -1 - i))),
  );
  const activations = new Map<number, Activations>([
    [input.index, { scale: INPUT_SCALE, zeroPoint: 0, steps: pictures }],
  ]);
  const ids = new Map<number, TensorId>([
    [input.index, add("input", shapeOf(input), perTensor(INPUT_SCALE, 0))],
  ]);

  network.layers.forEach((layer, index) => {
    const from = activations.get(layer.input.index)!;
    const base = { name: layer.name, sources: [index] };
    const source = ids.get(layer.input.index)!;
    const operands = [source];
    let result: Activations;
    if (layer.kind === "conv" || layer.kind === "depthwise") {
      const layerSeed = mixSeed(seed, index);
      const weights = seededWeights(weightCount(layer), layerSeed);
      const sums = from.steps.map((steps) => layerSums(layer, weights, steps));
      const scales = calibrate(layer, sums, from.scale, layerSeed);
      const axis = layer.kind === "conv" ? 0 : 3;
      const none = scales.weightScales.map(() => 0);
      operands.push(
        add(
          `${layer.name}/weights`,
          weightShape(layer),
          { scales: scales.weightScales, zeroPoints: none, axis },
          weights,
        ),
        add(
          `${layer.name}/bias`,
          [layer.output.channels],
          { scales: scales.weightScales.map((s) => Math.fround(s * from.scale)), zeroPoints: none, axis: 0 },
          scales.bias,
        ),
      );
      result = {
        scale: scales.outputScale,
        zeroPoint: scales.outputZeroPoint,
        steps: sums.map((s) => outputSteps(layer, s, from.scale, scales)),
      };
    } else if (layer.kind === "average-pool") {
      result = { ...from, steps: from.steps.map((steps) => globalAverage(layer, steps)) };
    } else {
      // Softmax ends a network; nothing is calibrated behind it.
      result = { scale: 1 / 256, zeroPoint: -128, steps: [] };
    }
    activations.set(layer.output.index, result);
    const output = add(layer.name, shapeOf(layer.output), perTensor(result.scale, result.zeroPoint));
    ids.set(layer.output.index, output);
    nodes.push(nodeOf(layer, { ...base, inputs: operands, output }));
  });

  const last = network.layers.at(-1)!.output.index;
  return { name: network.name, tensors, nodes, inputs: [ids.get(input.index)!], outputs: [ids.get(last)!] };
}

function nodeOf(layer: Layer, base: Pick<Node, "name" | "sources" | "inputs" | "output">): Node {
  const dilation = [1, 1] as const;
  switch (layer.kind) {
    case "conv": {
      const { kernel, stride, padding, activation } = layer;
      return { kind: "conv", ...base, kernel, stride, dilation, padding, groups: 1, activation };
    }
    case "depthwise": {
      const { kernel, stride, padding, activation, multiplier } = layer;
      return { kind: "depthwise", ...base, kernel, stride, dilation, padding, multiplier, activation };
    }
    case "average-pool": {
      const { kernel, stride, padding } = layer;
      const plain = { activation: "none", countPadding: false } as const;
      return { kind: "average-pool", ...base, kernel, stride, dilation, padding, ...plain };
    }
    case "softmax":
      return { kind: "softmax", ...base, beta: 1 };
  }
}

function shapeOf(map: NetworkMap): number[] {
  return [1, map.height, map.width, map.channels];
}

function weightShape(layer: ConvLayer | DepthwiseLayer): number[] {
  const [kh, kw] = layer.kernel;
  return layer.kind === "conv"
    ? [layer.output.channels, kh, kw, layer.input.channels]
    : [1, kh, kw, layer.output.channels];
}

function weightCount(layer: ConvLayer | DepthwiseLayer): number {
  return weightShape(layer).reduce((a, b) => a * b);
}

function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}

function globalAverage(layer: AveragePoolLayer, steps: Int16Array): Int16Array {
  const channels = layer.input.channels;
  const sums = new Float64Array(channels);
  steps.forEach((v, i) => (sums[i % channels]! += v));
  return Int16Array.from(sums, (sum) => Math.round((sum * channels) / steps.length));
}
