/** Means and maxima over height, width, channels or several of them. */
import { NO_PADDING } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import type { Shape } from "../../../ir/shapes.ts";
import { addNode, requireConstant, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { asMap, settle } from "../layout.ts";
import { readReduction, reducedShape } from "../reduction.ts";
import type { MapValue } from "../values.ts";
import { inPart, sliceOf, whole } from "./move.ts";

type Reduce = (
  op: OperatorContext,
  map: MapValue,
  places: readonly number[],
  result: Shape,
) => MapValue | undefined;

/** `reduce`: over 1 for height, 2 for width, 3 for channels of the stored map. */
function reduction(what: string, reduce: Reduce): OperatorReader {
  return {
    inputs: [1, 2],
    read(op) {
      const { axes: stated, keepDims } = readReduction(op);
      const input = requireConstant(op, 1, "axes");
      const value = requireMap(op, 0);
      if (!value) return undefined;
      const rank = value.shape.length;
      const list = input ? Array.from(input.data, Number) : stated;
      const axes = (list ?? value.shape.map((_, i) => i)).map((axis) => (axis < 0 ? axis + rank : axis));
      const image = asMap(value);
      // Axes as those of the map of four dimensions; one of 1 element changes nothing.
      const places = axes.flatMap((axis) => {
        const at = image?.from[axis];
        return !image || at === undefined || image.map.shape[at] === 1 ? [] : [item(image.map.axes, at)];
      });
      const isSound = axes.every((axis) => axis >= 0 && axis < rank) && new Set(axes).size === axes.length;
      if (!image || !isSound || places.includes(0)) {
        const over = list ? `axes ${list.join(", ")}` : "all axes";
        op.report(
          "unsupported-attribute",
          `${what} over ${over} of ${showShape(value.shape)}`,
          "height, width and channels, or some of them",
          "pool globally",
        );
        return undefined;
      }
      return reduce(op, image.map, places, reducedShape(value.shape, axes, keepDims));
    },
  };
}

export const reduceMean = reduction("a mean", addMean);
export const reduceMax = reduction("a maximum", addMaximum);

/** A pool as large as the map along height and width, then the larger of both halves of the channels until one is left. */
function addMaximum(
  op: OperatorContext,
  map: MapValue,
  places: readonly number[],
  result: Shape,
): MapValue | undefined {
  const isOverChannels = places.includes(3);
  const sides = [1, 2].map((place) => (places.includes(place) ? item(map.tensor.shape, place) : 1));
  const kernel = [item(sides, 0), item(sides, 1)] as const;
  const stored = map.tensor.shape.map((size, place) => (place < 3 && places.includes(place) ? 1 : size));
  const shape = map.axes.map((place) => item(stored, place));
  const window = { kernel, stride: kernel, dilation: [1, 1], padding: NO_PADDING } as const;
  const part = isOverChannels ? inPart(op, "pool") : op;
  const pooled =
    kernel[0] * kernel[1] === 1 && isOverChannels
      ? map
      : addNode(part, [map.tensor], { shape, axes: map.axes }, (parts) => ({
          kind: "max-pool",
          ...parts,
          ...window,
          activation: "none",
          countPadding: false,
        }));
  const most = isOverChannels ? greatestChannel(op, pooled) : pooled;
  return most && result.length !== 4 ? settle(op, most, result, { name: `${op.name}/squeeze` }) : most;
}

function greatestChannel(op: OperatorContext, map: MapValue): MapValue | undefined {
  const channels = map.axes.indexOf(3);
  const size = item(map.shape, channels);
  if (size === 1) return map;
  const half = Math.ceil(size / 2);
  const at = half === 1 ? op : inPart(op, `of ${size}`);
  const taken = (begin: number, name: string) => {
    const ranges = whole(map.shape).with(channels, { begin, step: 1, count: half });
    return sliceOf(inPart(op, `of ${size}`), map, ranges, name);
  };
  const [first, second] = [taken(0, "first"), taken(size - half, "second")];
  if (!first || !second) return undefined;
  const { axes, shape } = first;
  const larger = addNode(at, [first.tensor, second.tensor], { shape, axes }, (parts) => ({
    kind: "maximum",
    ...parts,
    activation: "none",
  }));
  return greatestChannel(op, larger);
}

/** `places`: 1 for height, 2 for width, 3 for channels of the stored map. `result`: the shape that ONNX gives the mean. */
function addMean(op: OperatorContext, map: MapValue, places: readonly number[], result: Shape): MapValue {
  const [, height = 1, width = 1, channels = 1] = map.tensor.shape;
  if (places.includes(3)) {
    const averaged = map.tensor.shape.map((size, place) => (places.includes(place) ? 1 : size));
    const shape = map.axes.map((place) => item(averaged, place));
    const axes = places.toSorted((a, b) => a - b);
    const mean = addNode(op, [map.tensor], { shape, axes: map.axes }, (parts) => ({
      kind: "mean",
      ...parts,
      keepDims: true,
      axes,
      reduce: true,
    }));
    return result.length === 4 ? mean : settle(op, mean, result, { name: `${op.name}/squeeze` });
  }
  const [rows, columns] = [places.includes(1) ? height : 1, places.includes(2) ? width : 1];
  const isWhole = rows === height && columns === width;
  if (isWhole && result.length === 2)
    return addNode(op, [map.tensor], { shape: result }, (parts) => ({
      kind: "mean",
      ...parts,
      keepDims: false,
      reduce: true,
    }));
  const stored = [1, height / rows, width / columns, channels];
  const shape = map.axes.map((place) => item(stored, place));
  const kernel = [rows, columns] as const;
  const window = { kernel, stride: kernel, dilation: [1, 1], padding: NO_PADDING } as const;
  const mean = addNode(op, [map.tensor], { shape, axes: map.axes }, (parts) =>
    isWhole
      ? { kind: "mean", ...parts, keepDims: true, reduce: true }
      : { kind: "average-pool", ...parts, ...window, activation: "none", countPadding: false },
  );
  return result.length === 4 ? mean : settle(op, mean, result, { name: `${op.name}/squeeze` });
}
