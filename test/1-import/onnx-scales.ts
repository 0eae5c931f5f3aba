/**
 * Quantised operators whose scales have few digits, so that sums lie on ties: the golden model equals an optimising session of
 * ONNX Runtime value for value, because it follows its float32 formulas.
 */
import { describe, expect, it } from "vitest";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import type { Byte } from "../support/scale-draft.ts";

const SHAPE = [1, 8, 6, 6];
const MICROSOFT = "com.microsoft";
const next = generator(99);

interface Case {
  /** Leaves float32 in the tensor that it names, or integers in "y". */
  readonly make: (draft: ScaleDraft) => string;
  /** Scale of the result from that of the input. */
  readonly range: number;
}
const qdq = (range: number, make: Case["make"]): Case => ({ range, make });
const other = (draft: ScaleDraft): readonly string[] => draft.scale(1.5 * draft.fromScale, 3);
const integer = (draft: ScaleDraft): string[] => [draft.input("x", SHAPE, draft.type), ...draft.from];

const CASES: Readonly<Record<string, Case>> = {
  "QDQ Relu": qdq(1, (d) => d.node("Relu", [d.real()], "r")),
  "QDQ MaxPool": qdq(1, (d) => d.node("MaxPool", [d.real()], "r", { kernel_shape: [2, 2], strides: [2, 2] })),
  "QDQ MaxPool of every second pixel": qdq(1, (d) =>
    d.node("MaxPool", [d.real()], "r", { kernel_shape: [3, 2], dilations: [2, 2], pads: [1, 0, 1, 1] }),
  ),
  "QDQ AveragePool 2x2": qdq(1, (d) =>
    d.node("AveragePool", [d.real()], "r", { kernel_shape: [2, 2], strides: [2, 2] }),
  ),
  "QDQ AveragePool 3x3, padding that counts": qdq(1, (d) =>
    d.node("AveragePool", [d.real()], "r", {
      kernel_shape: [3, 3],
      pads: [1, 1, 1, 1],
      count_include_pad: 1,
    }),
  ),
  "QDQ AveragePool 3x3, padding that does not count": qdq(1, (d) =>
    d.node("AveragePool", [d.real()], "r", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  ),
  "QDQ GlobalAveragePool": qdq(0.5, (d) => d.node("GlobalAveragePool", [d.real()], "r")),
  "QDQ Concat": qdq(2, (d) => {
    const x = d.real();
    const pooled = d.node("MaxPool", [x], "m", { kernel_shape: [1, 1] });
    return d.node("Concat", [x, d.through(pooled, other(d))], "r", { axis: 1 });
  }),
  "QDQ Add of input and map": qdq(2, (d) => {
    const x = d.real();
    const pooled = d.node("MaxPool", [x], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    return d.node("Add", [x, d.through(pooled, other(d))], "r");
  }),
  "QDQ Add inside of a network": qdq(2, (d) => {
    const x = d.real();
    const first = d.through(d.node("Relu", [x], "r1"), d.from);
    const pooled = d.node("MaxPool", [x], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    const sum = d.node("Add", [first, d.through(pooled, other(d))], "sum");
    return d.node("MaxPool", [d.through(sum, d.to)], "r", { kernel_shape: [1, 1] });
  }),
  "QDQ Add and Relu inside of a network": qdq(2, (d) => {
    const x = d.real();
    const first = d.through(d.node("Relu", [x], "r1"), d.from);
    const pooled = d.node("MaxPool", [x], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    const sum = d.node("Add", [first, d.through(pooled, other(d))], "sum");
    const positive = d.through(d.node("Relu", [sum], "r2"), d.to);
    return d.node("MaxPool", [positive], "r", { kernel_shape: [1, 1] });
  }),
  "QDQ AveragePool and Relu inside of a network": qdq(1, (d) => {
    const first = d.through(d.node("Relu", [d.real()], "r1"), d.from);
    const window = { kernel_shape: [2, 2], strides: [2, 2] };
    const positive = d.node("Relu", [d.node("AveragePool", [first], "mean", window)], "r2");
    return d.node("MaxPool", [d.through(positive, d.to)], "r", { kernel_shape: [1, 1] });
  }),
  "QDQ Conv inside of a network": qdq(4, (d) => {
    const first = d.through(d.node("Relu", [d.real()], "r1"), d.from);
    const sum = d.node("Conv", [first, d.weights("w", [4, 8, 1, 1], 0.02)], "sum");
    return d.node("MaxPool", [d.through(sum, d.to)], "r", { kernel_shape: [1, 1] });
  }),
  QLinearConv: {
    range: 4,
    make: (d) => {
      const weights = [
        d.constant("w", [4, 8, 1, 1], d.integers([4, 8, 1, 1]), "int8"),
        ...d.scale(0.02, 0, "int8"),
      ];
      return d.node("QLinearConv", [...integer(d), ...weights, ...d.to], "y");
    },
  },
  QLinearAdd: {
    range: 2,
    make: (d) => {
      const x = integer(d);
      const pooled = d.node("MaxPool", ["x"], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
      return d.node("QLinearAdd", [...x, pooled, ...x.slice(1), ...d.to], "y", {}, MICROSOFT);
    },
  },
  "QLinearAdd behind a QuantizeLinear": {
    range: 2,
    make: (d) => {
      const x = integer(d);
      const pooled = d.node("MaxPool", [d.node("DequantizeLinear", x, "real")], "m", {
        kernel_shape: [1, 1],
      });
      const second = other(d);
      d.node("QuantizeLinear", [pooled, ...second], "m/q");
      return d.node("QLinearAdd", [...x, "m/q", ...second, ...d.to], "y", {}, MICROSOFT);
    },
  },
  "QLinearAdd of what an Add between pairs made": {
    range: 4,
    make: (d) => {
      const x = d.real();
      const first = d.through(d.node("Relu", [x], "r1"), d.from);
      const pooled = d.node("MaxPool", [x], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
      const second = other(d);
      d.node("QuantizeLinear", [d.node("Add", [first, d.through(pooled, other(d))], "sum"), ...second], "s");
      return d.node("QLinearAdd", ["s", ...second, "s", ...second, ...d.to], "y", {}, MICROSOFT);
    },
  },
  "Add of what a QLinearAdd made": {
    range: 4,
    make: (d) => {
      const x = integer(d);
      const sum = d.scale(2 * d.fromScale, 3);
      d.node("QLinearAdd", [...x, ...x, ...sum], "s", {}, MICROSOFT);
      const first = d.node("DequantizeLinear", ["s", ...sum], "s/d");
      const pooled = d.node("MaxPool", [d.node("DequantizeLinear", x, "real")], "m", {
        kernel_shape: [1, 1],
      });
      return d.node("Add", [first, d.through(pooled, other(d))], "r");
    },
  },
  ...Object.fromEntries(
    ["Sigmoid", "Tanh"].map((name) => [`QDQ ${name}`, qdq(1, (d) => d.node(name, [d.real()], "r"))]),
  ),
  ...Object.fromEntries(
    [0.3, -0.7].map((alpha) => [
      `QDQ LeakyRelu of ${alpha}`,
      qdq(1, (d) => d.node("LeakyRelu", [d.real()], "r", { alpha: { float: alpha } })),
    ]),
  ),
  ...Object.fromEntries(
    ["Elu", "Selu", "Softplus", "Softsign"].map((name) => [
      `QDQ ${name}`,
      qdq(1, (d) => d.node(name, [d.real()], "r")),
    ]),
  ),
  "QDQ PRelu of one slope a channel": qdq(1, (d) => {
    const slopes = d.constant("slopes", [8, 1, 1], [0.25, -0.5, 1.5, 0, 0.1, 0.7, -1, 0.31]);
    return d.node("PRelu", [d.real(), slopes], "r");
  }),
  "QDQ SiLU": qdq(1, (d) => {
    const x = d.real();
    return d.node("Mul", [x, d.through(d.node("Sigmoid", [x], "gate"), d.scale(1 / 255, -128))], "r");
  }),
  "QDQ hard swish of a HardSigmoid and a Mul": qdq(1, (d) => {
    const x = d.through(d.node("Relu", [d.real()], "r1"), d.from);
    const gate = d.node("HardSigmoid", [x], "gate", { alpha: { float: 1 / 6 } });
    return d.node("Mul", [d.through(gate, d.scale(1 / 255, -128)), x], "r");
  }),
  ...Object.fromEntries(
    ["Sub", "Max", "Min"].map((name) => [
      `QDQ ${name} of two maps`,
      qdq(1.5, (d) => {
        const first = d.through(d.node("Relu", [d.real()], "r1"), d.from);
        const pooled = d.node("MaxPool", ["real"], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
        const result = d.node(name, [first, d.through(pooled, other(d))], "result");
        return d.node("MaxPool", [d.through(result, d.to)], "r", { kernel_shape: [1, 1] });
      }),
    ]),
  ),
  "QDQ Max of an input and a map of its scale": qdq(1, (d) => {
    const pooled = d.node("AveragePool", [d.real()], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    return d.node("Max", ["real", d.through(pooled, d.from)], "r");
  }),
  "QDQ Mul of a map and its channels' means": qdq(4, (d) => {
    const first = d.through(d.node("Relu", [d.real()], "r1"), d.from);
    const gate = d.node("GlobalAveragePool", [first], "gate");
    const product = d.node("Mul", [d.through(gate, other(d)), first], "product");
    return d.node("MaxPool", [d.through(product, d.to)], "r", { kernel_shape: [1, 1] });
  }),
  "QDQ Mul and Relu of two maps": qdq(4, (d) => {
    const x = d.real();
    const pooled = d.node("MaxPool", [x], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    return d.node("Relu", [d.node("Mul", [d.through(pooled, other(d)), x], "product")], "r");
  }),
  QLinearSigmoid: {
    range: 1,
    make: (d) => d.node("QLinearSigmoid", [...integer(d), ...d.scale(1 / 255, -128)], "y", {}, MICROSOFT),
  },
  QLinearLeakyRelu: {
    range: 1,
    make: (d) =>
      d.node("QLinearLeakyRelu", [...integer(d), ...d.to], "y", { alpha: { float: 0.1 } }, MICROSOFT),
  },
  "QLinearLeakyRelu of another slope": {
    range: 1,
    make: (d) =>
      d.node("QLinearLeakyRelu", [...integer(d), ...d.to], "y", { alpha: { float: 0.37 } }, MICROSOFT),
  },
  QLinearMul: {
    range: 4,
    make: (d) => {
      const x = integer(d);
      const pooled = d.node("MaxPool", ["x"], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
      return d.node("QLinearMul", [...x, pooled, ...x.slice(1), ...d.to], "y", {}, MICROSOFT);
    },
  },
  "QLinearMul of a map and its channels' means": {
    range: 4,
    make: (d) => {
      const x = integer(d);
      const gate = d.node("QLinearGlobalAveragePool", [...x, ...x.slice(1)], "m", {}, MICROSOFT);
      return d.node("QLinearMul", [gate, ...x.slice(1), ...x, ...d.to], "y", {}, MICROSOFT);
    },
  },
  "QLinearAdd of a map and its channels' means": {
    range: 2,
    make: (d) => {
      const x = integer(d);
      const gate = d.node("QLinearGlobalAveragePool", [...x, ...x.slice(1)], "m", {}, MICROSOFT);
      return d.node("QLinearAdd", [...x, gate, ...x.slice(1), ...d.to], "y", {}, MICROSOFT);
    },
  },
  ...Object.fromEntries(
    (["QLinearAdd", "QLinearMul"] as const).flatMap((name) =>
      [[], [1, 8, 1, 1], [8, 1, 1]].flatMap((shape) =>
        [false, true].map((isFirst) => [
          `${name} of a constant [${shape.join(", ")}]${isFirst ? " and a map" : ""}`,
          {
            range: name === "QLinearAdd" ? 2 : 1,
            make: (d: ScaleDraft) => {
              const low = d.type === "uint8" ? 128 : 0;
              const values = d.integers(shape.length === 0 ? [1] : shape).map((value) => value + low);
              const constant = [d.constant("c", shape, values, d.type), ...d.scale(0.0123, -4)];
              const operands = isFirst ? [...constant, ...integer(d)] : [...integer(d), ...constant];
              return d.node(name, [...operands, ...d.to], "y", {}, MICROSOFT);
            },
          },
        ]),
      ),
    ),
  ),
  QLinearAveragePool: {
    range: 1,
    make: (d) => {
      const window = { kernel_shape: [2, 3], strides: [2, 2] };
      return d.node("QLinearAveragePool", [...integer(d), ...d.to], "y", window, MICROSOFT);
    },
  },
  QLinearGlobalAveragePool: {
    range: 0.5,
    make: (d) => d.node("QLinearGlobalAveragePool", [...integer(d), ...d.to], "y", {}, MICROSOFT),
  },
  QLinearConcat: {
    range: 2,
    make: (d) => {
      const x = integer(d);
      const pooled = d.node("MaxPool", ["x"], "m", { kernel_shape: [1, 1] });
      return d.node("QLinearConcat", [...d.to, ...x, pooled, ...x.slice(1)], "y", { axis: 1 }, MICROSOFT);
    },
  },
};

/** Scale of the input, and whether that of the result is a little narrower than its range, in two digits. */
export type Scales = readonly [from: number, narrower: boolean];

/** Every case at these scales, int8 and uint8. */
export function describeScales(scales: readonly Scales[]): void {
  describe.each(Object.entries(CASES))("%s", (_, { make, range }) => {
    it.each<Byte>(["int8", "uint8"])("of %s", async (type) => {
      for (const [from, narrower] of scales) {
        const to = narrower ? Number((0.85 * range * from).toPrecision(2)) : range * from;
        const draft = new ScaleDraft(type, from, to, SHAPE, next);
        const result = make(draft);
        if (result !== "y") draft.node("QuantizeLinear", [result, ...draft.to], "y");
        const { different, values } = await compareWithOnnx(draft, SHAPE, type, next);
        expect(different, `scales ${from} and ${to}, ${values} values`).toBe(0);
      }
    });
  });
}
