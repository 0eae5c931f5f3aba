/** Activations, normalisation, and arithmetic of maps with maps and constants. */
import type { ActivationNode, BinaryNode, Tensor } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { elements, sameShape, showShape } from "../../../ir/shapes.ts";
import {
  addNode,
  floatsOf,
  layoutOf,
  REEXPORT,
  requireConstant,
  requireImage,
  requireMap,
  requirePlain,
} from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { broadcastPlaces, broadcastShape } from "../fold/arrays.ts";
import { shaped } from "../layout.ts";
import { storedShape, transposeData } from "../values.ts";
import type { ConstantValue, MapValue } from "../values.ts";

export function sameLayout(op: OperatorContext, map: MapValue, kind: ActivationNode["kind"]): MapValue {
  return addNode(op, [map.tensor], layoutOf(map), (parts) => ({ kind, ...parts }));
}

export const relu: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const map = requireMap(op, 0);
    return map && sameLayout(op, map, "relu");
  },
};

export const identity: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const [value] = op.inputs;
    return value?.kind === "map" ? sameLayout(op, value, "identity") : value;
  },
};

/** Does nothing in inference. Since opset 12 the ratio and the mode are inputs. */
export const dropout: OperatorReader = {
  inputs: [1, 3],
  read(op) {
    op.attributes.ignore("ratio", "seed", "is_test");
    const mode = requireConstant(op, 2, "training_mode");
    if (mode?.data[0])
      op.report(
        "unsupported-attribute",
        "Dropout in training mode",
        "inference",
        "export the network for inference",
      );
    const map = requireMap(op, 0);
    return map && sameLayout(op, map, "identity");
  },
};

/** inputs = [map, scale, offset, mean, variance], each [C]. */
export const batchNormalization: OperatorReader = {
  inputs: [5, 5],
  read(op) {
    const epsilon = op.attributes.float("epsilon", 1e-5);
    op.attributes.ignore("momentum");
    op.attributes.expect("training_mode", 0, "export the network for inference");
    if (op.opset < 9) op.attributes.expect("spatial", 1);
    if (op.opset < 14 && op.unread.length > 0) {
      // Until opset 13 the statistics among the outputs are what says so.
      const found = `BatchNormalization in training mode, with the outputs ${op.unread.join(", ")}`;
      op.report("unsupported-attribute", found, "inference", "export the network for inference");
    }
    const names = ["scale", "offset", "mean", "variance"];
    const parts = names.map((what, i) => requireConstant(op, i + 1, what));
    const map = requireMap(op, 0);
    const plain = map && requirePlain(op, map);
    if (!plain) return undefined;
    const [, channels = 0] = plain.shape;
    const [gain, beta, mean, variance] = parts.map((part, i) => part && floatsOf(op, part, names[i] ?? ""));
    if (!gain || !beta || !mean || !variance) return undefined;
    if ([gain, beta, mean, variance].some((list) => list.length !== channels)) {
      op.report(
        "shape-mismatch",
        `statistics of ${gain.length} channels for ${channels}`,
        "one a channel",
        REEXPORT,
      );
      return undefined;
    }
    const deviation = Array.from(variance, (v) => Math.sqrt(v + epsilon));
    const factor = Float32Array.from(gain, (g, c) => g / item(deviation, c));
    const offset = Float32Array.from(
      beta,
      (b, c) => b - (item(mean, c) * item(gain, c)) / item(deviation, c),
    );
    const operands = [
      plain.tensor,
      op.builder.constant(`${op.outputName}/scale`, [channels], "float32", factor),
      op.builder.constant(`${op.outputName}/offset`, [channels], "float32", offset),
    ];
    return addNode(op, operands, { shape: plain.shape }, (base) => ({ kind: "batch-norm", ...base }));
  },
};

export function binary(kind: BinaryNode["kind"], invert = false): OperatorReader {
  return {
    inputs: [2, 2],
    read(op) {
      const [a, b] = alongAxes(op);
      if (!a || !b) return undefined;
      const map = a.kind === "map" ? a : b.kind === "map" ? b : undefined;
      if (!map || (invert && b.kind === "map")) {
        const found = map ? "a division by a map" : "arithmetic of two constants";
        op.report(
          "unsupported-map",
          found,
          "maps with maps or constants",
          "fold constants before the export",
        );
        return undefined;
      }
      const result = a.kind === "map" && b.kind === "map" ? commonLayout(op, a, b) : layoutOf(map);
      const [first, second] = [a, b].map((value) =>
        value.kind === "map" ? value.tensor : constantOperand(op, value, map, invert),
      );
      if (!first || !second || !result) return undefined;
      return addNode(op, [first, second], { ...result, ...floatResult(op, [first, second]) }, (parts) => ({
        kind,
        ...parts,
        activation: "none",
      }));
    },
  };
}

/** Operands of several values: as tensors of their own axes, unless they lie alike. */
function alongAxes(op: OperatorContext): OperatorContext["inputs"] {
  const [a, b] = op.inputs;
  const isAlike = a?.kind === "map" && b?.kind === "map" && sameShape(a.shape, b.shape) && liesAlike(a, b);
  if (isAlike || op.inputs.some((value) => value && elements(value.shape) === 1)) return op.inputs;
  return op.inputs.map((value, i) => (value?.kind === "map" ? shaped(op, value, `input ${i}`) : value));
}

