/** Work on many things at once, on all processors. */
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { breathe } from "./breathe.ts";

/** What does the work: a module that has it as its export `job`, so that other threads can load it. */
export interface Job<Shared, Item, Result> {
  /** `import.meta.url` of the module. */
  readonly url: string;
  /** What one thread needs once: the work on one item. */
  readonly setUp: (shared: Shared) => (item: Item) => Promise<Result> | Result;
}

/** Where a thread of ours finds the module's address in its `workerData`. */
const OWN = "firebrickJob";

interface Task {
  readonly index: number;
  readonly item: unknown;
}

interface Done {
  readonly index: number;
  /** Absent where the work failed. */
  readonly answer?: { readonly result: unknown };
}

/**
 * The results in the order of the items, the same on any number of processors: what fails in another thread is done again in
 * this one, whose error is thrown. `shared`, items and results are copied between threads; what cannot be, such as a function,
 * keeps the work in this one. Throws the signal's reason when it is aborted; no thread outlives the last result or an error.
 */
export async function* onAllProcessors<Shared, Item, Result>(
  job: Job<Shared, Item, Result>,
  shared: Shared,
  items: readonly Item[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Result, void> {
  const threads = startThreads(job.url, shared, Math.min(availableParallelism(), items.length));
  const done = new Map<number, Done>();
  let [next, wake] = [0, () => {}];
  let failure: { readonly error: unknown } | undefined;
  const give = (thread: Worker): void => {
    const index = next++;
    if (index < items.length) thread.postMessage({ index, item: items[index] } satisfies Task);
  };
  for (const thread of threads) {
    thread.on("message", (answer: Done) => {
      done.set(answer.index, answer);
      give(thread);
      wake();
    });
    const fail = (error: unknown): void => {
      failure ??= { error };
      wake();
    };
    thread.on("error", fail);
    thread.on("exit", () => {
      fail(new Error("internal error: a thread ended before its work"));
    });
    give(thread);
  }
  const abort = (): void => {
    wake();
  };
  signal?.addEventListener("abort", abort);
  let here: ReturnType<typeof job.setUp> | undefined;
  try {
    for (const [index, item] of items.entries()) {
      while (threads.length > 0 && !done.has(index) && !signal?.aborted) {
        if (failure) throw failure.error;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      await breathe(signal);
      const answer = done.get(index)?.answer;
      done.delete(index);
      yield answer ? (answer.result as Result) : await (here ??= job.setUp(shared))(item);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** None where there is one processor or one item, where Node cannot run the module, or where `shared` cannot be copied. */
function startThreads(url: string, shared: unknown, count: number): Worker[] {
  if (count < 2 || !url.endsWith(".js") || !isMainThread) return [];
  const threads: Worker[] = [];
  try {
    for (let i = 0; i < count; i++)
      threads.push(new Worker(new URL(import.meta.url), { workerData: { [OWN]: url, shared } }));
  } catch (error) {
    if (threads.length === 0 && error instanceof DOMException && error.name === "DataCloneError") return [];
    throw error;
  }
  return threads;
}

/** What a thread does: this module is its program too. */
async function serve({
  [OWN]: url,
  shared,
}: {
  readonly [OWN]: string;
  readonly shared: unknown;
}): Promise<void> {
  const { job } = (await import(url)) as { readonly job: Job<unknown, unknown, unknown> };
  const work = job.setUp(shared);
  parentPort?.on("message", (task: Task) => {
    void answerTo(work, task).then((answer) => parentPort?.postMessage(answer));
  });
}

async function answerTo(work: (item: unknown) => unknown, { index, item }: Task): Promise<Done> {
  try {
    return { index, answer: { result: await work(item) } };
  } catch {
    return { index };
  }
}

const data: unknown = workerData;
if (!isMainThread && typeof data === "object" && data !== null && OWN in data)
  void serve(data as Parameters<typeof serve>[0]);
