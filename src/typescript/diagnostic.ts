/** What is wrong in a TypeScript file of the user's, told as the TypeScript compiler tells it. */
import { item } from "../ir/known.ts";
import { shownPath } from "../platform/paths.ts";

export interface Diagnostic {
  /** As given on the command line, or relative to the working folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `HLS008`, or the TypeScript compiler's own, such as `TS2322`. */
  readonly rule: string;
  readonly message: string;
  readonly fix: string | null;
  readonly source: string;
  /** Characters to underline. */
  readonly length: number;
}

/** Of what was found, so many are put into words: a file that is no TypeScript at all has thousands. */
const TOLD = 100;
/** Characters of a line that are shown, around the place. */
const SHOWN = 200;

/** A file of the user's is at fault; carries everything that was found. */
export class SourceError extends Error {
  /** What the file holds: "a kernel". */
  readonly subject: string;
  readonly diagnostics: readonly Diagnostic[];

  constructor(subject: string, diagnostics: readonly Diagnostic[]) {
    const told = diagnostics.slice(0, TOLD).map(formatDiagnostic);
    const rest = diagnostics.length - told.length;
    super([...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n\n"));
    this.name = "SourceError";
    this.subject = subject;
    this.diagnostics = diagnostics;
  }
}

/** Where a character of a file is, and its line. */
export function locate(path: string, text: string, start: number, length: number) {
  const before = text.slice(0, start).split("\n");
  const line = before.length;
  const source = (text.split("\n")[line - 1] ?? "").replace(/\r$/, "");
  return {
    file: shownPath(path),
    line,
    column: item(before, line - 1).length + 1,
    source,
    length,
  };
}

/** `FILE:LINE:COLUMN - error CODE: MESSAGE`, the line, a caret below it, the fix. */
export function formatDiagnostic(d: Diagnostic): string {
  const number = String(d.line);
  const { column, source } = excerpt(d);
  const room = Math.max(1, Math.min(d.length, source.length - column + 1));
  const lines = [
    `${d.file}:${d.line}:${d.column} - error ${d.rule}: ${d.message}`,
    "",
    `${number} ${source}`,
    `${" ".repeat(number.length + column)}^${"~".repeat(room - 1)}`,
  ];
  return [...lines, ...(d.fix === null ? [] : [`  fix: ${d.fix}`])].join("\n");
}

/** What is shown of the line, and the column in it. */
function excerpt({ column, source }: Diagnostic): Pick<Diagnostic, "column" | "source"> {
  if (source.length <= SHOWN) return { column, source };
  const from = Math.max(0, Math.min(column - 1 - SHOWN / 2, source.length - SHOWN));
  const to = from + SHOWN;
  const [before, behind] = [from > 0 ? "..." : "", to < source.length ? "..." : ""];
  return { column: column - from + before.length, source: before + source.slice(from, to) + behind };
}
