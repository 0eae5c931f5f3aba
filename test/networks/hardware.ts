/** Small seeded networks on the generated hardware, compared with the golden model value for value. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../../codegen/write.ts";
import {
  defaultMemory,
  simulate,
  type ImageResult,
  type MemoryOptions,
  type SimulationJob,
} from "../../sim/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { compileModel, type CompileOptions } from "../support/compiled.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { Network } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { simulationJob } from "../../src/targets/array/job.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { seededPicture } from "../../src/zoo/seeded/random.ts";

export interface Hardware {
  readonly plan: Plan;
  /** Two pictures, one after the other, on a memory that `memory` changes. */
  run(memory: Partial<MemoryOptions>, change?: Partial<SimulationJob>): Promise<readonly ImageResult[]>;
  remove(): void;
}

export function seededInteger(network: Network, seed: number): IntGraph {
  return lower(runPasses(seededGraph(network, seed)));
}

/** Compiles the network into a temporary folder; its simulator is built at the first run. */
export function compileHardware(graph: IntGraph, options: CompileOptions): Hardware {
  const compiled = compileModel(graph, options);
  const folder = mkdtempSync(join(tmpdir(), "firebrick-network-"));
  writeFiles(compiled.files, folder);
  const { height, width, channels } = graph.maps.get(graph.input)!;
  const inputs = [11, 12].map((seed) => ({
    file: `${seed}.bin`,
    values: Int8Array.from(seededPicture(height, width, channels, seed)),
  }));
  const golden = inputs.map(({ values }) => runGolden(graph, values));
  return {
    plan: compiled.plan,
    async run(memory, change = {}) {
      const used = { ...defaultMemory, bytes: options.busBytes, ...memory };
      const job = simulationJob({ ...compiled, memory: used, predicted: [1] }, { folder, inputs }, golden);
      return (await simulate({ ...job, stallLimit: 20_000, ...change })).images;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What an image looks like when every layer equals the golden model. */
export const equal = { divergence: null, failure: null, mismatches: 0, errorRegister: 0 };
