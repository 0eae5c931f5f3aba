import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { checkKernels, kernelModule } from "../../../sim/kernel/index.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { header, randomProgram, type Program } from "./fuzz/program.ts";

/** Programs that share one file and one simulation. */
const batch = 250;
const programs = Array.from({ length: 2000 }, (_, seed) => randomProgram(seed));

/** The first operands of each program on which Verilog and Node differ, with the program. */
function differences(list: readonly Program[]): Promise<string[]> {
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

it.each(Array.from({ length: programs.length / batch }, (_, i) => i * batch))(
  "random programs from seed %i give the same in Verilog and in Node",
  async (first) => {
    expect(await differences(programs.slice(first, first + batch))).toEqual([]);
  },
);

it("reaches every construct of the language", () => {
  const counts = new Map<string, number>();
  for (const { constructs } of programs) {
    for (const name of constructs) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual(constructs.toSorted());
  expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(10);
});

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
