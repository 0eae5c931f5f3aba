/** Text of the Verilog modules that are made of the field tables. */
import { placesOf, type Words } from "../../src/format/fields.ts";
import { item } from "../../src/ir/known.ts";

export interface Port {
  readonly direction: "input" | "output";
  readonly name: string;
  /** Bits: a number, or an expression of parameters. */
  readonly width: number | string;
  readonly comment?: string;
}

export interface ModuleText {
  readonly name: string;
  /** The table that it is made of, a path in the project. */
  readonly table: string;
  /** What the module does and its latency, one comment line each. */
  readonly purpose: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly value: number;
    readonly comment: string;
  }[];
  readonly ports: readonly { readonly heading?: string; readonly ports: readonly Port[] }[];
  readonly body: readonly string[];
}

/** `rowPitch` -> `row_pitch`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A file of hw/rtl. */
export function moduleText({ body, name, parameters = [], ports, purpose, table }: ModuleText): string {
  const column = Math.max(...ports.flatMap((group) => group.ports.map(({ width }) => range(width).length)));
  const portLine = ({ comment, direction, name: port, width }: Port, comma: string): string =>
    `    ${direction.padEnd(6)} wire ${range(width, column)} ${port}${comma}${comment ? `  // ${comment}` : ""}`;
  const last = ports.at(-1)?.ports.at(-1);
  const groups = ports.map(({ heading, ports: own }) =>
    [
      ...(heading === undefined ? [] : [`    // ${heading}`]),
      ...own.map((port) => portLine(port, port === last ? "" : ",")),
    ].join("\n"),
  );
  const lines = parameters.map(
    ({ comment, name: parameter, value }, i) =>
      `    parameter ${parameter} = ${value}${i === parameters.length - 1 ? "" : ","}  // ${comment}`,
  );
  return [
    ...purpose.map((line) => `// ${line}`),
    `// Made of ${table} by \`npm run formats\`: change the table, not this file.`,
    "`default_nettype none",
    "",
    lines.length === 0 ? `module ${name} (` : `module ${name} #(\n${lines.join("\n")}\n) (`,
    groups.join("\n\n"),
    ");",
    ...body,
    "endmodule",
    "",
    "`default_nettype wire",
    "",
  ].join("\n");
}

/** `[ 7:0]`, filled up to `column` characters. */
function range(width: number | string, column = 0): string {
  if (width === 1) return " ".repeat(column);
  const msb = typeof width === "number" ? `${width - 1}` : `${width}-1`;
  return `[${msb.padStart(column - "[:0]".length)}:0]`;
}

/** A word put together of its fields, low bits last; zero where there are none. `signal`: the wires of a field. */
export function concatenation(words: Words, signal: (name: string) => string): string {
  const parts: string[] = [];
  let next = 0;
  const zero = (bits: number) => (bits > 0 ? [`${bits}'d0`] : []);
  for (const { field, lsb, name } of placesOf(words)) {
    parts.unshift(signal(name), ...zero(lsb - next));
    next = lsb + field.bits;
  }
  const all = [...zero(32 - next), ...parts];
  return all.length === 1 ? item(all, 0) : `{${all.join(", ")}}`;
}
