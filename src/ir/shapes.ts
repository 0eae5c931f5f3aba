/** Shapes: what each operator makes of its inputs, as a list of contradictions. */
import type { DetectionNode, DetectionRule, Node, Padding, Tensor, TensorId } from "./graph.ts";

export type Shape = readonly number[];

export function elements(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** The places of the values that lie in one line along the axes together, for each such line of a tensor. */
export function linesAlong(shape: Shape, axes: readonly number[]): number[][] {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const places = (isTaken: (axis: number) => boolean) =>
    shape.reduce(
      (all, size, axis) =>
        isTaken(axis)
          ? all.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * (strides[axis] ?? 1)))
          : all,
      [0],
    );
  const steps = places((axis) => axes.includes(axis));
  return places((axis) => !axes.includes(axis)).map((first) => steps.map((step) => first + step));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Rows or columns that a window makes: floor((size + pads - reach) / stride) + 1, where reach = (kernel - 1) * dilation + 1. */
export function windowOutput(
  size: number,
  pads: number,
  kernel: number,
  stride: number,
  dilation: number,
): number {
  return Math.floor((size + pads - ((kernel - 1) * dilation + 1)) / stride) + 1;
}

interface WindowShape {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
}

/** [N, H, W, C]. */
type MapShape = readonly [number, number, number, number];

const isMapShape = (shape: Shape): shape is MapShape => shape.length === 4;

function slide([n, height, width]: MapShape, w: WindowShape, channels: number): Shape {
  const vertical = w.padding.top + w.padding.bottom;
  const horizontal = w.padding.left + w.padding.right;
  return [
    n,
    windowOutput(height, vertical, w.kernel[0], w.stride[0], w.dilation[0]),
    windowOutput(width, horizontal, w.kernel[1], w.stride[1], w.dilation[1]),
    channels,
  ];
}

