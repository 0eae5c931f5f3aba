/** Invariants of the integer graph: what the golden model and the hardware rely on. */
import { assert } from "./errors.ts";
import { constantsOf, endsOf, inputsOf } from "./integer.ts";
import { verifyTail } from "./tail.ts";
import type { IntConv, IntDepthwise, IntGraph, IntMap, IntNode, MapId, Rescaling } from "./integer.ts";
import { item } from "./known.ts";
import { windowOutput } from "./shapes.ts";

/**
 * Checks order, names, shapes, and that every number fits the width that the datapath has for it.
 * @throws Error naming the first broken invariant.
 */
export function verifyIntegerGraph(graph: IntGraph): void {
  const written = new Set<MapId>([...inputsOf(graph), ...constantsOf(graph).map(({ id }) => id)]);
  const names = new Set<string>();
  for (const [id, map] of graph.maps) verifyMap(id, map);
  for (const id of inputsOf(graph)) assert(graph.maps.get(id), `input map ${id} does not exist`);
  for (const node of graph.nodes) {
    assert(!names.has(node.name), `two nodes are called ${node.name}`);
    names.add(node.name);
    for (const id of node.inputs)
      assert(written.has(id), `${node.name} reads map ${id} before it is written`);
    assert(!written.has(node.output), `${node.name} writes map ${node.output}, which is written already`);
    written.add(node.output);
    const inputs = node.inputs.map((id) => graph.maps.get(id));
    const output = graph.maps.get(node.output);
    assert(output, `${node.name} writes map ${node.output}, which does not exist`);
    const known = inputs.filter((map): map is IntMap => map !== undefined);
    assert(known.length === node.inputs.length && known.length > 0, `${node.name} lacks an input`);
    verifyNode(node, known, output);
  }
  assert(written.has(graph.logits), `logits map ${graph.logits} is never written`);
  assert(graph.outputs.length > 0, "the graph has no output");
  for (const id of endsOf(graph)) assert(written.has(id), `output map ${id} is never written`);
  if (graph.tail) verifyTail(graph.tail, graph.maps);
  const macs = graph.nodes.reduce((sum, node) => sum + node.macs, 0);
  assert(macs === graph.macs, `nodes have ${macs} multiply-accumulates, the graph says ${graph.macs}`);
}

function verifyMap(id: MapId, map: IntMap): void {
  assert(id === map.id, `map ${map.id} has key ${id}`);
  const sizes = [map.height, map.width, map.channels];
  assert(
    sizes.every((n) => Number.isInteger(n) && n > 0),
    `map ${map.name} is ${sizes.join(" x ")}`,
  );
  const size = map.height * map.width * map.channels;
  assert(fits(map.zeroPoint, -128, 127), `map ${map.name} has zero point ${map.zeroPoint}`);
  const { length } = map.values ?? { length: size };
  assert(length === size, `map ${map.name} of ${size} values has ${length}`);
  assert(map.scale > 0 && Number.isFinite(map.scale), `map ${map.name} has scale ${map.scale}`);
}

