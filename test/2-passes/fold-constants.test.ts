/** Constant arithmetic that no layer in front takes, and kernels that are written out: structure, and values as ONNX Runtime has them. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { generator, noise } from "../support/onnx-runtime.ts";

const next = generator(31);
const MAP = [1, 4, 6, 5];
const random = (count: number) => Array.from(noise(count, next));

/** Kinds of the nodes behind the passes, once they were found to compute what ONNX Runtime does. */
async function kindsOf(make: (draft: OnnxDraft) => void, shape = MAP, opset = 14): Promise<string[]> {
  const draft = new OnnxDraft(opset);
  draft.input("x", shape);
  make(draft);
  const graph = await agreeWithOnnx(draft, shape, next);
  return runPasses(graph).nodes.map((node) => (node.kind === "kernel" ? node.kernel.spec : node.kind));
}

const conv = (d: OnnxDraft, from: string, to: string, weights: readonly number[], attributes = {}) =>
  d.node(
    "Conv",
    [from, d.constant(`${to}/w`, weights, random(weights.reduce((a, b) => a * b, 1)))],
    to,
    attributes,
  );

describe("constant arithmetic", () => {
  const normalise = (d: OnnxDraft) => {
    d.node("Mul", ["x", d.constant("m", [], [2 / 255])], "a");
    d.node("Sub", ["a", d.constant("s", [1, 4, 1, 1], random(4))], "b");
    d.node("Div", ["b", d.constant("d", [4, 1, 1], [0.2, 0.3, 0.25, 2])], "n");
  };

  it("in front of a layer that does not pad is in its weights and bias", async () => {
    const plain = await kindsOf((d) => {
      normalise(d);
      conv(d, "n", "y", [6, 2, 3, 2], { group: 2 });
    });
    expect(plain).toEqual(["conv"]);
    const depthwise = await kindsOf((d) => {
      normalise(d);
      conv(d, "n", "y", [8, 1, 3, 2], { group: 4 });
    });
    expect(depthwise).toEqual(["depthwise"]);
  });

  it("in front of a layer that pads is one normalisation where it adds, and in the weights where it does not", async () => {
    const pads = { pads: [1, 1, 0, 1] };
    const shifted = await kindsOf((d) => {
      normalise(d);
      conv(d, "n", "y", [6, 4, 3, 3], pads);
    });
    expect(shifted).toEqual(["batch-norm", "conv"]);
    const scaled = await kindsOf((d) => {
      d.node("Mul", ["x", d.constant("m", [4, 1, 1], random(4))], "a");
      conv(d, "a", "y", [6, 4, 3, 3], pads);
    });
    expect(scaled).toEqual(["conv"]);
  });

  it("on a vector is in the weights and bias of the layer behind, or one normalisation", async () => {
    const dense = (d: OnnxDraft, from: string, to: string) =>
      d.node(
        "Gemm",
        [from, d.constant(`${to}/w`, [3, 6], random(18)), d.constant(`${to}/b`, [3], random(3))],
        to,
        {
          transB: 1,
        },
      );
    const shifted = (d: OnnxDraft, from: string, to: string) => {
      d.node("Sub", [from, d.constant(`${to}/s`, [6], random(6))], `${to}/a`);
      d.node("Div", [`${to}/a`, d.constant(`${to}/d`, [6], [0.2, 0.3, 0.25, 2, 4, 1])], to);
    };
    const first = await kindsOf(
      (d) => {
        shifted(d, "x", "n");
        dense(d, "n", "y");
      },
      [1, 6],
    );
    expect(first).toEqual(["dense"]);
    const last = await kindsOf(
      (d) => {
        d.node("Relu", ["x"], "r");
        shifted(d, "r", "y");
      },
      [1, 6],
    );
    expect(last).toEqual(["relu", "batch-norm"]);
  });

  it("in front of a flattening is in the weights of the fully connected layer", async () => {
    const kinds = await kindsOf((d) => {
      d.node("Mul", ["x", d.constant("m", [4, 1, 1], random(4))], "a");
      d.node("Flatten", ["a"], "f");
      d.node("Gemm", ["f", d.constant("w", [3, 120], random(360))], "y", { transB: 1 });
    });
    expect(kinds.slice(-1)).toEqual(["dense"]);
  });

  it("stays where the map has other readers or is a result", async () => {
    const twice = await kindsOf((d) => {
      normalise(d);
      conv(d, "n", "c", [4, 4, 1, 1]);
      d.node("Add", ["n", "c"], "y");
    });
    expect(twice).toEqual(["batch-norm", "conv", "add"]);
    expect(await kindsOf((d) => d.node("Sub", [d.constant("k", [], [3]), "x"], "y"))).toEqual(["batch-norm"]);
  });

  it("of another value for each pixel stays as it is", async () => {
    const kinds = await kindsOf((d) => {
      d.node("Add", ["x", d.constant("k", MAP, random(120))], "y");
    });
    expect(kinds).toEqual(["add"]);
  });

  it("on [N, H, W, C] before the transposition, of one BatchNormalization behind it", async () => {
    const draft = new OnnxDraft();
    draft.node("Mul", [draft.input("x", [1, 6, 5, 4]), draft.constant("m", [4], random(4))], "a");
    draft.node("Transpose", ["a"], "t", { perm: [0, 3, 1, 2] });
    const parts = ["g", "o", "u"].map((name) => draft.constant(name, [4], random(4)));
    draft.node("BatchNormalization", ["t", ...parts, draft.constant("v", [4], [1, 2, 3, 4])], "n");
    conv(draft, "n", "y", [3, 4, 2, 2]);
    const graph = await agreeWithOnnx(draft, [1, 6, 5, 4], next);
    expect(graph.tensors.get(graph.inputs[0]!)?.shape).toEqual([1, 6, 5, 4]);
    expect(runPasses(graph).nodes.map(({ kind }) => kind)).toEqual(["conv"]);
  });
});

