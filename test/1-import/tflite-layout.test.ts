/** Transpositions in TFLite files: the order of axes takes them over, and values stay those of the file. */
import { describe, expect, it } from "vitest";
import {
  BinaryField,
  ConcatenationField,
  OperatorCode,
  OptionsType,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { codesOf, problemsOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

const FIRST = [0, 3, 1, 2];
const LAST = [0, 2, 3, 1];

/** A float network whose maps are made one after the other. */
class Network {
  readonly draft = new Draft("float32");
  readonly input: number;

  constructor(shape: readonly number[]) {
    this.input = this.draft.map("in", shape);
  }

  step(
    code: number,
    inputs: readonly number[],
    shape: readonly number[],
    options = 0,
    ...slots: ReturnType<typeof int>[]
  ) {
    return this.draft.operator(
      code,
      inputs,
      this.draft.map(`map ${this.draft.tensors.length}`, shape),
      options,
      slots,
    );
  }

  transpose(from: number, order: readonly number[], shape: readonly number[]): number {
    return this.step(
      OperatorCode.TRANSPOSE,
      [from, this.draft.ints(`order ${this.draft.tensors.length}`, [order.length], order)],
      shape,
    );
  }

  mean(from: number, axes: readonly number[], shape: readonly number[]): number {
    const list = this.draft.ints(`axes ${this.draft.tensors.length}`, [axes.length], axes);
    return this.step(OperatorCode.MEAN, [from, list], shape, OptionsType.ReducerOptions);
  }

  import(output: number): Graph {
    return this.draft.import([this.input], [output]);
  }

  /** The output for an input that counts from 1. */
  run(output: number): number[] {
    const graph = runPasses(this.import(output));
    const size = graph.tensors.get(graph.inputs[0]!)!.shape.reduce((a, b) => a * b, 1);
    return [
      ...(runFloat(
        graph,
        Float32Array.from({ length: size }, (_, i) => i + 1),
      ).get(graph.outputs[0]!) ?? []),
    ];
  }
}

const kinds = (graph: Graph) => graph.nodes.map(({ kind }) => kind);
const add = [OptionsType.AddOptions, byte(BinaryField.activation, 0)] as const;

describe("transpositions", () => {
  it("there and back are nothing, with element-wise operators and constants a channel in between", () => {
    const network = new Network([1, 2, 3, 2]);
    const first = network.transpose(network.input, FIRST, [1, 2, 2, 3]);
    const constant = network.draft.constant("k", [2, 1, 1], [10, 20]);
    const sum = network.step(OperatorCode.ADD, [constant, first], [1, 2, 2, 3], ...add);
    const twice = network.step(OperatorCode.ADD, [sum, sum], [1, 2, 2, 3], ...add);
    const back = network.transpose(twice, LAST, [1, 2, 3, 2]);
    const output = network.step(OperatorCode.RELU, [back], [1, 2, 3, 2]);
    expect(kinds(network.import(output))).toEqual(["add", "add", "relu"]);
    const pixels = Array.from({ length: 6 }, (_, i) => [2 * (2 * i + 1 + 10), 2 * (2 * i + 2 + 20)]);
    expect(network.run(output)).toEqual(pixels.flat());
  });

  it("carry concatenation and padding along the file's own axes", () => {
    const network = new Network([1, 1, 2, 2]);
    const first = network.transpose(network.input, FIRST, [1, 2, 1, 2]);
    const axis = [int(ConcatenationField.axis, 1), byte(ConcatenationField.activation, 0)];
    const both = network.step(
      OperatorCode.CONCATENATION,
      [first, first],
      [1, 4, 1, 2],
      OptionsType.ConcatenationOptions,
      ...axis,
    );
    const amounts = network.draft.ints("amounts", [4, 2], [0, 0, 0, 0, 0, 0, 1, 0]);
    const padded = network.step(OperatorCode.PAD, [both, amounts], [1, 4, 1, 3]);
    const output = network.transpose(padded, LAST, [1, 1, 3, 4]);
    const relu = network.step(OperatorCode.RELU, [output], [1, 1, 3, 4]);
    expect(network.import(relu).nodes).toMatchObject([
      { kind: "concat", axis: 3 },
      { kind: "pad", padding: { top: 0, left: 1, bottom: 0, right: 0 } },
      { kind: "relu" },
    ]);
    expect(network.run(relu)).toEqual([0, 0, 0, 0, 1, 2, 1, 2, 3, 4, 3, 4]);
  });

  it("in front of a mean of one axis, and of another", () => {
    const network = new Network([1, 2, 3, 2]);
    const first = network.transpose(network.input, FIRST, [1, 2, 2, 3]);
    const rows = network.mean(first, [3], [1, 2, 2]);
    const output = network.mean(rows, [-1], [1, 2]);
    expect(network.import(output).nodes).toMatchObject([
      { kind: "mean", axes: [2], keepDims: true, sources: [1] },
      { kind: "mean", axes: [1], keepDims: true, sources: [2] },
    ]);
    expect(network.run(output)).toEqual([6, 7]);
  });

  it("in front of a mean of both are a plain mean", () => {
    const network = new Network([1, 2, 3, 2]);
    const first = network.transpose(network.input, FIRST, [1, 2, 2, 3]);
    const output = network.mean(first, [2, 3], [1, 2]);
    const [mean, ...others] = network.import(output).nodes;
    expect(others).toEqual([]);
    expect(mean).toMatchObject({ kind: "mean" });
    expect(mean).not.toHaveProperty("axes");
    expect(network.run(output)).toEqual([6, 7]);
  });

  it.each([true, false])(
    "in front of a fully connected layer are the order of its weights, flattened first: %s",
    (isFlat) => {
      const network = new Network([1, 1, 3, 2]);
      const first = network.transpose(network.input, FIRST, [1, 2, 1, 3]);
      const flat = isFlat
        ? network.step(OperatorCode.RESHAPE, [first], [1, 6], OptionsType.ReshapeOptions)
        : first;
      const weights = network.draft.constant(
        "w",
        [2, 6],
        [1, 10, 100, 1000, 10000, 100000, 0, 1, 0, 0, 0, 0],
      );
      const output = network.step(
        OperatorCode.FULLY_CONNECTED,
        [flat, weights, -1],
        [1, 2],
        OptionsType.FullyConnectedOptions,
        byte(0, 0),
      );
      expect(kinds(network.import(output))).toEqual(["dense"]);
      // the file's order is 1 3 5 2 4 6
      expect(network.run(output)).toEqual([642531, 3]);
    },
  );

  it("of an input in [N, C, H, W] make it one in [N, H, W, C]", () => {
    const network = new Network([1, 3, 4, 5]);
    const last = network.transpose(network.input, LAST, [1, 4, 5, 3]);
    const output = network.draft.map("out", [1, 4, 5, 2]);
    network.draft.conv(last, output, [2, 1, 1, 3]);
    const graph = network.import(output);
    expect(kinds(graph)).toEqual(["conv"]);
    expect(graph.tensors.get(network.input)?.shape).toEqual([1, 4, 5, 3]);
  });

  it("that only move dimensions of one element are reshapes", () => {
    const network = new Network([1, 1, 1, 4]);
    const first = network.transpose(network.input, FIRST, [1, 4, 1, 1]);
    const output = network.step(
      OperatorCode.RELU,
      [network.step(OperatorCode.RESHAPE, [first], [1, 4], OptionsType.ReshapeOptions)],
      [1, 4],
    );
    expect(kinds(network.import(output))).toEqual(["reshape", "relu"]);
    expect(network.run(output)).toEqual([1, 2, 3, 4]);
  });

  it("that move the values of a convolution's map or of an output are refused by name", () => {
    const network = new Network([1, 2, 3, 2]);
    const turned = network.transpose(network.input, [0, 2, 1, 3], [1, 3, 2, 2]);
    const output = network.draft.map("out", [1, 3, 2, 2]);
    network.draft.conv(turned, output, [2, 1, 1, 2]);
    const [problem, ...others] = problemsOf(() => network.import(output));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: "unsupported-attribute",
      found: "values of [1, 2, 3, 2] moved to axes 0, 2, 1, 3",
    });
    const ending = new Network([1, 2, 3, 2]);
    expect(codesOf(() => ending.import(ending.transpose(ending.input, FIRST, [1, 2, 2, 3])))).toEqual([
      "unsupported-attribute",
    ]);
  });
});

