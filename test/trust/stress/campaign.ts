/** Many runs, each of its own scenario, on a few accelerators. */
import { availableParallelism } from "node:os";
import type { ImageResult } from "../../../sim/index.ts";
import { modelImage } from "../../../codegen/view/memory-image.ts";
import { programBytes, readProgram } from "../../../src/format/read-program.ts";
import { Random } from "../random.ts";
import type { Named } from "./hardware.ts";
import type { Outcomes } from "../record.ts";
import { judge, type Verdict } from "./judge.ts";
import { kinds, scenarioOf, type Kind, type Scenario, type Undisturbed } from "./scenario.ts";

export interface StressOptions {
  readonly seed: number;
  readonly runs: number;
  readonly hardware: readonly Named[];
  readonly onProgress: (done: number, failures: number) => void;
}

export interface StressFailure {
  readonly run: number;
  readonly hardware: string;
  readonly message: string;
  readonly scenario: Scenario;
}

export interface StressResult {
  readonly tallies: ReadonlyMap<Kind, Outcomes>;
  readonly failures: readonly StressFailure[];
}

const none: Outcomes = { exact: 0, detected: 0, reset: 0, failed: 0 };

export async function runStress({ hardware, onProgress, runs, seed }: StressOptions): Promise<StressResult> {
  const undisturbed: Undisturbed[] = [];
  for (const one of hardware) undisturbed.push(plain(one, await one.run({})));
  const tallies = new Map<Kind, Outcomes>(kinds.map((kind) => [kind, none]));
  const failures: StressFailure[] = [];
  const count = (kind: Kind, verdict: Verdict | "failed"): void => {
    const before = tallies.get(kind) ?? none;
    tallies.set(kind, { ...before, [verdict]: before[verdict] + 1 });
  };
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < runs) {
      const run = next++;
      const draw = new Random(seed, run);
      const chosen = draw.below(hardware.length);
      const [one, image] = [hardware[chosen], undisturbed[chosen]];
      if (one === undefined || image === undefined) throw new Error("no hardware");
      const scenario = scenarioOf(draw, image);
      try {
        count(scenario.kind, judge(scenario, await one.run(scenario.memory, scenario.change)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures.push({ run, hardware: one.name, message, scenario });
        count(scenario.kind, "failed");
      }
      onProgress(++done, failures.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { tallies, failures };
}

/** Of the image without any disturbance, which has to be right. */
function plain({ name, plan }: Named, [image]: readonly ImageResult[]): Undisturbed {
  const isRight = image?.divergence === null && image.failure === null && image.errorRegister === 0;
  if (!isRight) throw new Error(`${name} is wrong without any stress: ${JSON.stringify(image?.failure)}`);
  const model = modelImage(plan);
  return { ...image, programBytes: programBytes(readProgram(name, model)), modelBytes: model.length };
}
