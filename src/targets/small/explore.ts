/** The small engine has one size: it is the only point. */
import { SMALL_FLASH } from "../../4-schedule/small/cycles.ts";
import { SMALL } from "../../4-schedule/small/plan.ts";
import type { Exploration, Point } from "../../explore/explore.ts";
import type { IntGraph } from "../../ir/integer.ts";
import { assert } from "../../ir/errors.ts";
import { SMALL_LUTS, smallDsps, smallOnChipBytes } from "../../resources/small.ts";
import type { ExploreRequest } from "../target.ts";
import { smallTarget } from "./index.ts";

/** Throws InputError when the engine cannot run the network, or where a memory is asked for. */
export async function exploreSmall(
  graph: IntGraph,
  { board, memories, onPoint, onStep }: ExploreRequest,
): Promise<Exploration> {
  assert(board, "the small engine belongs to a board");
  await onStep(0, 1);
  const accelerator = smallTarget.plan(graph, { board, memory: memories[0] });
  const { array, clockMHz, multipliers } = accelerator;
  const cycles = accelerator.predict().reduce((sum, one) => sum + one, 0);
  const onChip = Object.values(smallOnChipBytes()).reduce((sum, bytes) => sum + bytes, 0);
  const only: Point = {
    array,
    busBytes: null,
    memory: { ...SMALL_FLASH, outstanding: 1 },
    buffers: null,
    cycles,
    framesPerSecond: (clockMHz * 1e6) / cycles,
    utilization: graph.macs / (multipliers * cycles),
    multipliers,
    weightWords: SMALL.weightRows,
    lineBytes: 0,
    mapBytes: 0,
    keptWords: 0,
    luts: SMALL_LUTS,
    dsps: smallDsps,
    ramBits: 8 * onChip,
    fits: true,
  };
  onPoint(only);
  return { configurations: 1, points: [only], refused: [], front: [only] };
}
