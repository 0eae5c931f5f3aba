/** The flat view of templates/top.v.hbs: the parameters of hw/rtl/accelerator.v for one network. */
import { hardwareIdentity } from "../../src/4-schedule/identity.ts";
import type { Hardware, Plan } from "../../src/4-schedule/plan.ts";
import { windowsSideBySide } from "../../src/4-schedule/size.ts";
import { REQUANTISE_STAGES, RESIDUAL_STAGES } from "../../src/4-schedule/stages.ts";
import { descriptorBytes, phaseWords } from "../../src/format/descriptor.ts";
import { tokenBits } from "../../src/format/token.ts";
import type { View } from "../render.ts";

export interface TopOrigin {
  /** Tool and version. */
  readonly generator: string;
  readonly model: string;
  /** SHA-256 of the model file, or how the network was made. */
  readonly modelHash: string;
  readonly options: string;
}

/** Bits of a number below n, at least one. */
const width = (n: number): number => Math.max(1, Math.ceil(Math.log2(n)));

/** hw/rtl/accelerator.v's Paired: two products a multiplier, a requantiser for two lanes too, their windows side by side. */
function pairing(hw: Hardware): 0 | 1 | 2 | 3 {
  if (!hw.packed) return 0;
  if (hw.sharedRequantisers) return 2;
  return windowsSideBySide(hw.window, hw) ? 3 : 1;
}

export function topView(plan: Plan, origin: TopOrigin): View {
  const { activations, blocks, graph, hardware: hw, multipliers, regionBytes } = plan;
  const { busBytes, lineBuffers, pc, pk } = hw;
  const pool = hw.pool ?? { groups: 0, depth: 0 };
  const addrW = width(Math.max(hw.residualDepth, ...lineBuffers.map(({ depth }) => depth)));
  const bankW = width(Math.max(...lineBuffers.map(({ banks }) => banks)));
  return {
    ...origin,
    purpose: `runs ${graph.name}: ${blocks.length} blocks on ${pk} lanes of ${pc} multipliers`,
    multipliers,
    layers: blocks.map((b, index) => ({ index, text: b.name })),
    busMsb: busBytes * 8 - 1,
    strbMsb: busBytes - 1,
    traceMsb: pk * 8 - 1,
    pk,
    pc,
    dwKh: hw.window[0],
    dwKw: hw.window[1],
    paired: pairing(hw),
    float32: Number(hw.float32),
    sumW: hw.sumBits,
    leftShifts: Number(hw.leftShifts),
    averages: Number(hw.averages),
    narrowWeights: Number(hw.narrowWeights),
    identity: hardwareIdentity(plan),
    outputBytes: regionBytes.output,
    workspaceBytes: regionBytes.workspace,
    maxBlocks: hw.maxBlocks,
    phases: lineBuffers.length,
    phaseW: 32 * phaseWords.length,
    descBytes: descriptorBytes(lineBuffers.length),
    busBytes,
    weightDepth: hw.weightDepth,
    keptWords: hw.kept.words,
    paramDepth: hw.paramDepth,
    keptGroups: hw.kept.groups,
    patchWords: hw.patchWords,
    codeBits: hw.codeBits,
    outputDepth: hw.outputDepth,
    weightsYield: Number(hw.weightsYield),
    chipDepth: hw.chipDepth,
    lbBytes: hw.lbBytes,
    // where there is no such line buffer, one bank and nothing in it
    lineBuffers: [0, 1, 2].map((index) => ({
      index,
      ...(lineBuffers[index] ?? { banks: 1, depth: 0, pairDepth: 0 }),
    })),
    addrW,
    bankW,
    packer: hw.packer,
    serialMax: hw.serialMax,
    edgeRecords: hw.edgeRecords,
    residualDepth: hw.residualDepth,
    residualOperations: hw.residualOperations,
    poolGroups: pool.groups,
    poolDepth: pool.depth,
    kernels: activations.length,
    kernelStages: hw.activationStages,
    tables: hw.tables,
    requantiseStages: REQUANTISE_STAGES,
    residualStages: RESIDUAL_STAGES,
    tokenW: tokenBits(addrW, bankW, activations.length > 0 || hw.tables),
  };
}