function liesAlike(a: MapValue, b: MapValue): boolean {
  const isSameOrder = sameShape(a.axes, b.axes) && sameShape(a.order ?? [], b.order ?? []);
  return isSameOrder && sameShape(a.tensor.shape, b.tensor.shape);
}

export const add = binary("add");
export const sub = binary("sub");
export const mul = binary("mul");
/** By a constant only: a multiplication by what it is 1 of. */
export const div = binary("mul", true);

/** Of any number of operands: two, their result and the next one, and so on, maps before constants. */
export function ofAny(pair: OperatorReader): OperatorReader {
  return {
    inputs: [1, Infinity],
    read(op) {
      const isMap = (value: (typeof op.inputs)[number]) => value?.kind === "map";
      const [first, ...others] = [...op.inputs].sort((a, b) => Number(isMap(b)) - Number(isMap(a)));
      if (others.length === 0) return identity.read(op);
      let total = first;
      for (const [i, other] of others.entries()) {
        const isLast = i === others.length - 1;
        const outputName = isLast ? op.outputName : `${op.outputName}/${i + 2} of ${others.length + 1}`;
        const name = isLast ? op.name : `${op.name}/${i + 2} of ${others.length + 1}`;
        total = pair.read({ ...op, name, outputName, inputs: [total, other] });
        if (!total) return undefined;
      }
      return total;
    },
  };
}

/** As ONNX Runtime adds: one addition after another. */
export const sum = ofAny(add);

/** Arithmetic on integers has a scale of its own, which only the QLinear operators state. */
function floatResult(op: OperatorContext, operands: readonly Tensor[]): { dtype: "float32" } {
  const types = operands.map((tensor) => tensor.dtype);
  if (types.some((type) => type !== "float32")) {
    op.report("unsupported-type", `types ${types.join(" and ")}`, "float32", "dequantise the maps first");
  }
  return { dtype: "float32" };
}

/** Where the result of two maps lies: maps of one layout, of one shape or one with axes of size 1 that are repeated. */
export function commonLayout(
  op: OperatorContext,
  a: MapValue,
  b: MapValue,
): Pick<ReturnType<typeof layoutOf>, "shape" | "axes" | "order"> | undefined {
  const alike = sameShape(a.axes, b.axes) && sameShape(a.order ?? [], b.order ?? []);
  if (alike && sameShape(a.shape, b.shape) && sameShape(a.tensor.shape, b.tensor.shape)) return layoutOf(a);
  const isPlain = ({ axes, order, shape, tensor }: MapValue) =>
    !order && sameShape(storedShape(shape, axes), tensor.shape);
  const shape = broadcastShape([a.shape, b.shape]);
  if (shape && alike && isPlain(a) && isPlain(b)) return { shape, axes: a.axes, order: undefined };
  const found = `maps ${showShape(a.shape)} and ${showShape(b.shape)}`;
  op.report(
    "unsupported-shape",
    shape ? `${found} in different layouts` : found,
    "maps of one layout, of one shape or with axes of size 1",
    "bring the maps into one layout before the operator",
  );
  return undefined;
}

/** One value for all, one a channel, or a whole map; stored as the map is. */
export function constantOperand(
  op: OperatorContext,
  constant: ConstantValue,
  map: MapValue,
  invert: boolean,
): Tensor | undefined {
  const floats = floatsOf(op, constant, "a constant");
  if (!floats) return undefined;
  const rank = map.shape.length;
  const shape = [...map.shape.slice(constant.shape.length).map(() => 1), ...constant.shape];
  const fits = shape.length === rank && shape.every((n, axis) => n === 1 || n === map.shape[axis]);
  if (!fits || (map.order && elements(shape) > 1)) {
    const found = `a constant ${showShape(constant.shape)} with a map ${showShape(map.shape)}`;
    op.report("unsupported-shape", found, "constants that broadcast to the map", REEXPORT);
    return undefined;
  }
  const perm = map.axes.map((_, place) => map.axes.indexOf(place));
  const arranged = elements(shape) === 1 ? floats : transposeData(floats, shape, perm);
  const data = invert ? arranged.map((x) => 1 / x) : arranged;
  const name = constant.name || `${op.outputName}/constant`;
  const stored = storedShape(shape, map.axes);
  const isLoose = !sameShape(storedShape(map.shape, map.axes), map.tensor.shape);
  if (!isLoose || elements(shape) === 1) {
    const { quantized } = constant;
    if (!quantized || invert || quantized.scales.length > 1)
      return op.builder.constant(name, stored, "float32", data);
    const integers = elements(shape) === 1 ? quantized.data : transposeData(quantized.data, shape, perm);
    return op.builder.dequantized(name, stored, data, { ...quantized, data: integers });
  }
  const whole = broadcastPlaces(stored, map.shape).map((place) => item(data, place));
  return op.builder.constant(name, map.tensor.shape, "float32", Float32Array.from(whole));
}

/** Local response normalisation over the channels of [1, C, H, W]. */
export const lrn: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const size = op.attributes.int("size", 0);
    const alpha = op.attributes.float("alpha", 1e-4);
    const beta = op.attributes.float("beta", 0.75);
    const bias = op.attributes.float("bias", 1);
    const map = requireImage(op);
    if (!map) return undefined;
    return addNode(op, [map.tensor], { shape: map.shape }, (parts) => ({
      kind: "lrn",
      ...parts,
      size,
      alpha,
      beta,
      bias,
    }));
  },
};
