/** Tables of what was measured: a row a network, a column a figure. */
import Table from "cli-table3";
import type { FigureCase } from "./cases.ts";
import { commandOf, measure, type Figures } from "./measure.ts";

export interface Column {
  readonly head: string;
  readonly of: (figure: FigureCase, figures: Figures) => string;
}

export interface Measurement {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `hardware`: columns on what it runs on; what is measured follows, or behind the first of them why there is nothing. */
export async function measureAll(
  cases: readonly FigureCase[],
  hardware: readonly HardwareColumn[],
  measured: readonly Column[],
): Promise<Measurement> {
  const rows: (readonly string[])[] = [];
  for (const figure of cases) {
    process.stderr.write(`measuring: ${commandOf(figure)}\n`);
    rows.push([figure.name, ...hardware.map(({ of }) => of(figure)), ...(await cellsOf(figure, measured))]);
  }
  return { head: ["network", ...[...hardware, ...measured].map(({ head }) => head)], rows };
}

/** What is known of a row before anything runs. */
export interface HardwareColumn {
  readonly head: string;
  readonly of: (figure: FigureCase) => string;
}

async function cellsOf(figure: FigureCase, columns: readonly Column[]): Promise<readonly string[]> {
  const without = (why: string): readonly string[] => columns.map((_, i) => (i === 0 ? why : ""));
  if (figure.missing !== null) return without(figure.missing);
  const figures = await measure(figure);
  if ("refused" in figures) return without(figures.refused);
  if (!figures.bitExact) return without("DIFFERS from the golden model");
  return columns.map(({ of }) => of(figure, figures));
}

export function printTable({ head, rows }: Measurement): void {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString()}\n`);
}

export const commandsOf = (cases: readonly FigureCase[]): string =>
  cases.map((figure) => `${commandOf(figure)}\n`).join("");
