/** Resizing to the nearest pixel. */
import { item } from "../../../ir/known.ts";
import { sameShape, showShape } from "../../../ir/shapes.ts";
import { nearestAlong } from "../../nearest.ts";
import type { Nearest } from "../../nearest.ts";
import {
  addNode,
  floatsOf,
  hasInput,
  integersOf,
  normalAxis,
  REEXPORT,
  requireConstant,
  requireImage,
} from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { sameLayout } from "./elementwise.ts";
import { sliceOf } from "./move.ts";

/** How ONNX finds the nearest of an output's elements along one axis: its place between the input's, and which of those. */
interface Rule {
  readonly place: string;
  readonly round: string;
}

/** Sizes of one axis, and the scale between them where it is stated. */
interface Axis {
  readonly size: number;
  readonly made: number;
  readonly scale: number;
}

/** By coordinate_transformation_mode, in float32 as ONNX Runtime computes it (upsamplebase.h, GetOriginalCoordinateFromResizedCoordinate). */
const PLACES: Readonly<Record<string, (i: number, axis: Axis) => number>> = {
  asymmetric: (i, { scale }) => Math.fround(i / scale),
  half_pixel: (i, { scale }) => halfPixel(i, scale),
  half_pixel_symmetric: (i, { made, scale, size }) =>
    Math.fround((size / 2) * (1 - made / (scale * size)) + halfPixel(i, scale)),
  pytorch_half_pixel: (i, { made, scale }) => (made > 1 ? halfPixel(i, scale) : 0),
  tf_half_pixel_for_nn: (i, { scale }) => Math.fround((i + 0.5) / scale),
  align_corners: (i, { made, size }) => (made > 1 ? Math.fround((i * (size - 1)) / (made - 1)) : 0),
};

/** By nearest_mode; `simple` is that of operator set 10. */
const ROUNDINGS: Readonly<Record<string, (place: number, axis: Axis) => number>> = {
  round_prefer_floor: (place) => Math.ceil(place - 0.5),
  round_prefer_ceil: (place) => Math.floor(place + 0.5),
  floor: (place) => Math.floor(place),
  ceil: (place) => Math.ceil(place),
  simple: (place, { scale }) => (scale < 1 ? Math.ceil(place) : Math.floor(place)),
};

function halfPixel(i: number, scale: number): number {
  return Math.fround(Math.fround((i + 0.5) / scale) - 0.5);
}

function alongAxis(axis: Axis, { place, round }: Rule): Nearest | undefined {
  const [toPlace, toWhole] = [PLACES[place], ROUNDINGS[round]];
  if (!toPlace || !toWhole) return undefined;
  return nearestAlong(
    Array.from({ length: axis.made }, (_, i) =>
      Math.max(0, Math.min(axis.size - 1, toWhole(toPlace(i, axis), axis))),
    ),
  );
}

/** inputs = [map, roi?, scales?, sizes?]; [map, scales] before opset 11. */
export const resize: OperatorReader = {
  inputs: [1, 4],
  read(op) {
    const old = op.opset < 11;
    const mode = op.attributes.text("mode", "nearest");
    const place = op.attributes.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
    const round = op.attributes.text("nearest_mode", old ? "simple" : "round_prefer_floor");
    const policy = op.attributes.text("keep_aspect_ratio_policy", "stretch");
    const stated = op.attributes.ints("axes");
    op.attributes.expect("antialias", 0);
    op.attributes.ignore("cubic_coeff_a", "exclude_outside", "extrapolation_value");
    const scales = scalesAt(op, old ? 1 : 2);
    const target = hasInput(op, 3) ? requireConstant(op, 3, "sizes") : undefined;
    const sizes = target && integersOf(op, target, "sizes");
    const isPlain = Object.hasOwn(PLACES, place) && Object.hasOwn(ROUNDINGS, round) && policy === "stretch";
    if (mode !== "nearest" || !isPlain) {
      report(op, `a resize, ${mode}, ${place}, ${round}, ${policy}`);
      return undefined;
    }
    return resized(op, { place, round }, { scales, sizes, axes: stated });
  },
};

/** Operator sets 7 to 9: scales are an attribute before opset 9, an input since. */
export const upsample: OperatorReader = {
  inputs: [1, 2],
  read(op) {
    const mode = op.attributes.text("mode", "nearest");
    const scales = op.opset < 9 ? op.attributes.floats("scales") : scalesAt(op, 1);
    if (mode !== "nearest") {
      report(op, `a resize, ${mode}`);
      return undefined;
    }
    return resized(
      op,
      { place: "asymmetric", round: "simple" },
      { scales, sizes: undefined, axes: undefined },
    );
  },
};

function report(op: OperatorContext, found: string): void {
  const supported = "the nearest pixel, in sizes that repeat each pixel, or leave some, equally often";
  op.report("unsupported-attribute", found, supported, "resize by whole factors with mode nearest");
}

/** Undefined where the input is left out, or empty. */
function scalesAt(op: OperatorContext, index: number): readonly number[] | undefined {
  const constant = hasInput(op, index) ? requireConstant(op, index, "scales") : undefined;
  const scales = constant && floatsOf(op, constant, "scales");
  return scales && scales.length > 0 ? [...scales] : undefined;
}

interface Target {
  readonly scales: readonly number[] | undefined;
  readonly sizes: readonly number[] | undefined;
  /** Of the scales or sizes, where not all axes have one. */
  readonly axes: readonly number[] | undefined;
}

function resized(op: OperatorContext, rule: Rule, { scales, sizes, axes }: Target) {
  const map = requireImage(op);
  if (!map) return undefined;
  const listed = (axes ?? map.shape.map((_, axis) => axis)).map((axis) => normalAxis(op, axis, 4));
  const count = (sizes ?? scales)?.length;
  if (count !== listed.length || (scales !== undefined && sizes !== undefined)) {
    op.report("invalid-attribute", `${count ?? "no"} scales or sizes`, "one an axis", REEXPORT);
    return undefined;
  }
  const along = map.shape.map((size, axis) => {
    const at = listed.indexOf(axis);
    const scale = scales?.[at] ?? Math.fround((sizes?.[at] ?? size) / size);
    const made = sizes?.[at] ?? Math.floor(size * scale);
    return made >= 1 && made <= MOST ? alongAxis({ size, made, scale }, rule) : undefined;
  });
  const known = along.filter((axis) => axis !== undefined);
  const [batch, channels, rows, columns] = known;
  const isPlanar = batch?.factor === 1 && channels?.factor === 1;
  if (!rows || !columns || known.length < 4 || !isPlanar) {
    const to = sizes ? `sizes ${sizes.join(", ")}` : `scales ${scales?.join(", ")}`;
    report(op, `a resize of ${showShape(map.shape)} to ${to}, ${rule.place}, ${rule.round}`);
    return undefined;
  }
  const factor = [rows.factor, columns.factor] as const;
  const isRepeated = factor.some((n) => n > 1);
  const ranges = known.map(({ begin, stride, kept }) => ({ begin, step: stride, count: kept }));
  const isWhole = sameShape(
    ranges.map(({ count: n }) => n),
    map.shape,
  );
  if (isWhole && !isRepeated) return sameLayout(op, map, "identity");
  const part = isWhole ? map : sliceOf(op, map, ranges, isRepeated ? "part" : "");
  if (!part || !isRepeated) return part;
  const shape = part.shape.map((n, axis) => n * item(known, axis).factor);
  return addNode(op, [part.tensor], { shape }, (base) => ({ kind: "repeat", ...base, factor }));
}

/** Beyond any network. */
const MOST = 1 << 15;
