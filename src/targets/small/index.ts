/** The small engine: hw/rtl/small_engine.v, for devices like the iCE40 UP5K (docs/icebreaker.md). */
import { generateSmall } from "../../../codegen/small/generate.ts";
import { predictSmall } from "../../4-schedule/small/cycles.ts";
import { SMALL } from "../../4-schedule/small/plan.ts";
import { scheduleSmall } from "../../4-schedule/small/schedule.ts";
import { smallestBoard } from "../../boards/choose.ts";
import type { Board } from "../../boards/schema.ts";
import { runGolden } from "../../golden/run.ts";
import { assert, InputError } from "../../ir/errors.ts";
import { smallRegionBytes, smallReport, smallResources } from "../../report/small-report.ts";
import { once } from "../once.ts";
import { testPicture } from "../test-picture.ts";
import { buildSmall, simulateSmall } from "./simulate.ts";
import type { Accelerator, HardwareRequest, Target } from "../target.ts";

export const smallTarget: Target = {
  name: "small",

  plan(graph, request): Accelerator {
    const board = boardOf(request);
    const plan = scheduleSmall(graph, board.name, () => smallestBoard(graph));
    const predictions = once(() => predictSmall(plan));
    const layerCycles = once(() => predictions().map(({ cycles }) => cycles));
    const files = once(() => generateSmall(plan, board));
    const array = { pk: SMALL.lanes, pc: SMALL.channels };
    const report: Accelerator["report"] = ({ clockMHz = board.clock.target, input, model }) =>
      smallReport(plan, { model, board, clockMHz, input });
    return {
      engine: "small",
      graph,
      board,
      clockMHz: board.clock.target,
      array,
      busBytes: null,
      multipliers: plan.multipliers,
      blocks: plan.layers.length,
      regionBytes: smallRegionBytes(plan),
      reasons: [`${board.title} has a small engine of one size: maps on the chip, weights from the flash`],
      resources: smallResources(plan, board),
      refusal: null,
      predict: layerCycles,
      files,
      project: (values = testPicture(plan.graph)) =>
        generateSmall(plan, board, { values, maps: runGolden(plan.graph, values).maps }),
      report,
      async synthesise(options) {
        const { buildProject } = await import("../../../sim/synth/project.ts");
        return buildProject(files(), board, options);
      },
      time: () => Promise.resolve(null),
      build: buildSmall,
      simulate: (wanted) =>
        simulateSmall({ plan, files: files(), board, predictions: predictions() }, wanted),
    };
  },
};

/** Throws InputError when options for arrays stand beside the board. */
function boardOf({ array, board, buffers, memory }: HardwareRequest): Board {
  assert(board?.smallEngine, "the small engine belongs to a board");
  const options = Object.entries({ "--array": array, "--memory": memory, "--buffers": buffers });
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length === 0) return board;
  throw new InputError(given.map((name) => notFor(board, name)));
}

function notFor({ name: board, title }: Board, option: string) {
  return {
    code: "bad-option",
    node: option,
    found: `${option} with --board ${board}`,
    supported: `${title} has a small engine: 4x4 multipliers, its own memories and a flash`,
    fix: `leave ${option} out`,
  };
}
