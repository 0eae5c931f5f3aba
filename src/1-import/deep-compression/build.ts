/** Caffe layers -> nodes. */
import { NO_PADDING } from "../../ir/graph.ts";
import type { Node, Tensor } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { sameShape, showShape, windowOutput } from "../../ir/shapes.ts";
import type { GraphDraft } from "./blobs.ts";
import type { Report } from "./fields.ts";
import type { LayerSpec } from "./layers.ts";
import { poolPadding } from "./pool.ts";

interface Building {
  readonly name: string;
  /** Index of the layer in the file. */
  readonly source: number;
  readonly top: string;
  readonly maps: readonly Tensor[];
  readonly draft: GraphDraft;
  readonly report: Report;
}

type Spec<Kind extends LayerSpec["kind"]> = Extract<LayerSpec, { kind: Kind }>;

const ONE = [1, 1] as const;

/** The layer's last node, or undefined after a report. Weights are left to `fillWeights`. */
export function buildLayer(spec: LayerSpec, layer: Building): Node | undefined {
  const [map] = layer.maps;
  if (!map) return undefined;
  switch (spec.kind) {
    case "convolution":
      return buildConvolution(spec, map, layer);
    case "pool":
      return buildPool(spec, map, layer);
    case "relu":
      return finish(layer, map.shape, (base) => ({ kind: "relu", ...base }));
    case "dropout":
      return finish(layer, map.shape, (base) => ({ kind: "identity", ...base }));
    case "softmax":
      return finish(layer, map.shape, (base) => ({ kind: "softmax", ...base, beta: 1 }));
    case "concat":
      return buildConcat(layer);
    case "add":
      return buildAdd(layer);
  }
}

/** Adds the node that makes the layer's top, of the given shape. */
function finish(
  layer: Building,
  shape: readonly number[],
  make: (base: { name: string; sources: number[]; inputs: number[]; output: number }) => Node,
): Node {
  const output = layer.draft.tensor(layer.top, shape);
  const inputs = layer.maps.map((map) => map.id);
  const node = make({ name: layer.name, sources: [layer.source], inputs, output: output.id });
  layer.draft.nodes.push(node);
  layer.draft.write(layer.top, output);
  return node;
}

function buildConvolution(spec: Spec<"convolution">, map: Tensor, layer: Building): Node | undefined {
  const { kernel, stride, dilation, groups, outputs, pad } = spec;
  const channels = item(map.shape, 3);
  if (channels % groups !== 0 || outputs % groups !== 0) {
    const found = `${channels} channels to ${outputs} in ${groups} groups`;
    layer.report("shape-mismatch", found, "channels that the groups divide", "mend the .prototxt");
    return undefined;
  }
  const padding = { top: pad[0], bottom: pad[0], left: pad[1], right: pad[1] };
  const rows = windowOutput(item(map.shape, 1), 2 * pad[0], kernel[0], stride[0], dilation[0]);
  const columns = windowOutput(item(map.shape, 2), 2 * pad[1], kernel[1], stride[1], dilation[1]);
  if (!isMap(layer, rows, columns)) return undefined;
  const weights = layer.draft.tensor(`${layer.name}/weights`, [outputs, ...kernel, channels / groups]);
  const bias = layer.draft.tensor(`${layer.name}/bias`, [outputs]);
  return finish(layer, [1, rows, columns, outputs], (base) => ({
    kind: "conv",
    ...base,
    inputs: [...base.inputs, weights.id, bias.id],
    kernel,
    stride,
    dilation,
    padding,
    groups,
    activation: "none",
  }));
}

