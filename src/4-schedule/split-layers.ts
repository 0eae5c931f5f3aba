/** Layers whose channels fall apart into groups, as layers of their own side by side: the array multiplies no zeros. */
import type {
  IntConcat,
  IntConv,
  IntDepthwise,
  IntGraph,
  IntMap,
  IntNode,
  IntPool,
  IntSlice,
  MapId,
} from "../ir/integer.ts";
import { endsOf } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import { type ArrayOptions, ceilDiv, windowCycles } from "./size.ts";

type Weighted = Pick<IntConv, "bias" | "requantize">;

/**
 * before: a convolution in groups; a depthwise convolution with several outputs a channel; a max pool of a concatenation.
 * after: a convolution for each group of channels, a depthwise convolution for each output of a channel, a pool of each part,
 * and a concatenation behind them. Where the array takes fewer cycles for it.
 */
export function withSplitLayers(graph: IntGraph, o: ArrayOptions): IntGraph {
  const maps = new Map(graph.maps);
  const nodes: IntNode[] = [];
  const draft: Draft = { maps, nodes };
  for (const node of graph.nodes) {
    if (node.kind === "conv" && groupsPay(node, maps, o)) splitGroups(node, draft);
    else if (node.kind === "depthwise" && outputsPay(node, maps, o)) splitOutputs(node, draft);
    else if (node.kind === "max-pool" && isOfParts(graph, node, nodes)) splitPool(node, draft);
    else nodes.push(node);
  }
  return { ...graph, maps, nodes };
}

interface Draft {
  readonly maps: Map<MapId, IntMap>;
  readonly nodes: IntNode[];
}

function mapIn({ maps }: Pick<Draft, "maps">, id: MapId | undefined): IntMap {
  return known(id === undefined ? undefined : maps.get(id), "a node's maps exist");
}

function addMap({ maps }: Draft, like: IntMap, suffix: string, channels: number): MapId {
  const id = Math.max(...maps.keys()) + 1;
  maps.set(id, { ...like, id, name: `${like.name}${suffix}`, channels });
  return id;
}

/** The node's output, from parts that have its channels in order, or in another. */
function join(draft: Draft, node: IntNode, inputs: readonly MapId[], order?: readonly number[]): void {
  const { name, output } = node;
  const rescale = inputs.map(() => null);
  const base = { name: `${name}/join`, sources: [], inputs, output, macs: 0 };
  draft.nodes.push({
    kind: "concat",
    ...base,
    axis: 2,
    rescale,
    ...(order && { order }),
  } satisfies IntConcat);
}

/** The entries of some output channels: `count` from `first` on, `step` apart. */
function part(node: Weighted, first: number, count: number, step: number): Weighted {
  const take = (list: Int32Array) =>
    Int32Array.from({ length: count }, (_, i) => item(list, first + i * step));
  const { exponent, multiplier, ...range } = node.requantize;
  return {
    bias: take(node.bias),
    requantize: { ...range, multiplier: take(multiplier), exponent: take(exponent) },
  };
}

/** Cycles of a convolution for a pixel. */
function convCycles(taps: number, channels: number, outputs: number, { pc, pk }: ArrayOptions): number {
  return ceilDiv(taps * channels, pc) * ceilDiv(outputs, pk);
}

function groupsPay(node: IntConv, maps: Draft["maps"], o: ArrayOptions): boolean {
  const { groups = 1, kernel } = node;
  if (groups === 1 || node.floats) return false;
  const [channels, outputs] = [
    mapIn({ maps }, node.inputs[0]).channels,
    mapIn({ maps }, node.output).channels,
  ];
  const taps = kernel[0] * kernel[1];
  // a group that begins inside of a memory word is read with what lies in front of it there
  const read = channels / groups + ((channels / groups) % o.pc === 0 ? 0 : o.pc);
  return groups * convCycles(taps, read, outputs / groups, o) < convCycles(taps, channels, outputs, o);
}

function splitGroups(node: IntConv, draft: Draft): void {
  const { groups = 1, kernel } = node;
  const [input, output] = [mapIn(draft, node.inputs[0]), mapIn(draft, node.output)];
  const [channels, outputs] = [input.channels / groups, output.channels / groups];
  const taps = kernel[0] * kernel[1];
  const parts = Array.from({ length: groups }, (_, g) => {
    const from = addMap(draft, input, `/${g}`, channels);
    const to = addMap(draft, output, `/${g}`, outputs);
    const slice: IntSlice = {
      kind: "slice",
      name: `${node.name}/slice${g}`,
      sources: [],
      inputs: [input.id],
      output: from,
      macs: 0,
      begin: [0, 0, g * channels],
      stride: [1, 1, 1],
    };
    const weights = new Int16Array(outputs * taps * channels);
    for (let k = 0; k < outputs * taps; k++) {
      const at = (g * outputs * taps + k) * input.channels + g * channels;
      weights.set(node.weights.subarray(at, at + channels), k * channels);
    }
    const { groups: _groups, ...whole } = node;
    const own = { name: `${node.name}/${g}`, inputs: [from], output: to, macs: node.macs / groups };
    const sources = g === groups - 1 ? node.sources : [];
    draft.nodes.push(slice, { ...whole, ...own, sources, weights, ...part(node, g * outputs, outputs, 1) });
    return to;
  });
  join(draft, node, parts);
}

