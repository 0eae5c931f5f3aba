/** Operators that take, repeat or weave pixels and channels. */
import { item } from "../../../ir/known.ts";
import { sameShape, showShape } from "../../../ir/shapes.ts";
import type { Shape } from "../../../ir/shapes.ts";
import {
  addNode,
  integersOf,
  normalAxis,
  REEXPORT,
  requireConstant,
  requireImage,
  requireMap,
} from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { shaped } from "../layout.ts";
import { storedShape } from "../values.ts";
import type { MapValue } from "../values.ts";

/** Along one of ONNX's axes: `count` elements from `begin` on, `step` apart. */
export interface Range {
  readonly begin: number;
  readonly step: number;
  readonly count: number;
}

/** A map whose tensor has the axes that ONNX sees. */
export function requireAxes(op: OperatorContext): MapValue | undefined {
  const value = requireMap(op, 0);
  const map = value && shaped(op, value, "input");
  if (!map) return undefined;
  if (!map.order && sameShape(storedShape(map.shape, map.axes), map.tensor.shape)) return map;
  const found = `a map ${showShape(map.shape)} that is another one reshaped`;
  op.report(
    "unsupported-map",
    found,
    "maps as layers make them",
    "move the operator in front of the reshape",
  );
  return undefined;
}

/** A part of a map as the operator's output, or, named, as a part of that. */
export function sliceOf(
  op: OperatorContext,
  map: MapValue,
  ranges: readonly Range[],
  part = "",
): MapValue | undefined {
  const isSound = ranges.every(({ begin, step, count }, axis) => {
    const last = begin + (count - 1) * step;
    return count >= 1 && step >= 1 && begin >= 0 && last < item(map.shape, axis);
  });
  if (!isSound) {
    const shown = ranges.map(({ begin, step, count }) => `${begin}:${step}:${count}`).join(", ");
    const found = `begin, step and count ${shown} of ${showShape(map.shape)}`;
    op.report(
      "unsupported-attribute",
      found,
      "a part of the map in steps forwards",
      "slice in steps forwards",
    );
    return undefined;
  }
  const stored = (value: (range: Range) => number) => storedShape(ranges.map(value), map.axes);
  const shape = ranges.map(({ count }) => count);
  return addNode(inPart(op, part), [map.tensor], { shape, axes: map.axes }, (parts) => ({
    kind: "slice",
    ...parts,
    begin: stored(({ begin }) => begin),
    stride: stored(({ step }) => step),
  }));
}

/** Under a name of its own where the operator becomes several nodes. */
export function inPart(op: OperatorContext, part: string): OperatorContext {
  return part === "" ? op : { ...op, name: `${op.name}/${part}`, outputName: `${op.outputName}/${part}` };
}

/** Every element of each axis. */
export const whole = (shape: Shape): Range[] => shape.map((count) => ({ begin: 0, step: 1, count }));

/** Starts, ends and axes are attributes before opset 10, inputs since, with steps. */
export const slice: OperatorReader = {
  inputs: [1, 5],
  read(op) {
    const operand = (index: number, name: string): readonly number[] | undefined => {
      const constant = requireConstant(op, index, name);
      return constant && integersOf(op, constant, name);
    };
    const old = op.opset < 10;
    const starts = old ? op.attributes.ints("starts") : operand(1, "starts");
    const ends = old ? op.attributes.ints("ends") : operand(2, "ends");
    const axes = old ? op.attributes.ints("axes") : operand(3, "axes");
    const steps = old ? undefined : operand(4, "steps");
    const map = requireAxes(op);
    if (!map || !starts || !ends) return undefined;
    const ranges = whole(map.shape);
    for (const [i, from] of starts.entries()) {
      const axis = normalAxis(op, axes?.[i] ?? i, map.shape.length);
      if (axis === undefined) return undefined;
      const [size, step] = [item(map.shape, axis), steps?.[i] ?? 1];
      const clamp = (at: number) => Math.min(size, Math.max(0, at < 0 ? at + size : at));
      const [begin, end] = [clamp(from), clamp(ends[i] ?? 0)];
      ranges[axis] = { begin, step, count: step < 1 ? 0 : Math.ceil((end - begin) / step) };
    }
    return sliceOf(op, map, ranges);
  },
};