function buildPool(spec: Spec<"pool">, map: Tensor, layer: Building): Node | undefined {
  const [, height = 0, width = 0, channels = 0] = map.shape;
  if (spec.global && spec.method === "AVE") {
    return finish(layer, [1, 1, 1, channels], (base) => ({ kind: "mean", ...base, keepDims: true }));
  }
  const window = spec.global
    ? { ...spec, kernel: [height, width] as const, stride: ONE, pad: [0, 0] as const }
    : spec;
  if (window.dilation.some((n) => n !== 1)) {
    layer.report("unsupported-attribute", "a dilated pool", "dilation 1", "use a pool without dilation");
    return undefined;
  }
  const padding = poolPadding(height, width, window, spec.roundUp);
  const { kernel, stride, dilation, pad } = window;
  const rows = windowOutput(height, padding.top + padding.bottom, kernel[0], stride[0], 1);
  const columns = windowOutput(width, padding.left + padding.right, kernel[1], stride[1], 1);
  if (!isMap(layer, rows, columns)) return undefined;
  const empty =
    kernel[0] <= pad[0] ||
    kernel[1] <= pad[1] ||
    (rows - 1) * stride[0] >= height + pad[0] ||
    (columns - 1) * stride[1] >= width + pad[1];
  if (empty) {
    layer.report(
      "unsupported-attribute",
      "a pool with a window outside of the map",
      "windows that meet the map",
      "pad less, or use a larger kernel",
    );
    return undefined;
  }
  const shape = [1, rows, columns, channels];
  const attributes = { kernel, stride, dilation, activation: "none", countPadding: false } as const;
  if (spec.method === "MAX" || pad.every((n) => n === 0)) {
    const kind = spec.method === "MAX" ? "max-pool" : "average-pool";
    return finish(layer, shape, (base) => ({ kind, ...base, ...attributes, padding }));
  }
  // Caffe's average counts the declared padding, but not what rounding up adds: zeros first, then a pool of those.
  const declared = { top: pad[0], bottom: pad[0], left: pad[1], right: pad[1] };
  const padded = layer.draft.tensor(`${layer.name}/padded`, [
    1,
    height + 2 * pad[0],
    width + 2 * pad[1],
    channels,
  ]);
  const names = { name: `${layer.name}/pad`, sources: [layer.source], inputs: [map.id], output: padded.id };
  layer.draft.nodes.push({ kind: "pad", ...names, padding: declared, value: 0 });
  const beyond = {
    ...NO_PADDING,
    bottom: Math.max(0, padding.bottom - pad[0]),
    right: Math.max(0, padding.right - pad[1]),
  };
  return finish({ ...layer, maps: [padded] }, shape, (base) => ({
    kind: "average-pool",
    ...base,
    ...attributes,
    padding: beyond,
  }));
}

function buildConcat(layer: Building): Node | undefined {
  const [first, ...others] = layer.maps.map((map) => map.shape);
  if (!first) return undefined;
  const odd = others.find((shape) => !sameShape(shape.slice(0, 3), first.slice(0, 3)));
  if (odd) {
    layer.report(
      "shape-mismatch",
      `maps ${showShape(first)} and ${showShape(odd)}`,
      "maps of one height and width",
      "mend the .prototxt",
    );
    return undefined;
  }
  const channels = layer.maps.reduce((sum, map) => sum + item(map.shape, 3), 0);
  return finish(layer, [...first.slice(0, 3), channels], (base) => ({
    kind: "concat",
    ...base,
    axis: 3,
    activation: "none",
  }));
}

function buildAdd(layer: Building): Node | undefined {
  const [first, second] = layer.maps.map((map) => map.shape);
  if (!first || !second || layer.maps.length !== 2 || !sameShape(first, second)) {
    const found = layer.maps.map((map) => showShape(map.shape)).join(" and ");
    layer.report("shape-mismatch", `maps ${found}`, "two maps of one shape", "mend the .prototxt");
    return undefined;
  }
  return finish(layer, first, (base) => ({ kind: "add", ...base, activation: "none" }));
}

function isMap(layer: Building, rows: number, columns: number): boolean {
  if (rows > 0 && columns > 0) return true;
  layer.report(
    "shape-mismatch",
    `an output of ${rows} rows and ${columns} columns`,
    "at least one of each",
    "use a smaller kernel",
  );
  return false;
}
