import type { Tensor } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { toChannelsLast } from "../../layout.ts";
import { addNode, REEXPORT, requireConstant, requireImage } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import type { ConstantValue, MapValue } from "../values.ts";
import { addBias, addWeights } from "../weights.ts";
import { placeWindow, readWindow } from "../window.ts";

/** inputs = [map, weights [K, C / group, kh, kw], bias [K]?]. */
export const conv: OperatorReader = {
  inputs: [2, 3],
  read(op) {
    const weights = requireConstant(op, 1, "weights");
    const bias = requireConstant(op, 2, "bias");
    const map = requireImage(op);
    const shape = readConvShape(op, weights, map);
    if (!shape || !map || !weights) return undefined;
    const stored = addWeights(op, weights, shape.stored, shape.channels, shape.arrange);
    const offset = bias && addBias(op, bias, shape.outputs);
    if (!stored || (bias && !offset)) return undefined;
    return addConv(op, map, shape, offset ? [stored, offset] : [stored], {});
  },
};

type Arrange = <Data extends Float32Array | Int8Array | Uint8Array>(data: Data) => Data;

export interface ConvShape {
  readonly outputs: number;
  readonly groups: number;
  /** One group a channel. */
  readonly depthwise: boolean;
  /** Of the weights in the graph. */
  readonly stored: readonly number[];
  /** Output channels: where the graph has them, where ONNX has them. */
  readonly channels: { readonly axis: number; readonly from: number };
  readonly arrange: Arrange;
  readonly window: NonNullable<ReturnType<typeof readWindow>>;
}

/** Reads the attributes, and checks weights against the map. Attributes are read also where one of those is unknown. */
export function readConvShape(
  op: OperatorContext,
  weights: Pick<ConstantValue, "shape"> | undefined,
  map: MapValue | undefined,
): ConvShape | undefined {
  const groups = op.attributes.int("group", 1);
  const [outputs = 0, perGroup = 0, kh = 1, kw = 1] = weights?.shape ?? [];
  const window = readWindow(op, weights?.shape.length === 4 ? [kh, kw] : "unknown");
  if (!weights) return undefined;
  if (weights.shape.length !== 4) {
    op.report(
      "unsupported-shape",
      `weights ${showShape(weights.shape)}`,
      "[K, C / group, kh, kw]",
      "use layers of two dimensions",
    );
    return undefined;
  }
  if (!map) return undefined;
  const channels = item(map.shape, 1);
  if (groups < 1 || channels !== perGroup * groups || outputs % groups !== 0) {
    const found = `weights ${showShape(weights.shape)} in ${groups} groups over ${channels} channels`;
    op.report("shape-mismatch", found, "weights [K, C / group, kh, kw]", REEXPORT);
    return undefined;
  }
  if (!window) return undefined;
  const depthwise = groups === channels && groups > 1;
  const taps = kh * kw;
  return {
    outputs,
    groups,
    depthwise,
    window,
    stored: depthwise ? [1, kh, kw, outputs] : [outputs, kh, kw, perGroup],
    channels: { axis: depthwise ? 3 : 0, from: 0 },
    arrange: (data) =>
      depthwise ? tapsFirst(data, outputs, taps) : toChannelsLast(data, [outputs, kh, kw, perGroup]),
  };
}

/** Depthwise: [C * m, 1, kh, kw] -> [1, kh, kw, C * m]; both number outputs c * m + i. */
function tapsFirst<Data extends Float32Array | Int8Array | Uint8Array>(
  data: Data,
  outputs: number,
  taps: number,
): Data {
  const result = data.slice() as Data;
  for (let k = 0; k < outputs; k++) {
    for (let tap = 0; tap < taps; tap++) result[tap * outputs + k] = item(data, k * taps + tap);
  }
  return result;
}

/** Adds the convolution with operands that are in the graph already. `result` overrides the output's type. */
export function addConv(
  op: OperatorContext,
  map: MapValue,
  shape: ConvShape,
  operands: readonly Tensor[],
  result: { readonly dtype?: Tensor["dtype"]; readonly quantization?: Tensor["quantization"] },
): MapValue | undefined {
  const placed = placeWindow(op, shape.window, map.shape);
  if (!placed) return undefined;
  const { kernel, stride, dilation } = shape.window;
  const attributes = { kernel, stride, dilation, padding: placed.declared, activation: "none" } as const;
  const size = [1, shape.outputs, placed.rows, placed.columns];
  return addNode(op, [map.tensor, ...operands], { shape: size, ...result }, (parts) =>
    shape.depthwise
      ? { kind: "depthwise", ...parts, ...attributes, multiplier: shape.outputs / shape.groups }
      : { kind: "conv", ...parts, ...attributes, groups: shape.groups },
  );
}
