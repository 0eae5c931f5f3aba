/** Writes small ONNX files for tests, with the descriptor that the importer reads them by. */
import { openWith } from "../../src/1-import/importer.ts";
import { onnx } from "../../src/1-import/onnx/index.ts";
import { AttributeType, DataType, modelType } from "../../src/1-import/onnx/schema.ts";
import { once } from "../../src/targets/once.ts";
import type { Imported } from "../../src/1-import/importer.ts";
import type { Graph } from "../../src/ir/graph.ts";

export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: object };

type Element = "float32" | "uint8" | "int8" | "int32" | "int64";
const TYPES = {
  float32: DataType.FLOAT,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  int32: DataType.INT32,
  int64: DataType.INT64,
} as const;

/** Made once: protobufjs compiles a type before it is used. */
const model = once(modelType);

export class OnnxDraft {
  readonly #nodes: object[] = [];
  readonly #constants: object[] = [];
  readonly #inputs: object[] = [];
  readonly #opset: number;

  constructor(opset = 13) {
    this.#opset = opset;
  }

  /** A dimension that is a string is symbolic. */
  input(name: string, shape: readonly (number | string)[], type: Element = "float32"): string {
    const dim = shape.map((n) => (typeof n === "string" ? { dimParam: n } : { dimValue: n }));
    this.#inputs.push({ name, type: { tensorType: { elemType: TYPES[type], shape: { dim } } } });
    return name;
  }

  constant(
    name: string,
    shape: readonly number[],
    values: readonly number[],
    type: Element = "float32",
  ): string {
    this.#constants.push(tensor(name, shape, values, type));
    return name;
  }

  /** Anything that a TensorProto can say. */
  rawConstant(fields: object): void {
    this.#constants.push(fields);
  }

  node(
    opType: string,
    input: readonly string[],
    output: string | readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = "",
  ): string {
    const outputs = typeof output === "string" ? [output] : output;
    const attribute = Object.entries(attributes).map(([name, value]) => ({
      name,
      ...attributeFields(value),
    }));
    this.#nodes.push({ opType, input, output: outputs, attribute, domain });
    return outputs[0] ?? "";
  }

  write(outputs: readonly string[], outputType: Element = "float32"): Uint8Array {
    const type = model();
    const message = type.fromObject({
      irVersion: 8,
      opsetImport: [
        { domain: "", version: this.#opset },
        { domain: "com.microsoft", version: 1 },
      ],
      graph: {
        name: "test",
        node: this.#nodes,
        initializer: this.#constants,
        input: this.#inputs,
        output: outputs.map((name) => ({ name, type: { tensorType: { elemType: TYPES[outputType] } } })),
      },
    });
    return type.encode(message).finish();
  }

  read(outputs: readonly string[]): Imported {
    return onnx.read({ path: "test.onnx", bytes: this.write(outputs) });
  }

  /** `path`: where the file would lie, for what lies beside it. */
  import(outputs: readonly string[], path = "test.onnx"): Graph {
    return openWith(onnx, { path, bytes: this.write(outputs) });
  }
}

export function tensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
  type: Element,
): object {
  const array = {
    float32: Float32Array,
    uint8: Uint8Array,
    int8: Int8Array,
    int32: Int32Array,
    int64: BigInt64Array,
  }[type];
  const data =
    array === BigInt64Array
      ? BigInt64Array.from(values, BigInt)
      : (array as Float32ArrayConstructor).from(values);
  return { name, dims, dataType: TYPES[type], rawData: new Uint8Array(data.buffer) };
}

function attributeFields(value: AttributeValue): object {
  if (typeof value === "number") return { type: AttributeType.INT, i: value };
  if (typeof value === "string") return { type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if ("float" in value) return { type: AttributeType.FLOAT, f: value.float };
  if ("floats" in value) return { type: AttributeType.FLOATS, floats: value.floats };
  if ("tensor" in value) return { type: AttributeType.TENSOR, t: value.tensor };
  return { type: AttributeType.INTS, ints: value };
}