describe("Clip of any limits", () => {
  it.each([
    [0, 1],
    [-0.5, 0.25],
    [0.125, Infinity],
    [-Infinity, 0.25],
  ])("%d .. %d", async (low, high) => {
    const kinds = await kindsOf((d) => {
      conv(d, "x", "c", [4, 4, 1, 1]);
      const limits = [low, high].map((limit, i) =>
        Number.isFinite(limit) ? d.constant(`l${i}`, [], [limit]) : "",
      );
      d.node("Clip", ["c", ...limits], "k");
      conv(d, "k", "y", [2, 4, 2, 2]);
    });
    expect(kinds).toEqual(["conv", "conv"]);
  });
});

it("HardSigmoid of ONNX's own default is a Clip behind a factor", async () => {
  const kinds = await kindsOf((d) => {
    conv(d, "x", "c", [4, 4, 1, 1]);
    d.node("HardSigmoid", ["c"], "h", { beta: { float: 0.25 } });
    conv(d, "h", "y", [2, 4, 2, 2]);
  });
  expect(kinds).toEqual(["conv", "conv"]);
});

describe("kernels that are written out", () => {
  const gate = (d: OnnxDraft) => {
    d.node("Add", [d.constant("three", [], [3]), "x"], "p");
    d.node("Clip", ["p", d.constant("zero", [], [0]), d.constant("six", [], [6])], "c");
  };
  const sixth = (d: OnnxDraft, from: string, to: string) =>
    d.node("Mul", [from, d.constant(`${to}/6`, [], [1 / 6])], to);
  const cases: [string, string, (d: OnnxDraft) => void][] = [
    [
      "x * clip(x + 3, 0, 6) / 6",
      "hard-swish",
      (d) => {
        gate(d);
        d.node("Mul", ["x", "c"], "m");
        d.node("Div", ["m", d.constant("k", [], [6])], "y");
      },
    ],
    [
      "x * (clip(x + 3, 0, 6) / 6)",
      "hard-swish",
      (d) => {
        gate(d);
        sixth(d, "c", "g");
        d.node("Mul", ["g", "x"], "y");
      },
    ],
    [
      "(x / 6) * clip(x + 3, 0, 6)",
      "hard-swish",
      (d) => {
        gate(d);
        sixth(d, "x", "g");
        d.node("Mul", ["g", "c"], "y");
      },
    ],
    [
      "x * HardSigmoid(x)",
      "hard-swish",
      (d) => {
        d.node("HardSigmoid", ["x"], "g", { alpha: { float: 1 / 6 } });
        d.node("Mul", ["x", "g"], "y");
      },
    ],
    [
      "clip(x + 3, 0, 6) / 6",
      "hard-sigmoid",
      (d) => {
        gate(d);
        sixth(d, "c", "y");
      },
    ],
    [
      "clip(x / 6 + 0.5, 0, 1)",
      "hard-sigmoid",
      (d) => {
        sixth(d, "x", "g");
        d.node("Add", ["g", d.constant("half", [], [0.5])], "p");
        d.node("Clip", ["p", d.constant("zero", [], [0]), d.constant("one", [], [1])], "y");
      },
    ],
  ];
  it.each(cases)("%s is %s", async (_, kernel, make) => {
    expect(await kindsOf(make)).toEqual([kernel]);
  });

  it("are left alone with other numbers", async () => {
    const kinds = await kindsOf((d) => {
      gate(d);
      d.node("Mul", ["x", "c"], "m");
      d.node("Div", ["m", d.constant("k", [], [5])], "y");
    });
    expect(kinds).toEqual(["batch-norm", "relu6", "mul", "batch-norm"]);
  });
});
