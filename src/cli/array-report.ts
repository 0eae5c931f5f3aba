/** `report` for an array, also for one that does not fit its board. */
import { schedule } from "../4-schedule/schedule.ts";
import type { IntGraph } from "../ir/integer.ts";
import { modelReport } from "../report/model-report.ts";
import { weighHardware, type HardwareRequest } from "./board-option.ts";
import type { Io } from "./io.ts";
import type { Reported, ReportRequest } from "./reported.ts";
import { formatSynthesis, synthesiseFor } from "./synthesis.ts";

/** MHz, without a board. */
const DEFAULT_CLOCK = 100;

/** Throws InputError with every operator that the array cannot run, MissingToolError without Yosys, or the signal's reason. */
export async function reportArray(
  graph: IntGraph,
  request: HardwareRequest,
  { clockMHz, model, runInput, synth }: ReportRequest,
  io: Io,
): Promise<Reported> {
  const { hardware, refusal } = weighHardware(graph, request);
  const { array, buffers, busBytes, choice, memory } = hardware;
  const plan = schedule(graph, { ...array, busBytes, buffers });
  const report = modelReport(plan, {
    model,
    board: choice?.board.name ?? "none",
    clockMHz: clockMHz ?? choice?.board.clock.target ?? DEFAULT_CLOCK,
    memory,
    resources: choice?.uses ?? [],
    dsps: choice?.uses.find(({ resource }) => resource === "DSP blocks")?.needed ?? null,
    input: await runInput(),
  });
  if (!synth) return { report, synthesis: null, refusal };
  const synthesis = await synthesiseFor(graph, hardware, io);
  const text = formatSynthesis(synthesis, choice?.board);
  return { report, synthesis: { fields: { synthesis }, text }, refusal };
}
