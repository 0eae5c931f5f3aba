/** Mutants of a Verilog module: of its operators, constants, conditions and assignments. */
import type { Mutant } from "./mutant.ts";

type Change = readonly [pattern: RegExp, to: (found: string) => string];

const swapped: Readonly<Record<string, string>> = {
  "==": "!=",
  "!=": "==",
  "&&": "||",
  "||": "&&",
  "<<": ">>",
  ">>": "<<",
  "+": "-",
  "-": "+",
  "^": "&",
  "1'b0": "1'b1",
  "1'b1": "1'b0",
};
const swap = (found: string): string => swapped[found] ?? found;

const CHANGES: readonly Change[] = [
  [/(?<![=!<>])(?:==|!=)(?!=)/g, swap],
  [/&&|\|\|/g, swap],
  [/(?<![<>])(?:<<|>>)(?![<>])/g, swap],
  [/(?<= )[-+^](?= )/g, swap],
  [/\b1'b[01]\b/g, swap],
  // a constant of several bits, one more
  [/\b\d+'d\d+\b/g, (found) => found.replace(/\d+$/, (value) => String(Number(value) + 1))],
  // a condition, turned round
  [/(?<=\()!(?=\w)|(?<= )!(?=[a-z(])/g, () => ""],
  [/(?<=\bif \()(?=\w)/g, () => "!"],
  // an assignment of a register, left out
  [/\b\w+(?:\[[^\]]+\])? <= [^;]+;/g, () => ";"],
];

/** Lines that only say what hardware there is: ports, parameters, refusals of parameters, and wires that nobody reads. */
const DECLARES = /^\s*(?:\/\/|input|output|parameter|module|genvar|`|wire unused_)|firebrick_error|gen_bad/;

/** All mutants of the text, in its order. */
export function verilogMutants(source: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  let start = 0;
  for (const line of source.split("\n")) {
    const code = line.replace(/\/\/.*/, "");
    if (!DECLARES.test(line)) {
      for (const [pattern, to] of CHANGES) {
        for (const { 0: found, index } of code.matchAll(pattern))
          mutants.push({ start: start + index, end: start + index + found.length, text: to(found) });
      }
    }
    start += line.length + 1;
  }
  return mutants.sort((a, b) => a.start - b.start);
}
