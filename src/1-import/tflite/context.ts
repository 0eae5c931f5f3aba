/** What the readers of single operators share. */
import type { Activation, DType, Node, Tensor, TensorId } from "../../ir/graph.ts";
import { showShape } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/shapes.ts";
import { int8Field } from "../flatbuffer.ts";
import type { Dilation } from "./file.ts";
import type { Table } from "../flatbuffer.ts";
import { FusedActivation } from "./schema.ts";

export interface OperatorContext {
  readonly index: number;
  readonly name: string;
  readonly operator: string;
  /** Undefined where the file leaves an optional input out. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** Of an operator with several outputs, the one that is read. */
  readonly output: Tensor;
  /** Of all outputs, in their order. */
  readonly outputs: readonly Tensor[];
  readonly options: Table | undefined;
  /** Of a custom operator. */
  readonly customOptions: Uint8Array | undefined;
  /** Where the tensors hold each of the file's axes, where that is elsewhere. */
  readonly axes: readonly number[] | undefined;
  /** Of a convolution that stands for one of a batch. */
  readonly dilated?: Dilation | undefined;
  /** Of a shuffle that reshapes wrote: the channel that each is. */
  readonly shuffled?: readonly number[] | undefined;
  /** Tensors whose operator has a problem: what follows from that is not told. */
  readonly failed: ReadonlySet<TensorId>;
  /** Adds a stored tensor to those of the file. */
  addConstant(tensor: Omit<Tensor, "id">): Tensor;
  /**
   * Adds a node in front of the one that is read, for an operator that several nodes stand for. `shape`: of the map that it makes,
   * which has the type, scale and zero point of `like`.
   */
  addPart(what: string, like: Tensor, shape: Shape, make: (base: PartBase) => Node): Tensor;
  /** Adds a problem about this operator. */
  report(code: string, found: string, supported: string, fix: string): void;
}

/** What a part has beside its kind's own fields. */
export interface PartBase {
  readonly name: string;
  readonly sources: readonly number[];
  readonly output: TensorId;
}

export interface OperatorReader {
  readonly code: number;
  /** The name of a custom operator. */
  readonly custom?: string;
  /** Value of `builtin_options_type` when options are present. */
  readonly options: number;
  /** Fewest and most inputs. */
  readonly inputs: readonly [number, number];
  /** Whether there may be several outputs; each is read alone. */
  readonly hasOutputs?: true;
  /** Undefined after a report. */
  read(op: OperatorContext): Node | undefined;
}

export const RECONVERT = "convert the network again with TensorFlow Lite's full-integer quantisation";

/** How to go on where types do not fit, by what they are. */
export function typesAdvice(types: readonly string[]): string {
  return types.includes("int16") || types.includes("int64")
    ? "convert the network again with 8-bit activations (TFLITE_BUILTINS_INT8)"
    : RECONVERT;
}

/** The part that all nodes have; `inputs` are those that the node keeps. */
export function nodeBase(op: OperatorContext, inputs: readonly (Tensor | undefined)[]) {
  const ids = inputs.flatMap((tensor) => (tensor ? [tensor.id] : []));
  return { name: op.name, sources: [op.index], inputs: ids, output: op.output.id };
}

/** Reads `fused_activation_function`; reports those that Firebrick has no hardware for. */
export function readActivation(op: OperatorContext, slot: number): Activation | undefined {
  const code = op.options ? int8Field(op.options, slot, 0) : 0;
  switch (code) {
    case FusedActivation.NONE:
      return "none";
    case FusedActivation.RELU:
      return "relu";
    case FusedActivation.RELU6:
      return "relu6";
    case FusedActivation.RELU_N1_TO_1:
      return "relu-n1-to-1";
    default: {
      const name = Object.entries(FusedActivation).find(([, value]) => value === code)?.[0] ?? `code ${code}`;
      const supported = "NONE, RELU, RELU6, RELU_N1_TO_1";
      op.report("unsupported-activation", `fused activation ${name}`, supported, "use a ReLU activation");
      return undefined;
    }
  }
}

/** Reports a tensor of another rank. */
export function requireRank(op: OperatorContext, what: string, tensor: Tensor, rank: number): boolean {
  if (tensor.shape.length === rank) return true;
  const supported = `${rank} dimensions`;
  op.report(
    "unsupported-shape",
    `${what} of shape ${showShape(tensor.shape)}`,
    supported,
    "reshape it before the operator",
  );
  return false;
}

/** Reports weights and other operands that are computed by the network instead of stored in the file. */
export function requireConstant(op: OperatorContext, what: string, tensor: Tensor): boolean {
  if (tensor.data) return true;
  if (op.failed.has(tensor.id)) return false;
  op.report(
    "dynamic-operand",
    `${what} computed at run time`,
    `${what} stored in the file`,
    "freeze the network before conversion",
  );
  return false;
}

/** Reports maps that differ in type from the output, or have a type that Firebrick has no arithmetic for. */
export function requireMapTypes(op: OperatorContext, maps: readonly Tensor[]): boolean {
  const types = [...maps.map((tensor) => tensor.dtype), op.output.dtype];
  const supported: readonly DType[] = ["float32", "int8", "uint8"];
  if (types.every((type) => type === types[0] && supported.includes(type))) return true;
  const found = `types ${types.slice(0, -1).join(", ")} to ${op.output.dtype}`;
  op.report("unsupported-type", found, "int8, uint8 or float32 throughout", typesAdvice(types));
  return false;
}

/** Constant int32 or int64 vector such as axes and paddings. */
export function integersOf(tensor: Tensor): number[] | undefined {
  const data = tensor.data;
  return data instanceof Int32Array || data instanceof BigInt64Array ? Array.from(data, Number) : undefined;
}
