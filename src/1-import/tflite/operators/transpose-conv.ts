import type { ConvNode, InterleaveNode, Node, SliceNode } from "../../../ir/graph.ts";
import { item, known } from "../../../ir/known.ts";
import { sameShape, showShape } from "../../../ir/shapes.ts";
import { int32Field, int8Field } from "../../flatbuffer.ts";
import { phaseKernel, phasesOf } from "../../transposed.ts";
import { nodeBase, readActivation, RECONVERT, requireRank } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, PaddingScheme, TransposeConvField } from "../schema.ts";
import { requireWeights } from "../weights.ts";

/**
 * inputs = [output shape, weights [K, kh, kw, C], map, bias?]. Convolutions woven together; where the output's sides are no
 * multiple of the strides, a slice of those. Source: reference_integer_ops::TransposeConv.
 */
export const transposeConv: OperatorReader = {
  code: OperatorCode.TRANSPOSE_CONV,
  options: OptionsType.TransposeConvOptions,
  inputs: [3, 4],
  read(op): Node | undefined {
    const [, kernel, input, ...rest] = op.inputs;
    const operands = requireWeights({ ...op, inputs: [input, kernel, ...rest] }, 0);
    const activation = readActivation(op, TransposeConvField.activation);
    if (!operands || !activation) return undefined;
    const { map, weights, bias } = operands;
    if (!requireRank(op, "input", map, 4) || !requireRank(op, "weights", weights, 4)) return undefined;
    const stride = readStrides(op);
    const padding = op.options ? int8Field(op.options, TransposeConvField.padding, 0) : 0;
    const [, kh = 0, kw = 0, channels = 0] = weights.shape;
    const shape = op.output.shape;
    const isSound = channels === map.shape[3] && shape.length === 4 && shape[3] === weights.shape[0];
    if (!stride || !isSound || (padding !== PaddingScheme.SAME && padding !== PaddingScheme.VALID)) {
      const found = `weights ${showShape(weights.shape)} over ${showShape(map.shape)} for ${showShape(shape)}`;
      op.report(
        "invalid-attribute",
        found,
        "strides of 1 to 32, SAME or VALID, weights [K, kh, kw, C]",
        RECONVERT,
      );
      return undefined;
    }
    const along = (axis: 0 | 1) => {
      const [made, size] = [item(shape, axis + 1), item([kh, kw], axis)];
      const crop = padding === PaddingScheme.SAME ? cropOf(made, size, item(stride, axis)) : 0;
      const [step, from] = [item(stride, axis), item(map.shape, axis + 1)];
      return phasesOf({ size: from, made, kernel: size, stride: step, dilation: 1, crop });
    };
    const [down, across] = [along(0), along(1)];
    const woven = [
      1,
      Math.ceil(item(shape, 1) / stride[0]),
      Math.ceil(item(shape, 2) / stride[1]),
      item(shape, 3),
    ];
    const zero = weights.quantization?.zeroPoints[0] ?? 0;
    const values = known(weights.data, "weights that are stored") as Float32Array | Int8Array | Uint8Array;
    const parts = down.flatMap((rows, y) =>
      across.map((columns, x) => {
        const size = [rows.taps.length, columns.taps.length] as const;
        const { name, dtype, quantization } = weights;
        const part = op.addConstant({
          name: `${name}_${y}_${x}`,
          shape: [item(shape, 3), ...size, channels],
          dtype,
          data: phaseKernel(values, weights.shape, rows, columns, zero),
          ...(quantization && { quantization }),
        });
        return op.addPart(`phase_${y}_${x}`, op.output, woven, (base): ConvNode => ({
          kind: "conv",
          ...base,
          inputs: [map.id, part.id, ...(bias ? [bias.id] : [])],
          kernel: size,
          stride: [1, 1],
          dilation: [1, 1],
          groups: 1,
          activation,
          padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
        }));
      }),
    );
    return interleaved(op, parts, woven, stride);
  },
};

/** The maps woven together, cut to the output's size. */
function interleaved(
  op: OperatorContext,
  parts: readonly { readonly id: number }[],
  [, height = 0, width = 0, channels = 0]: readonly number[],
  factor: readonly [number, number],
): InterleaveNode | SliceNode {
  const whole = [1, height * factor[0], width * factor[1], channels];
  const inputs = parts.map(({ id }) => id);
  const base = nodeBase(op, []);
  if (sameShape(whole, op.output.shape)) return { kind: "interleave", ...base, inputs, factor };
  const all = op.addPart("woven", op.output, whole, (part) => ({
    kind: "interleave",
    ...part,
    inputs,
    factor,
  }));
  return { kind: "slice", ...base, inputs: [all.id], begin: [0, 0, 0, 0], stride: [1, 1, 1, 1] };
}

function readStrides(op: OperatorContext): readonly [number, number] | undefined {
  const field = (slot: number) => (op.options ? int32Field(op.options, slot, 0) : 0);
  const stride = [field(TransposeConvField.strideH), field(TransposeConvField.strideW)] as const;
  return stride.every((n) => n >= 1 && n <= MOST) ? stride : undefined;
}

/** Beyond any network; each phase is a node. */
const MOST = 32;

/** Rows in front of the output that SAME drops: those that padding adds to a convolution of the output (ComputePadding). */
function cropOf(made: number, kernel: number, stride: number): number {
  const total = Math.max(0, (Math.ceil(made / stride) - 1) * stride + kernel - made);
  return Math.floor(total / 2);
}
