import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { checkKernels, usualCorners } from "../../../sim/kernel/index.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { examples, expectKernelsEqual, shipped, written } from "./check-folder.ts";

// On more operands: kernels.campaign.test.ts.
it.each([
  ["the examples", examples, 30],
  ["the accelerator's kernels", shipped, 9],
])("%s are clean Verilog and equal their functions, a result a cycle", (_name, source, least) =>
  expectKernelsEqual(source, least, 900),
);

it("finds a wrong operator in the Verilog", () =>
  inTemporaryFolder(async (folder) => {
    const [compiled] = compileKernels(join(shipped, "leaky-relu.ts"), { maxDepth: 8 });
    const broken = compiled!.verilog.replace("+ 12'h40", "+ 12'h41");
    expect(broken).not.toBe(compiled!.verilog);
    const [result] = await checkKernels(written([{ ...compiled!, verilog: broken }], folder), {
      random: 600,
      corners: usualCorners,
      seed: 1,
    });
    expect(result!.difference).toMatch(/^leakyRelu\(x = -\d+\): expected -\d+, the Verilog gave -?\d+$/);
  }));

it("keeps a stage's depth to --max-depth, and the stages to @latency", () => {
  const file = join(shipped, "average-divide.ts");
  const latencies = [4, 8, 16, 1000].map((maxDepth) => compileKernels(file, { maxDepth })[0]!.report.latency);
  expect(latencies).toEqual(latencies.toSorted((a, b) => b - a));
  expect(latencies.at(-1)).toBe(1);
  const [first] = compileKernels(join(examples, "latency.ts"), { maxDepth: 1 });
  expect(first!.report.latency).toBe(3);
});
