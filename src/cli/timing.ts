/** `report --synth`: the slowest paths by static analysis, part by part, and what that cannot know. */
import type { AcceleratorTiming, PartPath, TimingStep } from "../../sim/synth/timing/time.ts";
import { numbers, textTable } from "../report/text-table.ts";
import type { Accelerator } from "../targets/target.ts";
import type { Io } from "./io.ts";
import { startProgress } from "./progress.ts";

/** Throws as `Accelerator.time`. */
export async function timeWithProgress(accelerator: Accelerator, io: Io): Promise<AcceleratorTiming | null> {
  const progress = startProgress(io, "timing");
  try {
    return await accelerator.time({
      signal: io.signal,
      onProgress: (done, total, part) => progress.update(done, total, part),
    });
  } finally {
    progress.stop();
  }
}

/** `clockMHz`: the report's, at which the paths should end in time. */
export function formatTiming(timing: AcceleratorTiming, clockMHz: number): string {
  const { family, fmaxMHz, limits, loops, paths } = timing;
  const room = 100 * (fmaxMHz / clockMHz - 1);
  const verdict =
    room >= 0
      ? `holds ${clockMHz} MHz with ${room.toFixed(0)} % to spare`
      : `MISSES ${clockMHz} MHz by ${(-room).toFixed(0)} %`;
  const columns = ["ns", "MHz", "levels", "logic ns", "wires ns"].map(numbers);
  const [first] = paths;
  return [
    `timing estimate for ${family}, not placed: ${fmaxMHz.toFixed(1)} MHz, ${verdict}`,
    textTable(["slowest path into", ...columns, "from", "to"], paths.map(pathRow)),
    ...(first === undefined ? [] : [`the slowest path, into ${first.part}:`, stepTable(first.steps)]),
    ...(loops === 0 ? [] : [`${loops} steps of loops without a register are not followed`]),
    ...limits.map((limit) => `what this does not know: ${limit}`),
    "",
  ].join("\n");
}

function pathRow({ levels, logicNs, ns, part, steps, wireNs }: PartPath): readonly (string | number)[] {
  const figures = [ns.toFixed(2), (1000 / ns).toFixed(1), levels, logicNs.toFixed(2), wireNs.toFixed(2)];
  return [part, ...figures, placeOf(steps.at(0)), placeOf(steps.at(-1))];
}

/** The instance's last name and the signal. */
function placeOf(step: TimingStep | undefined): string {
  if (step === undefined) return "";
  const instance = step.instance.split(".").at(-1) ?? "";
  return [instance, step.signal ?? step.cell].filter((name) => name !== "").join(".");
}

function stepTable(steps: readonly TimingStep[]): string {
  let at = 0;
  const rows = steps.map(({ cell, instance, logicNs, part, signal, wireNs }) => {
    at += wireNs + logicNs;
    return [part, instance, signal ?? "", cell, wireNs.toFixed(2), logicNs.toFixed(2), at.toFixed(2)];
  });
  const figures = ["wire ns", "logic ns", "since clock"].map(numbers);
  return textTable(["part", "instance", "signal", "cell", ...figures], rows);
}