function verifyNode(node: IntNode, inputs: readonly IntMap[], output: IntMap): void {
  const input = inputs[0];
  assert(input, `${node.name} has no input`);
  const shape = (map: IntMap) => sizesOf(map).join(" x ");
  const expectShape = (wanted: readonly number[]) => {
    assert(
      shape(output) === wanted.join(" x "),
      `${node.name} makes ${shape(output)}, not ${wanted.join(" x ")}`,
    );
  };
  switch (node.kind) {
    case "conv": {
      const channels = output.channels;
      verifyWeighted(node, channels, channels * node.kernel[0] * node.kernel[1] * input.channels);
      expectShape([...slide(node, node.dilation, input), channels]);
      break;
    }
    case "depthwise": {
      const channels = input.channels * node.multiplier;
      verifyWeighted(node, channels, node.kernel[0] * node.kernel[1] * channels);
      expectShape([...slide(node, node.dilation, input), channels]);
      break;
    }
    case "average-pool":
    case "max-pool":
      verifyClamp(node.name, node);
      expectShape([...slide(node, node.dilation ?? [1, 1], input), input.channels]);
      break;
    case "float-average-pool":
      verifyClamp(node.name, node);
      expectShape([...slide(node, [1, 1], input), input.channels]);
      break;
    case "mean":
      verifyMultiplier(node.name, node);
      expectShape([1, 1, input.channels]);
      break;
    case "add":
    case "sub":
      verifyStretched(node.name, inputs, output);
      assert(node.leftShift === 20, `${node.name} shifts left by ${node.leftShift}`);
      for (const factor of [node.input1, node.input2, node.result]) {
        verifyMultiplier(node.name, factor);
        assert(factor.exponent <= 0, `${node.name} has exponent ${factor.exponent}`);
      }
      verifyClamp(node.name, node);
      break;
    case "mul":
      verifyStretched(node.name, inputs, output);
      assert(fits(node.leftShift, 0, 14), `${node.name} shifts left by ${node.leftShift}`);
      verifyMultiplier(node.name, node.result);
      assert(node.result.exponent <= 0, `${node.name} has exponent ${node.result.exponent}`);
      verifyClamp(node.name, node);
      break;
    case "maximum":
    case "minimum":
      verifyStretched(node.name, inputs, output);
      break;
    case "float-add":
      verifyStretched(node.name, inputs, output);
      for (const x of node.kernel ? [node.kernel.ratio1, node.kernel.ratio2, node.kernel.offset] : [])
        assert(Math.fround(x) === x, `${node.name} has ${x}, which is no float32 number`);
      verifyClamp(node.name, node);
      break;
    case "float-mul":
      verifyStretched(node.name, inputs, output);
      verifyClamp(node.name, node);
      break;
    case "concat":
      assert(node.rescale.length === inputs.length, `${node.name} rescales ${node.rescale.length} maps`);
      for (const rescaling of node.rescale) if (rescaling) verifyRescaling(node.name, rescaling);
      expectShape(
        inputs
          .map(sizesOf)
          .reduce((sum, sizes) =>
            sum.map((size, axis) => (axis === node.axis ? size + item(sizes, axis) : size)),
          ),
      );
      break;
    case "activation": {
      const { name, places, table } = node.kernel;
      assert(table.length === 256, `${node.name} has a table of ${table.length} values`);
      for (const [map, n] of [
        [input, places.operand],
        [output, places.result],
      ] as const)
        assert(
          map.scale === 2 ** -n && map.zeroPoint === 0,
          `${node.name}: ${name} has ${n} binary places, its map scale ${map.scale} and zero point ${map.zeroPoint}`,
        );
      expectShape([input.height, input.width, input.channels]);
      break;
    }
    case "lookup":
      assert(
        node.tables.length === 256 || node.tables.length === 256 * input.channels,
        `${node.name} has tables of ${node.tables.length} values`,
      );
      expectShape([input.height, input.width, input.channels]);
      break;
    case "pad": {
      const { top, bottom, left, right } = node.padding;
      const [front, behind] = node.channels ?? [0, 0];
      const channels = front + input.channels + behind;
      expectShape([input.height + top + bottom, input.width + left + right, channels]);
      break;
    }
    case "slice":
      for (const [axis, size] of sizesOf(output).entries()) {
        const [begin, stride] = [item(node.begin, axis), item(node.stride, axis)];
        const last = begin + (size - 1) * stride;
        assert(
          begin >= 0 && stride > 0 && last < item(sizesOf(input), axis),
          `${node.name} takes elements ${begin} to ${last} of axis ${axis} of ${shape(input)}`,
        );
      }
      break;
    case "repeat":
      expectShape([input.height * node.factor[0], input.width * node.factor[1], input.channels]);
      break;
    case "resize-bilinear":
      assert(input.channels === output.channels, `${node.name} makes ${shape(output)} of ${shape(input)}`);
      break;
    case "blend": {
      const [kh, kw] = node.kernel;
      const last = [(output.height - 1) * node.stride[0] + kh, (output.width - 1) * node.stride[1] + kw];
      assert(
        node.weights.length === kh * kw && item(last, 0) <= input.height && item(last, 1) <= input.width,
        `${node.name} takes windows of ${kh} x ${kw} beyond ${shape(input)}`,
      );
      expectShape([output.height, output.width, input.channels]);
      break;
    }
    case "interleave":
      for (const map of inputs) assert(shape(map) === shape(input), `${node.name} weaves ${shape(map)}`);
      assert(inputs.length === node.factor[0] * node.factor[1], `${node.name} weaves ${inputs.length} maps`);
      expectShape([input.height * node.factor[0], input.width * node.factor[1], input.channels]);
      break;
    case "reshape":
      assert(size(input) === size(output), `${node.name} reshapes ${shape(input)} to ${shape(output)}`);
      break;
    case "rescale":
      verifyRescaling(node.name, node.rescaling);
      expectShape([input.height, input.width, input.channels]);
      break;
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
      if (node.kind === "softmax") assert(node.beta > 0, `${node.name} has beta ${node.beta}`);
      expectShape([input.height, input.width, input.channels]);
      break;
  }
}

