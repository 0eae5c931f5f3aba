/** Tables no wider than the terminal. */
import { expect, it } from "vitest";
import { fitTables } from "../../src/cli/fit-tables.ts";
import { numbers, textTable } from "../../src/report/text-table.ts";

const table = textTable(
  ["layer", numbers("cycles"), numbers("MACs"), "limit"],
  [
    ["MobilenetV1/MobilenetV1/Conv2d_0/Relu6", 12345, 1234567, "waiting for feature-map rows"],
    ["a", 1, 2, "compute"],
  ],
);
const text = `before\n${table}\nbehind: a line that is longer than any terminal and no table at all, as it is\n`;
const widthOf = (shown: string) =>
  Math.max(...shown.split("\n").flatMap((line) => (/^[┌│├└]/.test(line) ? [line.length] : [])));

it("cuts the widest cells in their middle until the table fits", () => {
  const shown = fitTables(text, 60);
  expect(widthOf(shown)).toBe(60);
  expect(shown).toMatch(/│ Mobilene\w*…\S*Relu6 +│ +12345 │ 1234567 │ waiting …map rows │/);
  // what is short stays, at its side
  expect(shown).toMatch(/│ a +│ +1 │ +2 │ compute +│/);
  expect(shown.split("\n").filter((line) => !/^[┌│├└]/.test(line))).toEqual(
    text.split("\n").filter((line) => !/^[┌│├└]/.test(line)),
  );
  // frames stay frames
  const lines = shown.split("\n").slice(1, -2);
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
});

it("leaves a table that fits, and one that cannot", () => {
  expect(fitTables(text, 200)).toBe(text);
  expect(fitTables(text, widthOf(text))).toBe(text);
  expect(fitTables(text, 20)).toBe(text);
  expect(fitTables("┌ no table", 5)).toBe("┌ no table");
});

it("fits each of several", () => {
  expect(widthOf(fitTables(`${text}${text}`, 70))).toBe(70);
});
