/** Resizing to the nearest pixel, or between pixels. */
import { item } from "../../../ir/known.ts";
import type { Alignment } from "../../../ir/linear.ts";
import { sameShape, showShape } from "../../../ir/shapes.ts";
import { factorOfOne, nearestAlong } from "../../nearest.ts";
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
    const to = { scales, sizes, axes: stated };
    if (mode === "linear" && isPlain) return between(op, place, to);
    if (mode === "nearest" && isPlain) return resized(op, { place, round }, to);
    report(op, `a resize, ${mode}, ${place}, ${round}, ${policy}`);
    return undefined;
  },
};

/** Operator sets 7 to 9: scales are an attribute before opset 9, an input since. */
export const upsample: OperatorReader = {
  inputs: [1, 2],
  read(op) {
    const mode = op.attributes.text("mode", "nearest");
    const scales = op.opset < 9 ? op.attributes.floats("scales") : scalesAt(op, 1);
    const to = { scales, sizes: undefined, axes: undefined };
    if (mode === "linear") return between(op, "asymmetric", to);
    if (mode === "nearest") return resized(op, { place: "asymmetric", round: "simple" }, to);
    report(op, `a resize, ${mode}`);
    return undefined;
  },
};

function report(op: OperatorContext, found: string): void {
  const supported =
    "mode linear, or the nearest pixel in sizes that repeat each pixel, or leave some, equally often";
  op.report("unsupported-attribute", found, supported, "resize by whole factors with mode nearest or linear");
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

/** The map, and sizes of its axes; undefined after a report. */
function sizesOf(op: OperatorContext, { scales, sizes, axes }: Target) {
  const map = requireImage(op);
  if (!map) return undefined;
  const listed = (axes ?? map.shape.map((_, axis) => axis)).map((axis) => normalAxis(op, axis, 4));
  const count = (sizes ?? scales)?.length;
  if (count !== listed.length || (scales !== undefined && sizes !== undefined)) {
    op.report("invalid-attribute", `${count ?? "no"} scales or sizes`, "one an axis", REEXPORT);
    return undefined;
  }
  const along = map.shape.map((size, axis): Axis => {
    const at = listed.indexOf(axis);
    const scale = scales?.[at] ?? Math.fround((sizes?.[at] ?? size) / size);
    return { size, made: sizes?.[at] ?? Math.floor(size * scale), scale };
  });
  const to = sizes ? `sizes ${sizes.join(", ")}` : `scales ${scales?.join(", ")}`;
  return { map, along, shown: `a resize of ${showShape(map.shape)} to ${to}` };
}

function isSize(made: number): boolean {
  return made >= 1 && made <= MOST;
}

/** By coordinate_transformation_mode. */
const ALIGNMENTS: Readonly<Record<string, Alignment>> = {
  asymmetric: "asymmetric",
  half_pixel: "half-pixel",
  half_pixel_symmetric: "half-pixel",
  pytorch_half_pixel: "half-pixel",
  align_corners: "align-corners",
};

/** Whether a mode is its alignment there: one has a rule of its own for single pixels, and a stated scale may be another one. */
function isAligned(place: string, { size, made, scale }: Axis): boolean {
  const isWhole = place === "align_corners" || scale === Math.fround(made / size);
  return isSize(made) && isWhole && (place !== "pytorch_half_pixel" || made > 1 || size === 1);
}

/** Mode linear, along rows and columns. */
function between(op: OperatorContext, place: string, target: Target) {
  const resize = sizesOf(op, target);
  if (!resize) return undefined;
  const { along, map, shown } = resize;
  const alignment = ALIGNMENTS[place];
  const isPlanar = along.slice(0, 2).every(({ made, size }) => made === size);
  if (!alignment || !isPlanar || !along.every((axis) => isAligned(place, axis))) {
    report(op, `${shown}, linear, ${place}`);
    return undefined;
  }
  const shape = along.map(({ made }) => made);
  if (sameShape(shape, map.shape)) return sameLayout(op, map, "identity");
  const factor = factorOfOne(map.shape.slice(2), shape.slice(2));
  if (factor) return addNode(op, [map.tensor], { shape }, (base) => ({ kind: "repeat", ...base, factor }));
  return addNode(op, [map.tensor], { shape }, (base) => ({ kind: "resize-bilinear", ...base, alignment }));
}

function resized(op: OperatorContext, rule: Rule, target: Target) {
  const resize = sizesOf(op, target);
  if (!resize) return undefined;
  const { map, shown } = resize;
  const along = resize.along.map((axis) => (isSize(axis.made) ? alongAxis(axis, rule) : undefined));
  const known = along.filter((axis) => axis !== undefined);
  const [batch, channels, rows, columns] = known;
  const isPlanar = batch?.factor === 1 && channels?.factor === 1;
  if (!rows || !columns || known.length < 4 || !isPlanar) {
    report(op, `${shown}, ${rule.place}, ${rule.round}`);
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
