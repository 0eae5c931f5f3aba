/** What Yosys makes of a configuration's accelerator, by part; cached by the Verilog. */
import { activationModules } from "../../../codegen/kernels.ts";
import { activationKernel } from "../../../src/activations/kernel.ts";
import type { ShippedActivation } from "../../../src/ir/activation-kernel.ts";
import { assert } from "../../../src/ir/errors.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { schedule } from "../../../src/4-schedule/schedule.ts";
import type { Hardware } from "../../../src/4-schedule/plan.ts";
import { loadModel } from "../../../src/load.ts";
import { generate, otherRequantisers } from "../../../codegen/generate.ts";
import { modulesOf, type ModuleFile } from "../../../codegen/modules.ts";
import { noResources, type Family, type Resources } from "../../../src/resources/family.ts";
import { synthesise, type Synthesis } from "../synthesise.ts";
import { boardOf, type Configuration } from "./configurations.ts";

export interface Measured extends Configuration, Synthesis {
  readonly hardware: Hardware;
  readonly activations: readonly { readonly spec: string }[];
}

/** Minutes where no cache has it. Throws MissingToolError without Yosys. */
export async function measure(configuration: Configuration): Promise<Measured> {
  const { activation, busBytes, family, network, packed, pc, pk } = configuration;
  const name = boardOf[family];
  const graph = loadModel(network, { activation: activation ?? undefined });
  const plan = schedule(graph, { pk, pc, packed, busBytes });
  const files = generate(plan, name === null ? undefined : boardByName(name));
  const activations = plan.activations.map(({ spec }) => ({ spec }));
  return { ...configuration, hardware: plan.hardware, activations, ...(await synthesise(files, { family })) };
}

/** Two lanes of something, of which one is to be counted. `wires`: text of a lane, whose operands are bits of `in`. */
const twoLanes = (bits: number, wires: string): string => `
module top (input wire clk, input wire [${2 * bits - 1}:0] in, input wire [23:0] of, output wire [15:0] out);
  genvar i;
  generate
    for (i = 0; i < 2; i = i + 1) begin : gen_lane
      ${wires}
    end
  endgenerate
endmodule
`;

/** A requantiser with the float mode that networks from ONNX get; no network of the zoo has it. */
const floatTop = twoLanes(
  96,
  `requantizer #(.Float32(1), .SumW(25), .LeftShifts(0), .Averages(0)) u_requantizer (
          .clk_i(clk), .acc_i(in[i*96+:25]), .multiplier_i(in[i*96+32+:32]), .shift_i(in[i*96+64+:32]),
          .zero_point_i(of[7:0]), .min_i(of[15:8]), .max_i(of[23:16]), .result_o(out[i*8+:8])
      );`,
);

/** What one lane takes of a thing that lanes have. */
export interface LaneCount extends Resources {
  readonly family: Family;
  /** "float mode", or a kernel of hw/kernels. */
  readonly name: string;
}

/** A lane's requantiser with a float mode. */
export async function measureFloatMode(family: Family): Promise<LaneCount> {
  return measureLane(
    family,
    "float mode",
    floatTop,
    modulesOf(floatTop, { absent: otherRequantisers({ float32: true, sumBits: 25 }) }),
  );
}

/** A kernel behind a lane, and what chooses between the lane's value and the kernel's. */
export async function measureActivation(family: Family, name: ShippedActivation): Promise<LaneCount> {
  const kernel = activationKernel(name);
  const [module] = activationModules([kernel]);
  assert(module, "a kernel has a module");
  const top = twoLanes(
    12,
    `wire [7:0] made;
      ${module.module} u_kernel (.clk_i(clk), .${module.operand}_i(in[i*12+:8]), .result_o(made));
      activation_select #(.Count(1), .Stages(${kernel.latency})) u_select (
          .clk_i(clk), .data_i(in[i*12+:8]), .choice_i(in[i*12+8+:4]), .results_i(made), .data_o(out[i*8+:8])
      );`,
  );
  const own = { name: module.module, text: module.verilog };
  return measureLane(family, name, top, [own, ...modulesOf(top)]);
}

async function measureLane(
  family: Family,
  name: string,
  top: string,
  modules: readonly ModuleFile[],
): Promise<LaneCount> {
  const files = new Map(modules.map(({ name: file, text }) => [`rtl/${file}.v`, text]));
  files.set("rtl/top.v", top);
  files.set("files.f", [...files.keys()].join("\n"));
  const { total } = await synthesise(files, { family });
  const half = (value: number): number => Math.ceil(value / 2);
  const { blockRam, dsp, ff, lut, lutRam } = total;
  const lane = { lut: half(lut), lutRam: half(lutRam), ff: half(ff), dsp: dsp / 2, blockRam: half(blockRam) };
  return { family, name, ...noResources, ...lane };
}