/** What contradicts itself in a node: shapes against attributes. Empty when the node is sound. */
export function shapeProblems(node: Node, tensors: ReadonlyMap<TensorId, Tensor>): string[] {
  const shapes = node.inputs.map((id) => tensors.get(id)?.shape);
  const output = tensors.get(node.output)?.shape;
  const map = shapes[0];
  if (!map || !output || shapes.includes(undefined)) return ["a tensor that does not exist"];
  const known = shapes as Shape[];
  const wrong: string[] = [];
  const expect = (what: string, found: Shape, wanted: Shape) => {
    if (!sameShape(found, wanted)) wrong.push(`${what} ${showShape(found)}, not ${showShape(wanted)}`);
  };
  const rank4 = (): MapShape | undefined => {
    if (isMapShape(map)) return map;
    wrong.push(`a map of ${map.length} dimensions, not [N, H, W, C]`);
    return undefined;
  };
  const [, weights = [], bias] = known;
  switch (node.kind) {
    case "conv": {
      const sizes = rank4();
      if (!sizes) break;
      const [k = 0] = weights;
      const channels = sizes[3];
      if (!Number.isInteger(node.groups) || channels % node.groups !== 0 || k % node.groups !== 0)
        wrong.push(`${node.groups} groups of ${channels} channels`);
      expect("weights", weights, [k, ...node.kernel, channels / node.groups]);
      if (bias) expect("bias", bias, [k]);
      expect("output", output, slide(sizes, node, k));
      break;
    }
    case "depthwise": {
      const sizes = rank4();
      if (!sizes) break;
      if (!Number.isInteger(node.multiplier)) wrong.push(`${node.multiplier} outputs a channel`);
      const k = Math.round(sizes[3] * node.multiplier);
      expect("weights", weights, [1, ...node.kernel, k]);
      if (bias) expect("bias", bias, [k]);
      expect("output", output, slide(sizes, node, k));
      break;
    }
    case "dense": {
      const [k = 0] = weights;
      expect("weights", weights, [k, elements(map)]);
      if (bias) expect("bias", bias, [k]);
      if (elements(output) !== k) wrong.push(`output ${showShape(output)} of ${k} values`);
      break;
    }
    case "average-pool":
    case "max-pool": {
      const sizes = rank4();
      if (sizes) expect("output", output, slide(sizes, node, sizes[3]));
      break;
    }
    case "mean": {
      const sizes = rank4();
      if (!sizes) break;
      const [n, , , channels] = sizes;
      const { axes, keepDims } = node;
      const kept = axes ? map.map((size, axis) => (axes.includes(axis) ? 1 : size)) : [n, 1, 1, channels];
      if (axes?.some((axis) => axis < 1 || axis > 3)) wrong.push(`a mean over axes ${axes.join(", ")}`);
      expect("output", output, keepDims ? kept : [n, channels]);
      break;
    }
    case "pad": {
      const sizes = rank4();
      if (!sizes) break;
      const { top, left, bottom, right } = node.padding;
      const [n, height, width, channels] = sizes;
      const [front, behind] = node.channels ?? [0, 0];
      const grown = [height + top + bottom, width + left + right, front + channels + behind];
      expect("output", output, [n, ...grown]);
      break;
    }
    case "transpose":
      if (node.perm.toSorted((a, b) => a - b).some((axis, i) => axis !== i))
        wrong.push(`perm ${node.perm.join(", ")}`);
      expect(
        "output",
        output,
        node.perm.map((axis) => map[axis] ?? 0),
      );
      break;
    case "slice": {
      if (
        node.begin.length !== map.length ||
        node.stride.length !== map.length ||
        output.length !== map.length
      )
        wrong.push(`a slice of ${node.begin.length} axes of ${showShape(map)}`);
      const isInside = output.every((size, axis) => {
        const [begin = -1, stride = 0, whole = 0] = [node.begin[axis], node.stride[axis], map[axis]];
        return size > 0 && begin >= 0 && stride > 0 && begin + (size - 1) * stride < whole;
      });
      if (!isInside) wrong.push(`elements ${showShape(node.begin)} and on, outside of ${showShape(map)}`);
      break;
    }
    case "repeat": {
      const sizes = rank4();
      const [rows, columns] = node.factor;
      if (sizes) expect("output", output, [sizes[0], sizes[1] * rows, sizes[2] * columns, sizes[3]]);
      break;
    }
    case "resize-bilinear":
      if (rank4() && (output.length !== 4 || output[3] !== map[3]))
        wrong.push(`${showShape(map)} resized to ${showShape(output)}`);
      break;
    case "interleave": {
      const sizes = rank4();
      const [rows, columns] = node.factor;
      if (known.length !== rows * columns) wrong.push(`${known.length} maps for ${rows} x ${columns} places`);
      for (const [i, shape] of known.entries()) expect(`input ${i}`, shape, map);
      if (sizes) expect("output", output, [sizes[0], sizes[1] * rows, sizes[2] * columns, sizes[3]]);
      break;
    }
    case "concat": {
      const resized = (size: number) => map.map((n, axis) => (axis === node.axis ? size : n));
      // a map without that axis has nothing along it, and differs in rank
      const along = (shape: Shape) => shape[node.axis] ?? 0;
      for (const [i, shape] of known.entries()) expect(`input ${i}`, shape, resized(along(shape)));
      const total = known.reduce((sum, shape) => sum + along(shape), 0);
      expect("output", output, resized(total));
      if (node.order && !isPermutation(node.order, total))
        wrong.push(`${node.order.length} places for ${total} channels, not each once`);
      break;
    }
    case "arg-max":
    case "arg-min": {
      const kept = map.map((size, axis) => (axis === node.axis ? 1 : size));
      if (map[node.axis] === undefined) wrong.push(`axis ${node.axis} of ${showShape(map)}`);
      else if (!sameShape(output, kept)) expect("output", output, map.toSpliced(node.axis, 1));
      break;
    }
    case "detection": {
      const [batch, count, coordinates = 0] = map;
      const [, , classes = 0] = weights;
      if (map.length !== 3 || batch !== 1 || coordinates < 4) wrong.push(`encodings ${showShape(map)}`);
      expect("scores", weights, [1, count ?? 0, classes]);
      if (classes !== node.rule.classes && classes !== node.rule.classes + 1)
        wrong.push(`scores of ${classes} classes, not ${node.rule.classes} with or without the background`);
      expect("anchors", bias ?? [], [count ?? 0, 4]);
      expect("output", output, detectionShape(node.rule, node.result));
      break;
    }
    case "reshape":
      if (elements(map) !== elements(output))
        wrong.push(`${showShape(map)} reshaped to ${showShape(output)}`);
      break;
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      if (!sameShape(output, broadcast(known)))
        wrong.push(`output ${showShape(output)} of ${known.map(showShape).join(" and ")}`);
      break;
    case "lrn":
      if (!Number.isInteger(node.size) || node.size < 1) wrong.push(`${node.size} channels around each`);
      expect("output", output, map);
      break;
    case "prelu":
      if (elements(weights) !== 1 && elements(weights) !== map.at(-1))
        wrong.push(`slopes ${showShape(weights)} for ${showShape(map)}`);
      expect("output", output, map);
      break;
    case "batch-norm":
      expect("scale", weights, map.slice(-1));
      expect("offset", bias ?? [], map.slice(-1));
      expect("output", output, map);
      break;
    case "relu":
    case "relu6":
    case "kernel":
    case "relu-n1-to-1":
    case "relu-0-to-1":
    case "logistic":
    case "tanh":
    case "hard-swish":
    case "elu":
    case "curve":
    case "power":
    case "leaky-relu":
    case "identity":
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
    case "cast":
    case "quantize":
    case "dequantize":
      expect("output", output, map);
      break;
  }
  return wrong;
}

/** The shape of an element-wise result: dimensions aligned at the last one, 1 stretched. */
function broadcast(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((s) => s[s.length - rank + i] ?? 1).filter((n) => n !== 1);
    return sizes.every((n) => n === sizes[0]) ? (sizes[0] ?? 1) : -1;
  });
}

function isPermutation(order: readonly number[], count: number): boolean {
  const places = new Set(order);
  return order.length === count && places.size === count && order.every((n) => n >= 0 && n < count);
}

/** Of a result of TFLite_Detection_PostProcess. */
export function detectionShape(rule: DetectionRule, result: DetectionNode["result"]): Shape {
  const count = rule.detections * rule.classesPerDetection;
  switch (result) {
    case "boxes":
      return [1, count, 4];
    case "classes":
    case "scores":
      return [1, count];
    case "number":
      return [1];
  }
}
