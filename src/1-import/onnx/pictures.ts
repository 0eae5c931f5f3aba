/** What a network from ONNX says of its pictures: in its metadata, or by what it computes in front. */
import type { Graph, Node, Preprocess, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import type { OnnxFile } from "./file.ts";

/** Pixels of 0 to 255 as they are, and a 255th of them. */
const PIXELS = [0, 1] as const;
const SHARES = [0, 255] as const;

/** Real = (pixel - mean) / std by Image.NominalPixelRange of ONNX's MetadataProps.md. */
const RANGES = new Map<string | undefined, readonly [mean: number, std: number]>([
  ["NominalRange_0_255", PIXELS],
  ["Normalized_0_1", SHARES],
  ["Normalized_1_1", [127.5, 127.5]],
]);

/**
 * How pictures become the input's real values; undefined where the file does not tell. `isCast`: the input is of bytes, of which the network
 * makes floats.
 */
export function picturesIn(
  graph: Graph,
  file: Pick<OnnxFile, "metadataProps">,
  isCast: boolean,
): Preprocess | undefined {
  const property = (name: string) => file.metadataProps.find(({ key }) => key === name)?.value;
  const channels = graph.tensors.get(graph.inputs[0] ?? -1)?.shape.at(-1) ?? 0;
  if (channels !== 1 && channels !== 3) return undefined;
  const inFront = normalisationOf(graph, channels);
  const stated = RANGES.get(property("Image.NominalPixelRange")) ?? (isCast ? PIXELS : undefined);
  const range = stated ?? (inFront && rangeBehind(inFront));
  if (range === undefined) return undefined;
  const [mean, std] = range;
  const isBgr = property("Image.BitmapPixelFormat")?.startsWith("Bgr") ?? (inFront && isReversed(inFront));
  return { mean: [mean], std: [std], channelOrder: channels === 1 ? "grey" : isBgr ? "bgr" : "rgb" };
}

/** (x - mean[c]) / std[c], which a network makes of its input x. */
interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * Additions and products of constants in front of everything else; undefined where there are none. A batch normalisation is no
 * such thing: it was learned, also over inputs that were normalised before.
 */
function normalisationOf(graph: Graph, channels: number): Normalisation | undefined {
  let value = graph.inputs[0] ?? -1;
  let [factor, offset] = [1, 0].map((x) => new Array<number>(channels).fill(x)) as [number[], number[]];
  for (;;) {
    const [reader, ...others] = graph.nodes.filter(({ inputs }) => inputs.includes(value));
    const step = reader && others.length === 0 ? stepOf(reader, value, graph, channels) : undefined;
    if (!reader || !step) break;
    factor = factor.map((f, c) => f * item(step.factor, c));
    offset = offset.map((o, c) => o * item(step.factor, c) + item(step.offset, c));
    value = reader.output;
  }
  if (value === graph.inputs[0] || !factor.every((f) => f > 0)) return undefined;
  return { mean: offset.map((o, c) => -o / item(factor, c)), std: factor.map((f) => 1 / f) };
}

/** x * factor[c] + offset[c] of a node that reads x. */
function stepOf(node: Node, x: TensorId, graph: Graph, channels: number) {
  const [zeros, ones] = [0, 1].map((n) => new Array<number>(channels).fill(n)) as [number[], number[]];
  const other = node.inputs.find((id) => id !== x);
  const constant = other === undefined ? undefined : eachChannel(graph, other, channels);
  if (!constant) return undefined;
  switch (node.kind) {
    case "mul":
      return { factor: constant, offset: zeros };
    case "add":
      return { factor: ones, offset: constant };
    case "sub":
      return node.inputs[0] === x ? { factor: ones, offset: constant.map((value) => -value) } : undefined;
    default:
      return undefined;
  }
}

/** The values of a constant of one number, or of one a channel. */
function eachChannel(graph: Graph, id: TensorId, channels: number): readonly number[] | undefined {
  const { data, shape } = graph.tensors.get(id) ?? {};
  if (!(data instanceof Float32Array)) return undefined;
  if (data.length === 1) return new Array<number>(channels).fill(item(data, 0));
  return data.length === channels && shape?.at(-1) === channels ? Array.from(data) : undefined;
}

/** Less than this divides only what is of 0 to 1; a network that wants pixels divides them by more, or subtracts more than 1. */
const SMALLEST_PIXEL_SCALE = 32;

/** Whether a network that normalises its input so wants pixels of 0 to 255, or a 255th of them; undefined where both may be. */
function rangeBehind({ mean, std }: Normalisation): readonly [mean: number, std: number] | undefined {
  if (mean.every((m, c) => m >= 0 && m <= 255 && (m > 1 || item(std, c) >= SMALLEST_PIXEL_SCALE)))
    return PIXELS;
  if (mean.every((m, c) => m > 0 && m < 1 && item(std, c) <= 1)) return SHARES;
  return undefined;
}

/** The means of pictures fall from red to blue: ImageNet's are 123.7, 116.3 and 103.5. */
function isReversed({ mean: [first = 0, second = 0, third = 0] }: Normalisation): boolean {
  return first < second && second < third;
}
