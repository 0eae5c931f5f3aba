/** A worker as its parent sees it: one case at a time, under a watchdog, restarted when it dies or has grown. */
import { fork, type ChildProcess } from "node:child_process";
import type { CaseNumber, Outcome } from "./case.ts";
import type { Order, Told } from "./messages.ts";
import type { Step } from "./reader.ts";

type Seconds = Readonly<Record<Step | "make", number>>;

/** That a step may take. A simulation first builds its simulator. */
const SECONDS: Seconds = {
  make: 30,
  read: 10,
  golden: 10,
  compile: 10,
  simulate: 400,
};

/** Bytes that a worker may take, Node itself included. */
export const MOST_MEMORY = 2 ** 30;
/** A worker that has more than this behind a case makes place for another. */
const GROWN = 5 * 2 ** 27;

export interface Result {
  readonly outcome: Outcome;
  /** Most memory of the worker so far, bytes; 0 when it died. */
  readonly peak: number;
}

export class WorkerProcess {
  readonly #script: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #seconds: Seconds;
  #child: ChildProcess | undefined;

  /** `script`: of worker.ts, bundled. `folder`: for the case's files. `cache`: of simulators. */
  constructor(script: string, folder: string, cache: string, seconds = SECONDS) {
    this.#script = script;
    this.#folder = folder;
    this.#env = { ...process.env, FIREBRICK_CACHE: cache };
    this.#seconds = seconds;
  }

  /** What comes of the case; a worker that fails is not used again. */
  async run(number: CaseNumber): Promise<Result> {
    const child = this.#child ?? (await this.#start());
    const order: Order = { ...number, folder: this.#folder };
    const seconds = this.#seconds;
    let timer: NodeJS.Timeout | undefined;
    const result = await new Promise<Result & { readonly now: number }>((resolve) => {
      let step: Step | "make" = "make";
      let stderr = "";
      const failed = (message: string): void => {
        const outcome = { kind: "failed", step, message: `${step}: ${message}` } as const;
        resolve({ outcome, peak: 0, now: 0 });
      };
      const watch = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => failed(`no end after ${seconds[step]} seconds`), 1000 * seconds[step]);
      };
      watch();
      child.stderr?.on("data", (text: Buffer) => (stderr = (stderr + text.toString()).slice(-4000)));
      child.on("exit", (code, signal) => {
        failed(`the process ended with ${signal ?? `status ${code}`}: ${stderr.trim()}`);
      });
      child.on("message", (told: Told) => {
        if (told.kind === "done") resolve(told);
        if (told.kind !== "begins") return;
        step = told.step;
        watch();
      });
      child.send(order);
    });
    clearTimeout(timer);
    child.removeAllListeners();
    child.stderr?.removeAllListeners();
    const { now, outcome, peak } = limited(result);
    if (outcome.kind === "failed" || now > GROWN) this.stop();
    return { outcome, peak };
  }

  stop(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(this.#script, [], {
      env: this.#env,
      execArgv: ["--max-old-space-size=900"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", (code) => reject(new Error(`the worker does not start: status ${code}`)));
    });
    child.removeAllListeners();
    return child;
  }
}

/** What took too much memory has failed, whatever came of it. */
function limited<R extends Result>(result: R): R {
  const { outcome, peak } = result;
  if (outcome.kind === "failed" || peak <= MOST_MEMORY) return result;
  const message = `${outcome.step}: ${Math.round(peak / 2 ** 20)} MB of memory`;
  return { ...result, outcome: { kind: "failed", step: outcome.step, message } };
}
