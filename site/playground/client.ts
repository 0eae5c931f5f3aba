/** The worker, as the page asks it. */
import type { Answered, Answers, Asked, Request, Told } from "./messages.ts";

/** What is wrong with the user's input. */
export class ProblemsError extends Error {
  readonly problems: readonly Told[];

  constructor(problems: readonly Told[]) {
    super(problems.map(({ found }) => found).join("; "));
    this.problems = problems;
  }
}

export class Firebrick {
  readonly #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  readonly #waiting = new Map<number, (answered: Answered) => void>();
  #next = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    };
  }

  /** Throws ProblemsError, or an Error of something else. */
  async ask<Kind extends Request["kind"]>(request: Extract<Request, { kind: Kind }>): Promise<Answers[Kind]> {
    const id = this.#next++;
    const answered = await new Promise<Answered>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, request } satisfies Asked);
    });
    if (answered.problems === undefined) return answered.answer as Answers[Kind];
    throw answered.problems.length > 0 ? new ProblemsError(answered.problems) : new Error(answered.message);
  }
}
