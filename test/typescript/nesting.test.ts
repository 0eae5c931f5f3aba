import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileKernels } from "../../codegen/hls/compile.ts";
import { activationKernel } from "../../src/activations/kernel.ts";
import { SourceError } from "../../src/typescript/diagnostic.ts";
import { readNetworkFile } from "../../src/zoo/network-file.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-nesting-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const deep = "(".repeat(20_000) + "x" + ")".repeat(20_000);
const kernel = `import { int, type Int } from "firebrick/hls";
/**
 * @places x 4
 * @places result 4
 */
export function f(x: Int<8>): Int<8> {
  return int(8, ${deep});
}
`;
const network = `import { buildNetwork } from "firebrick/network";
const x = 8;
export default buildNetwork("deep", { height: ${deep}, width: 8, channels: 3 }).finish();
`;

it.each([
  ["a network", network, readNetworkFile],
  ["a kernel", kernel, (path: string) => compileKernels(path, { maxDepth: 8 })],
  ["a kernel", kernel, activationKernel],
] as const)("refuses %s that nests deeper than the stack", (subject, text, read) => {
  const path = join(folder, "deep.ts");
  writeFileSync(path, text);
  let thrown: unknown;
  try {
    read(path);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SourceError);
  const { diagnostics, message, subject: named } = thrown as SourceError;
  expect(named).toBe(subject);
  expect(diagnostics.map(({ line, rule }) => [rule, line])).toEqual([["nesting", 1]]);
  expect(message).toContain("nests deeper than TypeScript can follow");
});
