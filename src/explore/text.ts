/** Explorations for the terminal. */
import Table from "cli-table3";
import type { Resources } from "../resources/family.ts";
import type { Explored } from "./explored.ts";
import type { Point } from "./explore.ts";
import { weightSentence } from "./weight-sizes.ts";

/** What a column is called, and what it says of a row. */
type Column<Row> = readonly [head: string, cell: (row: Row) => string | number];

/** A table whose first column is text and all others numbers. */
function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const table = new Table({
    head: columns.map(([head]) => head),
    colAligns: columns.map((_, index) => (index === 0 ? "left" : "right")),
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) table.push(columns.map(([, cell]) => cell(row)));
  return table.toString();
}

const sizeOf = ({ array }: Point): string => `${array.pk}x${array.pc}`;

/** A point as it is found, when nothing found before beats it. */
export function pointLine(point: Point): string {
  const { cycles, dsps, framesPerSecond, luts, memory, weightWords } = point;
  return (
    `${sizeOf(point)}, ${memory.bytes} bytes a cycle, ring of ${weightWords} words: ${cycles} cycles, ` +
    `${framesPerSecond.toFixed(1)} frames/s, ${luts} LUT, ${dsps} DSP (est.)`
  );
}

const familyColumns: readonly Column<Explored>[] = [
  ["network", ({ model }) => model],
  ["parameters", ({ parameters }) => parameters],
  ["MACs", ({ macs }) => macs],
  ["array", ({ best }) => sizeOf(best)],
  ["bytes a cycle", ({ best }) => best.memory.bytes],
  ["cycles", ({ best }) => best.cycles],
  ["frames/s", ({ best }) => best.framesPerSecond.toFixed(1)],
  ["used", ({ best }) => best.utilization.toFixed(3)],
  ["DSP (est.)", ({ best }) => best.dsps],
];

/** A point of the front, and what synthesis counted of it. */
interface FrontRow {
  readonly point: Point;
  readonly counted: Resources | undefined;
}

const frontColumns: readonly Column<FrontRow>[] = [
  ["array", ({ point }) => sizeOf(point)],
  ["bus", ({ point }) => (point.busBytes === null ? "none" : point.busBytes * 8)],
  ["bytes a cycle", ({ point }) => point.memory.bytes],
  ["ring, words", ({ point }) => point.weightWords],
  ["line buffer 1, bytes", ({ point }) => point.lineBytes],
  ["cycles", ({ point }) => point.cycles],
  ["frames/s", ({ point }) => point.framesPerSecond.toFixed(1)],
  ["used", ({ point }) => point.utilization.toFixed(3)],
  ["LUT (est.)", ({ point }) => point.luts],
  ["DSP (est.)", ({ point }) => point.dsps],
  ["RAM kbit (est.)", ({ point }) => (point.ramBits / 1024).toFixed(0)],
];

const synthesisColumns: readonly Column<FrontRow>[] = [
  ["LUT", ({ counted }) => counted?.lut ?? ""],
  ["FF", ({ counted }) => counted?.ff ?? ""],
  ["DSP", ({ counted }) => counted?.dsp ?? ""],
  ["block RAM", ({ counted }) => counted?.blockRam ?? ""],
];

/** A line a network, with the fastest accelerator that it can have. */
export function formatFamily(explored: readonly Explored[]): string {
  const count = explored.reduce((sum, { configurations }) => sum + configurations, 0);
  const clock = explored[0]?.clockMHz;
  return `${count} configurations at ${clock} MHz, the fastest for each network:\n${tableOf(familyColumns, explored)}\n`;
}

/** The front of one network, and the command of its fastest. */
export function formatExplored(explored: Explored): string {
  const { clockMHz, command, configurations, front, points, refused, synthesis, weightSizes } = explored;
  const columns = synthesis.length > 0 ? [...frontColumns, ...synthesisColumns] : frontColumns;
  const rows = front.map((point, index) => ({ point, counted: synthesis[index] }));
  const noun = configurations === 1 ? "configuration" : "configurations";
  const unfit = points.filter((point) => !point.fits).length;
  return [
    `${configurations} ${noun} at ${clockMHz} MHz: ${front.length} that nothing beats, ${unfit} too large, ` +
      `${refused.length} that the network cannot have`,
    tableOf(columns, rows),
    weightSentence(weightSizes),
    `fastest: ${command}`,
    "",
  ].join("\n");
}
