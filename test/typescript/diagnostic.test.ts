import { expect, it } from "vitest";
import { formatDiagnostic, SourceError, type Diagnostic } from "../../src/typescript/diagnostic.ts";

const at = (source: string, column: number): Diagnostic => ({
  ...{ file: "kernel.ts", line: 7, column, rule: "HLS008", message: "lost", fix: null, source, length: 3 },
});

it("shows a short line as it is, with the place under it", () => {
  expect(formatDiagnostic(at("return abc;", 8))).toBe(
    "kernel.ts:7:8 - error HLS008: lost\n\n7 return abc;\n         ^~~",
  );
});

it.each([1, 500, 998, 40_000, 79_998])("shows a part of a long line around column %i", (column) => {
  const source = `${".".repeat(column - 1)}abc`.padEnd(80_000, ".");
  const [head, , line, caret] = formatDiagnostic(at(source, column)).split("\n");
  expect(head).toBe(`kernel.ts:7:${column} - error HLS008: lost`);
  expect(line!.length).toBeLessThan(210);
  expect(line!.slice(caret!.indexOf("^"), caret!.length)).toBe("abc");
});

it("puts a hundred of many complaints into words, and says how many there are", () => {
  const message = (count: number) =>
    new SourceError(
      "a kernel",
      Array.from({ length: count }, () => at("x".repeat(50_000), 9)),
    ).message;
  expect(message(100)).not.toContain("more");
  expect(message(100_000)).toMatch(/\n\nand 99900 more$/);
  expect(message(100_000).length).toBeLessThan(60_000);
});
