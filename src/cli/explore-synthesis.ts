/** `explore --synth`: Yosys's counts of the fastest accelerators of the front, each a `report --synth` in a process of its own. */
import { readFileSync } from "node:fs";
import type { Explored } from "../explore/explored.ts";
import type { Point } from "../explore/explore.ts";
import { InputError } from "../ir/errors.ts";
import { modelPath } from "../load.ts";
import type { Resources } from "../resources/family.ts";
import type { Io } from "./io.ts";
import { single } from "./options.ts";
import { runAsJobs, type ExecutorRequest } from "./tasks/executor-option.ts";
import type { Task } from "./tasks/task.ts";

/** Accelerators to synthesise when --synth says no number. */
export const DEFAULT_SYNTHESISED = 3;

/** `--synth` or `--synth N`. Throws InputError. */
export function parseSynth(value: unknown): number {
  const text = single("--synth", value);
  if (text === "") return DEFAULT_SYNTHESISED;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InputError({
    code: "bad-option",
    node: "--synth",
    found: `"${text}"`,
    supported: "1 to 999 accelerators",
    fix: "write for example --synth 5",
  });
}

/** One task a point of the front, the first `count` of each network. `options`: what `report` needs for a point. */
export function synthesisTasks(
  explored: readonly Explored[],
  count: number,
  options: (point: Point) => readonly string[],
): readonly Task[] {
  return explored.flatMap(({ front, model }) =>
    front.slice(0, count).map((point): Task => {
      const given = options(point);
      return {
        name: `${model} ${given.join(" ")}`,
        args: ["report", model, ...given, "--synth", "--timing", "none", "--json"],
      };
    }),
  );
}

/** The explored networks with what their tasks counted. Throws as runAsJobs does. */
export async function withSynthesis(
  explored: readonly Explored[],
  count: number,
  options: (point: Point) => readonly string[],
  request: ExecutorRequest,
  io: Io,
): Promise<readonly Explored[]> {
  const contents = explored.flatMap(({ model }) => {
    const path = modelPath(model);
    return path === undefined ? [] : [readFileSync(path)];
  });
  const printed = await runAsJobs(synthesisTasks(explored, count, options), contents, request, io);
  const counts = printed.map(
    (text) => (JSON.parse(text) as { synthesis: { total: Resources } }).synthesis.total,
  );
  let next = 0;
  return explored.map((each) => {
    const first = next;
    next += Math.min(count, each.front.length);
    return { ...each, synthesis: counts.slice(first, next) };
  });
}
