import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { importModel, readModel } from "../../src/1-import/index.ts";
import { saveGraph } from "../../src/saved/save.ts";
import { GraphDraft } from "../support/graphs.ts";
import { problemsOf } from "../support/problems.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-saved-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const draft = new GraphDraft();
const x = draft.map("x", [1, 4]);
const y = draft.map("y", [1, 4]);
draft.node({ kind: "relu", name: "r", sources: [], inputs: [x], output: y });
const graph = { ...draft.graph([x], [y]), labels: ["a", "b", "c", "d"] };

describe("a saved model as MODEL", () => {
  it("is known by its first bytes, whatever its name", () => {
    const path = file("no-ending", saveGraph(graph));
    expect(importModel(path)).toEqual(graph);
    for (const name of ["other.tflite", "other.onnx", "other.net"])
      expect(importModel(file(name, saveGraph(graph)))).toEqual(graph);
    const { format, layers } = readModel(path);
    expect(format).toBe("firebrick");
    expect(layers).toEqual([
      { name: "r", operator: "relu", inputs: [[1, 4]], outputs: [[1, 4]], node: graph.nodes[0] },
    ]);
  });

  it("is refused when it is cut, or something else of that name", () => {
    const bytes = saveGraph(graph);
    const codes = (name: string, content: Uint8Array) =>
      problemsOf(() => importModel(file(name, content))).map((p) => [p.code, p.found]);
    expect(codes("cut", bytes.subarray(0, bytes.length - 8))).toEqual([
      ["corrupt-file", expect.stringContaining("checksum")],
    ]);
    expect(codes("text.firebrick", Buffer.from("hello"))).toEqual([
      ["not-a-model", "a file without the mark of a saved model"],
    ]);
  });
});
