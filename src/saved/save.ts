/**
 * Saved models: one self-contained file that holds a graph with its constants, float or quantised. docs/saved-models.md
 * describes it:
 *
 * | bytes | content |
 * |---|---|
 * | 0-7 | `FBMODEL\n` |
 * | 8-11 | version, uint32 little endian: 1 |
 * | 12-15 | length of the header in bytes, uint32 little endian: a multiple of 8 |
 * | 16-47 | SHA-256 of everything behind it |
 * | 48- | header: JSON in UTF-8, padded with spaces (see schema.ts) |
 * | then | constants, little endian, each at a multiple of 8 bytes |
 */
import { kernelReader } from "../activations/kernel.ts";
import { isShipped, shippedActivations } from "../ir/activation-kernel.ts";
import { InputError, assert } from "../ir/errors.ts";
import type { DType, Graph, Node, Tensor, TensorData } from "../ir/graph.ts";
import { bytesOf, textOf } from "../platform/bytes.ts";
import { HEAD_BYTES, hasMark, readHead, writeHead } from "./head.ts";
import { savedHeader } from "./schema.ts";
import type { SavedHeader } from "./schema.ts";
import { elements } from "../ir/shapes.ts";
import { graphFault } from "../ir/verify.ts";

const MARK = "FBMODEL\n";
const ALIGN = 8;
const SPACE = 0x20;

/** The file is no sound saved model; the message says why. */
export class SavedModelError extends Error {}

/** Whether the bytes begin like a saved model. */
export function isSavedModel(bytes: Uint8Array): boolean {
  return hasMark(bytes, MARK);
}

/** The graph as a file. Equal graphs give equal bytes. */
export function saveGraph(graph: Graph): Uint8Array {
  assert(isLittleEndian(), "constants are stored as they lie in memory, little endian");
  let size = 0;
  const blobs: { readonly offset: number; readonly data: TensorData }[] = [];
  const sorted = [...graph.tensors.values()].sort((a, b) => a.id - b.id);
  const place = (data: TensorData): number => {
    const offset = size;
    blobs.push({ offset, data });
    size += roundUp(data.byteLength);
    return offset;
  };
  const tensors = sorted.map(({ data, rounded, ...tensor }) => ({
    ...tensor,
    ...(data && { data: place(data) }),
    ...(rounded && { rounded: place(rounded) }),
  }));
  const json = new TextEncoder().encode(
    JSON.stringify(sortedKeys({ ...graph, tensors, nodes: graph.nodes.map(savedNode) })),
  );
  const header = roundUp(json.length);
  const file = new Uint8Array(HEAD_BYTES + header + size);
  file.fill(SPACE, HEAD_BYTES, HEAD_BYTES + header);
  file.set(json, HEAD_BYTES);
  for (const { offset, data } of blobs) file.set(bytesOf(data), HEAD_BYTES + header + offset);
  writeHead(file, MARK, header);
  return file;
}

/** A kernel of hw/kernels is saved as its name; a file of the user's would not be in the file. Throws InputError. */
function savedNode(node: Node): object {
  if (node.kind !== "kernel") return node;
  const { spec } = node.kernel;
  if (isShipped(spec)) return { ...node, kernel: spec };
  throw new InputError({
    code: "unsupported-operator",
    node: node.name,
    found: `the kernel ${spec}`,
    supported: `${shippedActivations.join(", ")} in saved models, which need no other file`,
    fix: "use one of these, or compile the network without saving it",
  });
}

/**
 * The graph that the bytes hold.
 * @throws SavedModelError for another version, a cut or changed file, and contents that make no sound graph.
 */
export function readSavedGraph(bytes: Uint8Array): Graph {
  const refuse = (what: string): never => {
    throw new SavedModelError(what);
  };
  const end = readHead(bytes, { kind: "saved model", mark: MARK, refuse });
  const parsed = savedHeader().safeParse(parseJson(textOf(bytes.subarray(HEAD_BYTES, end))));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SavedModelError(`a header with ${issue?.message ?? "an error"} at ${issue?.path.join(".")}`);
  }
  const graph = graphOf(parsed.data, bytes.subarray(end));
  const fault = graphFault(graph);
  if (fault !== undefined) throw new SavedModelError(`a broken graph (${fault})`);
  return graph;
}

function graphOf({ nodes, tensors, ...rest }: SavedHeader, blob: Uint8Array): Graph {
  const known = tensors.map(({ data, rounded, ...tensor }): Tensor => {
    const values = <Type extends DType>(dtype: Type, offset: number) =>
      constant(dtype, elements(tensor.shape), blob, offset, tensor.name);
    return {
      ...tensor,
      ...(data !== undefined && { data: values(tensor.dtype, data) }),
      ...(rounded !== undefined && { rounded: values("float32", rounded) }),
    };
  });
  const read = kernelReader();
  const nodesRead = nodes.map((node): Node =>
    node.kind === "kernel" ? { ...node, kernel: read(node.kernel) } : node,
  );
  return { ...rest, nodes: nodesRead, tensors: new Map(known.map((tensor) => [tensor.id, tensor])) };
}

const TYPES = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

function constant<Type extends DType>(
  dtype: Type,
  count: number,
  blob: Uint8Array,
  offset: number,
  name: string,
): InstanceType<(typeof TYPES)[Type]> {
  const type = TYPES[dtype];
  const length = count * type.BYTES_PER_ELEMENT;
  if (offset + length > blob.length) throw new SavedModelError(`a constant ${name} beyond its end`);
  // A copy of its own: typed arrays must begin at a multiple of their element's size.
  const own = new Uint8Array(blob.subarray(offset, offset + length)).buffer;
  return new type(own) as InstanceType<(typeof TYPES)[Type]>;
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}

function roundUp(length: number): number {
  return Math.ceil(length / ALIGN) * ALIGN;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same value with the keys of every object in alphabetical order. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sortedKeys(item)]),
  );
}
