/** One command line of firebrick that runs as a process or job of its own and prints one JSON object. */
export interface Task {
  /** What it works on, for messages: "inputs 1 to 4". */
  readonly name: string;
  /** Arguments behind `firebrick`; paths are relative to the folder that the user is in. */
  readonly args: readonly string[];
}

/** Where tasks run. A task is named by its index. */
export interface Executor {
  /** Lets these tasks run as soon as there is room. Throws MissingToolError and RefusedError. */
  start(indices: readonly number[]): Promise<void>;
  /** Tasks that wait or run; null when whoever knows does not answer. */
  alive(): Promise<ReadonlySet<number> | null>;
  /** Ends every task that waits or runs, and whatever they started. */
  stop(): Promise<void>;
}
