/**
 * Networks whose maps are quantised with scales computed for each input: read as the float network that they stand for, its
 * weights those that the integers tell. A quantised map is then the float map itself, of scale 1 and zero point 0.
 */
import { item } from "../../../ir/known.ts";
import { elements } from "../../../ir/shapes.ts";
import { floatsOf, requireConstant, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { constantOf } from "../fold/arrays.ts";
import type { ConstantValue, Value } from "../values.ts";
import { conv } from "./conv.ts";
import { matMul } from "./dense.ts";
import { add } from "./elementwise.ts";

/** x -> y, scale, zero point. */
export const dynamicQuantizeLinear: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const map = requireMap(op, 0);
    return map && isFloat(op, map) ? map : undefined;
  },
  further: (op) => [constantOf(op, [], "float32", [1]), constantOf(op, [], "uint8", [0])],
};

/** inputs = [x, w, zero of x?, zero of w?]; the products of integers, without a scale. */
export const convInteger: OperatorReader = {
  inputs: [2, 4],
  read: (op) => product(op, 0, (inputs) => conv.read({ ...op, inputs })),
};

/** inputs = [A, B, zero of A?, zero of B?]. */
export const matMulInteger: OperatorReader = {
  inputs: [2, 4],
  read: (op) => product(op, -1, (inputs) => matMul.read({ ...op, inputs })),
};

/** inputs = [A, B, scale of B, zero of B?, bias?]. */
export const dynamicQuantizeMatMul: OperatorReader = {
  inputs: [3, 5],
  read: (op) => scaledMatMul(op, [2], 3, 4),
};

/** inputs = [A, B, scale of A, scale of B, zero of A?, zero of B?, bias?]. */
export const matMulIntegerToFloat: OperatorReader = {
  inputs: [4, 7],
  read: (op) => scaledMatMul(op, [2, 3], 5, 6),
};

/** `axis`: where the weights have the output channels. */
function product(
  op: OperatorContext,
  axis: number,
  read: (inputs: readonly Value[]) => Value | undefined,
): Value | undefined {
  const weights = floatWeights(op, 3, axis, []);
  const map = requireMap(op, 0);
  return map && weights && isFloat(op, map) ? read([map, weights]) : undefined;
}

function scaledMatMul(
  op: OperatorContext,
  scales: readonly number[],
  zero: number,
  bias: number,
): Value | undefined {
  const weights = floatWeights(op, zero, -1, scales);
  const offset = requireConstant(op, bias, "bias");
  const map = requireMap(op, 0);
  if (!map || !weights || !isFloat(op, map)) return undefined;
  if (!offset) return matMul.read({ ...op, inputs: [map, weights] });
  const name = `${op.name}/product`;
  const outputName = `${op.outputName}/product`;
  const sum = matMul.read({ ...op, name, outputName, inputs: [map, weights] });
  return sum && add.read({ ...op, inputs: [sum, offset] });
}

/** Input 1 as floats: less its zero point, times the scales, each one value or one an output channel. */
function floatWeights(
  op: OperatorContext,
  zero: number,
  axis: number,
  scales: readonly number[],
): ConstantValue | undefined {
  const weights = requireConstant(op, 1, "weights");
  const zeroPoint = requireConstant(op, zero, "a zero point");
  const factors = scales.map((at) => requireConstant(op, at, "a scale"));
  if (!weights || factors.some((factor) => !factor)) return undefined;
  const { data, dtype, name, shape } = weights;
  if (dtype !== "int8" && dtype !== "uint8") {
    op.report(
      "unsupported-type",
      `weights of ${dtype}`,
      "weights of int8 or uint8",
      "quantise them to 8 bits",
    );
    return undefined;
  }
  const place = axis < 0 ? axis + shape.length : axis;
  const inner = elements(shape.slice(place + 1));
  const channels = shape[place] ?? 1;
  const lists = factors.flatMap((factor) => {
    const list = factor && floatsOf(op, factor, "a scale");
    return list ? [list] : [];
  });
  const zeros = zeroPoint ? Array.from(zeroPoint.data, Number) : [0];
  if ([zeros, ...lists].some((list) => list.length !== 1 && list.length !== channels)) {
    const found = `scales or zero points for ${channels} channels of another number`;
    op.report("invalid-quantization", found, "one, or one a channel", "export the network again");
    return undefined;
  }
  const at = (list: ArrayLike<number>, channel: number) => item(list, list.length === 1 ? 0 : channel);
  const floats = Float32Array.from(data as Int8Array, (q, i) => {
    const channel = Math.floor(i / inner) % channels;
    return lists.reduce((x, list) => x * at(list, channel), q - at(zeros, channel));
  });
  return { kind: "constant", name, shape, dtype: "float32", data: floats };
}

function isFloat(op: OperatorContext, { tensor }: { readonly tensor: { readonly dtype: string } }): boolean {
  if (tensor.dtype === "float32") return true;
  const found = `a map of ${tensor.dtype} whose products have no scale`;
  op.report(
    "unsupported-type",
    found,
    "maps that DynamicQuantizeLinear makes",
    "use QLinearConv and QLinearMatMul",
  );
  return false;
}
