/** Post-training quantisation: float graph and calibration inputs -> quantised graph, which reads plain pictures or int8 values. */
import { makesShares } from "../../ir/answer.ts";
import { endProblems } from "../../ir/ends.ts";
import { InputError, assert } from "../../ir/errors.ts";
import type { Problem } from "../../ir/errors.ts";
import type { Graph, Preprocess, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { shapeNotForPictures } from "../../ir/picture-input.ts";
import { runFloat } from "../float-run.ts";
import { bodyOf, withTail } from "./body.ts";
import { buildQuantised } from "./build.ts";
import type { MapScale } from "./build.ts";
import { correctBiases } from "./correct.ts";
import type { Corrected, RunNode } from "./correct.ts";
import { equalised, equalisingFactors } from "./equalise.ts";
import type { Factors } from "./equalise.ts";
import { errorMeter } from "./errors.ts";
import type { LayerError } from "./errors.ts";
import { withFreeKernels } from "./free-kernels.ts";
import { scaleGroups } from "./groups.ts";
import { samplesOf } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import { integersOf, withPictures, withTensors, type CalibrationInput } from "./inputs.ts";
import { realInput } from "./pictures.ts";
import { prepare } from "./prepare.ts";
import { searchRange } from "./range.ts";
import type { Range } from "./range.ts";
import { channelStatistics } from "./statistics.ts";

/** Inputs that measure channels, correct biases and fill the table of errors; all others only shape histograms. */
const MEASURED = 24;

export interface QuantiseOptions {
  /** How the float network wants its pictures; absent where the inputs are real values. */
  readonly preprocess?: Preprocess | undefined;
  /** The golden model's `runNode`. */
  readonly runNode: RunNode;
  /** Ends the work of other threads; what stops this one is `onStep`. */
  readonly signal?: AbortSignal | undefined;
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
 * Quantises a float graph after the passes. `inputs`: pictures where `preprocess` says how the network wants them, else
 * real values. Cross-layer equalisation is used where it raises the logits' signal to noise ratio. Same graph and inputs, same result.
 * @throws InputError for networks without an integer form and for calibration without inputs.
 */
export async function quantise(
  float: Graph,
  inputs: readonly CalibrationInput[],
  options: QuantiseOptions,
): Promise<Quantised> {
  checkFloat(float);
  checkCount(inputs.length);
  const { preprocess } = options;
  const prepared = withFreeKernels(prepare(bodyOf(float)));
  const calibration = preprocess === undefined ? withTensors(prepared) : withPictures(prepared, preprocess);
  const { graph } = calibration;
  const chosen = evenlySpaced(inputs.length, Math.min(MEASURED, inputs.length));
  const measured = chosen.map((i) => realInput(item(inputs, i), calibration.zeroPoint));
  const total = inputs.length + measured.length + 2 * graph.nodes.length;
  let done = 0;
  const step = async (steps = 1) => {
    await options.onStep?.(Math.min(done, total), total);
    done += steps;
  };

  const channels = await channelStatistics(calibration, inputs, new Set(chosen), step, options.signal);
  const none: Factors = new Map();
  const factors = equalisingFactors(graph, channels);
  const inputScale = calibration.scale(channels.histograms.get(graph.inputs[0] ?? -1));
  const groups = scaleGroups(graph);
  const integers = measured.map((values) => integersOf(values, inputScale));

  const variants = [];
  for (const scaling of factors.size === 0 ? [none] : [none, factors]) {
    const ranges = rangesOf(graph, groups, channels.histograms, scaling, inputScale);
    const network = scaling.size === 0 ? graph : equalised(graph, scaling);
    const scaled = (values: ReadonlyMap<TensorId, Float32Array>, power: number) =>
      new Map(
        [...values].map(([id, list]) => [id, list.map((x, c) => x * (scaling.get(id)?.[c] ?? 1) ** power)]),
      );
    const built = buildQuantised(network, ranges, scaled(channels.energy, 2), inputScale);
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
  for (const [i, input] of measured.entries()) {
    await step();
    const values = runFloat(graph, input);
    for (const variant of variants) {
      const maps = variant.corrected.maps[i];
      assert(maps, "a quantised run of every measured input");
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
      ...withTail(best.corrected.graph, float),
      quantisationErrors: best.table.map(({ name, saturated, snrDb }) => ({ name, snrDb, saturated })),
    },
    layers: best.table.map((line) => ({ ...line, range: method(line.name) })),
    summary: {
      pictures: inputs.length,
      measured: measured.length,
      equalised: best.scaling.size > 0,
      logitsSnrDb: best.snr,
      plainLogitsSnrDb: plain.snr,
      equalisedLogitsSnrDb: other?.snr ?? null,
      agreement: best.agreed / measured.length,
      paddingError: calibration.paddingError,
    },
  };
}

/** Ranges by map: one search a group; the logits keep their extreme values, which decide the class. */
function rangesOf(
  graph: Graph,
  groups: ReturnType<typeof scaleGroups>,
  histograms: ReadonlyMap<TensorId, Histogram>,
  factors: Factors,
  input: MapScale,
): Map<TensorId, Range & MapScale> {
  const ranges = new Map<TensorId, Range>();
  const last = logitsOf(graph);
  for (const { tensors, seen } of groups) {
    if (tensors.includes(graph.inputs[0] ?? -1)) {
      for (const id of tensors) ranges.set(id, { ...input, method: "the input's" });
      continue;
    }
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
  const softmax = graph.nodes.find((node) => makesShares(node) && node.output === output);
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

/** `count` indices below `length`, evenly spaced. */
function evenlySpaced(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}

/** @throws InputError unless the graph is a float32 network of one input. */
export function checkFloat(graph: Graph): void {
  const problems = floatProblems(graph);
  if (problems.length > 0) throw new InputError(problems);
}

function floatProblems(graph: Graph): Problem[] {
  const type = graph.tensors.get(graph.inputs[0] ?? -1)?.dtype;
  const ends = endProblems(graph.name, graph.inputs.length);
  if (type === "float32") return ends;
  const [supported, fix] = [
    "float32 networks",
    "give the float network; an integer one can be compiled as it is",
  ];
  const found = `a network with ${type ?? "no"} input`;
  return [{ code: "not-a-float-model", node: graph.name, found, supported, fix }, ...ends];
}

/** @throws InputError for a network whose input is no picture. */
export function checkPictureInput(graph: Graph): void {
  const input = graph.tensors.get(graph.inputs[0] ?? -1);
  const found = input && shapeNotForPictures(input.shape);
  if (input === undefined || found === undefined) return;
  throw new InputError({
    code: "picture-channels",
    node: input.name,
    found,
    supported:
      "pictures for inputs of 1 (grey) or 3 (colour) channels; raw .bin tensors of float32 values for any",
    fix: "give raw tensors, or quantise it in its framework and give the integer network",
  });
}

function checkCount(count: number): void {
  if (count > 0) return;
  throw new InputError({
    code: "no-pictures",
    node: "calibration",
    found: "no pictures",
    supported: "pictures or raw tensors like those the network will see, best a hundred or more",
    fix: "name a folder that holds some",
  });
}
