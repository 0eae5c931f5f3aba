import type { PadNode, Tensor } from "../../../ir/graph.ts";
import { integersOf, nodeBase, requireConstant, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType } from "../schema.ts";

/** inputs = [map, paddings [4, 2], value?]; the batch may not grow. PAD fills with the tensor's zero, PADV2 with a value. */
function pad(code: number, options: number, inputs: readonly [number, number]): OperatorReader {
  return {
    code,
    options,
    inputs,
    read(op): PadNode | undefined {
      const [map, paddings, fill] = op.inputs;
      if (!map || !paddings || !requireConstant(op, "paddings", paddings)) return undefined;
      if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
      if (fill && (!requireConstant(op, "fill value", fill) || !requireMapTypes(op, [fill])))
        return undefined;
      const amounts = readAmounts(op, paddings);
      if (!amounts) return undefined;
      const [top = 0, bottom = 0, left = 0, right = 0, front = 0, behind = 0] = amounts;
      const value = fill?.data?.[0];
      const channels = front + behind > 0 ? { channels: [front, behind] as const } : {};
      const padding = { top, left, bottom, right };
      const base = { kind: "pad" as const, ...nodeBase(op, [map]), padding, ...channels };
      return value === undefined ? base : { ...base, value: Number(value) };
    },
  };
}

/** Elements added in front and behind, of height, width and channels; undefined after a report. */
export function readAmounts(op: OperatorContext, paddings: Tensor): readonly number[] | undefined {
  const stated = integersOf(paddings);
  const amounts = stated && op.axes ? laidOut(stated, op.axes) : stated;
  if (amounts?.length !== 8 || amounts.some((n) => n < 0 || n > 1 << 15)) {
    op.report(
      "unsupported-attribute",
      `paddings ${amounts?.join(", ")}`,
      "four pairs of 0 or more",
      "use a plain PAD",
    );
    return undefined;
  }
  const [before, behind, ...rest] = amounts;
  if (!before && !behind) return rest;
  op.report(
    "unsupported-attribute",
    "padding of the batch",
    "padding of height, width and channels",
    "pad only the map",
  );
  return undefined;
}

/** Pairs of the file's axes as pairs of the tensor's. */
function laidOut(amounts: readonly number[], axes: readonly number[]): number[] {
  return [0, 1, 2, 3].flatMap((place) => {
    const axis = axes.indexOf(place);
    return axis < 0 ? [0, 0] : amounts.slice(2 * axis, 2 * axis + 2);
  });
}

export const plainPad = pad(OperatorCode.PAD, OptionsType.PadOptions, [2, 2]);
export const padV2 = pad(OperatorCode.PADV2, OptionsType.PadV2Options, [3, 3]);
