/** Strides, dilations and paddings of convolutions and pools. */
import type { Padding, Tensor } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { int32Field, int8Field } from "../flatbuffer.ts";
import { RECONVERT } from "./context.ts";
import type { OperatorContext } from "./context.ts";
import type { Dilation } from "./file.ts";
import { PaddingScheme } from "./schema.ts";

export interface WindowSlots {
  readonly padding: number;
  readonly strideW: number;
  readonly strideH: number;
  readonly dilationW?: number;
  readonly dilationH?: number;
}

export interface WindowAttributes {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
}

/** Beyond any network; keeps products of attributes exact. */
const MAX_ATTRIBUTE = 1 << 15;

/** Reads the window over `map` [1, H, W, C] and makes SAME and VALID explicit. */
export function readWindow(
  op: OperatorContext,
  slots: WindowSlots,
  kernel: readonly [number, number],
  map: Tensor,
): WindowAttributes | undefined {
  const field = (slot: number | undefined, fallback: number) =>
    op.options && slot !== undefined ? int32Field(op.options, slot, fallback) : fallback;
  const stride = [field(slots.strideH, 0), field(slots.strideW, 0)] as const;
  const dilation = [field(slots.dilationH, 1), field(slots.dilationW, 1)] as const;
  const scheme = op.options ? int8Field(op.options, slots.padding, 0) : 0;
  for (const [what, pair] of Object.entries({ kernel, stride, dilation })) {
    if (pair.some((n) => n < 1 || n > MAX_ATTRIBUTE)) {
      op.report(
        "invalid-attribute",
        `${what} ${pair.join("x")}`,
        `${what} of 1 to ${MAX_ATTRIBUTE}`,
        RECONVERT,
      );
      return undefined;
    }
  }
  if (scheme !== PaddingScheme.SAME && scheme !== PaddingScheme.VALID) {
    op.report("invalid-attribute", `padding scheme ${scheme}`, "SAME, VALID", RECONVERT);
    return undefined;
  }
  const along = (axis: 0 | 1) =>
    padAlong(scheme, item(map.shape, axis + 1), kernel[axis], stride[axis], dilation[axis]);
  const [top, bottom] = along(0);
  const [left, right] = along(1);
  if (op.dilated)
    return spread(op, op.dilated, { kernel, stride, dilation, padding: { top, left, bottom, right } });
  return { kernel, stride, dilation, padding: { top, left, bottom, right } };
}

/** The window of a batch's maps as that over the map whose pixels they hold. */
function spread(
  op: OperatorContext,
  { block, before, after }: Dilation,
  { kernel, stride, dilation, padding }: WindowAttributes,
): WindowAttributes | undefined {
  const [down, across] = block;
  const around = {
    top: padding.top * down + before[0],
    left: padding.left * across + before[1],
    bottom: padding.bottom * down + after[0],
    right: padding.right * across + after[1],
  };
  if (stride.some((n) => n !== 1) || Object.values(around).some((n) => n < 0)) {
    const found = `a convolution of stride ${stride.join("x")} between SPACE_TO_BATCH_ND and a BATCH_TO_SPACE_ND that crops`;
    const supported = "stride 1, and no more cropped than was padded";
    op.report("unsupported-attribute", found, supported, "use a dilated convolution");
    return undefined;
  }
  return { kernel, stride, dilation: [dilation[0] * down, dilation[1] * across], padding: around };
}

/** [before, after]. TFLite's SAME: ceil(size / stride) outputs, the odd row or column goes after. */
function padAlong(
  scheme: number,
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
): [number, number] {
  if (scheme === PaddingScheme.VALID) return [0, 0];
  const outputs = Math.ceil(size / stride);
  const total = Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
