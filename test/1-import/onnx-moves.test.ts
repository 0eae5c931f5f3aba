/** Operators that take, repeat or weave pixels and channels, against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/ir/graph.ts";
import { elements } from "../../src/ir/shapes.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";
import { ScaleDraft } from "../support/scale-draft.ts";

const next = generator(77);
const MAP = [1, 8, 6, 4];
type Attributes = Readonly<Record<string, AttributeValue>>;

const whole = (draft: OnnxDraft, name: string, values: readonly number[]) =>
  draft.constant(name, [values.length], values, "int64");
const kinds = ({ nodes }: Graph) => nodes.map(({ kind }) => kind);

/** One operator on a map, with constants behind it. */
function drafted(
  opset: number,
  operator: string,
  attributes: Attributes,
  rest: (draft: OnnxDraft) => string[],
) {
  const draft = new OnnxDraft(opset);
  draft.node(operator, [draft.input("x", MAP), ...rest(draft)], "y", attributes);
  return draft;
}

describe("Resize and Upsample", () => {
  const resized = (opset: number, attributes: Attributes, scales: number[] | null, sizes?: number[]) =>
    drafted(opset, "Resize", attributes, (draft) => [
      ...(opset < 11 ? [] : [opset < 13 ? draft.constant("roi", [0], []) : ""]),
      ...(scales
        ? [draft.constant("scales", [scales.length], scales)]
        : sizes
          ? [opset < 13 ? "roi" : ""]
          : []),
      ...(sizes ? [whole(draft, "sizes", sizes)] : []),
    ]);
  const rules = [
    ["asymmetric", "floor"],
    ["half_pixel", "round_prefer_floor"],
    ["half_pixel", "round_prefer_ceil"],
    ["pytorch_half_pixel", "round_prefer_floor"],
    ["tf_half_pixel_for_nn", "floor"],
    ["half_pixel_symmetric", "round_prefer_ceil"],
  ] as const;

  it.each(rules)("%s with %s repeats pixels, by scales and by sizes", async (place, round) => {
    const opset = place === "tf_half_pixel_for_nn" ? 11 : 19;
    const attributes = { mode: "nearest", coordinate_transformation_mode: place, nearest_mode: round };
    for (const [down, across] of [
      [2, 2],
      [3, 1],
      [1, 4],
      [5, 3],
    ] as const) {
      const scaled = await agreeWithOnnx(resized(opset, attributes, [1, 1, down, across]), MAP, next);
      expect(scaled.nodes).toMatchObject([{ kind: "repeat", factor: [down, across] }]);
      const sized = resized(opset, attributes, null, [1, 8, 6 * down, 4 * across]);
      expect(kinds(await agreeWithOnnx(sized, MAP, next))).toEqual(["repeat"]);
    }
  });

  it("leaves pixels out, and does both", async () => {
    const floor = { coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    const half = await agreeWithOnnx(resized(13, floor, [1, 1, 0.5, 0.5]), MAP, next);
    expect(half.nodes).toMatchObject([{ kind: "slice", begin: [0, 0, 0, 0], stride: [1, 2, 2, 1] }]);
    const both = await agreeWithOnnx(resized(13, floor, [1, 1, 0.5, 2]), MAP, next);
    expect(kinds(both)).toEqual(["slice", "repeat"]);
    const ceil = { coordinate_transformation_mode: "half_pixel", nearest_mode: "round_prefer_floor" };
    const third = await agreeWithOnnx(resized(13, ceil, null, [1, 8, 2, 4]), MAP, next);
    expect(third.nodes).toMatchObject([{ kind: "slice", begin: [0, 1, 0, 0], stride: [1, 3, 1, 1] }]);
  });

  it("in its older forms, and for some axes", async () => {
    await agreeWithOnnx(resized(10, { mode: "nearest" }, [1, 1, 2, 3]), MAP, next);
    await agreeWithOnnx(resized(10, { mode: "nearest" }, [1, 1, 0.5, 1]), MAP, next);
    await agreeWithOnnx(resized(11, {}, [1, 1, 1, 1]), MAP, next);
    const corners = { coordinate_transformation_mode: "align_corners" };
    expect(kinds(await agreeWithOnnx(resized(13, corners, [1, 1, 2, 2]), MAP, next))).toEqual(["repeat"]);
    const attribute = drafted(7, "Upsample", { scales: { floats: [1, 1, 2, 2] } }, () => []);
    expect(attribute.import(["y"]).nodes).toMatchObject([{ kind: "repeat", factor: [2, 2] }]);
    const input = drafted(9, "Upsample", { mode: "nearest" }, (draft) => [
      draft.constant("scales", [4], [1, 1, 3, 2]),
    ]);
    expect(kinds(await agreeWithOnnx(input, MAP, next))).toEqual(["repeat"]);
    const axes = { axes: [-1, 2], coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    const some = await agreeWithOnnx(resized(18, axes, null, [8, 12]), MAP, next);
    expect(some.nodes).toMatchObject([{ kind: "repeat", factor: [2, 2] }]);
  });

  it.each([
    ["half_pixel", "half-pixel"],
    ["pytorch_half_pixel", "half-pixel"],
    ["half_pixel_symmetric", "half-pixel"],
    ["asymmetric", "asymmetric"],
    ["align_corners", "align-corners"],
  ])("linear, %s, by scales and by sizes", async (place, alignment) => {
    const attributes = { mode: "linear", coordinate_transformation_mode: place };
    for (const [down, across] of [
      [2, 2],
      [1.5, 4],
      [0.5, 3],
    ] as const) {
      const made = [{ kind: "resize-bilinear", alignment }];
      const scaled = await agreeWithOnnx(resized(19, attributes, [1, 1, down, across]), MAP, next);
      expect(scaled.nodes).toMatchObject(made);
      const sized = resized(19, attributes, null, [1, 8, 6 * down, 4 * across]);
      expect((await agreeWithOnnx(sized, MAP, next)).nodes).toMatchObject(made);
    }
    const sized = resized(13, attributes, null, [1, 8, 5, 7]);
    expect(kinds(await agreeWithOnnx(sized, MAP, next))).toEqual(["resize-bilinear"]);
  });

  it("linear in its older forms", async () => {
    const old = await agreeWithOnnx(resized(10, { mode: "linear" }, [1, 1, 2, 3]), MAP, next);
    expect(old.nodes).toMatchObject([{ alignment: "asymmetric" }]);
    const input = drafted(9, "Upsample", { mode: "linear" }, (draft) => [
      draft.constant("scales", [4], [1, 1, 3, 2]),
    ]);
    const upsampled = await agreeWithOnnx(input, MAP, next);
    expect(upsampled.nodes).toMatchObject([{ kind: "resize-bilinear", alignment: "asymmetric" }]);
    const same = resized(13, { mode: "linear" }, [1, 1, 1, 1]);
    expect(kinds(await agreeWithOnnx(same, MAP, next))).toEqual(["identity"]);
  });

  it.each([
    [{ mode: "cubic" }, [1, 1, 2, 2], "a resize, cubic"],
    [{ mode: "linear" }, [1, 2, 2, 2], "scales 1, 2, 2, 2, linear, half_pixel"],
    [{ mode: "linear" }, [1, 1, 1.25, 1], "scales 1, 1, 1.25, 1, linear, half_pixel"],
    [{ coordinate_transformation_mode: "align_corners" }, [1, 1, 3, 3], "align_corners"],
    [{ coordinate_transformation_mode: "tf_crop_and_resize" }, [1, 1, 2, 2], "tf_crop_and_resize"],
    [{}, [1, 1, 1.5, 1.5], "scales 1, 1, 1.5, 1.5"],
    [{}, [1, 2, 1, 1], "scales 1, 2, 1, 1"],
  ] as [Attributes, number[], string][])("refuses %j by %j", (attributes, scales, found) => {
    const draft = resized(13, attributes, scales);
    expect(problemsOf(() => draft.import(["y"]))).toMatchObject([
      { code: "unsupported-attribute", found: expect.stringContaining(found) as string },
    ]);
  });
});

describe("Pad with what lies at the edges", () => {
  const padded = (opset: number, mode: string, pads: readonly number[], axes?: readonly number[]) =>
    drafted(opset, "Pad", opset < 11 ? { mode, pads } : { mode }, (draft) => [
      ...(opset < 11 ? [] : [whole(draft, "pads", pads)]),
      ...(axes ? ["", whole(draft, "axes", axes)] : []),
    ]);

  it.each(["reflect", "edge"])("%s, around rows and columns", async (mode) => {
    const graph = await agreeWithOnnx(padded(13, mode, [0, 0, 2, 3, 0, 0, 1, 3]), MAP, next);
    expect(kinds(graph).filter((kind) => kind === "concat")).toHaveLength(2);
    const old = await agreeWithOnnx(padded(9, mode, [0, 0, 0, 1, 0, 0, 0, 0]), MAP, next);
    expect(kinds(old)).toEqual(["slice", "concat"]);
    const some = await agreeWithOnnx(padded(18, mode, [1, 2, 0, 3], [-1, 2]), MAP, next);
    expect(kinds(some).filter((kind) => kind === "slice")).toHaveLength(6);
    expect(kinds(await agreeWithOnnx(padded(13, mode, Array<number>(8).fill(0)), MAP, next))).toEqual([
      "identity",
    ]);
  });

  it.each([
    ["wrap", [0, 0, 1, 1, 0, 0, 1, 1], "unsupported-attribute", "mode wrap"],
    ["reflect", [0, 0, 6, 0, 0, 0, 0, 0], "invalid-attribute", "pads of 6 and 0 around [1, 8, 6, 4]"],
    ["edge", [0, 1, 0, 0, 0, 0, 0, 0], "unsupported-attribute", "pads 0, 1, 0, 0, 0, 0, 0, 0"],
  ])("refuses %s by %j", (mode, pads, code, found) => {
    expect(problemsOf(() => padded(19, mode, pads).import(["y"]))).toMatchObject([{ code, found }]);
  });
});

describe("Slice", () => {
  it("of rows, columns and channels, counted from the end too", async () => {
    const input = drafted(13, "Slice", {}, (draft) => [
      whole(draft, "starts", [1, -5, 0]),
      whole(draft, "ends", [7, 2 ** 31 - 1, 3]),
      whole(draft, "axes", [1, 2, -1]),
      whole(draft, "steps", [3, 2, 1]),
    ]);
    const graph = await agreeWithOnnx(input, MAP, next);
    expect(graph.nodes).toMatchObject([{ kind: "slice", begin: [0, 1, 0, 1], stride: [1, 2, 1, 3] }]);
    const old = drafted(9, "Slice", { starts: [0, 2], ends: [1, -2], axes: [0, 1] }, () => []);
    expect(kinds(await agreeWithOnnx(old, MAP, next))).toEqual(["slice"]);
  });

  it("refuses steps backwards and nothing at all", () => {
    for (const [start, end, step] of [
      [-1, -9, -1],
      [4, 2, 1],
    ] as const) {
      const draft = drafted(13, "Slice", {}, (d) => [
        ...[whole(d, "s", [start]), whole(d, "e", [end]), whole(d, "a", [1]), whole(d, "t", [step])],
      ]);
      expect(problemsOf(() => draft.import(["y"]))[0]!.code).toBe("unsupported-attribute");
    }
  });
});

describe("Split", () => {
  const joined = (opset: number, attributes: Attributes, count: number, sizes?: number[]) => {
    const draft = new OnnxDraft(opset);
    const parts = Array.from({ length: count }, (_, i) => `p${i}`);
    const rest = sizes && opset >= 13 ? [whole(draft, "sizes", sizes)] : [];
    draft.node("Split", [draft.input("x", MAP), ...rest], parts, attributes);
    draft.node("Concat", parts.toReversed(), "y", { axis: 1 });
    return draft;
  };

  it("of channels, by sizes, in equal parts, and with a smaller last one", async () => {
    const graph = await agreeWithOnnx(joined(13, { axis: 1 }, 3, [1, 5, 2]), MAP, next);
    expect(kinds(graph)).toEqual(["slice", "slice", "slice", "concat"]);
    await agreeWithOnnx(joined(11, { axis: -3, split: [3, 5] }, 2), MAP, next);
    await agreeWithOnnx(joined(13, { axis: 1 }, 4), MAP, next);
    await agreeWithOnnx(joined(18, { axis: 1, num_outputs: 3 }, 3), MAP, next);
  });

  it("refuses sizes that do not add up", () => {
    const draft = joined(13, { axis: 1 }, 2, [3, 4]);
    expect(problemsOf(() => draft.import(["y"]))).toMatchObject([{ code: "invalid-attribute" }]);
  });
});

describe("DepthToSpace and SpaceToDepth", () => {
  it.each(["DCR", "CRD"])("%s", async (mode) => {
    const draft = drafted(13, "DepthToSpace", { blocksize: 2, mode }, () => []);
    const graph = await agreeWithOnnx(draft, MAP, next);
    expect(kinds(graph)).toEqual(["slice", "slice", "slice", "slice", "interleave"]);
  });

  it("are each other's inverse", async () => {
    const draft = drafted(13, "SpaceToDepth", { blocksize: 2 }, () => []);
    expect(kinds(await agreeWithOnnx(draft, MAP, next)).at(-1)).toBe("concat");
    const bad = drafted(13, "SpaceToDepth", { blocksize: 4 }, () => []);
    expect(problemsOf(() => bad.import(["y"]))).toMatchObject([{ code: "invalid-attribute" }]);
  });
});

/** x -> DequantizeLinear -> perhaps a Relu -> operator -> QuantizeLinear -> y. */
function quantised(
  operator: string,
  attributes: Attributes,
  outScale: number,
  rest: number[][] = [],
  first?: "Relu",
) {
  const draft = new OnnxDraft(13);
  const scale = (name: string, value: number, zero: number) => [
    draft.constant(`${name}/s`, [], [value]),
    draft.constant(`${name}/z`, [], [zero], "int8"),
  ];
  draft.node("DequantizeLinear", [draft.input("x", MAP, "int8"), ...scale("in", 0.021, -7)], "xf");
  const constants = rest.map((values, i) => whole(draft, `c${i}`, values));
  const input = first ? draft.node(first, ["xf"], "first") : "xf";
  draft.node(operator, [input, ...constants], "yf", attributes);
  draft.node("QuantizeLinear", ["yf", ...scale("out", outScale, -7)], "y");
  return draft;
}

describe("between DequantizeLinear and QuantizeLinear", () => {
  it.each([0.021, 0.0213])("all stay on integers, scale 0.021 to %f", async (scale) => {
    const slices = [[1], [7], [1], [2]];
    for (const [operator, attributes, rest] of [
      ["DepthToSpace", { blocksize: 2 }, []],
      ["SpaceToDepth", { blocksize: 2 }, []],
      ["Slice", {}, slices],
    ] as [string, Attributes, number[][]][]) {
      const draft = quantised(operator, attributes, scale, rest);
      const { different, graph } = await compareWithOnnx(draft, MAP, "int8", next);
      expect(different).toBe(0);
      expect(graph.nodes.map(({ kind }) => kind)).not.toContain("dequantize");
    }
  });
});

describe("copies, signs and maxima of maps", () => {
  it.each([
    ["Tile", {}, [[1, 2, 1, 3]], 1152],
    ["Tile", {}, [[1, 1, 2, 2]], 768],
    ["Gather", { axis: 1 }, [[3, 4, -1, 0, 0]], 120],
    ["Gather", { axis: -1 }, [[2, 1]], 96],
    ["Neg", {}, [], 192],
    ["Abs", {}, [], 192],
    ["ReduceMax", { axes: [2, 3] }, [], 8],
    ["ReduceMax", { axes: [-1], keepdims: 0 }, [], 48],
    ["ReduceMax", { axes: [1] }, [], 24],
    ["ReduceMax", { axes: [1, 2, 3], keepdims: 0 }, [], 1],
  ] as [string, Attributes, number[][], number][])("%s %j %j", async (operator, attributes, rest, count) => {
    for (const scale of [0.021, 0.0317]) {
      const draft = quantised(operator, attributes, scale, rest);
      const { different, graph, values } = await compareWithOnnx(draft, MAP, "int8", next);
      expect({ different, values }).toEqual({ different: 0, values: 100 * count });
      expect(graph.nodes.map(({ kind }) => kind)).not.toContain("dequantize");
    }
    const float = drafted(13, operator, attributes, (d) => rest.map((list, i) => whole(d, `c${i}`, list)));
    await agreeWithOnnx(float, MAP, next);
  });

  it("Expand of a pixel, as gates are expanded before they are multiplied", async () => {
    const draft = new OnnxDraft();
    const gate = draft.node("GlobalAveragePool", [draft.input("x", MAP)], "gate");
    const expanded = draft.node("Expand", [gate, whole(draft, "to", MAP)], "whole");
    draft.node("Mul", ["x", expanded], "y");
    expect(kinds(await agreeWithOnnx(draft, MAP, next))).toEqual(["mean", "repeat", "mul"]);
  });

  it("one element of an axis leaves the axis out", async () => {
    const draft = new OnnxDraft();
    draft.node("Gather", [draft.input("x", MAP), draft.constant("i", [], [3], "int64")], "one", { axis: 1 });
    draft.node("Unsqueeze", ["one", whole(draft, "axes", [1])], "y");
    await agreeWithOnnx(draft, MAP, next);
  });
});

describe("outputs are given in the file's own order", () => {
  it.each([
    ["Flatten", { axis: 1 }, []],
    ["Flatten", { axis: 2 }, []],
    ["Reshape", {}, [[1, 2, 4, 6, 4]]],
    ["Reshape", {}, [[8, 24]]],
    ["Transpose", { perm: [0, 2, 3, 1] }, []],
    ["Transpose", { perm: [0, 3, 1, 2] }, []],
    ["Transpose", { perm: [3, 1, 0, 2] }, []],
    ["Relu", {}, []],
  ] as [string, Attributes, number[][]][])("%s %j %j", async (operator, attributes, rest) => {
    // what is no node needs one between the two conversions
    const first = operator === "Relu" || attributes.axis === 1 ? undefined : "Relu";
    const { different, graph, values } = await compareWithOnnx(
      quantised(operator, attributes, 0.021, rest, first),
      MAP,
      "int8",
      next,
    );
    expect({ different, values }).toEqual({ different: 0, values: 100 * elements(MAP) });
    const isAsStored = operator === "Transpose" && (attributes.perm as number[])[1] === 2;
    expect(graph.outputOrders === undefined).toBe(isAsStored);
  });

  it.each([
    ["anchors apart", [1, 4, 2, 4, 6], [0, 1, 3, 4, 2], []],
    ["anchors apart and flattened", [1, 4, 2, 4, 6], [0, 1, 3, 4, 2], [1, 96, 2]],
    ["anchors together", [1, 4, 2, 24], [0, 3, 2, 1], []],
    ["other axes", [4, 8, 6], [1, 0, 2], [1, 8, 24]],
    ["of six axes", [1, 2, 2, 2, 2, 12], [4, 2, 5, 0, 3, 1], []],
  ] as const)("of %s: %j transposed by %j", async (_, split, perm, last) => {
    const draft = new ScaleDraft("int8", 0.021, 0.021, MAP, next);
    const conv = draft.node("Conv", [draft.real(), draft.weights("w", [8, MAP[1]!, 1, 1], 0.01)], "conv");
    const map = draft.through(conv, draft.scale(0.05, 3));
    const list = (values: readonly number[]) =>
      draft.constant(`shape${values.length}`, [values.length], values, "int64");
    const apart = draft.node("Transpose", [draft.node("Reshape", [map, list(split)], "split")], "apart", {
      perm,
    });
    const whole = last.length > 0 ? draft.node("Reshape", [apart, list(last)], "whole") : apart;
    draft.node("QuantizeLinear", [whole, ...draft.scale(0.05, 3)], "y");
    const { different, values } = await compareWithOnnx(draft, MAP, "int8", next);
    expect({ different, values }).toEqual({ different: 0, values: 100 * 192 });
  });

  it("refuses one that is in no order of a map's axes", () => {
    const draft = quantised("Reshape", {}, 0.021, [[1, 4, 8, 6]]);
    draft.node("Transpose", ["y"], "z", { perm: [0, 2, 1, 3] });
    draft.node("Reshape", ["z", draft.constant("other", [3], [6, 4, 8], "int64")], "r");
    draft.node("Transpose", ["r"], "end", { perm: [1, 0, 2] });
    expect(problemsOf(() => draft.import(["end"]))).toMatchObject([{ code: "unsupported-map" }]);
  });
});

describe("Pad", () => {
  it.each([
    ["constant", [0, 0, -1, 0, 0, 0, -2, -1], ["slice"]],
    ["constant", [0, 0, -1, 2, 0, 0, 1, -1], ["slice", "pad"]],
    ["edge", [0, 0, -1, 0, 0, 0, 0, -2], ["slice"]],
    ["reflect", [0, 0, -2, 0, 0, 0, -1, -1], ["slice"]],
  ] as const)("in mode %s by %s crops where amounts are below zero", async (mode, pads, wanted) => {
    const draft = drafted(13, "Pad", { mode }, (d) => [whole(d, "pads", pads)]);
    expect(kinds(await agreeWithOnnx(draft, MAP, next))).toEqual(wanted);
  });
});

describe("Softmax", () => {
  it.each([
    [[1, 6, 1, 1], 2],
    [[1, 6, 4, 1], 3],
    [[1, 6, 4, 1], 2],
    [[1, 6, 1, 4], -2],
    [[1, 1, 4, 4], 1],
  ] as const)("of %s along axis %s", async (shape, axis) => {
    for (const opset of [11, 13]) {
      const draft = new OnnxDraft(opset);
      draft.node("Softmax", [draft.input("x", shape)], "y", { axis });
      await agreeWithOnnx(draft, shape, next);
    }
  });
});
