/**
 * Dilated convolutions in their other spelling. before: s = SPACE_TO_BATCH_ND(map), c = CONV_2D(s), BATCH_TO_SPACE_ND(c), where the
 * batch holds every so-many-th pixel. after: CONV_2D of the map, dilated.
 */
import { item } from "../../ir/known.ts";
import { sameShape } from "../../ir/shapes.ts";
import type { Dilation, FileOperator, TfliteFile } from "./file.ts";
import { numbersOf } from "./fold/constant.ts";
import { readTensor } from "./tensors.ts";

const CONVOLUTIONS: readonly string[] = ["CONV_2D", "DEPTHWISE_CONV_2D"];

/** The operators with such convolutions as one, in the place of the last of the three; the others are `absorbed`. */
export function joinDilated(file: TfliteFile): {
  readonly operators: readonly FileOperator[];
  readonly absorbed: readonly FileOperator[];
} {
  const joined = new Map<FileOperator, FileOperator>();
  const absorbed = new Set<FileOperator>();
  for (const last of file.operators) {
    if (last.operator !== "BATCH_TO_SPACE_ND") continue;
    const convolution = soleMaker(file, last);
    const first = convolution && soleMaker(file, convolution);
    const isConvolution = CONVOLUTIONS.includes(convolution?.operator ?? "");
    if (!convolution || first?.operator !== "SPACE_TO_BATCH_ND" || !isConvolution) continue;
    const dilated = dilationOf(file, first, last);
    if (!dilated) continue;
    const inputs = [item(first.inputs, 0), ...convolution.inputs.slice(1)];
    joined.set(last, { ...convolution, index: last.index, inputs, outputs: last.outputs, dilated });
    absorbed.add(first).add(convolution);
  }
  const operators = file.operators.filter((operator) => !absorbed.has(operator));
  return {
    operators: operators.map((operator) => joined.get(operator) ?? operator),
    absorbed: [...absorbed],
  };
}

/** The operator that makes the first input, for this one alone and of the same scale as what it makes of it. */
export function soleMaker(
  { operators, outputs }: TfliteFile,
  reader: FileOperator,
): FileOperator | undefined {
  const [id = -1] = reader.inputs;
  const isAlone = operators.filter(({ inputs }) => inputs.includes(id)).length === 1 && !outputs.includes(id);
  return isAlone ? operators.find((operator) => operator.outputs[0] === id) : undefined;
}

function dilationOf(file: TfliteFile, first: FileOperator, last: FileOperator): Dilation | undefined {
  const [block, paddings] = [numbersAt(file, first.inputs[1]), numbersAt(file, first.inputs[2])];
  const [same, crops] = [numbersAt(file, last.inputs[1]), numbersAt(file, last.inputs[2])];
  const shape = file.tensors[first.outputs[0] ?? -1]?.shape ?? [];
  const keeps = keepsScale(file, first) && keepsScale(file, last);
  const isMap = block?.length === 2 && same && sameShape(block, same) && shape.length === 4;
  if (!keeps || !isMap || paddings?.length !== 4 || crops?.length !== 4) return undefined;
  const [top = 0, bottom = 0, left = 0, right = 0] = paddings.map((n, i) => n - item(crops, i));
  const [down = 0, across = 0] = block;
  if (down < 1 || across < 1) return undefined;
  return { block: [down, across], before: [top, left], after: [bottom, right] };
}

export function keepsScale({ tensors }: TfliteFile, { inputs, outputs }: FileOperator): boolean {
  const [from, to] = [tensors[inputs[0] ?? -1], tensors[outputs[0] ?? -1]].map((tensor) =>
    JSON.stringify([tensor?.type, tensor?.quantization?.scales, tensor?.quantization?.zeroPoints]),
  );
  return from === to;
}

export function numbersAt({ tensors, buffers }: TfliteFile, id: number | undefined): number[] | undefined {
  const tensor = tensors[id ?? -1];
  const bytes = tensor && buffers[tensor.buffer];
  const data = tensor && bytes && bytes.length > 0 ? readTensor(tensor, bytes).tensor?.data : undefined;
  return data && Array.from(numbersOf(data));
}
