import { readdirSync } from "node:fs";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import { folderOf } from "../../eslint.directions.js";
import { packagePath } from "../../src/platform/package.ts";

const restricted = new Set(["firebrick/direction", "no-restricted-properties", "platform/node"]);
// Type information is not needed for these rules, and a virtual file is in no tsconfig.
const eslint = new ESLint({
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => restricted.has(ruleId),
});

/** Rules of the kinds above that a virtual file breaks. */
async function broken(filePath: string, code: string): Promise<string[]> {
  const results = await eslint.lintText(code, { filePath });
  const messages = results.flatMap((result) => result.messages);
  const fatal = messages.filter((message) => message.fatal);
  expect(fatal).toEqual([]);
  return messages.map((message) => message.ruleId ?? "");
}

const importOf = (path: string) => `import { x } from "${path}";\nexport const y = x;\n`;

describe("import directions", () => {
  it.each([
    ["src/ir/graph.ts", "../1-import/index.ts"],
    ["src/ir/graph.ts", "../golden/run.ts"],
    ["src/format/fields.ts", "../4-schedule/plan.ts"],
    ["src/format/registers.ts", "../../codegen/format/verilog.ts"],
    ["src/zoo/index.ts", "../2-passes/pipeline.ts"],
    ["src/1-import/index.ts", "../2-passes/pipeline.ts"],
    ["src/1-import/tflite/index.ts", "../../3-quantise/lower.ts"],
    ["src/2-passes/fold.ts", "../3-quantise/lower.ts"],
    ["src/3-quantise/lower.ts", "../4-schedule/plan.ts"],
    ["src/4-schedule/plan.ts", "../../codegen/index.ts"],
    ["src/4-schedule/plan.ts", "../golden/run.ts"],
    ["src/4-schedule/plan.ts", "../targets/index.ts"],
    ["src/golden/run.ts", "../1-import/index.ts"],
    ["src/golden/run.ts", "../3-quantise/lower.ts"],
    ["src/golden/run.ts", "../../codegen/index.ts"],
    ["src/images/read.ts", "../2-passes/pipeline.ts"],
    ["src/report/layers.ts", "../targets/array/layer-cycles.ts"],
    ["src/report/layers.ts", "../golden/run.ts"],
    ["src/explore/explore.ts", "../../sim/simulate.ts"],
    ["src/load.ts", "../sim/simulate.ts"],
    ["src/ir/errors.ts", "../saved/save.ts"],
    ["src/activations/kernel.ts", "../1-import/index.ts"],
    ["src/boards/load.ts", "../cli/options.ts"],
    ["src/compress/file.ts", "../1-import/index.ts"],
    ["src/resources/parts.ts", "../boards/index.ts"],
    ["src/network/index.ts", "../zoo/index.ts"],
    ["src/typescript/run-file.ts", "../activations/kernel.ts"],
    ["hw/kernels/tanh.ts", "firebrick/network"],
    ["src/4-schedule/small/plan.ts", "../../golden/run.ts"],
    ["src/inspect.ts", "../codegen/index.ts"],
    ["codegen/index.ts", "../sim/simulate.ts"],
    ["codegen/index.ts", "../src/golden/run.ts"],
    ["sim/simulate.ts", "../src/cli/options.ts"],
    ["sim/simulate.ts", "../src/targets/index.ts"],
  ])("%s must not import %s", async (file, target) => {
    expect(await broken(file, importOf(target))).toEqual(["firebrick/direction"]);
  });

  it.each([
    ["src/1-import/index.ts", "../ir/graph.ts"],
    ["src/1-import/tflite/index.ts", "./operators/conv.ts"],
    ["src/2-passes/pipeline.ts", "./fold.ts"],
    ["src/3-quantise/lower.ts", "../2-passes/pipeline.ts"],
    ["src/4-schedule/plan.ts", "../ir/integer.ts"],
    ["src/4-schedule/plan.ts", "../format/regions.ts"],
    ["src/golden/run.ts", "../ir/integer.ts"],
    ["src/report/layers.ts", "../4-schedule/plan.ts"],
    ["src/explore/explore.ts", "../report/on-chip.ts"],
    ["src/load.ts", "./3-quantise/lower.ts"],
    ["src/targets/array/index.ts", "../../../codegen/generate.ts"],
    ["src/cli/simulate.ts", "../../sim/simulate.ts"],
    ["codegen/index.ts", "../src/4-schedule/plan.ts"],
    ["sim/simulate.ts", "../src/golden/run.ts"],
    ["sim/simulate.ts", "../codegen/index.ts"],
  ])("%s may import %s", async (file, target) => {
    expect(await broken(file, importOf(target))).toEqual([]);
  });
});

it("names every file and folder of the compiler", () => {
  const entries = ["src", "hw/kernels", "codegen", "sim"].flatMap((folder) =>
    readdirSync(packagePath(folder)).map((name) => packagePath(folder, name)),
  );
  expect(entries.filter((path) => folderOf(path) === undefined)).toEqual([]);
});

describe("what Node alone has", () => {
  const uses = [
    'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n',
    'export { join } from "path";\n',
    'export const load = () => import("node:zlib");\n',
    "export const folder = import.meta.dirname;\n",
    "export const folder = process.cwd();\n",
    "export const bytes = (from: Buffer) => from.length;\n",
    "setImmediate(() => undefined);\n",
  ];
  const within = [
    "src/index.ts",
    "src/load.ts",
    "src/1-import/tflite/index.ts",
    "src/golden/run.ts",
    "src/targets/small/simulate.ts",
    "src/platform/browser/files.ts",
    "hw/kernels/tanh.ts",
    "codegen/render.ts",
    "codegen/format/page.ts",
  ];

  it.each(uses)("stays out of what browsers run: %s", async (code) => {
    for (const file of within) expect([file, await broken(file, code)]).toEqual([file, ["platform/node"]]);
  });

  it.each([
    "src/platform/files.ts",
    "src/cli/tasks/slurm.ts",
    "src/setup/build.mjs",
    "src/zoo/pictures/training/train.ts",
    "codegen/format/write.ts",
    "sim/run.ts",
  ])("is there for %s", async (file) => {
    for (const code of uses.filter((use) => !use.includes(": Buffer")))
      expect(await broken(file, code)).toEqual([]);
  });

  it("does not forbid names of the file's own", async () => {
    const code = "export function run(process: () => void) {\n  process();\n}\n";
    expect(await broken("src/golden/run.ts", code)).toEqual([]);
  });
});

describe("argv and exit", () => {
  const code = "process.exit(process.argv.length);\n";

  it("stay out of the commands", async () => {
    expect(await broken("src/cli/doctor.ts", code)).toEqual([
      "no-restricted-properties",
      "no-restricted-properties",
    ]);
  });

  it("are read in src/cli.ts", async () => {
    expect(await broken("src/cli.ts", code)).toEqual([]);
  });
});
