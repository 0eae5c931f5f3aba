import { breathe } from "./breathe.ts";

/** As the twin for Node says. */
export interface Job<Shared, Item, Result> {
  readonly url: string;
  readonly setUp: (shared: Shared) => (item: Item) => Promise<Result> | Result;
}

/** The results one after the other, in this thread. */
export async function* onAllProcessors<Shared, Item, Result>(
  job: Job<Shared, Item, Result>,
  shared: Shared,
  items: readonly Item[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Result, void> {
  const work = job.setUp(shared);
  for (const item of items) {
    await breathe(signal);
    yield await work(item);
  }
}
