/** Post-training quantisation: float graph and calibration pictures -> quantised graph that reads plain pictures. */
import { endProblems } from "../../ir/ends.ts";
import { InputError, assert } from "../../ir/errors.ts";
import type { Problem } from "../../ir/errors.ts";
import type { Graph, Preprocess, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { shapeNotForPictures } from "../../ir/picture-input.ts";
import { runFloat } from "../float-run.ts";
import { buildQuantised } from "./build.ts";
import type { MapScale } from "./build.ts";
import { correctBiases } from "./correct.ts";
import type { Corrected, RunNode } from "./correct.ts";
import { equalised, equalisingFactors } from "./equalise.ts";
import type { Factors } from "./equalise.ts";
import { errorMeter } from "./errors.ts";
import type { LayerError } from "./errors.ts";
import { scaleGroups } from "./groups.ts";
import { samplesOf } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import { foldPictures } from "./pictures.ts";
import { prepare } from "./prepare.ts";
import { searchRange } from "./range.ts";
import type { Range } from "./range.ts";
import { stuckInFloat } from "../unfolded.ts";
import { channelStatistics, realInput } from "./statistics.ts";

/** Pictures that measure channels, correct biases and fill the table of errors; all others only shape histograms. */
const MEASURED = 24;

export interface QuantiseOptions {
  /** How the float network wants its pictures. */
  readonly preprocess: Preprocess;
  /** The golden model's `runNode`. */
  readonly runNode: RunNode;
  /** Told how far the work is; may throw to stop it. */
  readonly onStep?: (done: number, total: number) => Promise<void>;
}

export interface Quantised {
  readonly graph: Graph;
  /** In the order of the network; the range's method is added. */
  readonly layers: readonly (LayerError & { readonly range: string })[];
  readonly summary: {
    readonly pictures: number;
    /** Pictures that the table was measured on. */
    readonly measured: number;
    readonly equalised: boolean;
    /** Signal to noise ratio of the logits, dB, with and without equalisation; null where it was not tried. */
    readonly logitsSnrDb: number | null;
    readonly plainLogitsSnrDb: number | null;
    readonly equalisedLogitsSnrDb: number | null;
    /** Share of the measured pictures whose best class is the float network's. */
    readonly agreement: number;
    /** Pixel steps between what padding of the first layer stands for and the mean; 0 where the folding is exact. */
    readonly paddingError: number;
  };
}

/**
 * Quantises a float graph after the passes. `pictures`: [H, W, C] pixels, R, G, B or grey, of the network's size.
 * Cross-layer equalisation is used where it raises the logits' signal to noise ratio. Same graph and pictures, same result.
 * @throws InputError for networks without an integer form and for calibration without pictures.
 */
export async function quantise(
  float: Graph,
  pictures: readonly Uint8Array[],
  options: QuantiseOptions,
): Promise<Quantised> {
  checkQuantisable(float);
  checkPictures(pictures.length);
  const folded = foldPictures(prepare(float), options.preprocess);
  const { graph, zeroPoint } = folded;
  const chosen = spread(pictures.length, Math.min(MEASURED, pictures.length));
  const measured = chosen.map((i) => item(pictures, i));
  const total = pictures.length + measured.length + 2 * graph.nodes.length;
  let done = 0;
  const step = async () => options.onStep?.(Math.min(done++, total), total);

  const channels = await channelStatistics(graph, pictures, new Set(chosen), zeroPoint, step);
  const none: Factors = new Map();
  const factors = equalisingFactors(graph, channels);
  const groups = scaleGroups(graph).filter(({ tensors }) => !tensors.includes(graph.inputs[0] ?? -1));
  const integers = measured.map((pixels) => Int8Array.from(pixels, (p) => p - 128));

  const variants = [];
  for (const scaling of factors.size === 0 ? [none] : [none, factors]) {
    const ranges = rangesOf(graph, groups, channels.histograms, scaling);
    const network = scaling.size === 0 ? graph : equalised(graph, scaling);
    const scaled = (values: ReadonlyMap<TensorId, Float32Array>, power: number) =>
      new Map(
        [...values].map(([id, list]) => [id, list.map((x, c) => x * (scaling.get(id)?.[c] ?? 1) ** power)]),
      );
    const built = buildQuantised(network, ranges, scaled(channels.energy, 2), zeroPoint);
    const corrected = await correctBiases(
      network,
      built,
      scaled(channels.mean, 1),
      integers,
      options.runNode,
      step,
    );
    variants.push({
      scaling,
      ranges,
      corrected,
      meter: errorMeter(graph, corrected.integer, scaling),
      agreed: 0,
    });
  }
  for (const [i, pixels] of measured.entries()) {
    await step();
    const values = runFloat(graph, realInput(pixels, zeroPoint));
    for (const variant of variants) {
      const maps = variant.corrected.maps[i];
      assert(maps, "a quantised run of every measured picture");
      variant.meter.add(values, maps);
      if (sameBest(variant.corrected, values, maps)) variant.agreed++;
    }
  }
  const judged = variants.map((variant) => {
    const table = variant.meter.table();
    const snr = logitsSnr(table);
    return { ...variant, table, snr };
  });
  const [plain, other] = judged;
  assert(plain, "a variant without equalisation");
  const best = other && (other.snr ?? Infinity) > (plain.snr ?? Infinity) ? other : plain;
  const method = (name: string) => {
    const id = graph.nodes.find((node) => node.name === name)?.output;
    return id === undefined ? "" : (best.ranges.get(id)?.method ?? "");
  };
  return {
    graph: {
      ...best.corrected.graph,
      quantisationErrors: best.table.map(({ name, saturated, snrDb }) => ({ name, snrDb, saturated })),
    },
    layers: best.table.map((line) => ({ ...line, range: method(line.name) })),
    summary: {
      pictures: pictures.length,
      measured: measured.length,
      equalised: best.scaling.size > 0,
      logitsSnrDb: best.snr,
      plainLogitsSnrDb: plain.snr,
      equalisedLogitsSnrDb: other?.snr ?? null,
      agreement: best.agreed / measured.length,
      paddingError: folded.paddingError,
    },
  };
}

/** Ranges by map: one search a group; the logits keep their extreme values, which decide the class. */
function rangesOf(
  graph: Graph,
  groups: ReturnType<typeof scaleGroups>,
  histograms: ReadonlyMap<TensorId, Histogram>,
  factors: Factors,
): Map<TensorId, Range & MapScale> {
  const ranges = new Map<TensorId, Range>();
  const last = logitsOf(graph);
  for (const { tensors, seen } of groups) {
    const fixed = kernelScale(graph, tensors);
    if (fixed !== null) {
      for (const id of tensors) ranges.set(id, fixed);
      continue;
    }
    const samples = samplesOf(
      seen.flatMap((id) => {
        const histogram = histograms.get(id);
        return histogram ? [{ histogram, factors: factors.get(id) }] : [];
      }),
    );
    const range = searchRange(samples, tensors.includes(last));
    for (const id of tensors) ranges.set(id, range);
  }
  return ranges;
}

/** The scale of a kernel that reads or makes one of the maps; null without. Throws InputError when two of them differ. */
function kernelScale(graph: Graph, tensors: readonly TensorId[]): Range | null {
  const ends = graph.nodes.flatMap((node) => {
    if (node.kind !== "kernel") return [];
    const { name, places } = node.kernel;
    const operand = { name, node: node.name, places: places.operand };
    return [
      ...(tensors.includes(node.inputs[0] ?? -1) ? [operand] : []),
      ...(tensors.includes(node.output) ? [{ ...operand, places: places.result }] : []),
    ];
  });
  const [first] = ends;
  if (first === undefined) return null;
  const other = ends.find(({ places }) => places !== first.places);
  if (other !== undefined)
    throw new InputError({
      code: "unsupported-quantization",
      node: other.node,
      found: `a map of ${first.places} binary places for ${first.name} and ${other.places} for ${other.name}`,
      supported: "kernels of one format on maps that share their scale",
      fix: "give both kernels the same @places, or put a layer between them",
    });
  return { scale: 2 ** -first.places, zeroPoint: 0, method: `places of ${first.name}` };
}

/** Input of the final softmax, or the last map. */
function logitsOf(graph: Graph): TensorId {
  const output = graph.outputs[0] ?? -1;
  const softmax = graph.nodes.find((node) => node.kind === "softmax" && node.output === output);
  return softmax?.inputs[0] ?? output;
}

function logitsSnr(table: readonly LayerError[]): number | null {
  return table.at(-1)?.snrDb ?? null;
}

function sameBest(
  { integer }: Corrected,
  float: ReadonlyMap<TensorId, Float32Array>,
  maps: ReadonlyMap<TensorId, Int8Array>,
): boolean {
  const best = (values: ArrayLike<number> | undefined) =>
    values === undefined
      ? -1
      : Array.from(values).reduce((top, x, i, all) => (x > item(all, top) ? i : top), 0);
  return best(float.get(integer.logits)) === best(maps.get(integer.logits));
}

/** `count` indices below `length`, evenly spread. */
function spread(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}

/** @throws InputError unless the graph is a float32 network of one input. */
export function checkFloat(graph: Graph): void {
  const problems = floatProblems(graph);
  if (problems.length > 0) throw new InputError(problems);
}

/** @throws InputError unless the graph, after the passes, is such a network and will have an integer form. */
export function checkQuantisable(graph: Graph): void {
  const problems = floatProblems(graph);
  if (problems.every(({ code }) => code !== "not-a-float-model")) problems.push(...stuckInFloat(graph));
  if (problems.length > 0) throw new InputError(problems);
}

function floatProblems(graph: Graph): Problem[] {
  const type = graph.tensors.get(graph.inputs[0] ?? -1)?.dtype;
  const ends = endProblems(graph.name, graph.inputs.length);
  if (type === "float32") return [...ends, ...inputProblems(graph)];
  const [supported, fix] = [
    "float32 networks",
    "give the float network; an integer one can be compiled as it is",
  ];
  const found = `a network with ${type ?? "no"} input`;
  return [{ code: "not-a-float-model", node: graph.name, found, supported, fix }, ...ends];
}

/** Pictures are what a network is calibrated with. */
function inputProblems(graph: Graph): Problem[] {
  const input = graph.tensors.get(graph.inputs[0] ?? -1);
  if (input === undefined) return [];
  const found = shapeNotForPictures(input.shape);
  if (found === undefined) return [];
  const supported = "inputs of pictures: 1 (grey) or 3 (colour) channels";
  const fix = "quantise it in its framework and give the integer network";
  return [{ code: "picture-channels", node: input.name, found, supported, fix }];
}

function checkPictures(count: number): void {
  if (count > 0) return;
  throw new InputError({
    code: "no-pictures",
    node: "calibration",
    found: "no pictures",
    supported: "pictures like those the network will see, best a hundred or more",
    fix: "name a folder that holds some",
  });
}
