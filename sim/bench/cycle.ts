import type { Dut } from "./dut.ts";

/**
 * Something beside the module under test that acts once a cycle. `drive` pokes inputs from what it knows; when every
 * actor has driven and the outputs have settled, `observe` looks at what the coming clock edge will transfer.
 */
export interface Actor {
  drive(): void;
  observe(): void;
}

export interface RunOptions {
  /** Looked at after each cycle. */
  readonly until: () => boolean;
  /** Throws after so many cycles; default 100,000. */
  readonly maxCycles?: number;
  /** What to say when the limit is reached. */
  readonly describe?: () => string;
}

/** One clock cycle of the module and of everything around it. */
export function cycle(dut: Dut, actors: readonly Actor[]): void {
  for (const actor of actors) actor.drive();
  dut.eval();
  for (const actor of actors) actor.observe();
  dut.step();
}

/** Cycles until `until` holds; returns how many. */
export function runCycles(dut: Dut, actors: readonly Actor[], options: RunOptions): number {
  const limit = options.maxCycles ?? 100_000;
  let count = 0;
  while (!options.until()) {
    if (count >= limit) throw new Error(`not done after ${limit} cycles${describe(options)}`);
    cycle(dut, actors);
    count += 1;
  }
  return count;
}

function describe(options: RunOptions): string {
  return options.describe === undefined ? "" : `: ${options.describe()}`;
}
