/** Operators that take elements of a map several times, or in another order. */
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { addNode, integersOf, normalAxis, requireConstant } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { broadcastShape } from "../fold/arrays.ts";
import { settle } from "../layout.ts";
import { CHANNELS_FIRST } from "../values.ts";
import type { MapValue } from "../values.ts";
import { joinMaps } from "./layout.ts";
import { inPart, requireAxes, sliceOf, whole } from "./move.ts";

/** Maps side by side; more are no layout but a table. */
const MOST_PARTS = 64;

/** So many times the map along each axis. */
function copied(op: OperatorContext, map: MapValue, times: readonly number[]): MapValue | undefined {
  const [batch, channels, height, width] = map.shape;
  const isPixel =
    map.shape.length === 4 && height === 1 && width === 1 && map.axes.join() === CHANNELS_FIRST.join();
  const sides = [times[2] ?? 1, times[3] ?? 1] as const;
  if (isPixel && times[0] === 1 && times[1] === 1) {
    const shape = [batch ?? 1, channels ?? 1, ...sides];
    return addNode(op, [map.tensor], { shape }, (parts) => ({ kind: "repeat", ...parts, factor: sides }));
  }
  const grown = times.flatMap((count, axis) => (count > 1 ? [axis] : []));
  if (times[0] !== 1 || times.some((count) => count > MOST_PARTS || count < 1)) {
    const found = `${times.join(", ")} times a map ${showShape(map.shape)}`;
    const supported = `copies along channels, rows and columns, at most ${MOST_PARTS}`;
    op.report("unsupported-attribute", found, supported, "let the operator behind it broadcast");
    return undefined;
  }
  return grown.reduce<MapValue | undefined>((from, axis, i) => {
    const part = inPart(op, i === grown.length - 1 ? "" : `axis ${axis}`);
    return (
      from &&
      joinMaps(
        part,
        axis,
        Array.from({ length: item(times, axis) }, () => from),
      )
    );
  }, map);
}

/** inputs = [map, repeats]. */
export const tile: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const stated = requireConstant(op, 1, "repeats");
    const times = stated && integersOf(op, stated, "repeats");
    const map = requireAxes(op);
    return map && times && copied(op, map, times);
  },
};

/** inputs = [map, shape], which broadcast. */
export const expand: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const stated = requireConstant(op, 1, "a shape");
    const target = stated && integersOf(op, stated, "a shape");
    const map = requireAxes(op);
    const shape = map && target && broadcastShape([map.shape, target]);
    if (!map || !target) return undefined;
    if (shape?.length === map.shape.length)
      return copied(
        op,
        map,
        shape.map((size, axis) => size / item(map.shape, axis)),
      );
    const found = `a map ${showShape(map.shape)} as ${showShape(target)}`;
    op.report(
      "shape-mismatch",
      found,
      "shapes that broadcast, of as many axes",
      "expand the map before it is reshaped",
    );
    return undefined;
  },
};

/** inputs = [map, indices], a list or one, along an axis. */
export const gather: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const attribute = op.attributes.int("axis", 0);
    const indices = requireConstant(op, 1, "indices");
    const list = indices && integersOf(op, indices, "indices");
    const map = requireAxes(op);
    const axis = map && normalAxis(op, attribute, map.shape.length);
    if (!indices || !list || !map || axis === undefined) return undefined;
    const size = item(map.shape, axis);
    const places = list.map((i) => (i < 0 ? i + size : i));
    const runs = runsOf(places);
    const isSound = places.length > 0 && places.every((place) => place >= 0 && place < size);
    if (!isSound || indices.shape.length > 1 || runs.length > MOST_PARTS || axis === 0) {
      const found = `elements ${list.slice(0, 8).join(", ")} along axis ${axis} of ${showShape(map.shape)}`;
      const supported = `a list of at most ${MOST_PARTS} runs of elements, not of the batch`;
      op.report("unsupported-attribute", found, supported, "slice the map instead");
      return undefined;
    }
    const isAlone = runs.length === 1 && indices.shape.length === 1;
    const parts = runs.map(({ begin, count }, i) =>
      sliceOf(op, map, whole(map.shape).with(axis, { begin, step: 1, count }), isAlone ? "" : `part ${i}`),
    );
    const [only] = parts;
    if (runs.length > 1) return joinMaps(op, axis, parts);
    return indices.shape.length === 0 && only ? settle(op, only, only.shape.toSpliced(axis, 1)) : only;
  },
};

/** Neighbours that follow each other. */
function runsOf(places: readonly number[]): { begin: number; count: number }[] {
  const runs: { begin: number; count: number }[] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last && place === last.begin + last.count) last.count++;
    else runs.push({ begin: place, count: 1 });
  }
  return runs;
}
