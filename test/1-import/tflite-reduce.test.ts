/** REDUCE_MAX of maps, as Keras writes a global max pool. */
import { describe, expect, it } from "vitest";
import { OperatorCode, OptionsType, ReducerField } from "../../src/1-import/tflite/schema.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { lowered, run } from "../support/lowered.ts";
import { problemsOf } from "../support/problems.ts";
import { byte, Draft } from "../support/tflite-draft.ts";

interface Reduced {
  readonly from: readonly number[];
  readonly axes: readonly number[];
  readonly to: readonly number[];
  readonly keepDims?: boolean;
}

function draftOf({ from, axes, to, keepDims = false }: Reduced): [Draft, number, number] {
  const draft = new Draft();
  const input = draft.map("x", from, 0.5, 3);
  const output = draft.map("y", to, 0.5, 3);
  const list = draft.ints("axes", [axes.length], axes);
  draft.operator(OperatorCode.REDUCE_MAX, [input, list], output, OptionsType.ReducerOptions, [
    byte(ReducerField.keepDims, keepDims ? 1 : 0),
  ]);
  return [draft, input, output];
}

const reduce = (reduced: Reduced): IntGraph => lowered(...draftOf(reduced));

/** Of [1, 2, 3, 2]. */
const values = [-128, 7, 5, -9, 6, 2, -1, 127, -3, -4, -2, 8];

describe("REDUCE_MAX", () => {
  it("over height and width is a pool of the whole map", () => {
    const graph = reduce({ from: [1, 2, 3, 2], axes: [-2, 1], to: [1, 2] });
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(["max-pool", "reshape"]);
    expect(run(graph, values)).toEqual([6, 127]);
  });

  it("over rows or columns alone", () => {
    const over = (axis: number, to: readonly number[], keepDims = false) =>
      run(reduce({ from: [1, 2, 3, 2], axes: [axis], to, keepDims }), values);
    expect(over(1, [1, 3, 2])).toEqual([-1, 127, 5, -4, 6, 8]);
    expect(over(2, [1, 2, 2])).toEqual([6, 7, -1, 127]);
    expect(over(2, [1, 2, 1, 2], true)).toEqual([6, 7, -1, 127]);
  });

  it("of a map of convolutions along one axis", () => {
    expect(run(reduce({ from: [1, 6, 2], axes: [1], to: [1, 2] }), values)).toEqual([6, 127]);
  });

  it("over channels is refused", () => {
    const [draft, input, output] = draftOf({ from: [1, 2, 3, 2], axes: [3], to: [1, 2, 3] });
    expect(problemsOf(() => draft.import([input], [output]))).toMatchObject([
      {
        code: "unsupported-attribute",
        found: "a maximum over axes 3",
        supported: "a maximum over height and width, or some of them",
      },
    ]);
  });
});
