/** What a command may touch of the process it runs in; tests pass their own. */
export interface Io {
  /** Results: the table, the JSON object. */
  readonly out: (text: string) => void;
  /** Errors, progress and remarks. */
  readonly err: (text: string) => void;
  /** Aborted by Ctrl-C; every child process and every long loop ends on it. */
  readonly signal: AbortSignal;
  /** True when stderr is a terminal that can redraw a line. */
  readonly isTerminal: boolean;
}

/** One JSON object and nothing else. */
export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
