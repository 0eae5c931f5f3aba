/** Explorations for the terminal. */
import Table from "cli-table3";
import type { Explored } from "./explored.ts";
import { weightSentence } from "./weight-sizes.ts";

/** A table whose first column is text and all others numbers. */
function tableOf(head: readonly string[]): InstanceType<typeof Table> {
  return new Table({
    head: [...head],
    colAligns: ["left", ...new Array<"right">(head.length - 1).fill("right")],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
}

/** A line a network, with the fastest accelerator that it can have. */
export function formatFamily(explored: readonly Explored[]): string {
  const table = tableOf([
    ...["network", "parameters", "MACs", "array", "bytes a cycle", "cycles"],
    ...["frames/s", "used", "DSP (est.)"],
  ]);
  for (const { best, macs, model, parameters } of explored) {
    const { array, cycles, dsps, framesPerSecond, memory, utilization } = best;
    table.push([
      ...[model, parameters, macs, `${array.pk}x${array.pc}`, memory.bytes, cycles],
      ...[framesPerSecond.toFixed(1), utilization.toFixed(3), dsps],
    ]);
  }
  const count = explored.reduce((sum, { configurations }) => sum + configurations, 0);
  const clock = explored[0]?.clockMHz;
  return `${count} configurations at ${clock} MHz, the fastest for each network:\n${table.toString()}\n`;
}

/** The front of one network, and the command of its fastest. */
export function formatExplored(explored: Explored): string {
  const { clockMHz, command, configurations, front, points, refused, synthesis, weightSizes } = explored;
  const table = tableOf([
    ...["array", "bus", "bytes a cycle", "ring, words", "line buffer 1, bytes", "cycles", "frames/s", "used"],
    ...["LUT (est.)", "DSP (est.)", "RAM kbit (est.)"],
    ...(synthesis.length > 0 ? ["LUT", "FF", "DSP", "block RAM"] : []),
  ]);
  const uncounted = synthesis.length > 0 ? ["", "", "", ""] : [];
  for (const [i, { array, busBytes, cycles, memory, ...point }] of front.entries()) {
    const counted = synthesis[i];
    const bus = busBytes === null ? "none" : busBytes * 8;
    table.push([
      ...[`${array.pk}x${array.pc}`, bus, memory.bytes, point.weightWords, point.lineBytes, cycles],
      ...[point.framesPerSecond.toFixed(1), point.utilization.toFixed(3), point.luts, point.dsps],
      (point.ramBits / 1024).toFixed(0),
      ...(counted ? [counted.lut, counted.ff, counted.dsp, counted.blockRam] : uncounted),
    ]);
  }
  const noun = configurations === 1 ? "configuration" : "configurations";
  const unfit = points.filter((point) => !point.fits).length;
  return [
    `${configurations} ${noun} at ${clockMHz} MHz: ${front.length} that nothing beats, ${unfit} too large, ` +
      `${refused.length} that the network cannot have`,
    table.toString(),
    weightSentence(weightSizes),
    `fastest: ${command}`,
    "",
  ].join("\n");
}
