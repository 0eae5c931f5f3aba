/** `report --synth`: what Yosys makes of the accelerator, part by part, and nextpnr of the whole. */
import type { Placement } from "../../sim/synth/nextpnr-report.ts";
import type { Synthesis } from "../../sim/synth/synthesise.ts";
import type { Board } from "../boards/schema.ts";
import type { Resources } from "../resources/family.ts";
import type { Accelerator, Synthesised } from "../targets/target.ts";
import type { Io } from "./io.ts";
import { startProgress } from "./progress.ts";
import { numbers, textTable } from "../report/text-table.ts";

/** Throws as `Accelerator.synthesise`. */
export async function synthesiseWithProgress(accelerator: Accelerator, io: Io): Promise<Synthesised> {
  const progress = startProgress(io, "synthesis");
  try {
    return await accelerator.synthesise({
      signal: io.signal,
      onProgress: (done, total, part) => progress.update(done, total, part),
    });
  } finally {
    progress.stop();
  }
}

/** `clockMHz`: the report's. */
export function formatSynthesised(
  { placement, synthesis }: Synthesised,
  { board }: Pick<Accelerator, "board">,
  clockMHz: number,
): string {
  const placed = placement === null ? "" : formatPlacement(placement, clockMHz);
  return `${formatSynthesis(synthesis, board)}${placed}`;
}

/** A line a part, then the whole and what the board has. Kinds of cells that the family lacks have no column. */
export function formatSynthesis(
  { family, tool, total, units, warnings }: Synthesis,
  board: Board | null,
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
  const row = (name: string, of: Resources) => [name, ...columns.map((column) => column.of(of))];
  const rows = [...units.map((unit) => row(unit.unit, unit)), row("all", total)];
  if (board !== null) rows.push([board.name, ...columns.map((column) => column.has ?? "")]);
  const table = textTable(["part", ...columns.map(({ head }) => numbers(head))], rows);
  const warned = warnings.map((warning) => `Yosys warns: ${warning}\n`).join("");
  return `synthesis for ${family} by ${tool}:\n${table}\n${warned}`;
}

/** Cells of the device, the clock that it reaches, and the path that limits it. `clockMHz`: the report's. */
export function formatPlacement(placement: Placement & { readonly tool: string }, clockMHz: number): string {
  const { criticalPath, fmaxMHz, meetsTarget, targetMHz, tool, utilization } = placement;
  const figures = ["cells", "logic ns", "routing ns", "since clock"].map(numbers);
  let at = 0;
  const steps = criticalPath.steps.map(({ cells, instance, logicNs, routingNs, signal, unit }) => {
    at += logicNs + routingNs;
    return [unit, instance, signal, cells, logicNs.toFixed(2), routingNs.toFixed(2), at.toFixed(2)];
  });
  const { logicNs, ns, routingNs } = criticalPath;
  const verdict = meetsTarget
    ? `meets the board's ${targetMHz} MHz`
    : `MISSES the board's ${targetMHz} MHz: a bitstream of it cannot be trusted`;
  return [
    `placed and routed by ${tool}:`,
    ...utilization.map(
      ({ available, cell, used }) => `${cell}: ${used} of ${available} (${percent(used, available)})`,
    ),
    `clock: ${fmaxMHz.toFixed(2)} MHz, ${verdict}`,
    ...(clockMHz > fmaxMHz ? [`--clock ${clockMHz} is more than it reaches`] : []),
    textTable(["critical path: part", "instance", "signal", ...figures], steps),
    `${ns.toFixed(2)} ns: ${logicNs.toFixed(2)} ns logic, ${routingNs.toFixed(2)} ns routing`,
    "",
  ].join("\n");
}

const percent = (used: number, available: number): string =>
  available === 0 ? "none there" : `${((100 * used) / available).toFixed(1)} %`;
