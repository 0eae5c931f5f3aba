/** Operators that move or rename values. */
import { item } from "../../../ir/known.ts";
import { elements, sameShape, showShape } from "../../../ir/shapes.ts";
import {
  addNode,
  hasInput,
  integersOf,
  normalAxis,
  REEXPORT,
  requireConstant,
  requireMap,
} from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { permutedOrder, settle, shaped } from "../layout.ts";
import { storedShape, transposeData } from "../values.ts";
import type { ConstantValue, MapValue } from "../values.ts";

/** Joins maps along one axis. */
export const concat: OperatorReader = {
  inputs: [1, Infinity],
  read(op) {
    const attribute = op.attributes.int("axis", 1);
    const maps = op.inputs.map((_, i) => requireMap(op, i));
    return joinMaps(op, attribute, maps);
  },
};

export function joinMaps(
  op: OperatorContext,
  attribute: number,
  maps: readonly (MapValue | undefined)[],
  result: { readonly quantization?: NonNullable<MapValue["tensor"]["quantization"]> } = {},
): MapValue | undefined {
  const given = maps.filter((map) => map !== undefined);
  if (given.length !== maps.length) return undefined;
  const known = given.map((map, i) => shaped(op, map, `input ${i}`));
  const [first] = known;
  if (!first) return undefined;
  const axis = normalAxis(op, attribute, first.shape.length);
  if (axis === undefined) return undefined;
  const others = (map: MapValue) => map.shape.filter((_, i) => i !== axis);
  if (
    known.some(
      (map) => !sameShape(others(map), others(first)) || !sameShape(map.axes, first.axes) || map.order,
    )
  ) {
    const found = known.map((map) => showShape(map.shape)).join(", ");
    op.report(
      "unsupported-shape",
      `maps ${found} joined along axis ${attribute}`,
      "maps of one layout that differ in that axis only",
      REEXPORT,
    );
    return undefined;
  }
  const size = known.reduce((total, map) => total + item(map.shape, axis), 0);
  const shape = first.shape.map((n, i) => (i === axis ? size : n));
  const tensors = known.map((map) => map.tensor);
  return addNode(op, tensors, { shape, axes: first.axes, ...result }, (parts) => ({
    kind: "concat",
    ...parts,
    axis: first.axes[axis] ?? axis,
    activation: "none",
  }));
}

/** Everything from `axis` on becomes one axis. */
export const flatten: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const attribute = op.attributes.int("axis", 1);
    const map = requireMap(op, 0);
    if (!map) return undefined;
    const axis = attribute < 0 ? attribute + map.shape.length : attribute;
    const shape = [elements(map.shape.slice(0, axis)), elements(map.shape.slice(axis))];
    return rename(op, map, shape, { flatten: true });
  },
};

/** 0 keeps a size (unless `allowzero`), -1 is what is left. */
export const reshape: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const allowZero = op.attributes.int("allowzero", 0) === 1;
    const target = requireConstant(op, 1, "shape");
    const sizes = target && integersOf(op, target, "shape");
    const [value] = op.inputs;
    if (!sizes || !value) return undefined;
    const known = sizes.map((n, i) => (n === 0 && !allowZero ? (value.shape[i] ?? 0) : n));
    const rest = elements(value.shape) / elements(known.filter((n) => n !== -1));
    return rename(
      op,
      value,
      known.map((n) => (n === -1 ? rest : n)),
    );
  },
};

/** The axes are an attribute before opset 13, an input since. */
function axesOf(op: OperatorContext): number[] | undefined {
  const stated = op.attributes.ints("axes");
  const input = requireConstant(op, 1, "axes");
  return input ? integersOf(op, input, "axes") : stated?.slice();
}

export const squeeze: OperatorReader = {
  inputs: [1, 2],
  read(op) {
    const axes = axesOf(op);
    const [value] = op.inputs;
    if (!value || (!axes && hasInput(op, 1))) return undefined;
    const rank = value.shape.length;
    const gone = axes?.map((axis) => (axis < 0 ? axis + rank : axis));
    return rename(
      op,
      value,
      value.shape.filter((n, i) => (gone ? !gone.includes(i) : n !== 1)),
    );
  },
};

export const unsqueeze: OperatorReader = {
  inputs: [1, 2],
  read(op) {
    const axes = axesOf(op);
    const [value] = op.inputs;
    if (!value || !axes) return undefined;
    const rank = value.shape.length + axes.length;
    const shape = value.shape.slice();
    for (const axis of axes.map((a) => (a < 0 ? a + rank : a)).toSorted((a, b) => a - b))
      shape.splice(axis, 0, 1);
    return rename(op, value, shape);
  },
};

/** Same elements in ONNX's order, other shape. What lies in another order than stored keeps a note of it. */
function rename(
  op: OperatorContext,
  value: MapValue | ConstantValue,
  shape: readonly number[],
  kind: { readonly flatten?: true } = {},
): MapValue | ConstantValue | undefined {
  const change = `${showShape(value.shape)} reshaped to ${showShape(shape)}`;
  if (elements(shape) !== elements(value.shape) || shape.some((n) => !Number.isInteger(n) || n < 1)) {
    op.report("shape-mismatch", change, "shapes of equally many elements", REEXPORT);
    return undefined;
  }
  if (value.kind === "constant") return { ...value, shape };
  return settle(op, value, shape, kind);
}

/** Renames axes of a map, so that no value moves; layers then refuse what is not [N, C, H, W]. Constants are transposed. */
export const transpose: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const [value] = op.inputs;
    const stated = op.attributes.ints("perm");
    if (!value) return undefined;
    const perm = stated ?? value.shape.map((_, i) => value.shape.length - 1 - i);
    if (
      perm.length !== value.shape.length ||
      new Set(perm).size !== perm.length ||
      perm.some((p) => value.shape[p] === undefined)
    ) {
      op.report(
        "invalid-attribute",
        `perm ${perm.join(", ")} of ${showShape(value.shape)}`,
        "a permutation of the axes",
        REEXPORT,
      );
      return undefined;
    }
    const shape = perm.map((p) => item(value.shape, p));
    if (value.kind === "constant") {
      return transposed(value, shape, perm);
    }
    const axes = perm.map((p) => value.axes[p] ?? p);
    const node = { kind: "map", tensor: value.tensor, shape, axes } as const;
    const isMap = shape.length === 4 && !value.order;
    if (isMap && sameShape(storedShape(shape, axes), value.tensor.shape)) return node;
    return settle(op, value, shape, { order: permutedOrder(value, perm) });
  },
};

function transposed(value: ConstantValue, shape: readonly number[], perm: readonly number[]): ConstantValue {
  const { quantized, ...rest } = value;
  const data = transposeData(value.data, value.shape, perm);
  if (!quantized) return { ...rest, shape, data };
  const integers = transposeData(quantized.data, value.shape, perm);
  return {
    ...rest,
    shape,
    data,
    quantized: { ...quantized, data: integers, axis: perm.indexOf(quantized.axis) },
  };
}
