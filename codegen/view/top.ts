/** The flat view of templates/top.v.hbs: every width and count worked out, nothing left to the template. */
import type { ActivationModule } from "../kernels.ts";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { windowCycles } from "../../src/4-schedule/size.ts";
import type { View } from "../render.ts";
import { descriptorBytes, phaseWords } from "../../src/format/descriptor.ts";
import { tokenBits } from "../../src/format/token.ts";
import { verilog, verilogDigits } from "../text/languages.ts";
import { REQUANTISE_STAGES, RESIDUAL_STAGES } from "../../src/4-schedule/stages.ts";

export interface TopOrigin {
  /** Tool and version. */
  readonly generator: string;
  readonly model: string;
  /** SHA-256 of the model file, or how the network was made. */
  readonly modelHash: string;
  readonly options: string;
}

const clog2 = (n: number): number => Math.ceil(Math.log2(n));
/** Bits of a number below n, at least one. */
const width = (n: number): number => Math.max(1, clog2(n));

export function topView(plan: Plan, origin: TopOrigin, activations: readonly ActivationModule[]): View {
  const { hardware: hw } = plan;
  const { pk, pc, busBytes } = hw;
  const addrW = width(Math.max(hw.residualDepth, ...hw.lineBuffers.map((b) => b.depth)));
  const bankW = width(Math.max(...hw.lineBuffers.map((b) => b.banks)));
  const dwSteps = windowCycles(hw.window, hw);
  let firstBank = 0;
  const buffers = hw.lineBuffers.map((b, index) => {
    const view = {
      index,
      banks: b.banks,
      depth: b.depth,
      firstBank,
      fromArray: index > 0,
      writer: Math.max(0, index - 1),
      packed: index === 1 ? verilog`pack_we` : verilog`1'b0`,
      override: index === 0 ? verilog`pack_busy` : verilog`1'b0`,
      partBytes: index === 0 ? verilog`BusBytes` : verilog`Pk`,
      writeData: index === 0 ? verilog`{LbBytes / BusBytes{lb0_wdata} }` : verilog`lb${index}_wdata`,
    };
    firstBank += b.banks;
    return view;
  });
  const banksOf = (p: number): string => (hw.lineBuffers[p]?.banks ?? 1).toString(16).padStart(2, "0");
  return {
    ...origin,
    purpose: `runs ${plan.graph.name}: ${plan.blocks.length} blocks on ${pk} lanes of ${pc} multipliers`,
    multipliers: plan.multipliers,
    layers: plan.blocks.map((b, index) => ({ index, text: b.name })),
    pk,
    pc,
    busBytes,
    busMsb: busBytes * 8 - 1,
    strbMsb: busBytes - 1,
    traceMsb: pk * 8 - 1,
    lbBytes: hw.lbBytes,
    phases: hw.lineBuffers.length,
    phaseW: 32 * phaseWords.length,
    addrW,
    bankW,
    totalBanks: firstBank,
    lbBanks: verilog`24'h${verilogDigits([2, 1, 0].map(banksOf).join(""))}`,
    lb0Banks: hw.lineBuffers[0]?.banks ?? 1,
    lb1Banks: hw.lineBuffers[1]?.banks ?? 1,
    descBytes: descriptorBytes(hw.lineBuffers.length),
    maxBlocks: hw.maxBlocks,
    weightDepth: hw.weightDepth,
    weightW: clog2(hw.weightDepth),
    weightPartW: width((pk * pc) / busBytes),
    paramDepth: hw.paramDepth,
    paramW: clog2(hw.paramDepth),
    paramPartW: width((pk * 4) / busBytes),
    dwKh: hw.window[0],
    dwKw: hw.window[1],
    dwSteps,
    dwWords: Math.ceil((hw.window[0] * hw.window[1]) / pc),
    packed: Number(hw.packed),
    stepW: width(dwSteps),
    outputDepth: hw.outputDepth,
    tokenW: tokenBits(addrW, bankW, activations.length > 0),
    activations: activations.map(({ module, operand, latency }, index) => ({
      index,
      module,
      port: operand,
      delay: hw.activationStages - latency,
      isLate: hw.activationStages > latency,
      lsb: 8 * index,
      msb: 8 * index + 7,
    })),
    hasActivations: activations.length > 0,
    activationCount: activations.length,
    activationStages: hw.activationStages,
    activationsMsb: 8 * activations.length - 1,
    packer: hw.packer,
    float32: hw.float32,
    requantiseStages: REQUANTISE_STAGES,
    residualStages: RESIDUAL_STAGES,
    clients: hw.residualDepth > 0 ? 4 : 3,
    residual: hw.residualDepth > 0,
    residualDepth: hw.residualDepth,
    residualBankMsb: 0,
    pool: hw.pool !== null,
    poolGroups: hw.pool?.groups ?? 0,
    poolDepth: hw.pool?.depth ?? 0,
    buffers,
  };
}
