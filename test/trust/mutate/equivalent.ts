/** Mutants that nobody can notice, each with its argument. */
export interface Equivalent {
  readonly file: string;
  /** The line without its indentation, as it stands in the file. */
  readonly line: string;
  /** What becomes what, as the campaign lists it behind the line's number. */
  readonly change: string;
  /** Why nothing that anybody can see depends on it. */
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [];

/** The argument for a mutant, if there is one. `change`: with the number of its line in front. */
export function equivalentOf(file: string, source: string, change: string): Equivalent | undefined {
  const [number = "", what] = /^(\d+): ([^]*)$/.exec(change)?.slice(1) ?? [];
  const line = source.split("\n")[Number(number) - 1]?.trim();
  return equivalents.find((one) => one.file === file && one.line === line && one.change === what);
}
