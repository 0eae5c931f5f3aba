/** What calibration shows of every map. */
import type { TensorId } from "../../ir/graph.ts";
import { floatWithoutFunctions, withFunctions } from "../../activations/plain.ts";
import { spread } from "../../threads/spread.ts";
import type { Work } from "../../threads/work.ts";
import { runFloat } from "../float-run.ts";
import { scaleGroups } from "./groups.ts";
import { addHistogram, emptyHistogram, observe } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import { item } from "../../ir/known.ts";
import type { Calibration, CalibrationInput } from "./inputs.ts";
import { realInput } from "./pictures.ts";

/** Per channel, over all inputs but for `mean`. */
export interface ChannelStatistics {
  /** Largest magnitude. */
  readonly reach: ReadonlyMap<TensorId, Float32Array>;
  /** Over the measured inputs: biases are corrected against what the quantised network makes of the very same. */
  readonly mean: ReadonlyMap<TensorId, Float32Array>;
  /** Mean square. */
  readonly energy: ReadonlyMap<TensorId, Float32Array>;
  /** With bins of the maps that ranges are searched for: the input and those that ScaleGroups call seen. */
  readonly histograms: ReadonlyMap<TensorId, Histogram>;
}

/** Called before each piece of work, of so many steps; may wait, or throw to stop it. */
export type Step = (steps?: number) => Promise<void>;

/** Inputs that a thread takes at a time. Sums are taken of these, and then of their sums, however many threads there are. */
const TOGETHER = 8;

/** Some of the inputs, with whether each gives the means. */
interface Part {
  readonly inputs: readonly CalibrationInput[];
  readonly measured: readonly boolean[];
}

/** What some of the inputs show. */
interface Seen {
  readonly histograms: Map<TensorId, Histogram>;
  /** Sums over the measured inputs of each one's mean. */
  readonly means: Map<TensorId, Float64Array>;
}

export const observing: Work<Pick<Calibration, "graph" | "zeroPoint">, Part, Seen> = {
  module: import.meta.url,
  name: "observing",
  start({ graph: plain, zeroPoint }) {
    const graph = withFunctions(plain);
    const binned = new Set([...graph.inputs, ...scaleGroups(graph).flatMap(({ seen }) => seen)]);
    return ({ inputs, measured }) => {
      const seen: Seen = { histograms: new Map(), means: new Map() };
      for (const [i, input] of inputs.entries()) {
        const isMeasured = item(measured, i);
        for (const [id, values] of runFloat(graph, realInput(input, zeroPoint))) {
          const channels = graph.tensors.get(id)?.shape.at(-1) ?? 1;
          const histogram = seen.histograms.get(id) ?? emptyHistogram(channels, binned.has(id));
          seen.histograms.set(id, histogram);
          observe(histogram, values);
          if (isMeasured) addMean(seen.means, id, values, channels);
        }
      }
      return seen;
    };
  },
};

/** Adds the mean of every channel of a map. */
function addMean(means: Seen["means"], id: TensorId, values: Float32Array, channels: number): void {
  const mean = means.get(id) ?? new Float64Array(channels);
  means.set(id, mean);
  const share = channels / values.length;
  for (let at = 0; at < values.length; at += channels)
    for (let c = 0; c < channels; c++) mean[c]! += values[at + c]! * share;
}

/** Runs all inputs through the float network, on all cores; those of `measured`, by index, give the means. */
export async function channelStatistics(
  { graph, zeroPoint }: Pick<Calibration, "graph" | "zeroPoint">,
  inputs: readonly CalibrationInput[],
  measured: ReadonlySet<number>,
  step: Step,
  signal?: AbortSignal,
): Promise<ChannelStatistics> {
  const parts = Array.from({ length: Math.ceil(inputs.length / TOGETHER) }, (_, i): Part => {
    const own = inputs.slice(i * TOGETHER, (i + 1) * TOGETHER);
    return { inputs: own, measured: own.map((_, j) => measured.has(i * TOGETHER + j)) };
  });
  const histograms = new Map<TensorId, Histogram>();
  const means = new Map<TensorId, Float64Array>();
  const setup = { graph: floatWithoutFunctions(graph), zeroPoint };
  for await (const seen of spread(observing, setup, parts, signal)) {
    await step(TOGETHER);
    for (const [id, histogram] of seen.histograms) {
      const all = histograms.get(id);
      if (all) addHistogram(all, histogram);
      else histograms.set(id, histogram);
    }
    for (const [id, mean] of seen.means) {
      const all = means.get(id);
      if (all) for (let c = 0; c < mean.length; c++) all[c]! += mean[c]!;
      else means.set(id, mean);
    }
  }
  const each = (value: (h: Histogram, c: number) => number) =>
    new Map(
      [...histograms].map(([id, h]) => [
        id,
        Float32Array.from({ length: h.channels }, (_, c) => value(h, c)),
      ]),
    );
  return {
    histograms,
    reach: each((h, c) => Math.max(-item(h.least, c), item(h.most, c))),
    mean: new Map([...means].map(([id, sums]) => [id, Float32Array.from(sums, (x) => x / measured.size)])),
    energy: each((h, c) => item(h.squares, c) / h.count),
  };
}
