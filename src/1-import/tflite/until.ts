import { item } from "../../ir/known.ts";
import { NameList, shortName } from "../names.ts";
import { cutBehind } from "../until.ts";
import type { FileOperator, TfliteFile } from "./file.ts";

/** What an operator is called, where the name is free: by its output. */
export function nameOf({ index, operator, outputs }: FileOperator, { tensors }: TfliteFile): string {
  return shortName(tensors[outputs[0] ?? -1]?.name ?? "", `${operator}_${index}`);
}

/** The file up to the operators named. */
export function cutFile(file: TfliteFile, until: readonly string[]): TfliteFile {
  const names = new NameList();
  const steps = file.operators.map((operator) => ({
    name: names.unique(nameOf(operator, file)),
    inputs: operator.inputs,
    outputs: operator.outputs,
  }));
  const { kept, outputs, read } = cutBehind(steps, until);
  return {
    ...file,
    operators: kept.map((i) => item(file.operators, i)),
    inputs: file.inputs.filter((id) => read.has(id)),
    outputs,
  };
}
