/** A .prototxt and the bytes of its .net -> graph, layers and problems. */
import type { Problem } from "../../ir/errors.ts";
import type { Graph, Node, Tensor } from "../../ir/graph.ts";
import { item, known } from "../../ir/known.ts";
import { elements, showShape } from "../../ir/shapes.ts";
import type { Imported, ImportedLayer } from "../importer.ts";
import { toChannelsLast } from "../layout.ts";
import { GraphDraft } from "./blobs.ts";
import { buildLayer } from "./build.ts";
import { readCodebooks } from "./codebooks.ts";
import type { StoredLayer } from "./codebooks.ts";
import { readNetwork } from "./network.ts";
import type { CaffeLayer, CaffeNetwork } from "./network.ts";

/** How Caffe's ImageNet networks are trained; a .prototxt for deployment does not say so. */
const CAFFE_PICTURES = { mean: [104, 117, 123], std: [1, 1, 1], channelOrder: "bgr", resize: 256 } as const;

const FORMAT = "deep-compression";

/** `fileName` stands in problems about the bytes. @throws TextFormatError where the text is no text format at all. */
export function importDeepCompression(
  fileName: string,
  name: string,
  text: string,
  bytes: Uint8Array,
): Imported {
  const problems: Problem[] = [];
  const network = readNetwork(text, name, problems);
  const draft = new GraphDraft();
  const inputs = readInputs(network, draft, problems);
  const nodes = network.layers.map((layer, index) => build(layer, index, draft, problems));
  const stored = fillWeights(fileName, network, nodes, draft, problems, bytes);
  const outputs = unreadTensors(draft);
  const layers = network.layers.map((layer, i) => describe(layer, nodes[i], draft, stored.get(layer.name)));
  if (problems.length === 0 && outputs.length === 0) {
    const supported = "at least one layer";
    problems.push({
      code: "empty-network",
      node: name,
      found: "no layers",
      supported,
      fix: "mend the .prototxt",
    });
  }
  const ids = inputs.map((tensor) => tensor.id);
  const base = { name, format: FORMAT, layers, tensors: draft.tensors, inputs: ids, outputs, problems };
  if (problems.length > 0) return base;
  const preprocess = inputs[0]?.shape[3] === 3 ? CAFFE_PICTURES : undefined;
  const graph: Graph = {
    name,
    tensors: draft.tensors,
    nodes: draft.nodes,
    inputs: ids,
    outputs,
    ...(preprocess && { preprocess }),
  };
  return { ...base, graph };
}

function readInputs(network: CaffeNetwork, draft: GraphDraft, problems: Problem[]): Tensor[] {
  if (network.inputs.length === 0) {
    const supported = "an input with its four dimensions";
    problems.push({
      code: "empty-network",
      node: network.name,
      found: "no input",
      supported,
      fix: "mend the .prototxt",
    });
  }
  return network.inputs.flatMap(({ name, shape }) => {
    const [batch = 0, channels = 0, height = 0, width = 0] = shape;
    draft.write(name, undefined);
    const report = (code: string, supported: string, fix: string) =>
      problems.push({ code, node: name, found: `an input ${showShape(shape)}`, supported, fix });
    if (shape.length !== 4 || shape.some((n) => n < 1 || n > 1 << 15)) {
      report("unsupported-shape", "[1, C, H, W]", "give the input four dimensions");
      return [];
    }
    if (batch !== 1) report("unsupported-batch", "a batch of 1", "set the first dimension to 1");
    const tensor = draft.tensor(name, [1, height, width, channels]);
    draft.write(name, tensor);
    return [tensor];
  });
}

/** Reports blobs that nothing writes; a blob that an earlier problem spoilt is no problem of its own. */
function build(layer: CaffeLayer, source: number, draft: GraphDraft, problems: Problem[]): Node | undefined {
  const { name, bottoms, tops, spec } = layer;
  const report = (code: string, found: string, supported: string, fix: string) =>
    void problems.push({ code, node: name, found, supported, fix });
  const missing = bottoms.filter((blob) => !draft.knows(blob));
  for (const blob of missing) {
    report(
      "corrupt-file",
      `a bottom ${JSON.stringify(blob)} that no layer before it makes`,
      "bottoms in file order",
      "mend the .prototxt",
    );
  }
  const several = spec?.kind === "concat" || spec?.kind === "add";
  if (spec && (tops.length !== 1 || bottoms.length < 1 || (bottoms.length > 1 && !several))) {
    const found = `${bottoms.length} bottoms and ${tops.length} tops`;
    report(
      "unsupported-attribute",
      found,
      "one top, and one bottom unless it joins maps",
      "mend the .prototxt",
    );
    for (const top of tops) draft.write(top, undefined);
    return undefined;
  }
  const maps = bottoms.flatMap((blob) => draft.read(blob) ?? []);
  const [top = name] = tops;
  const known = spec && maps.length === bottoms.length;
  const node = known ? buildLayer(spec, { name, source, top, maps, draft, report }) : undefined;
  if (!node) for (const blob of tops) draft.write(blob, undefined);
  return node;
}

/** Reads the .net only where the shapes of all its layers are known: they tell where each begins. */
function fillWeights(
  fileName: string,
  network: CaffeNetwork,
  nodes: readonly (Node | undefined)[],
  draft: GraphDraft,
  problems: Problem[],
  bytes: Uint8Array,
): ReadonlyMap<string, StoredLayer> {
  const convolutions = nodes.filter((node) => node?.kind === "conv");
  const inFile = network.layers.filter((layer) => layer.type === "Convolution");
  if (convolutions.length !== inFile.length || convolutions.length === 0) return new Map();
  const shapes = convolutions.map((node) => {
    const { shape } = known(draft.tensors.get(item(node.inputs, 1)), `weights of ${node.name}`);
    return { name: node.name, outputs: item(shape, 0), weights: elements(shape) };
  });
  const read = readCodebooks(bytes, shapes, (layer, found, supported) => {
    const fix = "download the .net again, with the .prototxt that belongs to it";
    problems.push({ code: "corrupt-file", node: `${fileName}, ${layer}`, found, supported, fix });
  });
  for (const [name, layer] of read) {
    const node = convolutions.find((conv) => conv.name === name);
    const [weights, bias] = [1, 2].map((i) => draft.tensors.get(node?.inputs[i] ?? -1));
    if (!weights || !bias) continue;
    draft.tensors.set(weights.id, { ...weights, data: toChannelsLast(layer.weights, weights.shape) });
    draft.tensors.set(bias.id, { ...bias, data: layer.bias });
  }
  return read;
}

/** Maps that no layer reads, in file order. */
function unreadTensors(draft: GraphDraft): number[] {
  const read = new Set(draft.nodes.flatMap((node) => node.inputs));
  return draft.nodes.map((node) => node.output).filter((id) => !read.has(id));
}

function describe(
  { name, type, bottoms }: CaffeLayer,
  node: Node | undefined,
  draft: GraphDraft,
  stored: StoredLayer | undefined,
): ImportedLayer {
  const shape = (id: number | undefined) => {
    const found = id === undefined ? undefined : draft.tensors.get(id);
    return found ? [found.shape] : [];
  };
  const inputs = (node?.inputs ?? []).slice(0, bottoms.length).flatMap(shape);
  const layer = { name, operator: type, inputs, outputs: shape(node?.output), ...(node && { node }) };
  if (!stored) return layer;
  const { entries, nonzero, codesUsed } = stored;
  return { ...layer, stored: { entries, nonzeroWeights: nonzero, codesUsed } };
}
