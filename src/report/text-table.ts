/** Tables for a terminal: in a frame, a line a row, numbers to the right. */
import Table from "cli-table3";

/** A column of numbers. */
export interface NumberColumn {
  readonly numbers: string;
}

/** A column whose cells end under each other; `head` stands above it. */
export function numbers(head: string): NumberColumn {
  return { numbers: head };
}

type Cell = string | number;

/** `columns`: what stands above each; the cells of every row in their order. No line end behind the last row. */
export function textTable(
  columns: readonly (string | NumberColumn)[],
  rows: readonly (readonly Cell[])[],
): string {
  const table = new Table({
    head: columns.map((column) => (typeof column === "string" ? column : column.numbers)),
    colAligns: columns.map((column) => (typeof column === "string" ? "left" : "right")),
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
