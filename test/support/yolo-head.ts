/** Heads of YOLO as PyTorch exports them: anchors apart from values, and decoding behind them. */
import { ScaleDraft } from "./scale-draft.ts";
import type { AttributeValue } from "./onnx-draft.ts";

/** Of the input. */
export const SHAPE = [1, 6, 4, 5];
const ANCHORS = 3;
const VALUES = 7;

/** A head of YOLO on a map of 3 x 4 or 2 x 2 pixels. */
export class Head extends ScaleDraft {
  #lists = 0;
  list(values: readonly number[]): string {
    return this.constant(`list ${values.join()} of ${this.#lists++}`, [values.length], values, "int64");
  }

  /** [1, A * V, H, W] of a convolution as [1, A, H, W, V]. */
  anchors(name: string, strides: number): string {
    const weights = this.weights(`${name}/w`, [ANCHORS * VALUES, 6, 2, 2], 0.01);
    const real = name === "a" ? this.real() : "real";
    const conv = this.node("Conv", [real, weights], `${name}/conv`, { strides: [strides, strides] });
    const map = this.through(conv, this.scale(0.03 * strides, strides));
    const [height, width] = strides === 1 ? [3, 4] : [2, 2];
    const split = this.node(
      "Reshape",
      [map, this.list([1, ANCHORS, VALUES, height, width])],
      `${name}/split`,
    );
    return this.node("Transpose", [split], `${name}/apart`, { perm: [0, 1, 3, 4, 2] });
  }

  /** Boxes and scores: x and y in the grid, sizes of anchors. */
  decoded(name: string, strides: number): string {
    const [height = 0, width = 0] = strides === 1 ? [3, 4] : [2, 2];
    const share = this.node("Sigmoid", [this.anchors(name, strides)], `${name}/share`);
    const parts = ["xy", "wh", "scores"].map((part) => `${name}/${part}`);
    this.node("Split", [share, this.list([2, 2, VALUES - 4])], parts, { axis: 4 });
    const grid = Array.from({ length: 2 * height * width }, (_, i) =>
      i % 2 === 0 ? ((i / 2) % width) - 0.5 : Math.floor(i / 2 / width) - 0.5,
    );
    const twice = this.constant(`${name}/two`, [], [2]);
    const places = this.node(
      "Add",
      [
        this.node("Mul", [parts[0]!, twice], `${name}/2xy`),
        this.constant(`${name}/grid`, [1, 1, height, width, 2], grid),
      ],
      `${name}/places`,
    );
    const sizes = this.node("Mul", [parts[1]!, twice], `${name}/2wh`);
    const anchors = this.constant(`${name}/anchors`, [1, ANCHORS, 1, 1, 2], [10, 13, 16, 30, 33, 23]);
    const boxes = this.node(
      "Mul",
      [this.node("Pow", [sizes, twice], `${name}/squares`), anchors],
      `${name}/boxes`,
    );
    return this.node("Concat", [places, boxes, parts[2]!], `${name}/all`, { axis: 4 });
  }

  flat(name: string, from: string): string {
    return this.node("Reshape", [from, this.list([1, -1, VALUES])], `${name}/flat`);
  }
}

/** Steps of the results of operators, the input's own where there are none. */
const STEPS: Readonly<Record<string, number | undefined>> = {
  Sigmoid: 1 / 256,
  Add: 0.0217,
  Mul: 0.0131,
  Concat: 0.61,
  Reshape: undefined,
  Transpose: undefined,
};

/** With a pair of conversions behind every operator but splits and powers, as ONNX Runtime's static quantisation writes it. */
export class QuantisedHead extends Head {
  readonly #scales = new Map<string, readonly string[]>();

  override node(
    opType: string,
    input: readonly string[],
    output: string | readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const name = super.node(opType, input, output, attributes);
    const own = this.#scales.get(input[0] ?? "");
    if (opType === "DequantizeLinear") this.#scales.set(name, input.slice(1));
    if (opType === "Split" && own && typeof output !== "string")
      for (const part of output) this.#scales.set(part, own);
    if (!Object.hasOwn(STEPS, opType)) return name;
    const step = name.endsWith("boxes") ? 0.61 : STEPS[opType];
    return this.through(name, step === undefined ? (own ?? this.from) : this.scale(step, -128));
  }
}
