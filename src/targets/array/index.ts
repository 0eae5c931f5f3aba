/** The multiplier array: hw/rtl/array_engine.v and what feeds it, planned by src/4-schedule. */
import { generate } from "../../../codegen/generate.ts";
import { defaultMemory, parseMemoryOptions, type MemoryOptions } from "../../../sim/memory-options.ts";
import { predict } from "../../4-schedule/cycles/predict.ts";
import { schedule } from "../../4-schedule/schedule.ts";
import type { BufferOptions } from "../../4-schedule/size.ts";
import type { ArraySize } from "../../boards/change.ts";
import { weighFor } from "../../boards/choose.ts";
import type { Use } from "../../boards/fit.ts";
import { bytesPerCycle } from "../../boards/memory.ts";
import type { Board } from "../../boards/schema.ts";
import { runGolden } from "../../golden/run.ts";
import type { InputError } from "../../ir/errors.ts";
import type { IntGraph } from "../../ir/integer.ts";
import { layersOf } from "../../report/layers.ts";
import { arrayReport } from "../../report/array-report.ts";
import { splitByLayer, totalOf } from "../../report/split.ts";
import { familyOf } from "../../resources/family.ts";
import { buildArray, simulateArray } from "./simulate.ts";
import { once } from "../once.ts";
import { testPicture } from "../test-picture.ts";
import {
  busBytesFor,
  DEFAULT_CLOCK,
  type Accelerator,
  type HardwareRequest,
  type Target,
} from "../target.ts";

const DEFAULT_ARRAY: ArraySize = { pk: 8, pc: 8 };

export const arrayTarget: Target = {
  name: "array",

  plan(graph, request): Accelerator {
    const { array, board, buffers, busBytes, memory, reasons, refusal, uses } = chooseHardware(
      graph,
      request,
    );
    const memoryBytes = board === undefined ? memory.bytes : bytesPerCycle(board);
    const plan = schedule(graph, { ...array, busBytes, memoryBytes, buffers });
    const prediction = once(() => predict(plan, memory));
    const nextCycles = once(() => predict(plan, memory, "next").cycles);
    const layerCycles = once(() => splitByLayer(layersOf(plan), prediction()).map(totalOf));
    const files = once(() => generate(plan, board));
    const clockMHz = board?.clock.target ?? DEFAULT_CLOCK;
    const { multipliers, regionBytes } = plan;
    return {
      engine: "array",
      graph,
      board: board ?? null,
      clockMHz,
      array,
      busBytes,
      multipliers,
      blocks: plan.blocks.length,
      regionBytes,
      reasons,
      resources: uses,
      refusal,
      predict: layerCycles,
      files,
      project: (values = testPicture(plan.graph)) =>
        generate(plan, board, { values, maps: runGolden(plan.graph, values).maps }),
      report: (wanted) =>
        arrayReport(plan, {
          model: wanted.model,
          board: board?.name ?? "none",
          clockMHz: wanted.clockMHz ?? clockMHz,
          images: wanted.images ?? "first",
          memory,
          resources: uses,
          dsps: uses.find(({ resource }) => resource === "DSP blocks")?.needed ?? null,
          input: wanted.input,
        }),
      async synthesise(options) {
        const { synthesise } = await import("../../../sim/synth/synthesise.ts");
        const family = board === undefined ? "xc7" : familyOf(board);
        return { synthesis: await synthesise(files(), { ...options, family }), placement: null };
      },
      async time(options) {
        const family = board === undefined ? "xc7" : familyOf(board);
        if (family === "gowin" || family === "ice40") return null;
        const { timeAccelerator } = await import("../../../sim/synth/timing/time.ts");
        return timeAccelerator(files(), { ...options, family });
      },
      build: (wanted) => buildArray(plan, wanted),
      async simulate(wanted) {
        const { report, ...results } = await simulateArray(
          { plan, clockMHz, files: files(), memory, predicted: layerCycles(), predictedNext: nextCycles() },
          wanted,
        );
        return { ...results, report: { ...report, board: board?.name ?? "none" } };
      },
    };
  },
};

interface Chosen {
  readonly array: ArraySize;
  readonly busBytes: 8 | 16;
  readonly buffers: BufferOptions | undefined;
  readonly memory: MemoryOptions;
  readonly board: Board | undefined;
  readonly uses: readonly Use[];
  readonly reasons: readonly string[];
  readonly refusal: InputError | null;
}

/** What the user says holds; the board decides the rest, or the defaults do. */
function chooseHardware(graph: IntGraph, request: HardwareRequest): Chosen {
  const { array, board, buffers, fill, memory, sparse } = request;
  if (board === undefined) {
    const used = memory ?? defaultMemory;
    const busBytes = busBytesFor(used);
    return {
      array: { ...(array ?? DEFAULT_ARRAY), sparse },
      busBytes,
      buffers,
      memory: used,
      board,
      uses: [],
      reasons: [],
      refusal: null,
    };
  }
  const { choice, refusal } = weighFor(graph, board, array ?? null, { buffers, fill, sparse });
  // the last reason is for the board's own memory model
  const reasons = memory ? [...choice.reasons.slice(0, -1), "memory: as --memory says"] : choice.reasons;
  return {
    array: choice.array,
    busBytes: choice.busBytes,
    buffers: choice.buffers,
    memory: memory ?? parseMemoryOptions(choice.memory),
    board,
    uses: choice.uses,
    reasons,
    refusal,
  };
}
