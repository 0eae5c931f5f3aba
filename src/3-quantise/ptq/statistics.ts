/** What calibration shows of every map. */
import type { Graph, TensorId } from "../../ir/graph.ts";
import { runFloat } from "../float-run.ts";
import { emptyHistogram, observe } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import { item } from "../../ir/known.ts";

/** Per channel, over all inputs but for `mean`. */
export interface ChannelStatistics {
  /** Largest magnitude. */
  readonly reach: ReadonlyMap<TensorId, Float32Array>;
  /** Over the measured inputs: biases are corrected against what the quantised network makes of the very same. */
  readonly mean: ReadonlyMap<TensorId, Float32Array>;
  /** Mean square. */
  readonly energy: ReadonlyMap<TensorId, Float32Array>;
  readonly histograms: ReadonlyMap<TensorId, Histogram>;
}

/** Called before each piece of work; may wait, or throw to stop it. */
export type Step = () => Promise<void>;

/** Runs all inputs, real values, through the float network; those of `measured`, by index, give the means. */
export async function channelStatistics(
  graph: Graph,
  inputs: readonly (() => Float32Array)[],
  measured: ReadonlySet<number>,
  step: Step,
): Promise<ChannelStatistics> {
  const histograms = new Map<TensorId, Histogram>();
  const means = new Map<TensorId, Float64Array>();
  for (const [i, input] of inputs.entries()) {
    await step();
    for (const [id, values] of runFloat(graph, input())) {
      const channels = graph.tensors.get(id)?.shape.at(-1) ?? 1;
      const histogram = histograms.get(id) ?? emptyHistogram(channels);
      histograms.set(id, histogram);
      observe(histogram, values);
      if (!measured.has(i)) continue;
      const mean = means.get(id) ?? new Float64Array(channels);
      means.set(id, mean);
      const share = channels / values.length / measured.size;
      for (let at = 0; at < values.length; at += channels) {
        for (let c = 0; c < channels; c++) mean[c]! += values[at + c]! * share;
      }
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
    mean: new Map([...means].map(([id, mean]) => [id, Float32Array.from(mean)])),
    energy: each((h, c) => item(h.squares, c) / h.count),
  };
}
