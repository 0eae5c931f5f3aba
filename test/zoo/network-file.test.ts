import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runGolden } from "../../src/golden/run.ts";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import { loadModel } from "../../src/load.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

/** The example of docs/zoo.md. */
const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(packagePath("docs", "zoo.md"), "utf8"))![1]!;

function problemOf(files: Readonly<Record<string, string>>): Promise<string> {
  return inTemporaryFolder((folder) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    try {
      loadModel(join(folder, "net.ts"));
    } catch (error) {
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
  expect(await problemOf({ "net.ts": "const a: number = 1;\n\nconst b = ;\n" })).toBe(
    "broken-network net.ts:3: Expression expected.",
  );
  const types = "interface A {\n  a: number;\n}\nconst a: A | null = null;\n";
  expect(await problemOf({ "net.ts": `${types}export default a!.a;\n` })).toMatch(
    /^broken-network net\.ts:5: Cannot read properties of null/,
  );
  expect(await problemOf({ "net.ts": 'import "node:fs";\n' })).toMatch(
    /^broken-network net\.ts:1: an import of "node:fs"/,
  );
  const wrong = example.replace("{ kernel: 3, stride: 2,", "{ kernel: 3, stride: 2, groups: 5,");
  expect(await problemOf({ "net.ts": wrong })).toMatch(
    /^broken-network net\.ts:4: .*groups divide the channels/,
  );
});
