/** `report --synth`: what Yosys makes of the accelerator, part by part. */
import Table from "cli-table3";
import { compileModel } from "../compile.ts";
import type { Board } from "../boards/schema.ts";
import type { IntGraph } from "../ir/integer.ts";
import { familyOf, type Family, type Resources } from "../resources/family.ts";
import { synthesise, type Synthesis } from "../../sim/synth/synthesise.ts";
import type { HardwareChoice } from "./board-option.ts";
import type { Io } from "./io.ts";
import { startProgress } from "./progress.ts";

/** Without a board. */
const DEFAULT_FAMILY: Family = "xc7";

/** Throws MissingToolError without Yosys, or the signal's reason. */
export async function synthesiseFor(
  graph: IntGraph,
  { array, buffers, busBytes, choice }: HardwareChoice,
  io: Io,
): Promise<Synthesis> {
  const board = choice?.board;
  const { files } = compileModel(graph, { array, buffers, busBytes, board });
  const progress = startProgress(io, "synthesis");
  try {
    return await synthesise(files, {
      family: board === undefined ? DEFAULT_FAMILY : familyOf(board),
      signal: io.signal,
      onProgress: (done, total, module) => progress.update(done, total, module),
    });
  } finally {
    progress.stop();
  }
}

/** A line a part, then the whole and what the board has. Kinds of cells that the family lacks have no column. */
export function formatSynthesis(
  { family, tool, total, units, warnings }: Synthesis,
  board: Board | undefined,
): string {
  const has = board?.resources;
  const columns = [
    { head: "LUT", of: (r: Resources) => r.lut, has: has && (has.lut?.value ?? "?") },
    ...(family === "ice40" ? [] : [{ head: "of these RAM", of: (r: Resources) => r.lutRam, has: "" }]),
    { head: "FF", of: (r: Resources) => r.ff, has: has && (has.ff?.value ?? "?") },
    { head: "DSP", of: (r: Resources) => r.dsp, has: has?.dsp.value },
    { head: "block RAM", of: (r: Resources) => r.blockRam, has: has?.blockRam.value },
    ...(family === "ice40"
      ? [{ head: "single-port RAM", of: (r: Resources) => r.singlePortRam, has: "" }]
      : []),
  ];
  const table = new Table({
    head: ["part", ...columns.map(({ head }) => head)],
    colAligns: ["left", ...columns.map(() => "right" as const)],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  const row = (name: string, of: Resources) => [name, ...columns.map((column) => column.of(of))];
  for (const unit of units) table.push(row(unit.unit, unit));
  table.push(row("all", total));
  if (board !== undefined) table.push([board.name, ...columns.map((column) => column.has ?? "")]);
  const warned = warnings.map((warning) => `Yosys warns: ${warning}\n`).join("");
  return `synthesis for ${family} by ${tool}:\n${table.toString()}\n${warned}`;
}
