/** Paths that hold no model. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft } from "../support/tflite-draft.ts";

describe("model files", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-import-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function write(name: string, bytes: Uint8Array | string): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }
  const code = (path: string) => problemsOf(() => importModel(path)).map((problem) => problem.code);

  it("are named in the problem", () => {
    const path = join(folder, "nowhere.tflite");
    expect(problemsOf(() => importModel(path))[0]).toMatchObject({ code: "missing-file", node: path });
  });

  it("are neither directories, nor empty, nor text", () => {
    mkdirSync(join(folder, "dir.tflite"));
    expect(code(join(folder, "dir.tflite"))).toEqual(["not-a-file"]);
    expect(code(write("empty.tflite", ""))).toEqual(["empty-file"]);
    expect(code(write("text.tflite", "hello"))).toEqual(["not-a-model"]);
    expect(code(write("text.txt", "hello"))).toEqual(["unknown-format"]);
    expect(code(join(folder, "text.txt", "below"))).toEqual(["unreadable-file"]);
  });

  it("are known by their first bytes when the name says nothing, and give the graph its name", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4]), draft.map("out", [1, 4])];
    draft.operator(OperatorCode.RELU, [input], output);
    const bytes = draft.write([input], [output]);
    expect(importModel(write("tiny.model", bytes)).nodes).toHaveLength(1);
    expect(importModel(write("tiny.TFLITE", bytes)).name).toBe("tiny");
  });
});
