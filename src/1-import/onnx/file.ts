/** The bytes of an .onnx file as plain objects. */
import { modelType } from "./schema.ts";

export interface FileTensor {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly number[];
  readonly name: string;
  readonly rawData: Uint8Array;
  /** 1: the data lie in another file. */
  readonly dataLocation: number;
  /** Which file, under the key `location`. */
  readonly externalData: readonly { readonly key: string; readonly value: string }[];
}

export interface FileAttribute {
  readonly name: string;
  readonly type: number;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t: FileTensor | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
  readonly refAttrName: string;
}

export interface FileNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly attribute: readonly FileAttribute[];
}

export interface FileValue {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly FileDimension[] } | null;
    } | null;
  } | null;
}

export interface FileDimension {
  readonly dimValue: number;
  readonly dimParam: string;
}

export interface OnnxFile {
  readonly irVersion: number;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly functions: readonly { readonly name: string }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly FileNode[];
    readonly initializer: readonly FileTensor[];
    readonly sparseInitializer: readonly unknown[];
    readonly input: readonly FileValue[];
    readonly output: readonly FileValue[];
  } | null;
}

/** The bytes are no protocol buffer, or end early. */
export class DecodeError extends Error {}

/** Fields that the file leaves out have their type's zero. @throws DecodeError */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  const type = modelType();
  try {
    const message = type.decode(bytes);
    // The conversion gives every field of the descriptor, which the interfaces above repeat.
    return type.toObject(message, { longs: Number, defaults: true }) as OnnxFile;
  } catch (error) {
    throw new DecodeError(error instanceof Error ? error.message : String(error));
  }
}
