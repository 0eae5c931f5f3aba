/** Sessions of ONNX Runtime that give the same integers on every x64 processor: docs/decisions/005. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { readOnnxFile } from "../../src/1-import/onnx/file.ts";
import { DataType } from "../../src/1-import/onnx/schema.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

/** Sums of one thread, whose order is that of the golden model; errors alone are logged. */
export const ONE_THREAD = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;

/** "all" would add NCHWc layouts, whose pools sum in an order that depends on the width of the processor's vectors. */
const FUSED = { ...ONE_THREAD, graphOptimizationLevel: "extended" } as const;

/** On every x64 processor with AVX2, VNNI or not, int8 weights become uint8; Arm does not know the option. */
const EXACT_PRODUCTS = { extra: { session: { x64quantprecision: "1" } } };

/**
 * Opens the model with its operators fused and the sums of its integer layers exact. The option that makes them exact is
 * set only where a layer needs it: beside int8 maps it would leave layers for which there is no kernel.
 */
export async function openExactSession(model: Uint8Array): Promise<ort.InferenceSession> {
  return (await hasSaturatingLayer(model))
    ? ort.InferenceSession.create(model, { ...FUSED, ...EXACT_PRODUCTS })
    : ort.InferenceSession.create(model, FUSED);
}

/**
 * Whether the fused model has a layer that multiplies uint8 maps by int8 weights: without VNNI its kernel adds pairs of products
 * in 16 bits and saturates.
 */
export async function hasSaturatingLayer(model: Uint8Array): Promise<boolean> {
  const fused = await inTemporaryFolder(async (folder) => {
    const optimizedModelFilePath = join(folder, "fused.onnx");
    const session = await ort.InferenceSession.create(model, { ...FUSED, optimizedModelFilePath });
    await session.release();
    return readOnnxFile(readFileSync(optimizedModelFilePath));
  });
  const { node: nodes = [], initializer = [] } = fused.graph ?? {};
  const types = new Map(initializer.map(({ name, dataType }) => [name, dataType]));
  return nodes.some(
    // Of each of them the operands 2 and 5 are the zero points of the map and of the weights.
    ({ opType, input: [, , mapZero = "", , , weightZero = ""] }) =>
      ["QLinearConv", "QLinearMatMul", "QGemm"].includes(opType) &&
      types.get(mapZero) === DataType.UINT8 &&
      types.get(weightZero) === DataType.INT8,
  );
}
