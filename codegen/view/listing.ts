/** program.json: the program for people, block by block. The hardware reads memory/model.bin. */
import { hostParts } from "../../src/4-schedule/host.ts";
import type { Block, Phase, Plan } from "../../src/4-schedule/plan.ts";
import { verilogNames } from "../names.ts";

export function listingView(plan: Plan): object {
  const ids = verilogNames(plan.blocks.map((block) => block.name));
  return {
    hardware: plan.hardware,
    host: hostParts(plan),
    multipliers: plan.multipliers,
    blocks: plan.blocks.map((block, index) => blockView(block, index, ids[index] ?? block.name)),
  };
}

function blockView(block: Block, index: number, id: string): object {
  const { destination, name, weightLoads, phases, pool, producer, residual, source, streamed } = block;
  const last = phases.at(-1);
  return {
    block: index,
    destination,
    id,
    name,
    weightLoads,
    phases: phases.map(phaseView),
    pool: pool && { kernel: pool.kernel, layer: pool.node.name },
    producer,
    residual: residual && { layer: residual.node.name, place: residual.place, producer: residual.producer },
    source,
    streamed,
    strips: last === undefined ? 0 : Math.ceil(last.outputRows / last.stripRows),
    tiles: last === undefined ? 0 : Math.ceil(last.groups / last.tileGroups),
  };
}

function phaseView(phase: Phase, index: number): object {
  // The operator's arrays are in model.bin.
  const { centreTap, operator, ...numbers } = phase;
  const first = centreTap && {
    groups: centreTap.groups,
    layer: centreTap.operator.node.name,
    segment: centreTap.segment,
  };
  return { ...numbers, centreTap: first, layer: operator?.node.name ?? "packed patches", phase: index };
}
