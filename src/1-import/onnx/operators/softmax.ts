import type { LogSoftmaxNode, SoftmaxNode } from "../../../ir/graph.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import { addNode, layoutOf, requireMap } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { asMap, shaped } from "../layout.ts";
import type { MapValue } from "../values.ts";

type Kind = Pick<SoftmaxNode, "kind" | "beta"> | Pick<LogSoftmaxNode, "kind">;

/** Along one axis; before opset 13 all axes from `axis` on are one. */
function shares(kind: Kind): OperatorReader {
  return {
    inputs: [1, 1],
    read(op) {
      const attribute = op.attributes.int("axis", op.opset < 13 ? 1 : -1);
      const value = requireMap(op, 0);
      const map = value && shaped(op, value, "input");
      if (!map) return undefined;
      const { shape, tensor } = map;
      const axis = attribute < 0 ? attribute + shape.length : attribute;
      const over = shape.map((_, i) => (op.opset < 13 ? i >= axis : i === axis));
      const places = axis < 0 || axis >= shape.length ? undefined : storedAxes(map, over);
      if (!places) {
        const found = `${op.operator} along axis ${attribute} of ${showShape(shape)}`;
        const supported = "along rows, columns, channels or a vector";
        op.report("unsupported-attribute", found, supported, "apply it along the channels");
        return undefined;
      }
      const last = tensor.shape.length - 1;
      const isUsual = places.length === 0 || (places.length === 1 && places[0] === last);
      const axes = isUsual ? {} : { axes: places };
      return addNode(op, [tensor], layoutOf(map), (parts) => ({ ...kind, ...parts, ...axes }));
    },
  };
}

/** The tensor's axes that the marked ones are, but for those of one element where others are larger; undefined where it has no such axes. */
function storedAxes(value: MapValue, over: readonly boolean[]): number[] | undefined {
  const { shape, tensor } = value;
  const isVector = tensor.shape.at(-1) === elements(shape);
  if (isVector && shape.every((n, i) => n === 1 || over[i])) return [];
  const plain = value.order === undefined && shape.length === tensor.shape.length && shape.length !== 4;
  const whole = plain ? { map: value, from: shape.map((_, axis) => axis) } : asMap(value);
  if (!whole) return undefined;
  const places = (isTaken: (size: number) => boolean) =>
    shape.flatMap((n, i) => (over[i] && isTaken(n) ? [whole.map.axes[whole.from[i] ?? -1] ?? -1] : []));
  const large = places((n) => n > 1);
  // of one element along them the share is all
  const axes = large.length > 0 ? large : places(() => true);
  return axes.includes(-1) ? undefined : axes.toSorted((a, b) => a - b);
}

export const softmax = shares({ kind: "softmax", beta: 1 });
export const logSoftmax = shares({ kind: "log-softmax" });
