/** What explore predicts of its fastest accelerators, buffers chosen by it included, is what their Verilog does. */
import { expect } from "vitest";
import type { Exploration, Point } from "../../src/explore/explore.ts";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick } from "../cli/helper.ts";
import { formatBuffers } from "../../src/cli/options.ts";

/** The `count` fastest of the embedded network that are `wanted`, within 2 %; one or more with buffers of explore's choice. */
export async function expectPredicted(count: number, wanted: (point: Point) => boolean): Promise<void> {
  const run = await firebrick("explore", "pictures", "--memory", "bytes=8,latency=40", "--json");
  const { points } = JSON.parse(run.stdout) as Exploration;
  const best = points
    .filter(wanted)
    .sort((a, b) => a.cycles - b.cycles)
    .slice(0, count);
  expect(best).toHaveLength(count);
  expect(best.some(({ buffers }) => buffers !== null)).toBe(true);
  for (const point of best) {
    const cycles = await simulated(point);
    const { pk, pc } = point.array;
    expect(Math.abs(point.cycles / cycles - 1), `${pk}x${pc}: ${point.cycles}, ${cycles}`).toBeLessThan(0.02);
  }
}

/** Cycles of `simulate` with the options of a point, of an image behind the first. */
async function simulated({ array, buffers, memory }: Point): Promise<number> {
  const picture = packagePath("src", "zoo", "pictures", "examples", "arrow.png");
  const run = await firebrick(
    ...["simulate", "pictures", "--input", picture, picture, "--json", "--array", `${array.pk}x${array.pc}`],
    ...["--memory", `bytes=${memory.bytes},latency=${memory.latency}`],
    ...(buffers ? ["--buffers", formatBuffers(buffers)] : []),
  );
  expect(run.status, run.stderr).toBe(0);
  const { inputs } = JSON.parse(run.stdout) as { inputs: { bitExact: boolean; cycles: number }[] };
  expect(inputs.map(({ bitExact }) => bitExact)).toEqual([true, true]);
  return inputs[1]!.cycles;
}
