import { item } from "../../../ir/known.ts";
import { sameShape, showShape } from "../../../ir/shapes.ts";
import { phaseKernel, phasesOf } from "../../transposed.ts";
import type { Phase } from "../../transposed.ts";
import { addNode, floatsOf, REEXPORT, requireConstant, requireImage } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import type { ConstantValue, MapValue } from "../values.ts";
import { addBias } from "../weights.ts";
import { readWindow } from "../window.ts";
import type { WindowAttributes } from "../window.ts";
import { inPart, sliceOf } from "./move.ts";

type Pair = readonly [number, number];

/** inputs = [map, weights [C, K / group, kh, kw], bias [K]?]: convolutions that are woven together. */
export const convTranspose: OperatorReader = {
  inputs: [2, 3],
  read(op) {
    const groups = op.attributes.int("group", 1);
    const further = op.attributes.ints("output_padding") ?? [0, 0];
    const stated = op.attributes.ints("output_shape");
    const weights = requireConstant(op, 1, "weights");
    const bias = requireConstant(op, 2, "bias");
    const map = requireImage(op);
    const [channels = 0, perGroup = 0, kh = 1, kw = 1] = weights?.shape ?? [];
    const window = readWindow(op, weights?.shape.length === 4 ? [kh, kw] : "unknown");
    if (!weights || !map || !window) return undefined;
    const isSound =
      weights.shape.length === 4 && channels === map.shape[1] && groups >= 1 && channels % groups === 0;
    const sizes = ([0, 1] as const).map((axis) =>
      sizeAlong(window, axis, item(map.shape, axis + 2), further[axis] ?? 0, stated?.slice(-2)[axis]),
    );
    const [rows, columns] = sizes;
    if (
      !isSound ||
      !rows ||
      !columns ||
      window.stride.some((n) => n > MOST) ||
      sizes.some(({ made }) => made < 1)
    ) {
      const found = `weights ${showShape(weights.shape)} in ${groups} groups over ${showShape(map.shape)}`;
      const supported = `weights [C, K / group, kh, kw], strides of at most ${MOST}, outputs that are not empty`;
      op.report("invalid-attribute", found, supported, REEXPORT);
      return undefined;
    }
    const outputs = perGroup * groups;
    const values = arranged(op, weights, groups);
    const offset = bias && addBias(op, bias, outputs);
    if (!values || (bias && !offset)) return undefined;
    const phases = sizes.map(({ size, made, crop }, axis) => {
      const [kernel, stride, dilation] = [window.kernel, window.stride, window.dilation].map(
        (pair) => pair[axis] ?? 1,
      );
      return phasesOf({
        size,
        made,
        crop,
        kernel: kernel ?? 1,
        stride: stride ?? 1,
        dilation: dilation ?? 1,
      });
    });
    const [down = [], across = []] = phases;
    const woven = [
      1,
      outputs,
      Math.ceil(rows.made / window.stride[0]),
      Math.ceil(columns.made / window.stride[1]),
    ];
    const shape = [outputs, kh, kw, channels / groups];
    const parts = down.flatMap((vertical, y) =>
      across.map((horizontal, x) => {
        const kernel = [vertical.taps.length, horizontal.taps.length] as const;
        const data = phaseKernel(values, shape, vertical, horizontal, 0);
        const name = `${weights.name}/phase ${y} ${x}`;
        const part = op.builder.constant(name, [outputs, ...kernel, channels / groups], "float32", data);
        const operands = [map.tensor, part, ...(offset ? [offset] : [])];
        return addNode(inPart(op, `phase ${y} ${x}`), operands, { shape: woven }, (base) => ({
          kind: "conv",
          ...base,
          kernel,
          stride: [1, 1],
          dilation: [1, 1],
          padding: paddingOf(vertical, horizontal),
          groups,
          activation: "none",
        }));
      }),
    );
    return interleaved(op, parts, window.stride, [1, outputs, rows.made, columns.made]);
  },
};

/** Beyond any network; each phase is a node. */
const MOST = 32;

function paddingOf(down: Phase, across: Phase) {
  return { top: down.before, bottom: down.after, left: across.before, right: across.after };
}

/** The maps woven together, cut to ONNX's `shape`. */
function interleaved(
  op: OperatorContext,
  parts: readonly MapValue[],
  factor: Pair,
  shape: readonly number[],
): MapValue | undefined {
  const [, , height = 0, width = 0] = parts[0]?.shape ?? [];
  const whole = [1, item(shape, 1), height * factor[0], width * factor[1]];
  const isWhole = sameShape(whole, shape);
  const tensors = parts.map(({ tensor }) => tensor);
  const all = addNode(isWhole ? op : inPart(op, "woven"), tensors, { shape: whole }, (base) => ({
    kind: "interleave",
    ...base,
    factor,
  }));
  return isWhole
    ? all
    : sliceOf(
        op,
        all,
        shape.map((count) => ({ begin: 0, step: 1, count })),
      );
}

interface Sizes {
  readonly size: number;
  readonly made: number;
  /** Outputs that padding takes away in front. */
  readonly crop: number;
}

/** Where an output size is stated, or follows from SAME, the padding follows from it. */
function sizeAlong(
  window: WindowAttributes,
  axis: 0 | 1,
  size: number,
  further: number,
  stated: number | undefined,
): Sizes {
  const { autoPad } = window;
  const stride = window.stride[axis];
  const reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
  const all = stride * (size - 1) + further + reach;
  const isSame = autoPad === "SAME_UPPER" || autoPad === "SAME_LOWER";
  const wanted = stated ?? (isSame ? size * stride : undefined);
  if (wanted !== undefined) {
    const total = Math.max(0, all - wanted);
    const crop = autoPad === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
    return { size, made: wanted, crop };
  }
  const [before, after] = axis === 0 ? [window.pads[0], window.pads[2]] : [window.pads[1], window.pads[3]];
  return { size, made: all - before - after, crop: before };
}

/** [C, K / group, kh, kw] -> [K, kh, kw, C / group]. */
function arranged(op: OperatorContext, weights: ConstantValue, groups: number): Float32Array | undefined {
  const floats = floatsOf(op, weights, "weights");
  const [channels = 0, perGroup = 0, kh = 0, kw = 0] = weights.shape;
  const [taps, inputs] = [kh * kw, channels / groups];
  if (!floats) return undefined;
  return Float32Array.from({ length: floats.length }, (_, i) => {
    const [c, tap] = [i % inputs, Math.floor(i / inputs) % taps];
    const k = Math.floor(i / (inputs * taps));
    const from = Math.floor(k / perGroup) * inputs + c;
    return item(floats, (from * perGroup + (k % perGroup)) * taps + tap);
  });
}
