/** What the lowering of single operators shares. */
import type { Problem } from "../ir/errors.ts";
import type { Graph, Node, Tensor, TensorId } from "../ir/graph.ts";
import { assert } from "../ir/errors.ts";
import type { IntMap, MapId } from "../ir/integer.ts";
import { macsOf } from "../ir/counts.ts";
import { showShape } from "../ir/shapes.ts";

export interface LowerContext {
  readonly graph: Graph;
  /** Reshapes that a dense node reads through; they leave no node of their own. */
  readonly absorbed: ReadonlySet<Node>;
  readonly producers: ReadonlyMap<TensorId, Node>;
  /** Maps made so far; ids are tensor ids. */
  readonly maps: Map<MapId, IntMap>;
  readonly problems: Problem[];
}

export function tensorOf(context: LowerContext, id: TensorId | undefined): Tensor {
  const tensor = id === undefined ? undefined : context.graph.tensors.get(id);
  assert(tensor, `no tensor ${id}`);
  return tensor;
}

export function report(
  context: LowerContext,
  code: string,
  node: string,
  found: string,
  supported: string,
  fix: string,
): null {
  context.problems.push({ code, node, found, supported, fix });
  return null;
}

/** How to go on where the file leaves out, or has in another type, what 8-bit arithmetic needs. */
export const REQUANTISE = "convert the network again with 8-bit activations and weights throughout";

/** The map of an activation tensor; uint8 is re-centred. Null after a report. */
export function mapOf(context: LowerContext, id: TensorId | undefined): IntMap | null {
  const tensor = tensorOf(context, id);
  const known = context.maps.get(tensor.id);
  if (known) return known;
  const { name, dtype, shape, quantization } = tensor;
  const wrong = (found: string, supported: string, fix = REQUANTISE) =>
    report(context, "unsupported-map", name, found, supported, fix);
  if (tensor.data)
    return wrong(
      "a constant where a map is needed",
      "maps computed by the network",
      "fold the constant into the layer before it",
    );
  if (dtype !== "int8" && dtype !== "uint8") return wrong(`a map of ${dtype}`, "int8, uint8");
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  if (scale === undefined || zeroPoint === undefined || quantization?.scales.length !== 1 || scale === 0) {
    return wrong("a map without a scale and zero point", "one scale above 0 and one zero point");
  }
  if (shape.length > 4 || (shape.length > 1 && shape[0] !== 1))
    return wrong(
      `a map ${showShape(shape)}`,
      "[1, H, W, C]",
      "keep maps in [1, H, W, C], or cut the network there",
    );
  const sizes = shape.length > 1 ? shape.slice(1) : shape;
  const [height = 1, width = 1, channels = 1] = [1, 1, 1, ...sizes].slice(-3);
  const centred = dtype === "uint8" ? zeroPoint - 128 : zeroPoint;
  const map: IntMap = { id: tensor.id, name, height, width, channels, scale, zeroPoint: centred, dtype };
  context.maps.set(tensor.id, map);
  return map;
}

/** What every integer node has. */
export function intBase(context: LowerContext, node: Node, inputs: readonly MapId[]) {
  const { name, sources, output } = node;
  return { name, sources, inputs, output, macs: macsOf(node, context.graph.tensors) };
}

/** Whether two maps hold the same real values for the same re-centred integers. */
export function sameQuantization(a: IntMap, b: IntMap): boolean {
  return a.scale === b.scale && a.zeroPoint === b.zeroPoint;
}
