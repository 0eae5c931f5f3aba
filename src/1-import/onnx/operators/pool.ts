import { NO_PADDING } from "../../../ir/graph.ts";
import type { PoolNode } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { storedShape, CHANNELS_FIRST } from "../values.ts";
import type { MapValue } from "../values.ts";
import { addNode, requireImage } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { addPadding, isPadded, placeWindow, readWindow } from "../window.ts";
import type { PlacedWindow, WindowAttributes } from "../window.ts";

export const maxPool: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    op.attributes.expect("storage_order", 0);
    const window = readPool(op);
    const map = requireImage(op);
    const placed = window && map && placePool(op, window, map);
    return placed && addPool(op, map, "max-pool", window, placed, addPadding(placed.declared, placed.beyond));
  },
};

export const averagePool: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const countPadding = op.attributes.int("count_include_pad", 0) === 1;
    const window = readPool(op);
    const map = requireImage(op);
    const placed = window && map && placePool(op, window, map);
    if (!placed) return undefined;
    if (!countPadding || !isPadded(placed.declared)) {
      return addPool(op, map, "average-pool", window, placed, addPadding(placed.declared, placed.beyond));
    }
    // Declared padding counts, what rounding up adds does not: zeros first, then a pool of those.
    return addPool(op, addPad(op, map, placed), "average-pool", window, placed, placed.beyond);
  },
};

/** The mean over H and W. */
export const globalAveragePool: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const map = requireImage(op);
    if (!map) return undefined;
    const shape = [1, item(map.shape, 1), 1, 1];
    return addNode(op, [map.tensor], { shape }, (parts) => ({ kind: "mean", ...parts, keepDims: true }));
  },
};

export const globalMaxPool: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const map = requireImage(op);
    if (!map) return undefined;
    const [, , height = 1, width = 1] = map.shape;
    const attributes = { kernel: [height, width], stride: [1, 1], dilation: [1, 1] } as const;
    const placed = { rows: 1, columns: 1, declared: NO_PADDING, beyond: NO_PADDING };
    return addPool(op, map, "max-pool", attributes, placed, NO_PADDING);
  },
};

export function readPool(op: OperatorContext): WindowAttributes | undefined {
  const ceil = op.attributes.int("ceil_mode", 0);
  const window = readWindow(op);
  return window && { ...window, ceil: ceil === 1 };
}

/** Reports windows that lie in the padding alone: they have no largest value and no average. */
export function placePool(
  op: OperatorContext,
  window: WindowAttributes,
  map: MapValue,
): PlacedWindow | undefined {
  const placed = placeWindow(op, window, map.shape);
  if (!placed) return undefined;
  const meets = (axis: 0 | 1, before: number, outputs: number): boolean => {
    const [size, step] = [item(map.shape, axis + 2), window.dilation[axis]];
    return Array.from({ length: outputs }, (_, i) => i * window.stride[axis] - before).every((start) => {
      const first = start < 0 ? start + Math.ceil(-start / step) * step : start;
      return first < size && first <= start + (window.kernel[axis] - 1) * step;
    });
  };
  if (meets(0, placed.declared.top, placed.rows) && meets(1, placed.declared.left, placed.columns))
    return placed;
  op.report(
    "unsupported-attribute",
    "a pool with a window outside of the map",
    "windows that meet the map",
    "pad less, or use a larger kernel",
  );
  return undefined;
}

function addPool(
  op: OperatorContext,
  map: MapValue,
  kind: PoolNode["kind"],
  { kernel, stride, dilation }: Pick<WindowAttributes, "kernel" | "stride" | "dilation">,
  { rows, columns }: PlacedWindow,
  padding: PoolNode["padding"],
): MapValue {
  const shape = [1, item(map.shape, 1), rows, columns];
  const attributes = { kernel, stride, dilation, padding, activation: "none", countPadding: false } as const;
  return addNode(op, [map.tensor], { shape }, (parts) => ({ kind, ...parts, ...attributes }));
}

/** Zeros around the map, as a node of its own before the operator's. */
function addPad(op: OperatorContext, map: MapValue, { declared: padding }: PlacedWindow): MapValue {
  const [, channels = 0, height = 0, width = 0] = map.shape;
  const shape = [1, channels, height + padding.top + padding.bottom, width + padding.left + padding.right];
  const { dtype, quantization } = op.builder.tensors.get(map.tensor.id) ?? map.tensor;
  const name = `${op.outputName}/padded`;
  const tensor = op.builder.map(name, storedShape(shape, CHANNELS_FIRST), dtype, quantization);
  const parts = { name: `${op.name}/pad`, sources: [op.index], inputs: [map.tensor.id], output: tensor.id };
  op.builder.nodes.push({ kind: "pad", ...parts, padding });
  return { kind: "map", tensor, shape, axes: CHANNELS_FIRST };
}
