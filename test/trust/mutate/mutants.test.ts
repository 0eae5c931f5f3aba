import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawn } from "./campaign.ts";
import { equivalentOf, equivalents } from "./equivalent.ts";
import { applied, shown } from "./mutant.ts";
import { Noticed } from "./noticed.ts";
import { subjects } from "./subjects.ts";
import { typescriptMutants } from "./typescript.ts";
import { verilogMutants } from "./verilog.ts";

const changes = (source: string, mutants: ReturnType<typeof verilogMutants>) =>
  mutants.map((mutant) => shown(source, mutant));

it("changes operators, constants, conditions and assignments of Verilog, and nothing that is declared", () => {
  const source = `// a == b
module m #(
    parameter A = 8'd1 + 1
) (
    input wire a_i
);
  wire b = a_i == c && !d;
  wire unused_a = &{1'b0, a_i};
  always @(posedge clk_i) begin
    if (b) q <= q + 8'd3;
  end
  firebrick_error_a_must_be_1 u_error ();
  wire unused_a = &{1'b0, a_i};
`;
  expect(changes(source, verilogMutants(source))).toEqual([
    "7: == -> !=",
    "7: && -> ||",
    "7: ! -> nothing",
    "10:  -> !",
    "10: q <= q + 8'd3; -> ;",
    "10: + -> -",
    "10: 8'd3 -> 8'd4",
  ]);
});

it("changes operators, numbers, conditions and calls of TypeScript, but no types and no messages", () => {
  const source = `const a: 1 | 2 = b < 3 && !c ? Math.min(-d, 4) : e;
assert(a === 1, \`not \${a + 1}\`);
for (const x of y) z += x * 2;
`;
  expect(changes(source, typescriptMutants(source))).toEqual([
    "1: b < 3 && !c ? Math.min(-d, 4) : e -> b < 3 && !c ? e : Math.min(-d, 4)",
    "1: < -> <=",
    "1: 3 -> 4",
    "1: && -> ||",
    "1: !c -> c",
    "1: min -> max",
    "1: -d -> d",
    "1: 4 -> 5",
    "3: += -> -=",
    "3: * -> /",
    "3: 2 -> 3",
  ]);
});

it("puts a mutant in its place", () => {
  expect(applied("a + b", { start: 2, end: 3, text: "-" })).toBe("a - b");
});

it("draws five of Verilog to three of TypeScript, each once, the same for the same seed", () => {
  const all = subjects();
  const changed = (runs: number, seed: number) =>
    drawn(all, runs, seed).map(({ change, subject }) => `${subject.file}:${change}`);
  const languages = drawn(all, 80, 1).map(({ subject }) => subject.language);
  expect(languages.filter((language) => language === "Verilog")).toHaveLength(50);
  expect(languages).toHaveLength(80);
  const texts = drawn(all, 800, 1).map(({ subject, text }) => subject.file + text);
  expect(new Set(texts).size).toBe(800);
  expect(changed(80, 1)).toEqual(changed(80, 1));
  expect(changed(80, 1)).not.toEqual(changed(80, 2));
});

it("argues of mutants that exist, once each", () => {
  const left = new Set(equivalents);
  for (const { file, mutants, source } of subjects()) {
    for (const mutant of mutants) {
      const found = equivalentOf(file, source, shown(source, mutant));
      if (found !== undefined) left.delete(found);
    }
  }
  expect([...left]).toEqual([]);
  expect(equivalents.filter(({ why }) => why.length < 20)).toEqual([]);
});

it("remembers what was noticed, until the file changes", () => {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-noticed-"));
  try {
    const file = join(folder, "noticed");
    new Noticed(file).add("a - b");
    expect(new Noticed(file).has("a - b")).toBe(true);
    expect(new Noticed(file).has("a - b;")).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("has mutants of modules with benches and of sources with tests", () => {
  const all = subjects();
  const count = (language: string) =>
    all.filter((one) => one.language === language).reduce((sum, { mutants }) => sum + mutants.length, 0);
  expect(count("Verilog")).toBeGreaterThan(500);
  expect(count("TypeScript")).toBeGreaterThan(1000);
});
