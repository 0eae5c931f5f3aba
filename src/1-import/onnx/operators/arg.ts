import type { ArgNode } from "../../../ir/graph.ts";
import { sameShape, showShape } from "../../../ir/shapes.ts";
import { addNode, normalAxis, requireMap } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { asMap, settle } from "../layout.ts";
import type { MapValue } from "../values.ts";

/** The place of the greatest or least value along an axis of a map or of a vector. */
function choice(kind: ArgNode["kind"]): OperatorReader {
  return {
    inputs: [1, 1],
    read(op) {
      const attribute = op.attributes.int("axis", 0);
      const keepDims = op.attributes.int("keepdims", 1) === 1;
      const last = op.attributes.int("select_last_index", 0) === 1;
      const value = requireMap(op, 0);
      const axis = value && normalAxis(op, attribute, value.shape.length);
      if (!value || axis === undefined) return undefined;
      const whole = storedMap(value);
      const place = whole?.map.axes[whole.from[axis] ?? -1];
      if (!whole || place === undefined || (place === 0 && value.shape.length > 1)) {
        const found = `${op.operator} along axis ${attribute} of ${showShape(value.shape)}`;
        const supported = "along rows, columns or channels of [N, C, H, W], or along a vector";
        op.report("unsupported-attribute", found, supported, "choose along another axis");
        return undefined;
      }
      const { map } = whole;
      const shape = map.shape.map((n, i) => (map.axes[i] === place ? 1 : n));
      const result = { shape, axes: map.axes, dtype: "int64", quantization: undefined } as const;
      const chosen = addNode(op, [map.tensor], result, (parts) => ({
        kind,
        ...parts,
        axis: place,
        ...(last && { last }),
      }));
      const kept = value.shape.map((n, i) => (i === axis ? 1 : n));
      const wanted = keepDims ? kept : kept.toSpliced(axis, 1);
      return sameShape(wanted, shape) ? chosen : settle(op, chosen, wanted, { name: `${op.name}/squeeze` });
    },
  };
}

/** The map, or the vector, as it is stored, and where it has each of the value's axes. */
function storedMap(value: MapValue): ReturnType<typeof asMap> {
  const { order, shape, tensor } = value;
  const isVector = shape.length < 3 && order === undefined && sameShape(shape, tensor.shape);
  return isVector ? { map: value, from: shape.map((_, axis) => axis) } : asMap(value);
}

export const argMax = choice("arg-max");
export const argMin = choice("arg-min");
