/** Constants that the network computes, from its own shapes too, and maps under other shapes, against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import { DataType } from "../../src/1-import/onnx/schema.ts";
import { elements } from "../../src/ir/shapes.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { OnnxDraft, tensor } from "../support/onnx-draft.ts";
import { generator, noise, runOnnx } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";

const next = generator(4321);
const random = (count: number) => Array.from(noise(count, next));
const MAP = [1, 3, 4, 5];
type Attributes = Readonly<Record<string, AttributeValue>>;

/** Names and values of int64 constants. */
const whole = (draft: OnnxDraft, name: string, values: readonly number[], shape = [values.length]) =>
  draft.constant(name, shape, values, "int64");

describe("constants are computed as ONNX Runtime does", () => {
  type Operand = readonly [readonly number[], readonly number[], "float32" | "int64"];
  const floats: Operand = [[2, 3], [1.5, -2.25, 0.5, 4, -1, 0.125], "float32"];
  const row: Operand = [[3], [2, -0.5, 8], "float32"];
  const ints: Operand = [[2, 3], [7, -7, 5, 0, 12, -3], "int64"];
  const divisors: Operand = [[1, 3], [2, 2, -4], "int64"];
  const list = (...values: number[]): Operand => [[values.length], values, "int64"];
  const none: Attributes = {};
  const cases: [string, Attributes, Operand[], number?][] = [
    ["Add", none, [floats, row]],
    ["Sub", none, [row, floats]],
    ["Mul", none, [ints, divisors]],
    ["Div", none, [ints, divisors]],
    ["Div", none, [floats, row]],
    ["Pow", none, [floats, [[], [2], "float32"]]],
    ["Max", none, [floats, row, floats]],
    ["Min", none, [ints, divisors]],
    ["Sum", none, [floats, row, row]],
    ["Neg", none, [ints]],
    ["Abs", none, [floats]],
    ["Floor", none, [floats]],
    ["Ceil", none, [floats]],
    ["Sqrt", none, [[[2], [4, 2], "float32"]]],
    ["Reciprocal", none, [row]],
    ["Equal", none, [ints, [[], [5], "int64"]]],
    ["Less", none, [ints, divisors]],
    ["GreaterOrEqual", none, [ints, divisors]],
    ["Gather", { axis: 1 }, [ints, list(2, -3, 1)]],
    ["Gather", none, [list(4, 5, 6), [[], [-1], "int64"]]],
    ["Slice", none, [ints, list(1, -1), list(-9, 2 ** 31 - 1), list(1, 0), list(-1, 1)]],
    ["Slice", { starts: [1], ends: [9], axes: [-1] }, [ints], 9],
    ["Concat", { axis: -1 }, [ints, ints]],
    ["Expand", none, [divisors, list(2, 1)]],
    ["Tile", none, [ints, list(2, 1)]],
    [
      "Range",
      none,
      [
        [[], [7], "int64"],
        [[], [-2], "int64"],
        [[], [-3], "int64"],
      ],
    ],
    ["ConstantOfShape", none, [list(2, 2)]],
    ["ConstantOfShape", { value: { tensor: tensor("", [1], [7], "int64") } }, [list(3)]],
    ["Cast", { to: DataType.INT64 }, [floats]],
    ["Cast", { to: DataType.BOOL }, [ints]],
    ["ReduceProd", { axes: [1], keepdims: 0 }, [ints]],
    ["ReduceMax", { axes: [-2] }, [floats]],
    ["ReduceSum", { keepdims: 1 }, [ints, list(0)]],
    ["Shape", { start: -1 }, [ints], 15],
    ["Size", none, [ints]],
  ];
  it.each(cases)("%s %j", async (operator, attributes, operands, opset = 13) => {
    // The result as floats is added to a map, whose shape it has.
    const make = (target: readonly number[]) => {
      const draft = new OnnxDraft(opset);
      const names = operands.map((operand, i) => draft.constant(`c${i}`, ...operand));
      draft.node(operator, names, "r", attributes);
      draft.node("Cast", ["r"], "c", { to: DataType.FLOAT });
      draft.node("Reshape", ["c", whole(draft, "flat", [1, -1])], "f");
      draft.node("Add", [draft.input("x", target), "f"], "y");
      return draft;
    };
    const probe = make([1, 1]);
    const wanted = await runOnnx(probe.write(["y"]), new Float32Array(1), [1, 1]);
    const target = [1, wanted.length];
    const flat = make(target);
    const graph = flat.import(["y"]);
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(["add"]);
    const constant = [...graph.tensors.values()].find(({ data }) => data);
    expect(Array.from(constant?.data as Float32Array)).toEqual(Array.from(wanted));
  });

  // a gigabyte of constants takes its time on some machines
  it("and are refused where they would be too large, or divide by 0", () => {
    const found = (make: (draft: OnnxDraft) => void) => {
      const draft = new OnnxDraft();
      make(draft);
      draft.node("Relu", [draft.input("x", MAP)], "y");
      return problemsOf(() => draft.import(["y"])).map(({ code, found: what }) => `${code} ${what}`);
    };
    expect(found((d) => d.node("ConstantOfShape", [whole(d, "s", [1 << 16, 1 << 16])], "big"))).toEqual([
      "unsupported-shape a constant [65536, 65536]",
    ]);
    expect(
      found((d) => {
        for (let i = 0; i < 5; i++) d.node("ConstantOfShape", [whole(d, `s${i}`, [1 << 26])], `big${i}`);
      }),
    ).toEqual(["unsupported-shape a constant [67108864]"]);
    expect(found((d) => d.node("Div", [whole(d, "a", [1]), whole(d, "b", [0])], "q"))).toEqual([
      "corrupt-file a division of whole numbers by 0",
    ]);
    expect(found((d) => d.node("Gather", [whole(d, "a", [1]), whole(d, "b", [3])], "q"))).toEqual([
      "shape-mismatch indices 3 of 1 elements",
    ]);
  }, 60_000);
});

