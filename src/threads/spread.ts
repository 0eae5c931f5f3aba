/** Work on many inputs, spread over all cores. */
import { errorOf, type PlainError } from "../ir/errors.ts";
import { known } from "../ir/known.ts";
import { breathe } from "../platform/breathe.ts";
import { startThread, threads, type Thread } from "../platform/threads.ts";
import type { Work } from "./work.ts";

/** What a thread is started with. */
export interface Given {
  readonly module: string;
  readonly name: string;
  readonly setup: unknown;
}

/** What a thread answers to an input. */
export type Outcome = { readonly value: unknown } | { readonly error: PlainError };

/** Results that may wait for an earlier one, a thread: what bounds the memory that they take. */
const AHEAD = 4;

/**
 * The results in the order of the inputs, whatever the number of threads; an error comes where its result would. Ends
 * with the signal's reason when that is aborted, and leaves no thread behind.
 */
export async function* spread<Setup, In, Out>(
  work: Work<Setup, In, Out>,
  setup: Setup,
  inputs: readonly In[],
  signal?: AbortSignal,
): AsyncGenerator<Out, void> {
  const count = Math.min(threads(), inputs.length);
  if (count > 1) return yield* inThreads(work, setup, inputs, count, signal);
  const run = work.start(setup);
  for (const input of inputs) {
    await breathe(signal);
    yield await run(input);
  }
}

async function* inThreads<Setup, In, Out>(
  { module, name }: Work<Setup, In, Out>,
  setup: Setup,
  inputs: readonly In[],
  count: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Out, void> {
  const outcomes = new Map<number, Outcome>();
  const idle: Thread[] = [];
  let failure: Error | undefined;
  let wake = (): void => undefined;
  let [given, yielded] = [0, 0];
  const busy = new Map<Thread, number>();
  const all = Array.from({ length: count }, () => {
    const thread: Thread = startThread(
      new URL("thread.js", import.meta.url),
      { module, name, setup } satisfies Given,
      (outcome) => {
        outcomes.set(known(busy.get(thread), "an input of the thread"), outcome as Outcome);
        idle.push(thread);
        wake();
      },
      (error) => {
        failure ??= error;
        wake();
      },
    );
    return thread;
  });
  idle.push(...all);
  const onAbort = (): void => {
    wake();
  };
  signal?.addEventListener("abort", onAbort);
  try {
    for (; yielded < inputs.length; yielded++) {
      for (;;) {
        signal?.throwIfAborted();
        if (failure) throw failure;
        while (given < Math.min(inputs.length, yielded + AHEAD * count)) {
          const thread = idle.pop();
          if (thread === undefined) break;
          busy.set(thread, given);
          thread.send(inputs[given++]);
        }
        if (outcomes.has(yielded)) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const outcome = known(outcomes.get(yielded), "an answer to the input");
      outcomes.delete(yielded);
      if ("error" in outcome) throw errorOf(outcome.error);
      yield outcome.value as Out;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await Promise.all(all.map((thread) => thread.end()));
  }
}