describe("MEAN", () => {
  it.each([
    [false, [1, 2]],
    [true, [1, 1, 2]],
  ])("of a map of one axis, keeping it: %s", (_, shape) => {
    const network = new Network([1, 3, 2]);
    const output = network.mean(network.input, [1], shape);
    expect(network.import(output).nodes).toMatchObject([{ kind: "reshape" }, { kind: "mean", axes: [2] }]);
    expect(network.run(output)).toEqual([3, 4]);
  });

  it.each([
    ["height", [1], [1, 2, 2], [3, 4, 5, 6]],
    ["width", [2], [1, 2, 2], [2, 3, 6, 7]],
    ["channels", [-1], [1, 2, 2], [1.5, 3.5, 5.5, 7.5]],
    ["height and channels", [1, 3], [1, 2], [3.5, 5.5]],
    ["all", [3, 2, 1], [1], [4.5]],
  ] as const)("over %s of a plain map, without dimensions for them", (_, axes, shape, values) => {
    const network = new Network([1, 2, 2, 2]);
    const output = network.mean(network.input, axes, shape);
    const places = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).toSorted((a, b) => a - b);
    expect(network.import(output).nodes[0]).toMatchObject({ kind: "mean", axes: places, keepDims: true });
    expect(network.run(output)).toEqual(values);
  });
});
