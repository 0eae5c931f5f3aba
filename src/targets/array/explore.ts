/** Arrays with each memory, by the cycle model: what is tried. */
import { defaultMemory, parseMemoryOptions } from "../../../sim/memory-options.ts";
import { busOf, memoryText } from "../../boards/memory.ts";
import { allConfigurations, arraysWith, explore, type Exploration } from "../../explore/explore.ts";
import type { IntGraph } from "../../ir/integer.ts";
import { busBytesFor, DEFAULT_CLOCK, timingOf, type ExploreRequest } from "../target.ts";

/** Throws InputError when nothing that was tried can run the network. */
export function exploreArrays(graph: IntGraph, request: ExploreRequest): Promise<Exploration> {
  const { board, memories } = request;
  const clockMHz = board?.clock.target ?? DEFAULT_CLOCK;
  const tried = memories.length > 0 || board === null ? memories : [parseMemoryOptions(memoryText(board))];
  const configurations =
    tried.length === 0
      ? allConfigurations(defaultMemory.latency)
      : tried.flatMap((memory) =>
          arraysWith(board === null ? busBytesFor(memory) : busOf(board), timingOf(memory)),
        );
  return explore(graph, { ...request, configurations, clockMHz });
}
