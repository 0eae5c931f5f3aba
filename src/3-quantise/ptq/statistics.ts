/** What the calibration pictures show of every map. */
import type { Graph, TensorId } from "../../ir/graph.ts";
import { runFloat } from "../float-run.ts";
import { emptyHistogram, observe } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import type { Factors } from "./equalise.ts";

/** Per channel, over all pictures seen. */
export interface ChannelStatistics {
  readonly reach: Map<TensorId, Float32Array>;
  readonly mean: Map<TensorId, Float32Array>;
  readonly energy: Map<TensorId, Float32Array>;
}

/** Called before each picture is run; may wait or throw to stop the work. */
export type Step = () => Promise<void>;

/** Largest magnitude, mean and mean square of every channel of every map. */
export async function channelStatistics(
  graph: Graph,
  inputs: readonly Float32Array[],
  step: Step,
): Promise<ChannelStatistics> {
  const reach = new Map<TensorId, Float32Array>();
  const sums = new Map<TensorId, Float64Array>();
  const squares = new Map<TensorId, Float64Array>();
  const counts = new Map<TensorId, number>();
  for (const input of inputs) {
    await step();
    for (const [id, values] of runFloat(graph, input)) {
      const channels = graph.tensors.get(id)?.shape.at(-1) ?? 1;
      const most = entry(reach, id, () => new Float32Array(channels));
      const sum = entry(sums, id, () => new Float64Array(channels));
      const square = entry(squares, id, () => new Float64Array(channels));
      counts.set(id, (counts.get(id) ?? 0) + values.length / channels);
      for (let i = 0; i < values.length; i += channels) {
        for (let c = 0; c < channels; c++) {
          const x = values[i + c]!;
          if (Math.abs(x) > most[c]!) most[c] = Math.abs(x);
          sum[c]! += x;
          square[c]! += x * x;
        }
      }
    }
  }
  const average = (from: ReadonlyMap<TensorId, Float64Array>) =>
    new Map([...from].map(([id, total]) => [id, Float32Array.from(total, (x) => x / (counts.get(id) ?? 1))]));
  return { reach, mean: average(sums), energy: average(squares) };
}

/** A histogram of each listed map, for each way of scaling the channels. */
export async function histograms(
  graph: Graph,
  inputs: readonly Float32Array[],
  ids: ReadonlySet<TensorId>,
  scalings: readonly Factors[],
  step: Step,
): Promise<Map<TensorId, Histogram>[]> {
  const result = scalings.map(() => new Map([...ids].map((id) => [id, emptyHistogram()])));
  for (const input of inputs) {
    await step();
    for (const [id, values] of runFloat(graph, input)) {
      result.forEach((maps, i) => {
        const histogram = maps.get(id);
        if (histogram) observe(histogram, values, scalings[i]?.get(id));
      });
    }
  }
  return result;
}

function entry<T>(map: Map<TensorId, T>, id: TensorId, make: () => T): T {
  const known = map.get(id) ?? make();
  map.set(id, known);
  return known;
}
