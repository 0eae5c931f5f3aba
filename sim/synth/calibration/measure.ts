/** What Yosys makes of a configuration's accelerator, by part; cached by the Verilog. */
import { boardByName } from "../../../src/boards/index.ts";
import { schedule } from "../../../src/4-schedule/schedule.ts";
import type { Hardware } from "../../../src/4-schedule/plan.ts";
import { loadModel } from "../../../src/load.ts";
import { generate } from "../../../codegen/generate.ts";
import { modulesOf } from "../../../codegen/modules.ts";
import type { Family, Resources } from "../../../src/resources/family.ts";
import { synthesise, type Synthesis } from "../synthesise.ts";
import { boardOf, type Configuration } from "./configurations.ts";

export interface Measured extends Configuration, Synthesis {
  readonly hardware: Hardware;
}

/** Minutes where no cache has it. Throws MissingToolError without Yosys. */
export async function measure(configuration: Configuration): Promise<Measured> {
  const { busBytes, family, network, packed, pc, pk } = configuration;
  const name = boardOf[family];
  const graph = loadModel(network);
  const plan = schedule(graph, { pk, pc, packed, busBytes });
  const files = generate(plan, name === null ? undefined : boardByName(name));
  return { ...configuration, hardware: plan.hardware, ...(await synthesise(files, { family })) };
}

/** Two requantisers with the float mode that networks from ONNX get; no network of the zoo has it. */
const floatTop = `
module top (input wire clk, input wire [191:0] in, input wire [23:0] of, output wire [15:0] out);
  genvar i;
  generate
    for (i = 0; i < 2; i = i + 1) begin : gen_lane
      requantizer #(.Float32(1)) u_requantizer (
          .clk_i(clk), .acc_i(in[i*96+:32]), .multiplier_i(in[i*96+32+:32]), .shift_i(in[i*96+64+:32]),
          .zero_point_i(of[7:0]), .min_i(of[15:8]), .max_i(of[23:16]), .result_o(out[i*8+:8])
      );
    end
  endgenerate
endmodule
`;

export interface FloatMode extends Resources {
  readonly family: Family;
}

/** One lane's requantiser with a float mode. */
export async function measureFloatMode(family: Family): Promise<FloatMode> {
  const modules = modulesOf(floatTop, ["requantise"]);
  const files = new Map<string, string>([
    ...modules.map(({ name, text }) => [`rtl/${name}.v`, text] as const),
    ["rtl/top.v", floatTop],
  ]);
  files.set("files.f", [...files.keys()].join("\n"));
  const { total } = await synthesise(files, { family });
  const half = (value: number): number => Math.ceil(value / 2);
  const { blockRam, dsp, ff, lut, lutRam } = total;
  return {
    family,
    ...{ lut: half(lut), lutRam: half(lutRam), ff: half(ff), dsp: half(dsp), blockRam: half(blockRam) },
  };
}
