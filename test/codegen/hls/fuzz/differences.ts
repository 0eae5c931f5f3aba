/** Random programs in Verilog and in Node. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { compileKernels } from "../../../../codegen/hls/compile.ts";
import { checkKernels, kernelModule } from "../../../../sim/kernel/index.ts";
import { inTemporaryFolder } from "../../../cli/helper.ts";
import { header, type Program } from "./program.ts";

/** The first operands of each program on which Verilog and Node differ, with the program. */
export function differences(list: readonly Program[]): Promise<string[]> {
  return inTemporaryFolder(async (folder) => {
    const file = join(folder, "programs.ts");
    writeFileSync(file, header + list.map(({ source }) => source).join("\n"));
    const modules = compileKernels(file, { maxDepth: 8 }).map((compiled) => {
      const verilog = join(folder, `${compiled.names.top}.v`);
      writeFileSync(verilog, compiled.verilog);
      return kernelModule(compiled.kernel, compiled.names, compiled.report.latency, verilog);
    });
    expect(modules.map(({ name }) => name)).toEqual(list.map(({ name }) => name));
    const results = await checkKernels(modules, { random: 100, corners: 100, seed: 1 });
    return results.flatMap(({ difference }, i) =>
      difference === null ? [] : [`${difference}\n${list[i]!.source}`],
    );
  });
}

/** Every construct of the language is in `least` of the programs or more. */
export function expectEveryConstruct(programs: readonly Program[], least: number): void {
  const counts = new Map<string, number>();
  for (const { constructs: found } of programs) {
    for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual(constructs.toSorted());
  expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(least);
}

const constructs = [
  ...["+", "-", "*", "/", "%", "&", "|", "^", "<< variable", ">> variable", "unary -", "unary ~", "!"],
  ...["* constant", "/ constant", "% constant", "<< constant", ">> constant", "?:", "literal"],
  ...["<", ">", "<=", ">=", "===", "!==", "&&", "||", "boolean ===", "BigInt(number)", "BigInt(boolean)"],
  ...["int", "uint", "wrapInt", "wrapUint", "saturateInt", "saturateUint", "round", "min", "max", "clamp"],
  ...[
    "abs",
    "bit",
    "slice",
    "concat",
    "select",
    "lookup",
    "lookup in variables",
    "lookup in block RAM",
    "BigInt.asIntN",
  ],
  ...[
    "const",
    "let",
    "assignment",
    "boolean assignment",
    "array[number]",
    "array[number] = ",
    "array literal",
  ],
  ...["+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>=", "++", "--", "array()", "array changed by a call"],
  ...["if", "if else", "for", "for in for", "for of", "early return", "destructuring", "@latency", "@dsp"],
  ...["call of a helper", "call with constants", "call of a generic function"],
  ...["Int parameter", "UInt parameter", "boolean parameter", "tuple parameter", "Vec parameter"],
  ...["boolean result", "tuple result", "array() as result", "array[Number()]", "array[Number()] = "],
  ...["array[i++] += ", "lookup of a row", "lookup of booleans", "destructuring assignment"],
  ...["assignment behind &&", "assignment behind ||"],
];
