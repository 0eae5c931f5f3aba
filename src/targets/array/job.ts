/** What the simulator of an array needs to know of a compiled network and its inputs. */
import type { Plan } from "../../4-schedule/plan.ts";
import type { OutputFiles } from "../../../codegen/generate.ts";
import { inputImage } from "../../../codegen/view/memory-image.ts";
import type { GoldenResult } from "../../golden/run.ts";
import { assert } from "../../ir/errors.ts";
import type { MapId } from "../../ir/integer.ts";
import type { ExpectedMap, MemoryOptions, SimulationJob } from "../../../sim/index.ts";
import type { SimulationRequest } from "../simulation.ts";
import { item } from "../../ir/known.ts";

/** A planned array and what it is simulated with. */
export interface PlannedArray {
  readonly plan: Plan;
  readonly files: OutputFiles;
  readonly memory: MemoryOptions;
  readonly clockMHz: number;
  /** Cycles of each layer, by the cycle model. */
  readonly predicted: readonly number[];
  /** Cycles of an image behind the first. */
  readonly predictedNext: number;
}

/** `results`: the golden model's, one an input; the simulator compares every layer with it, value for value. */
export function simulationJob(
  { files, memory, plan, predicted }: Omit<PlannedArray, "predictedNext" | "clockMHz">,
  {
    folder,
    inputs,
    perfetto,
    waveform,
  }: Pick<SimulationRequest, "folder" | "inputs" | "perfetto" | "waveform">,
  results: readonly GoldenResult[],
): SimulationJob {
  const model = files.get("memory/model.bin");
  assert(model instanceof Uint8Array, "the compiled files hold the model region");
  return {
    compiledDir: folder,
    pk: plan.hardware.pk,
    busBytes: plan.hardware.busBytes,
    regions: {
      model,
      inputs: inputs.map(({ values }) => inputImage(plan, values)),
      outputBytes: plan.regionBytes.output,
      workspaceBytes: plan.regionBytes.workspace,
    },
    expected: results.map((result) => expectedMaps(plan, result)),
    expectedOutputs: results.map((result) => plan.outputs.map(({ map }) => valuesOf(result, map))),
    outputs: plan.outputs.map(({ place, producer }) => ({ ...place, block: producer })),
    memory,
    predictedCycles: predicted.reduce((sum, cycles) => sum + cycles, 0),
    ...(waveform === undefined ? {} : { waveform }),
    ...(perfetto === true ? { events: true } : {}),
  };
}

/** Phase number under which the harness sees pooled results. */
const POOL_PHASE = 3;

/** Every result that the array must make, phase by phase, and what a pool makes of the last. */
function expectedMaps(plan: Plan, result: GoldenResult): readonly ExpectedMap[] {
  return plan.blocks.flatMap(({ phases, pool, residual }, block) => {
    const last = phases.length - 1;
    const maps = phases.flatMap(({ operator, outputChannels, outputRows, outputWidth }, phase) => {
      if (operator === null) return [];
      const map = phase === last && residual ? residual.node.output : operator.output;
      // rows that no later phase reads are not made
      const values = valuesOf(result, map).subarray(0, outputRows * outputWidth * outputChannels);
      return [{ block, phase, rows: outputRows, width: outputWidth, channels: outputChannels, values }];
    });
    if (pool === null) return maps;
    const { outputChannels } = item(phases, last);
    const values = valuesOf(result, pool.node.output);
    return [
      ...maps,
      { block, phase: POOL_PHASE, rows: pool.rows, width: pool.width, channels: outputChannels, values },
    ];
  });
}

function valuesOf({ maps }: GoldenResult, id: MapId): Int8Array {
  const values = maps.get(id);
  assert(values !== undefined, `the golden model has no map ${id}`);
  return values;
}
