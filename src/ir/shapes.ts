/** Shapes: what each operator makes of its inputs, as a list of contradictions. */
import type { Node, Padding, Tensor, TensorId } from "./graph.ts";

export type Shape = readonly number[];

export function elements(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
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

function slide(shape: Shape, w: WindowShape, channels: number): Shape {
  const vertical = w.padding.top + w.padding.bottom;
  const horizontal = w.padding.left + w.padding.right;
  return [
    shape[0] ?? 0,
    windowOutput(shape[1] ?? 0, vertical, w.kernel[0], w.stride[0], w.dilation[0]),
    windowOutput(shape[2] ?? 0, horizontal, w.kernel[1], w.stride[1], w.dilation[1]),
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
  const rank4 = () => {
    if (map.length !== 4) wrong.push(`a map of ${map.length} dimensions, not [N, H, W, C]`);
    return map.length === 4;
  };
  const channels = map[3] ?? 0;
  switch (node.kind) {
    case "conv": {
      if (!rank4()) break;
      const k = known[1]?.[0] ?? 0;
      if (!Number.isInteger(node.groups) || channels % node.groups !== 0 || k % node.groups !== 0)
        wrong.push(`${node.groups} groups of ${channels} channels`);
      expect("weights", known[1] ?? [], [k, ...node.kernel, channels / node.groups]);
      if (known[2]) expect("bias", known[2], [k]);
      expect("output", output, slide(map, node, k));
      break;
    }
    case "depthwise": {
      if (!rank4()) break;
      if (!Number.isInteger(node.multiplier)) wrong.push(`${node.multiplier} outputs a channel`);
      const k = Math.round(channels * node.multiplier);
      expect("weights", known[1] ?? [], [1, ...node.kernel, k]);
      if (known[2]) expect("bias", known[2], [k]);
      expect("output", output, slide(map, node, k));
      break;
    }
    case "dense": {
      const k = known[1]?.[0] ?? 0;
      expect("weights", known[1] ?? [], [k, elements(map)]);
      if (known[2]) expect("bias", known[2], [k]);
      if (elements(output) !== k) wrong.push(`output ${showShape(output)} of ${k} values`);
      break;
    }
    case "average-pool":
    case "max-pool":
      if (rank4()) expect("output", output, slide(map, node, channels));
      break;
    case "mean":
      if (rank4())
        expect("output", output, node.keepDims ? [map[0] ?? 0, 1, 1, channels] : [map[0] ?? 0, channels]);
      break;
    case "pad": {
      if (!rank4()) break;
      const p = node.padding;
      const padded = [
        map[0] ?? 0,
        (map[1] ?? 0) + p.top + p.bottom,
        (map[2] ?? 0) + p.left + p.right,
        channels,
      ];
      expect("output", output, padded);
      break;
    }
    case "concat": {
      const sum = known.reduce((total, shape) => total + (shape[node.axis] ?? 0), 0);
      for (const [i, shape] of known.entries()) {
        expect(
          `input ${i}`,
          shape,
          map.map((n, axis) => (axis === node.axis ? (shape[axis] ?? 0) : n)),
        );
      }
      expect(
        "output",
        output,
        map.map((n, axis) => (axis === node.axis ? sum : n)),
      );
      break;
    }
    case "reshape":
      if (elements(map) !== elements(output))
        wrong.push(`${showShape(map)} reshaped to ${showShape(output)}`);
      break;
    case "add":
    case "sub":
    case "mul":
      if (!sameShape(output, broadcast(known)))
        wrong.push(`output ${showShape(output)} of ${known.map(showShape).join(" and ")}`);
      break;
    case "batch-norm":
      expect("scale", known[1] ?? [], [map.at(-1) ?? 0]);
      expect("offset", known[2] ?? [], [map.at(-1) ?? 0]);
      expect("output", output, map);
      break;
    case "relu":
    case "relu6":
    case "kernel":
    case "relu-n1-to-1":
    case "identity":
    case "softmax":
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
