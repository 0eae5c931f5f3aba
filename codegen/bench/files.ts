/** A testbench in plain Verilog beside the accelerator, and the data that it reads. */
import type { Plan } from "../../src/4-schedule/plan.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { visible } from "../../src/ir/visible.ts";
import { readText } from "../../src/platform/files.ts";
import { packagePath } from "../../src/platform/package.ts";
import { render } from "../render.ts";
import { inputImage, modelImage } from "../view/memory-image.ts";
import { hexWords } from "./hex.ts";
import { benchView, EXPECTED_WORD, type BenchOrigin } from "./view.ts";
import { expectedValues, writtenMap, type GoldenMaps } from "./written.ts";

export type Files = readonly (readonly [string, string | Uint8Array])[];

/** A picture, and what the golden model makes of it. */
export interface BenchPicture {
  /** The input maps' values, [H, W, C], re-centred int8, one behind the other. */
  readonly values: Int8Array;
  readonly maps: GoldenMaps;
}

/** Products that Icarus Verilog takes about a minute for. */
const ICARUS_PRODUCTS = 10_000_000;

/** Whether Icarus Verilog simulates the network too slowly to run beside Verilator. */
export const isSlow = ({ macs }: IntGraph): boolean => macs > ICARUS_PRODUCTS;

/** What the testbench consists of beside itself. */
const parts = [
  { file: "axi_memory.v", what: "a memory behind the AXI4 master, which answers after 40 cycles" },
  { file: "model.hex", what: "the model region: program and weights" },
  { file: "input.hex", what: "the input region: the picture" },
  { file: "expected.hex", what: "every map that a block writes, as the golden model computes it" },
];

const words = {
  bench: "the accelerator",
  what: "host, comparison and names of the layers",
  compared:
    "Compared is each byte of a map that a block of layers writes, to memory or to the scratchpad, when it is written, in the order of " +
    "the program; maps within a block are compared through what is made of them: firebrick simulate compares those too.",
  parts,
};

const sources = ["sim/testbench.v", "sim/axi_memory.v"];
const data = ["sim/model.hex", "sim/input.hex", "sim/expected.hex"];

/** The same for every picture. */
export function benchFiles(plan: Plan, origin: BenchOrigin): Files {
  const view = {
    ...benchView(plan, origin),
    ...words,
    slow: isSlow(plan.graph),
    sources,
    data,
  };
  return [
    ["sim/testbench.v", render("bench/testbench.v", "verilog", view)],
    ["sim/axi_memory.v", readText(packagePath("hw", "bench", "axi_memory.v"))],
    ["sim/sim.mk", render("bench/sim.mk", "makefile", view)],
    ["sim/README.md", render("bench/readme.md", "markdown", view)],
    ["sim/testbench.gtkw", render("bench/testbench.gtkw", "constraints", view)],
    ...labelFile(plan.graph.labels),
  ];
}

/** What the testbench reads. */
export function benchData(plan: Plan, { maps, values }: BenchPicture): Files {
  const { busBytes } = plan.hardware;
  return [
    ["sim/model.hex", hexWords(modelImage(plan), busBytes)],
    ["sim/input.hex", hexWords(inputImage(plan, values), busBytes)],
    ["sim/expected.hex", hexWords(expectedValues(plan.blocks.map(writtenMap), maps), EXPECTED_WORD)],
  ];
}

/** Names of the classes, one a line. */
export function labelFile(labels: readonly string[] | undefined): Files {
  return labels === undefined
    ? []
    : [["sim/labels.txt", labels.map((label) => `${visible(label)}\n`).join("")]];
}