function outputsPay(node: IntDepthwise, maps: Draft["maps"], o: ArrayOptions): boolean {
  const { kernel, multiplier } = node;
  if (multiplier === 1 || node.floats) return false;
  const { channels } = mapIn({ maps }, node.inputs[0]);
  const windows = multiplier * windowCycles(kernel[0], kernel, o) * ceilDiv(channels, o.pk);
  return windows < convCycles(kernel[0] * kernel[1], channels, channels * multiplier, o);
}

function splitOutputs(node: IntDepthwise, draft: Draft): void {
  const { multiplier } = node;
  const [input, output] = [mapIn(draft, node.inputs[0]), mapIn(draft, node.output)];
  const { channels } = input;
  const parts = Array.from({ length: multiplier }, (_, m) => {
    const to = addMap(draft, output, `/${m}`, channels);
    const weights = Int16Array.from({ length: node.weights.length / multiplier }, (__, i) =>
      item(node.weights, i * multiplier + m),
    );
    const own = { name: `${node.name}/${m}`, output: to, macs: node.macs / multiplier, multiplier: 1 };
    const sources = m === multiplier - 1 ? node.sources : [];
    draft.nodes.push({ ...node, ...own, sources, weights, ...part(node, m, channels, multiplier) });
    return to;
  });
  // output c * multiplier + m is channel c of part m
  const order = Array.from(
    { length: output.channels },
    (_, k) => (k % multiplier) * channels + Math.floor(k / multiplier),
  );
  join(draft, node, parts, order);
}

/** Whether nothing but the pool reads the concatenation of channels in front of it, which was pushed last. */
function isOfParts(graph: IntGraph, node: IntPool, before: readonly IntNode[]): boolean {
  const concat = concatOf(node, before);
  if (concat === undefined || concat.rescale.some((one) => one !== null)) return false;
  if (isFireModule(concat, before)) return false;
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(concat.output));
  const [kh, kw] = node.kernel;
  const isBehindArray = kh === kw && (kh === 2 || kh === 3) && node.stride.every((step) => step === 2);
  const isSeen = endsOf(graph).includes(concat.output) || graph.logits === concat.output;
  return isBehindArray && readers.length === 1 && !isSeen;
}

function concatOf(node: IntPool, before: readonly IntNode[]): IntConcat | undefined {
  const maker = before.find(({ output }) => output === node.inputs[0]);
  return maker?.kind === "concat" && maker.axis === 2 ? maker : undefined;
}

/** A 1 x 1 and a 3 x 3 convolution of one map: the Fire engine makes their results side by side. */
function isFireModule(concat: IntConcat, before: readonly IntNode[]): boolean {
  const makers = concat.inputs.map((id) => layerOf(before, id));
  const [one, three] = makers;
  const isKernel = (node: IntNode | undefined, side: number) =>
    node?.kind === "conv" && node.kernel.every((size) => size === side);
  return makers.length === 2 && isKernel(one, 1) && isKernel(three, 3) && one?.inputs[0] === three?.inputs[0];
}

/** What makes a map, in front of a function of single values. */
function layerOf(before: readonly IntNode[], id: MapId | undefined): IntNode | undefined {
  const maker = before.find(({ output }) => output === id);
  return maker?.kind === "activation" || maker?.kind === "lookup" ? layerOf(before, maker.inputs[0]) : maker;
}

function splitPool(node: IntPool, draft: Draft): void {
  const concat = known(concatOf(node, draft.nodes), "a concatenation in front of the pool");
  draft.nodes.splice(draft.nodes.indexOf(concat), 1);
  const output = mapIn(draft, node.output);
  const parts = concat.inputs.map((id, i) => {
    const to = addMap(draft, output, `/${i}`, mapIn(draft, id).channels);
    const sources = i === concat.inputs.length - 1 ? [...concat.sources, ...node.sources] : [];
    draft.nodes.push({ ...node, name: `${node.name}/${i}`, sources, inputs: [id], output: to });
    return to;
  });
  join(draft, node, parts, concat.order);
}
