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
import { createHash } from "node:crypto";
import { endianness } from "node:os";
import { kernelReader } from "../activations/kernel.ts";
import { isShipped, shippedActivations } from "../ir/activation-kernel.ts";
import { InputError, assert } from "../ir/errors.ts";
import type { DType, Graph, Node, Tensor, TensorData } from "../ir/graph.ts";
import { savedHeader } from "./schema.ts";
import type { SavedHeader } from "./schema.ts";
import { elements } from "../ir/shapes.ts";
import { graphFault } from "../ir/verify.ts";

const MARK = "FBMODEL\n";
const VERSION = 1;
const HASHED_FROM = 48;
const ALIGN = 8;

/** The file is no sound saved model; the message says why. */
export class SavedModelError extends Error {}

/** Whether the bytes begin like a saved model. */
export function isSavedModel(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length)).toString("latin1") === MARK;
}

/** The graph as a file. Equal graphs give equal bytes. */
export function saveGraph(graph: Graph): Uint8Array {
  assert(endianness() === "LE", "constants are stored as they lie in memory, little endian");
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
  const json = Buffer.from(
    JSON.stringify(sortedKeys({ ...graph, tensors, nodes: graph.nodes.map(savedNode) })),
  );
  const header = roundUp(json.length);
  const file = Buffer.alloc(HASHED_FROM + header + size);
  file.write(MARK, "latin1");
  file.writeUInt32LE(VERSION, 8);
  file.writeUInt32LE(header, 12);
  file.fill(" ", HASHED_FROM, HASHED_FROM + header);
  json.copy(file, HASHED_FROM);
  for (const { offset, data } of blobs) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), HASHED_FROM + header + offset);
  }
  digest(file).copy(file, 16);
  return new Uint8Array(file.buffer, file.byteOffset, file.length);
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
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isSavedModel(bytes)) throw new SavedModelError("a file without the mark of a saved model");
  if (file.length < HASHED_FROM) throw new SavedModelError(`${file.length} bytes, less than its own head`);
  const version = file.readUInt32LE(8);
  if (version !== VERSION) throw new SavedModelError(`version ${version} of the format`);
  if (!digest(file).equals(file.subarray(16, HASHED_FROM))) {
    throw new SavedModelError("contents that do not have the file's checksum (cut off or changed)");
  }
  const end = HASHED_FROM + file.readUInt32LE(12);
  const parsed = savedHeader().safeParse(parseJson(file.toString("utf8", HASHED_FROM, end)));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SavedModelError(`a header with ${issue?.message ?? "an error"} at ${issue?.path.join(".")}`);
  }
  const graph = graphOf(parsed.data, file.subarray(end));
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

function digest(file: Buffer): Buffer {
  return createHash("sha256").update(file.subarray(HASHED_FROM)).digest();
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
