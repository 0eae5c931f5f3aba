/** Integer graph -> plan: operators, fused blocks, hardware sizes, memory map. */
import { inputsOf, type IntGraph, type IntNode } from "../ir/integer.ts";
import { assert } from "../ir/errors.ts";
import { item } from "../ir/known.ts";
import { kernelsOf } from "./behind-lanes.ts";
import { withColumnPairs } from "./column-pairs.ts";
import { depthwiseWindow } from "./depthwise-window.ts";
import { withExactSums } from "./exact-sums.ts";
import { fuse } from "./fuse.ts";
import { sizeHardware } from "./hardware.ts";
import { divide } from "./host.ts";
import { makeBlock } from "./make-block.ts";
import { segments } from "./memory.ts";
import { withOwnInputs } from "./own-inputs.ts";
import { placeMaps } from "./place-maps.ts";
import type { Block, InputMap, Plan } from "./plan.ts";
import { programBytes } from "./program.ts";
import { chipDepth } from "./scratchpad.ts";
import { type ArrayOptions, checkArray, roundUp } from "./size.ts";
import { withSparsePhases } from "./sparse/phase.ts";
import { withSplitDilations } from "./split-dilated.ts";
import { withSplitLayers } from "./split-layers.ts";
import { withSplitPools } from "./split-pools.ts";
import { withSplitRepeats } from "./split-repeats.ts";
import { withSplitResizes } from "./split-resizes.ts";
import { withSplitTables } from "./split-tables.ts";
import { stepsOf } from "./steps.ts";
import { withStretchedOperands } from "./stretch.ts";
import { placeTables } from "./tables.ts";
import { verifyPlan } from "./verify-plan.ts";
import { withImageAsRead } from "./views.ts";

/** Regions are whole pages. */
const PAGE = 4096;

/**
 * Plans the network for an array of pk lanes with pc multipliers and a bus of 8 or 16 bytes.
 * Throws InputError with every operator that the accelerator cannot run.
 */
export function schedule(given: IntGraph, options: ArrayOptions): Plan {
  checkArray(options);
  const plain = withSplitDilations(withImageAsRead(withExactSums(given)));
  const resized = withSplitResizes(withSplitTables(plain));
  const read = withSplitPools(withSplitLayers(resized, options), options);
  const { hostNodes } = divide(read);
  const isComputed = (node: IntNode) => !hostNodes.includes(node);
  const stretched = withStretchedOperands(read, read.nodes.filter(isComputed));
  const repeated = withSplitRepeats(stretched, stretched.nodes.filter(isComputed));
  const network = withOwnInputs(repeated, repeated.nodes.filter(isComputed));
  const chain = stepsOf(network, options.pk, Math.max(options.pk, options.pc, options.busBytes));
  const { graph } = chain;
  const window = depthwiseWindow(graph, chain.steps, options);
  const fused = fuse(graph, chain, window, options);
  const drafts = withColumnPairs(withSparsePhases(fused, options), options);
  const activations = kernelsOf(drafts);
  const tables = placeTables(drafts);
  const sized = sizeHardware(graph, drafts, chain, window, activations, options);
  const model = segments(programBytes(sized.hardware, drafts.length));
  const maps = placeMaps(graph, chain, drafts, sized, model, options);
  const hardware = { ...sized.hardware, chipDepth: chipDepth(maps.chipBytes, options) };
  const blocks = drafts.map((draft, i): Block => {
    const size = sized.blocks[i];
    assert(size, "sized block");
    return makeBlock(
      graph,
      chain,
      draft,
      size,
      { hardware, activations, tables: item(tables, i) },
      maps,
      model,
    );
  });
  const inputs = inputsOf(graph).map((map): InputMap => ({ map, place: maps.placeOf(map) }));
  const plan: Plan = {
    graph: network,
    hardware,
    blocks,
    keptBlocks: sized.keptBlocks,
    weightNeeds: sized.weightNeeds,
    inputs,
    outputs: maps.outputs,
    constants: maps.constants,
    regionBytes: {
      model: roundUp(model.used(), PAGE),
      input: roundUp(maps.inputBytes, PAGE),
      output: roundUp(maps.outputBytes, PAGE),
      workspace: Math.max(PAGE, roundUp(maps.workspaceBytes, PAGE)),
    },
    activations,
    multipliers: hardware.pk * hardware.pc,
    hostNodes: chain.hostNodes,
  };
  verifyPlan(plan);
  return plan;
}