/** Parts along one axis: sizes are an attribute before opset 13, an input since, or equal; the last may be smaller (opset 18). */
export const split: OperatorReader = {
  inputs: [1, 2],
  read: (op) => splitPart(op, 0),
  further: (op) =>
    op.outputNames.slice(1).map((outputName, i) => {
      const name = `${op.name}/output ${i + 1}`;
      return splitPart({ ...op, name, outputName: outputName || name }, i + 1);
    }),
};

function splitPart(op: OperatorContext, index: number): MapValue | undefined {
  const attribute = op.attributes.int("axis", 0);
  const count = op.attributes.int("num_outputs", op.outputNames.length);
  const stated = op.attributes.ints("split");
  const input = requireConstant(op, 1, "split");
  const map = requireAxes(op);
  const axis = map && normalAxis(op, attribute, map.shape.length);
  if (!map || axis === undefined) return undefined;
  const size = item(map.shape, axis);
  const most = Math.ceil(size / count);
  const equal = Array.from({ length: count }, (_, i) => Math.min(most, size - i * most));
  const sizes = (input ? integersOf(op, input, "split") : stated) ?? equal;
  const end = sizes.reduce((sum, n) => sum + n, 0);
  if (end !== size || sizes.length !== op.outputNames.length) {
    const found = `${sizes.length} parts of ${sizes.join(", ")} for ${op.outputNames.length} outputs of ${size}`;
    op.report("invalid-attribute", found, "a size for each output, which add up to the axis", REEXPORT);
    return undefined;
  }
  const begin = sizes.slice(0, index).reduce((sum, n) => sum + n, 0);
  return sliceOf(op, map, whole(map.shape).with(axis, { begin, step: 1, count: item(sizes, index) }));
}

type Pair = readonly [number, number];

/** Channels as blocks of pixels. CRD: C * blocksize^2 channels, those of a block's pixels beside each other. */
export const depthToSpace: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const size = op.attributes.int("blocksize", 0);
    const mode = op.attributes.text("mode", "DCR");
    const map = requireImage(op);
    const [, channels = 0, height = 0, width = 0] = map?.shape ?? [];
    if (!map) return undefined;
    const made = channels / (size * size);
    if (!isBlock(size) || !Number.isInteger(made) || (mode !== "DCR" && mode !== "CRD")) {
      op.report(
        "invalid-attribute",
        `${mode} with blocksize ${size} of ${showShape(map.shape)}`,
        `DCR or CRD with blocks that divide the channels, of at most ${MOST}`,
        REEXPORT,
      );
      return undefined;
    }
    const [step, apart] = mode === "DCR" ? [1, made] : [size * size, 1];
    const parts = Array.from({ length: size * size }, (_, i) =>
      sliceOf(op, map, whole(map.shape).with(1, { begin: i * apart, step, count: made }), `part ${i}`),
    ).filter((part) => part !== undefined);
    return weave(op, parts, [1, made, height * size, width * size], [size, size]);
  },
};

/** Beyond any network; each pixel of a block is a node. */
const MOST = 32;

function isBlock(size: number): boolean {
  return size >= 1 && size <= MOST;
}

function weave(op: OperatorContext, parts: readonly MapValue[], shape: Shape, factor: Pair): MapValue {
  const tensors = parts.map(({ tensor }) => tensor);
  return addNode(op, tensors, { shape }, (base) => ({ kind: "interleave", ...base, factor }));
}

/** Each pixel of a block becomes channels: every blocksize-th pixel, concatenated. */
export const spaceToDepth: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const size = op.attributes.int("blocksize", 0);
    const map = requireImage(op);
    const [, channels = 0, height = 0, width = 0] = map?.shape ?? [];
    if (!map) return undefined;
    if (!isBlock(size) || height % size !== 0 || width % size !== 0) {
      op.report(
        "invalid-attribute",
        `blocksize ${size} of ${showShape(map.shape)}`,
        `blocks that divide the map, of at most ${MOST}`,
        REEXPORT,
      );
      return undefined;
    }
    const [rows, columns] = [height / size, width / size];
    const parts = Array.from({ length: size * size }, (_, i) => {
      const down = { begin: Math.floor(i / size), step: size, count: rows };
      const across = { begin: i % size, step: size, count: columns };
      return sliceOf(op, map, [...whole([1, channels]), down, across], `part ${i}`);
    }).filter((part) => part !== undefined);
    const tensors = parts.map(({ tensor }) => tensor);
    const shape = [1, channels * size * size, rows, columns];
    return addNode(op, tensors, { shape }, (base) => ({
      kind: "concat",
      ...base,
      axis: 3,
      activation: "none",
    }));
  },
};