/** Two maps, each side of which is the result's, or 1 and stretched to it. */
function verifyStretched(name: string, maps: readonly IntMap[], output: IntMap): void {
  assert(maps.length === 2, `${name} computes with ${maps.length} maps`);
  const sides = sizesOf(output);
  for (const [axis, side] of sides.entries()) {
    const sizes = maps.map((map) => item(sizesOf(map), axis));
    assert(
      sizes.every((size) => size === side || size === 1) && sizes.includes(side),
      `${name} makes ${sides.join(" x ")} of ${maps.map((map) => sizesOf(map).join(" x ")).join(" and ")}`,
    );
  }
}

function verifyRescaling(name: string, rescaling: Rescaling): void {
  if (rescaling.table) assert(rescaling.table.length === 256, `${name} has a table of another size`);
  else verifyMultiplier(name, rescaling);
}

function verifyWeighted(node: IntConv | IntDepthwise, channels: number, weights: number): void {
  const { name, requantize } = node;
  assert(node.weights.length === weights, `${name} has ${node.weights.length} weights, not ${weights}`);
  const zeroPoint = node.weightZeroPoint;
  assert(fits(zeroPoint, -128, 127), `${name} has weight zero point ${zeroPoint}`);
  let [least, most] = [0, 0];
  for (const w of node.weights) {
    if (w < least) least = w;
    if (w > most) most = w;
  }
  assert(least >= -256 && most <= 255, `${name} has a weight outside 9 signed bits`);
  const raw = least + zeroPoint >= -128 && most + zeroPoint <= 127;
  assert(raw, `${name} has a weight that is no int8 with its zero point`);
  for (const list of [node.bias, requantize.multiplier, requantize.exponent]) {
    assert(list.length === channels, `${name} has ${list.length} entries for ${channels} channels`);
  }
  for (const [k, multiplier] of requantize.multiplier.entries()) {
    verifyMultiplier(`${name} channel ${k}`, { multiplier, exponent: requantize.exponent[k] ?? NaN });
  }
  verifyClamp(name, requantize);
}

function verifyMultiplier(
  name: string,
  factor: { readonly multiplier: number; readonly exponent: number },
): void {
  assert(fits(factor.multiplier, 0, 2 ** 31 - 1), `${name} has multiplier ${factor.multiplier}`);
  assert(fits(factor.exponent, -31, 30), `${name} has exponent ${factor.exponent}`);
}

function verifyClamp(name: string, clamp: { readonly min: number; readonly max: number }): void {
  const sound = fits(clamp.min, -128, 127) && fits(clamp.max, -128, 127) && clamp.min <= clamp.max;
  assert(sound, `${name} clamps to ${clamp.min} .. ${clamp.max}`);
}

function slide(
  node: Pick<IntConv, "kernel" | "stride" | "padding">,
  dilation: readonly [number, number],
  input: IntMap,
): [number, number] {
  const { kernel, stride, padding } = node;
  const { top, bottom, left, right } = padding;
  return [
    windowOutput(input.height, top + bottom, kernel[0], stride[0], dilation[0]),
    windowOutput(input.width, left + right, kernel[1], stride[1], dilation[1]),
  ];
}

function fits(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function sizesOf({ channels, height, width }: IntMap): number[] {
  return [height, width, channels];
}

function size(map: IntMap): number {
  return map.height * map.width * map.channels;
}
