import { kernelReader } from "../../activations/kernel.ts";
import type { ActivationKernel } from "../../ir/activation-kernel.ts";
import { inputsOf } from "../../ir/builder.ts";
import type { ConvLayer, DepthwiseLayer, Layer, Network, NetworkMap } from "../../ir/builder.ts";
import type { Graph, Node, Quantization, Tensor, TensorData, TensorId } from "../../ir/graph.ts";
import { mixSeed } from "../pictures/random.ts";
import { calibrate, outputSteps } from "./calibrate.ts";
import { moveValues } from "./move.ts";
import type { Activations } from "./move.ts";
import { seededPicture, seededWeights } from "./random.ts";
import { layerSums } from "./sums.ts";
import { item, known } from "../../ir/known.ts";

/** Pixels - 128 in steps of 1/128: real values of -1..1, as MobileNets read them. */
const INPUT_SCALE = 1 / 128;
/** Pictures to calibrate on. */
const PICTURES = 2;

/**
 * Gives a described network seeded int8 weights, per channel, and scales that spread every map over the int8 range.
 * The same network and seed give the same graph on every machine: all arithmetic is on integers or IEEE doubles.
 */
export function seededGraph(network: Network, seed: number): Graph {
  const tensors = new Map<TensorId, Tensor>();
  const nodes: Node[] = [];
  const read = kernelReader();
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

  const before = "layers read what layers before them wrote";
  const tensorOf = (map: number): TensorId => known(ids.get(map), before);

  network.layers.forEach((layer, index) => {
    const base = { name: layer.name, sources: [index] };
    const operands = inputsOf(layer).map((map) => tensorOf(map.index));
    const from = inputsOf(layer).map((map) => known(activations.get(map.index), before));
    let result: Activations;
    if (layer.kind === "conv" || layer.kind === "depthwise") {
      const [{ scale, steps }] = from as [Activations];
      const layerSeed = mixSeed(seed, index);
      const weights = seededWeights(weightCount(layer), layerSeed);
      const sums = steps.map((values) => layerSums(layer, weights, values));
      const wanted = operandScale(network, layer, read);
      const scales = calibrate(layer, sums, scale, layerSeed, { isScore: isScore(network, layer), wanted });
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
          { scales: scales.weightScales.map((s) => Math.fround(s * scale)), zeroPoints: none, axis: 0 },
          scales.bias,
        ),
      );
      result = {
        scale: scales.outputScale,
        zeroPoint: scales.outputZeroPoint,
        steps: sums.map((s) => outputSteps(layer, s, scale, scales)),
      };
    } else if (layer.kind === "activation") {
      result = activate(read(layer.kernel), item(from, 0));
    } else {
      result = moveValues(layer, from, operandScale(network, layer, read));
    }
    activations.set(layer.output.index, result);
    const output = add(layer.name, shapeOf(layer.output), perTensor(result.scale, result.zeroPoint));
    ids.set(layer.output.index, output);
    nodes.push(nodeOf(layer, { ...base, inputs: operands, output }, read));
  });

  const outputs = network.outputs.map((map) => tensorOf(map.index));
  return { name: network.name, tensors, nodes, inputs: [tensorOf(input.index)], outputs };
}

/** The scale that a kernel behind the layer has for its operand. */
function operandScale(
  network: Network,
  { output }: Layer,
  read: (kernel: string) => ActivationKernel,
): number | undefined {
  const readers = network.layers.filter((other) => inputsOf(other).includes(output));
  const [places] = readers.flatMap((other) =>
    other.kind === "activation" ? [read(other.kernel).places.operand] : [],
  );
  return places === undefined ? undefined : 2 ** -places;
}

/** What a kernel makes of the calibration pictures, and the scale that it says. */
function activate({ places, table }: ActivationKernel, { steps }: Activations): Activations {
  const values = steps.map((map) => map.map((x) => item(table, x + 128)));
  return { scale: 2 ** -places.result, zeroPoint: 0, steps: values };
}

/**
 * Whether the layer rates the classes at every position, before an average and softmax, with an activation that would
 * leave all averages close together.
 */
function isScore(network: Network, layer: ConvLayer | DepthwiseLayer): boolean {
  const reader = (map: NetworkMap) => network.layers.find((other) => inputsOf(other).includes(map));
  const pool = reader(layer.output);
  return (
    layer.activation === "relu" && pool?.kind === "average-pool" && reader(pool.output)?.kind === "softmax"
  );
}

function nodeOf(
  layer: Layer,
  base: Pick<Node, "name" | "sources" | "inputs" | "output">,
  read: (kernel: string) => ActivationKernel,
): Node {
  const dilation = [1, 1] as const;
  switch (layer.kind) {
    case "conv": {
      const { kernel, stride, padding, activation, groups } = layer;
      return { kind: "conv", ...base, kernel, stride, dilation, padding, groups, activation };
    }
    case "depthwise": {
      const { kernel, stride, padding, activation, multiplier } = layer;
      return { kind: "depthwise", ...base, kernel, stride, dilation, padding, multiplier, activation };
    }
    case "max-pool":
    case "average-pool": {
      const { kind, kernel, stride, padding } = layer;
      const plain = { activation: "none", countPadding: false } as const;
      return { kind, ...base, kernel, stride, dilation, padding, ...plain };
    }
    case "concat":
      return { kind: "concat", ...base, axis: 3, activation: "none" };
    case "add":
      return { kind: "add", ...base, activation: layer.activation };
    case "multiply":
      return { kind: "mul", ...base, activation: layer.activation };
    case "activation":
      return { kind: "kernel", ...base, kernel: read(layer.kernel) };
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
    ? [layer.output.channels, kh, kw, layer.input.channels / layer.groups]
    : [1, kh, kw, layer.output.channels];
}

function weightCount(layer: ConvLayer | DepthwiseLayer): number {
  return weightShape(layer).reduce((a, b) => a * b);
}

function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}
