/** A small discrete-event kernel: processes that wait for a number of cycles or for a condition. */
import { item } from "../../ir/known.ts";

/** A delay in cycles, or a condition that some other process will make true. */
export type Pause = number | (() => boolean);
export type Process = Generator<Pause, void, void>;

export interface Kernel {
  /** Cycle now. */
  now(): number;
  /** Adds a process; of several that could go on at once, the one added first goes first. */
  start(process: Process): void;
  /** Does something `cycles` from now. */
  after(cycles: number, action: () => void): void;
  /** Runs until every process has ended. */
  run(): void;
}

interface Task {
  readonly process: Process;
  /** Cycle at which it goes on; infinite while it waits for `until`. */
  due: number;
  until: (() => boolean) | null;
}

interface Timer {
  readonly due: number;
  readonly action: () => void;
}

export function kernel(): Kernel {
  let now = 0;
  const tasks: Task[] = [];
  const timers: Timer[] = [];

  function after(cycles: number, action: () => void): void {
    const timer = { due: now + cycles, action };
    let i = timers.length;
    while (i > 0 && item(timers, i - 1).due <= timer.due) i--;
    timers.splice(i, 0, timer); // latest first
  }

  function step(task: Task): void {
    const { value, done } = task.process.next();
    if (done) tasks.splice(tasks.indexOf(task), 1);
    else if (typeof value === "number") task.due = now + value;
    else {
      task.due = Infinity;
      task.until = value;
    }
  }

  return {
    now: () => now,
    start: (process) => {
      tasks.push({ process, due: now, until: null });
    },
    after,
    run() {
      while (tasks.length > 0) {
        let next: Task | undefined;
        let due = Infinity;
        for (const task of tasks) {
          // what one process does may undo what another waits for: conditions count only for the one that goes on
          const at = task.until ? (task.until() ? now : Infinity) : task.due;
          if (at < due) [next, due] = [task, at];
        }
        const timer = timers.at(-1);
        if (timer && timer.due <= due) {
          now = timer.due;
          timers.pop();
          timer.action();
        } else if (next) {
          now = due;
          next.until = null;
          step(next);
        } else throw new Error("internal error: the planned program never ends");
      }
    },
  };
}
