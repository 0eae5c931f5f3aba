/** A place in a text where something else may stand. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
}

export function applied(source: string, { end, start, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** `before -> after` with the line that it stands in, counted from 1. */
export function shown(source: string, { end, start, text }: Mutant): string {
  const line = source.slice(0, start).split("\n").length;
  return `${line}: ${source.slice(start, end)} -> ${text === "" ? "nothing" : text}`;
}
