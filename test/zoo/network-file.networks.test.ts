import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runGolden } from "../../src/golden/run.ts";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/platform/package.ts";
import { loadModel } from "../../src/load.ts";
import { SourceError } from "../../src/typescript/diagnostic.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

const zooPage = readFileSync(packagePath("docs", "zoo.md"), "utf8");
/** The example of docs/zoo.md. */
const example = /```ts\n([\s\S]*?)```/.exec(zooPage)![1]!;

function problemOf(files: Readonly<Record<string, string>>): Promise<string> {
  return inTemporaryFolder((folder) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    try {
      loadModel(join(folder, "net.ts"));
    } catch (error) {
      if (error instanceof SourceError) return error.message.replaceAll(/\S*net\.ts/g, "net.ts");
      if (!(error instanceof InputError)) throw error;
      const [{ code, found, node } = { code: "", found: "", node: "" }] = error.problems;
      return `${code} ${node.replace(`${folder}/`, "")}: ${found}`;
    }
    return "";
  });
}

it("loads the network of docs/zoo.md, which runs in the golden model", () =>
  inTemporaryFolder((folder) => {
    const file = join(folder, "small.ts");
    writeFileSync(file, example);
    const graph = loadModel(file);
    expect(graph.name).toBe("small");
    const layers = graph.nodes.map(({ kind, name }) => `${kind} ${name}`);
    expect(layers.slice(0, 3)).toEqual(["conv first", "depthwise deep", "conv wide"]);
    // 16 * 27 + 16 * 9 + 32 * 16 + 10 * 32 weights, 16 + 16 + 32 + 10 biases
    expect(graph.parameters).toBe(1408 + 74);
    const { maps } = runGolden(
      graph,
      new Int8Array(32 * 32 * 3).map((_, i) => (i * 37) % 128),
    );
    expect(new Set(maps.get(graph.logits)).size).toBeGreaterThan(3);
    const other = loadModel(file, { seed: 2 });
    expect(other.nodes[0]).not.toEqual(graph.nodes[0]);
  }));

it("takes gates, unlike sides, groups and several outputs", () =>
  inTemporaryFolder((folder) => {
    const file = join(folder, "gated.ts");
    const gate = /```ts\n(const gate[\s\S]*?)```/.exec(zooPage)![1]!;
    const text = example
      .replace(
        'x = b.conv("classes"',
        `x = b.conv("grouped", x, 32, { kernel: [1, 5], groups: 2 });\n${gate}$&`,
      )
      .replace("b.finish()", "b.finish({ outputs: [x, gate] })");
    writeFileSync(file, text);
    const graph = loadModel(file);
    expect(graph.outputs.map((id) => graph.maps.get(id)!.name)).toEqual(["classes", "gate/activation"]);
    const { kind, inputs } = graph.nodes.find(({ name }) => name === "gated")!;
    expect([kind, ...inputs.map((id) => graph.maps.get(id)!.height)]).toEqual(["mul", 16, 1]);
    const { maps } = runGolden(
      graph,
      new Int8Array(32 * 32 * 3).map((_, i) => (i * 37) % 128),
    );
    expect(graph.outputs.map((id) => maps.get(id)?.length)).toEqual([10, 32]);
  }));

it("follows imports of files beside it", () =>
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, "size.ts"), "export const classes: number = 7;\n");
    const text = `import { classes } from "./size.ts";\n${example.replace("10,", "classes,")}`;
    writeFileSync(join(folder, "net.ts"), text);
    const graph = loadModel(join(folder, "net.ts"));
    expect(graph.maps.get(graph.logits)!.channels).toBe(7);
  }));

it("says what is wrong, and in which line", async () => {
  expect(await problemOf({})).toBe("broken-network net.ts: no such file");
  expect(await problemOf({ "net.ts": "export const a = 1;\n" })).toBe("broken-network net.ts: exports a");
  const list = "const list: number[] = [];\nif (list.length > 0) list.pop();\n";
  expect(await problemOf({ "net.ts": `${list}export default list[3]!.toFixed(2);\n` })).toMatch(
    /^broken-network net\.ts:3: Cannot read properties of undefined/,
  );
  expect(await problemOf({ "net.ts": 'import "node:fs";\n' })).toMatch(
    /^net\.ts:1:8 - error TS2882: Cannot find module/,
  );
  const wrong = example.replace("{ kernel: 3, stride: 2,", "{ kernel: 3, stride: 2, groups: 5,");
  expect(await problemOf({ "net.ts": wrong })).toMatch(
    /^broken-network net\.ts:4: .*groups divide the channels/,
  );
});

it("checks the types as those of kernels, of all files, and tells of every complaint", async () => {
  expect(await problemOf({ "net.ts": "const a: number = 1;\n\nconst b = ;\nvoid [a, b];\n" })).toMatch(
    /^net\.ts:3:11 - error TS1109: Expression expected\.\n\n3 const b = ;\n {12}\^$/,
  );
  const slip = await problemOf({ "net.ts": example.replace("kernel: 3, stride: 2", "kernal: 3") });
  expect(slip).toContain("net.ts:4:40 - error TS2561: Object literal may only specify known properties");
  expect(slip).toContain("Did you mean to write 'kernel'?");
  const both = await problemOf({
    "net.ts": example.replace("channels: 3", "channel: 3").replace("16,", '"16",'),
  });
  expect(both.match(/ - error TS\d+/g)).toEqual([" - error TS2561", " - error TS2345"]);
  const imported = {
    "net.ts": `import "./size.ts";\n${example}`,
    "size.ts": "export const a: string = 1;\n",
  };
  expect(await problemOf(imported)).toContain("size.ts:1:14 - error TS2322");
});

it("lets a network read the environment and write to the console", () =>
  inTemporaryFolder((folder) => {
    const text = `if (process.env["NO_SUCH_VARIABLE"] !== undefined) console.log("wide");\n${example}`;
    writeFileSync(join(folder, "net.ts"), text);
    expect(loadModel(join(folder, "net.ts")).name).toBe("small");
  }));

it.each([
  [
    "kernel: 3, stride: 2",
    "kernel: 2.5, stride: 2",
    "a window of 2.5, stride 2: whole numbers from 1 are needed",
  ],
  [
    "kernel: 3, stride: 2",
    "kernel: 3, stride: 0",
    "a window of 3, stride 0: whole numbers from 1 are needed",
  ],
  ["stride: 2", "padding: -1", 'a padding of -1: "same", "valid" or a whole number is needed'],
  ["b.input, 16", "b.input, 0", "a map of 16 x 16 x 0: whole numbers from 1 are needed"],
])("refuses numbers that make no layer: %s as %s", async (right, wrong, found) => {
  expect(await problemOf({ "net.ts": example.replace(right, wrong) })).toBe(
    `broken-network net.ts:4: ${found}`,
  );
});
