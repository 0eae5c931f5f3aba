/** GELU as exporters write it out. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { generator } from "../support/onnx-runtime.ts";

const SHAPE = [1, 3, 4, 5];

class Draft extends OnnxDraft {
  #count = 0;
  number(value: number): string {
    return this.constant(`number ${this.#count++}`, [], [value]);
  }
  of(operator: string, ...operands: readonly (string | number)[]): string {
    const inputs = operands.map((operand) => (typeof operand === "number" ? this.number(operand) : operand));
    return this.node(operator, inputs, `value ${this.#count++}`);
  }
  /** A layer, what `make` makes of its results, another layer. */
  around(make: (x: string) => string): void {
    const ones = (name: string) => this.constant(name, [3, 3, 1, 1], [1, 2, -1, 0.5, 1, 1, -1, 1, 2]);
    const x = this.node("Conv", [this.input("x", SHAPE), ones("w1")], "conv");
    this.node("Conv", [make(x), ones("w2")], "y");
  }
}

const kindsOf = (graph: Graph) =>
  graph.nodes.map((node) => (node.kind === "curve" ? node.curve.name : node.kind));

const WRITTEN: Readonly<Record<string, readonly [curve: string, (draft: Draft, x: string) => string]>> = {
  "PyTorch's": [
    "gelu",
    (d, x) => d.of("Mul", d.of("Mul", x, d.of("Add", d.of("Erf", d.of("Div", x, Math.SQRT2)), 1)), 0.5),
  ],
  "half of x first": [
    "gelu",
    (d, x) => d.of("Mul", d.of("Mul", x, 0.5), d.of("Add", 1, d.of("Erf", d.of("Mul", x, 0.70710678)))),
  ],
  "with Tanh and Pow": [
    "gelu-tanh",
    (d, x) => {
      const cubed = d.of("Mul", d.of("Pow", x, 3), 0.044715);
      const inner = d.of("Mul", d.of("Add", x, cubed), 0.7978845608);
      return d.of("Mul", d.of("Mul", 0.5, x), d.of("Add", d.of("Tanh", inner), 1));
    },
  ],
  "with Tanh and products": [
    "gelu-tanh",
    (d, x) => {
      const cubed = d.of("Mul", d.of("Mul", d.of("Mul", x, x), x), 0.044715);
      const gate = d.of("Add", 1, d.of("Tanh", d.of("Mul", 0.79788456, d.of("Add", x, cubed))));
      return d.of("Mul", 0.5, d.of("Mul", x, gate));
    },
  ],
};

describe("GELU written out", () => {
  it.each(Object.entries(WRITTEN))("%s is one curve", async (_, [curve, make]) => {
    const draft = new Draft();
    draft.around((x) => make(draft, x));
    const graph = await agreeWithOnnx(draft, SHAPE, generator(7));
    expect(kindsOf(runPasses(graph))).toEqual(["conv", curve, "conv"]);
  });

  it("stays written out where a number is another", async () => {
    const draft = new Draft();
    draft.around((x) =>
      draft.of("Mul", draft.of("Mul", x, draft.of("Add", draft.of("Erf", draft.of("Div", x, 1.4)), 1)), 0.5),
    );
    const graph = await agreeWithOnnx(draft, SHAPE, generator(7));
    expect(kindsOf(runPasses(graph))).toContain("erf");
  });
});
