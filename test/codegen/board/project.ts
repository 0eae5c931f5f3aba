import type { OutputFiles } from "../../../codegen/generate.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { busOf } from "../../../src/boards/memory.ts";
import { compileModel, type CompileOptions } from "../../support/compiled.ts";
import { loadModel } from "../../../src/load.ts";

const graph = loadModel("mobilenet-v1-0.1-32", { seed: 1, dump: undefined });

/** What `compile --board` writes for a small network, whether it fits or not. */
export function boardProject(name: string, array: CompileOptions["array"] = { pk: 4, pc: 4 }): OutputFiles {
  const board = boardByName(name);
  return compileModel(graph, { array, busBytes: busOf(board), board }).files;
}
