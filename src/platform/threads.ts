/** Threads that compute beside this one, each in a module of Firebrick's own. */
import { availableParallelism } from "node:os";
import { parentPort, Worker, workerData } from "node:worker_threads";

/** How many threads compute at a time: `$FIREBRICK_THREADS`, or one a core. TypeScript, which Node does not run as it is, has one. */
export function threads(): number {
  if (import.meta.url.endsWith(".ts")) return 1;
  const told = Number(process.env["FIREBRICK_THREADS"]);
  return Number.isInteger(told) && told > 0 ? told : availableParallelism();
}

export interface Thread {
  send(message: unknown): void;
  /** Stops it wherever it is. */
  end(): Promise<unknown>;
}

/** A module, by its URL, with what `givenData` says there. `onFailure`: of the thread itself, such as too little memory. */
export function startThread(
  module: URL,
  data: unknown,
  onMessage: (message: unknown) => void,
  onFailure: (error: Error) => void,
): Thread {
  const worker = new Worker(module, { workerData: data });
  worker.on("message", onMessage);
  worker.on("error", onFailure);
  // nobody hears of one that `end` ended
  worker.on("exit", (status) => {
    onFailure(new Error(`a thread ended with status ${status}`));
  });
  return {
    send: (message) => {
      worker.postMessage(message);
    },
    end: () => worker.terminate(),
  };
}

/** What the thread that this module runs in was started with. */
export function givenData(): unknown {
  return workerData;
}

/** Answers the messages of the thread that started this one, one after the other. */
export function answerEach(answer: (message: unknown) => Promise<unknown>): void {
  let before = Promise.resolve();
  parentPort?.on("message", (message: unknown) => {
    before = before.then(async () => {
      parentPort?.postMessage(await answer(message));
    });
  });
}
