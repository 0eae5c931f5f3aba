/** `report` for a board with a small engine. */
import Table from "cli-table3";
import { buildProject } from "../../sim/synth/project.ts";
import type { Placement } from "../../sim/synth/nextpnr-report.ts";
import { compileSmall } from "../compile.ts";
import type { Board } from "../boards/schema.ts";
import type { IntGraph } from "../ir/integer.ts";
import { smallReport } from "../report/small-report.ts";
import type { Io } from "./io.ts";
import { startProgress } from "./progress.ts";
import type { Reported, ReportRequest } from "./reported.ts";
import { formatSynthesis } from "./synthesis.ts";

/**
 * Throws InputError with everything that the engine cannot run or has no room for, MissingToolError without Yosys or
 * nextpnr-ice40, or the signal's reason.
 */
export async function reportSmall(
  graph: IntGraph,
  board: Board,
  { clockMHz = board.clock.target, model, runInput, synth }: ReportRequest,
  io: Io,
): Promise<Reported> {
  const { files, plan } = compileSmall(graph, board);
  const report = smallReport(plan, { model, board, clockMHz, input: await runInput() });
  if (!synth) return { report, synthesis: null, refusal: null };
  const progress = startProgress(io, "synthesis");
  try {
    const { placement, synthesis } = await buildProject(files, board, {
      signal: io.signal,
      onProgress: (done, total, tool) => progress.update(done, total, tool),
    });
    return {
      refusal: null,
      report,
      synthesis: {
        fields: { synthesis, placement },
        text: `${formatSynthesis(synthesis, board)}${formatPlacement(placement, clockMHz)}`,
      },
    };
  } finally {
    progress.stop();
  }
}

/** Cells of the device, the clock that it reaches, and the path that limits it. `clockMHz`: the report's. */
export function formatPlacement(placement: Placement & { readonly tool: string }, clockMHz: number): string {
  const { criticalPath, fmaxMHz, meetsTarget, targetMHz, tool, utilization } = placement;
  const right = "right" as const;
  const table = new Table({
    head: ["critical path: part", "instance", "signal", "cells", "logic ns", "routing ns", "since clock"],
    colAligns: ["left", "left", "left", right, right, right, right],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  let at = 0;
  for (const { cells, instance, logicNs, routingNs, signal, unit } of criticalPath.steps) {
    at += logicNs + routingNs;
    table.push([unit, instance, signal, cells, logicNs.toFixed(2), routingNs.toFixed(2), at.toFixed(2)]);
  }
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
    table.toString(),
    `${ns.toFixed(2)} ns: ${logicNs.toFixed(2)} ns logic, ${routingNs.toFixed(2)} ns routing`,
    "",
  ].join("\n");
}

const percent = (used: number, available: number): string =>
  available === 0 ? "none there" : `${((100 * used) / available).toFixed(1)} %`;