describe("shapes", () => {
  it("of maps fold: Shape, Gather, Unsqueeze, Concat, Reshape, before Gemm", async () => {
    const draft = new OnnxDraft(11);
    const x = draft.input("x", ["N", 3, 4, 5]);
    draft.node("Shape", [x], "s");
    draft.node("Gather", ["s", whole(draft, "zero", [0], [])], "g");
    draft.node("Unsqueeze", ["g"], "u", { axes: [0] });
    draft.node("Concat", ["u", whole(draft, "rest", [-1])], "t", { axis: 0 });
    draft.node("Reshape", [x, "t"], "r");
    draft.node("Gemm", ["r", draft.constant("w", [60, 4], random(240))], "y");
    await agreeWithOnnx(draft, MAP, next);
  });

  it("weights of ConstantOfShape", async () => {
    const draft = new OnnxDraft();
    const fill = { value: { tensor: tensor("", [1], [0.25], "float32") } };
    draft.node("ConstantOfShape", [whole(draft, "s", [2, 3, 1, 1])], "w", fill);
    draft.node("Conv", [draft.input("x", MAP), "w"], "y");
    await agreeWithOnnx(draft, MAP, next);
  });

  const chains: [string, readonly number[], (d: OnnxDraft) => string][] = [
    [
      "two Squeezes, one axis each",
      MAP,
      (d) => {
        d.node("GlobalAveragePool", ["x"], "g");
        d.node("Squeeze", ["g", whole(d, "a3", [3])], "s3");
        return d.node("Squeeze", ["s3", whole(d, "a2", [-1])], "s2");
      },
    ],
    [
      "five dimensions and back",
      MAP,
      (d) => {
        d.node("Reshape", ["x", whole(d, "five", [1, 3, 2, 2, 5])], "a");
        d.node("Relu", ["a"], "b");
        d.node("Reshape", ["b", whole(d, "four", [1, 3, 4, 5])], "c");
        d.node("Conv", ["c", d.constant("v", [2, 3, 1, 1], random(6))], "d");
        return d.node("Flatten", ["d"], "e");
      },
    ],
    [
      "Flatten of axis 2, then everything",
      MAP,
      (d) => {
        d.node("Flatten", ["x"], "a", { axis: 2 });
        d.node("Sigmoid", ["a"], "b");
        return d.node("Reshape", ["b", whole(d, "all", [1, -1])], "c");
      },
    ],
    [
      "means over one axis after the other, without them",
      MAP,
      (d) => {
        d.node("ReduceMean", ["x"], "a", { axes: [3], keepdims: 0 });
        return d.node("ReduceMean", ["a"], "b", { axes: [2], keepdims: 0 });
      },
    ],
    [
      "means over one axis after the other, keeping them",
      MAP,
      (d) => {
        d.node("ReduceMean", ["x"], "a", { axes: [-2] });
        d.node("ReduceMean", ["a"], "b", { axes: [3] });
        return d.node("Flatten", ["b"], "c");
      },
    ],
    [
      "a mean over height alone",
      MAP,
      (d) => {
        d.node("ReduceMean", ["x"], "a", { axes: [2] });
        return d.node("Flatten", ["a"], "c");
      },
    ],
    [
      "a mean of a map [N, H, W, C]",
      MAP,
      (d) => {
        d.node("Relu", ["x"], "r");
        d.node("Transpose", ["r"], "t", { perm: [0, 2, 3, 1] });
        return d.node("ReduceMean", ["t"], "m", { axes: [1, 2], keepdims: 0 });
      },
    ],
    [
      "an input of one channel, [N, H, W, C], reshaped",
      [1, 4, 5, 1],
      (d) => {
        d.node("Reshape", ["x", whole(d, "s", [1, 1, 4, 5])], "r");
        d.node("Conv", ["r", d.constant("v", [3, 1, 2, 2], random(12))], "c");
        return d.node("Flatten", ["c"], "f");
      },
    ],
    [
      "an input of one channel that leaves it out",
      [1, 4, 5],
      (d) => {
        d.node("Unsqueeze", ["x", whole(d, "a", [1])], "u");
        d.node("Conv", ["u", d.constant("v", [3, 1, 2, 2], random(12))], "c");
        return d.node("Flatten", ["c"], "f");
      },
    ],
    [
      "a vector that is a map [N, H, W, C]",
      [1, 60],
      (d) => {
        d.node("Reshape", ["x", whole(d, "s", [1, 4, 5, 3])], "r");
        return d.node("ReduceMean", ["r"], "m", { axes: [1, 2], keepdims: 0 });
      },
    ],
    [
      "Softmax of a vector in three dimensions",
      MAP,
      (d) => {
        d.node("GlobalAveragePool", ["x"], "g");
        d.node("Squeeze", ["g", whole(d, "a", [3])], "s");
        d.node("Softmax", ["s"], "p", { axis: 1 });
        return d.node("Flatten", ["p"], "f");
      },
    ],
    [
      "a transposition in five dimensions, of channels only, undone",
      MAP,
      (d) => {
        d.node("Reshape", ["x", whole(d, "five", [1, 3, 1, 4, 5])], "a");
        d.node("Transpose", ["a"], "b", { perm: [0, 2, 1, 3, 4] });
        d.node("Reshape", ["b", whole(d, "four", [1, 3, 4, 5])], "c");
        return d.node("Flatten", ["c"], "f");
      },
    ],
  ];
  it.each(chains)("%s", async (_, shape, chain) => {
    const draft = new OnnxDraft();
    draft.input("x", shape);
    const flat = chain(draft);
    const values = await runOnnx(draft.write([flat]), new Float32Array(elements(shape)), shape);
    draft.node("Gemm", [flat, draft.constant("w", [values.length, 4], random(4 * values.length))], "y");
    await agreeWithOnnx(draft, shape, next);
  });

  it("MatMul over the channels of a map [N, H, W, C] is a convolution", async () => {
    const draft = new OnnxDraft();
    draft.node("Transpose", [draft.input("x", MAP)], "t", { perm: [0, 2, 3, 1] });
    draft.node("MatMul", ["t", draft.constant("w", [3, 6], random(18))], "m");
    draft.node("Add", ["m", draft.constant("b", [6], random(6))], "a");
    draft.node("Transpose", ["a"], "y", { perm: [0, 3, 1, 2] });
    const graph = await agreeWithOnnx(draft, MAP, next);
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(["conv", "add"]);
  });

  it("MatMul of a vector in three dimensions", async () => {
    const draft = new OnnxDraft();
    draft.node("Unsqueeze", [draft.input("x", [1, 6]), whole(draft, "a", [1])], "u");
    draft.node("MatMul", ["u", draft.constant("w", [6, 3], random(18))], "m");
    draft.node("Add", ["m", draft.constant("b", [3], random(3))], "n");
    draft.node("Squeeze", ["n", "a"], "y");
    await agreeWithOnnx(draft, [1, 6], next);
  });

  it("maps broadcast: a value for each channel, in either order", async () => {
    const draft = new OnnxDraft();
    draft.node("GlobalAveragePool", [draft.input("x", MAP)], "g");
    draft.node("Sigmoid", ["g"], "s");
    draft.node("Mul", ["s", "x"], "m");
    draft.node("Sub", ["m", "g"], "y");
    await agreeWithOnnx(draft, MAP, next);
  });

  it("Sum of one, and of three", async () => {
    const draft = new OnnxDraft();
    draft.node("Sum", [draft.input("x", MAP)], "a");
    draft.node("Sigmoid", ["a"], "b");
    draft.node("Sum", ["a", draft.constant("c", [3, 1, 1], random(3)), "b"], "y");
    await agreeWithOnnx(draft, MAP, next);
  });
});
