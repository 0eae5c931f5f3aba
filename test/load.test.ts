import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OperatorCode } from "../src/1-import/tflite/schema.ts";
import { InputError } from "../src/ir/errors.ts";
import { packagePath } from "../src/platform/package.ts";
import { loadModel, loadStages, modelPath } from "../src/load.ts";
import { picturesModelPath } from "../src/zoo/pictures/files.ts";
import { inTemporaryFolder } from "./cli/helper.ts";
import { Draft } from "./support/tflite-draft.ts";

const small = "mobilenet-v1-0.25-32";
const vww = packagePath("..", "shared", "models", "vww_96_int8", "model.tflite");

/** Codes of the problems that a call reports. */
function codes(call: () => unknown): string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error.problems.map((problem) => problem.code);
    throw error;
  }
  return [];
}

describe("modelPath", () => {
  it("takes what exists or ends like a model for a path, the rest for a name", () => {
    expect(modelPath("absent.tflite")).toBe("absent.tflite");
    expect(modelPath("absent.ONNX")).toBe("absent.ONNX");
    expect(modelPath(packagePath("package.json"))).toBe(packagePath("package.json"));
    expect(modelPath(small)).toBeUndefined();
    expect(modelPath("pictures")).toBe(picturesModelPath());
  });
});

it("takes names of classes and what is said of pictures as plain data", () =>
  inTemporaryFolder((folder) => {
    const draft = new Draft();
    const x = draft.map("x", [1, 1, 1, 3], 1 / 128);
    const y = draft.operator(OperatorCode.RELU, [x], draft.map("y", [1, 1, 1, 3], 1 / 128));
    const path = join(folder, "net.tflite");
    writeFileSync(path, draft.write([x], [y]));
    const pictures = { mean: [1, 2, 3], channelOrder: "bgr", resize: "stretch" } as const;
    const graph = loadModel(path, { labels: ["cat", "dog", "owl"], pictures });
    expect(graph.labels).toEqual(["cat", "dog", "owl"]);
    expect(graph.preprocess).toEqual({
      mean: [3, 2, 1],
      std: [128, 128, 128],
      channelOrder: "bgr",
      resize: [1, 1],
    });
    writeFileSync(join(folder, "labels.txt"), "owl\nfox\ncow\n");
    expect(loadModel(path).labels).toEqual(["owl", "fox", "cow"]);
    expect(codes(() => loadModel(path, { labels: ["cat"] }))).toEqual(["label-count"]);
    expect(codes(() => loadModel(path, { pictures: { std: [0, 1], resize: [0, 1] } }))).toEqual([
      "bad-option",
      "bad-option",
    ]);
  }));

describe("loadModel", () => {
  it("builds a network of the zoo", () => {
    const graph = loadModel(small);
    expect(graph.maps.get(graph.input)).toMatchObject({ height: 32, width: 32, channels: 3 });
    expect(graph.parameters).toBe(467593);
  });

  it("gives a zoo network other weights for another seed and the same for the same", () => {
    const weights = (seed: number) => {
      const node = loadModel(small, { seed }).nodes[0];
      return node?.kind === "conv" ? Array.from(node.weights) : [];
    };
    expect(weights(7)).toEqual(weights(7));
    expect(weights(7)).not.toEqual(weights(8));
    expect(weights(7).length).toBeGreaterThan(0);
  });

  it("refuses unknown names, missing files and folders", () =>
    inTemporaryFolder((folder) => {
      expect(codes(() => loadModel("mobilenet-v9"))).toEqual(["unknown-network"]);
      expect(codes(() => loadModel(join(folder, "none.tflite")))).toEqual(["missing-file"]);
      expect(codes(() => loadModel(folder))).toEqual(["not-a-file"]);
    }));

  it.each(loadStages)("prints the graph after %s", (after) => {
    const printed: string[] = [];
    loadModel(small, { dump: { after, print: (text) => printed.push(text) } });
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(after === "quantise" ? /^integer graph / : /^graph /);
  });
});

it("prints the graph before the passes behind the stage", () =>
  inTemporaryFolder((folder) => {
    const draft = new Draft();
    const [input, output, unused] = [
      draft.map("in", [1, 4]),
      draft.map("out", [1, 4]),
      draft.map("unused", [1, 4]),
    ];
    draft.operator(OperatorCode.RELU, [input], output);
    draft.operator(OperatorCode.RELU, [input], unused);
    const model = join(folder, "two.tflite");
    writeFileSync(model, draft.write([input], [output]));
    const nodesAfter = (after: string): number => {
      let printed = "";
      const print = (text: string) => {
        printed = text;
      };
      loadModel(model, { dump: { after, print } });
      return printed.split(" = relu(").length - 1;
    };
    expect(nodesAfter("import")).toBe(2);
    expect(nodesAfter("dead-nodes")).toBe(1);
    expect(nodesAfter("fold-pad")).toBe(1);
  }));

describe.runIf(existsSync(vww))("class names beside a model", () => {
  /** Loads the two-class network from a folder that holds `files` as well. */
  const labelsWith = (files: Readonly<Record<string, string>>) =>
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, "m"));
      copyFileSync(vww, join(folder, "m", "model.tflite"));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "m", name), text);
      return loadModel(join(folder, "m", "model.tflite")).labels;
    });

  it.each([
    ["labels.txt", "empty\r\nperson\r\n"],
    ["labels.json", '["empty", "person"]'],
    ["meta.json", '{"class_names": ["empty", "person"]}'],
  ])("come from %s", async (name, text) => {
    expect(await labelsWith({ [name]: text })).toEqual(["empty", "person"]);
  });

  it("are those of the file whose count fits the network", async () => {
    expect(
      await labelsWith({ "labels.txt": "a\nb\nc\n", "meta.json": '{"class_names": ["x", "y"]}' }),
    ).toEqual(["x", "y"]);
    expect(await labelsWith({ "meta.json": '{"class_names": "see labels.csv"}' })).toBeUndefined();
  });

  it("refuses a file that is not JSON", async () => {
    await expect(labelsWith({ "labels.json": "[" })).rejects.toThrow("broken-labels");
  });
});
