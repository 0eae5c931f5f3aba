/** ONNX Runtime as the outside reference, and the layouts between it and the graph. */
import * as ort from "onnxruntime-node";
import { ONE_THREAD, openExactSession } from "./exact-session.ts";

export type Numbers = Float32Array | Int8Array | Uint8Array;

/** Runs the model once on one input, NCHW, operator by operator as the file has them. */
export async function runOnnx(bytes: Uint8Array, input: Numbers, shape: readonly number[]): Promise<Numbers> {
  const session = await ort.InferenceSession.create(bytes, {
    ...ONE_THREAD,
    graphOptimizationLevel: "disabled",
  });
  const [result] = await runAll(session, [input], shape);
  if (!result) throw new Error("no result");
  return result;
}

/** Runs the model on several inputs, NCHW, with the operators fused, the same on every x64 processor (exact-session.ts). */
export async function runOnnxFused(
  bytes: Uint8Array,
  inputs: readonly Numbers[],
  shape: readonly number[],
): Promise<Numbers[]> {
  return runAll(await openExactSession(bytes), inputs, shape);
}

async function runAll(
  session: ort.InferenceSession,
  inputs: readonly Numbers[],
  shape: readonly number[],
): Promise<Numbers[]> {
  const [name = ""] = session.inputNames;
  const [output = ""] = session.outputNames;
  const results: Numbers[] = [];
  for (const input of inputs) {
    const type = input instanceof Float32Array ? "float32" : input instanceof Int8Array ? "int8" : "uint8";
    const result = await session.run({ [name]: new ort.Tensor(type, input, shape) });
    results.push((result[output]?.data as Numbers).slice());
  }
  await session.release();
  return results;
}

/** [1, C, H, W] -> [1, H, W, C]; other ranks as they are. */
export function channelsLast<Data extends Numbers>(values: Data, shape: readonly number[]): Data {
  const [, channels = 1, height = 1, width = 1] = shape;
  return shape.length === 4 ? transposed(values, channels, height * width) : values;
}

/** [1, H, W, C] -> [1, C, H, W]. */
export function channelsFirst<Data extends Numbers>(values: Data, shape: readonly number[]): Data {
  const [, height = 1, width = 1, channels = 1] = shape;
  return shape.length === 4 ? transposed(values, height * width, channels) : values;
}

function transposed<Data extends Numbers>(values: Data, rows: number, columns: number): Data {
  const result = values.slice() as Data;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c]!;
  return result;
}

/** Xorshift32: the same numbers on every machine. */
export function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Floats of -1 to 1. */
export function noise(count: number, next: () => number): Float32Array {
  return Float32Array.from({ length: count }, () => 2 * next() - 1);
}
