import { availableParallelism } from "node:os";
import { execa } from "execa";
import type { Executor } from "./task.ts";
import type { WorkFolder } from "./work-folder.ts";

/** How long an interrupted task may clean up before it is killed, ms. */
const PATIENCE = 10_000;

/** Tasks as processes of this machine, `processes` at a time. */
export function localExecutor(folder: WorkFolder, processes = availableParallelism()): Executor {
  const waiting: number[] = [];
  const running = new Map<number, { readonly pid: number; readonly done: Promise<unknown> }>();

  function fill(): void {
    while (running.size < processes) {
      const index = waiting.shift();
      if (index === undefined) return;
      run(index);
    }
  }

  function run(index: number): void {
    const child = execa("sh", [folder.script(index)], { detached: true, reject: false, stdio: "ignore" });
    const done = child.then(() => {
      running.delete(index);
      fill();
    });
    if (child.pid !== undefined) running.set(index, { pid: child.pid, done });
  }

  return {
    start(indices) {
      waiting.push(...indices);
      fill();
      return Promise.resolve();
    },
    alive: () => Promise.resolve(new Set([...waiting, ...running.keys()])),
    async stop() {
      waiting.length = 0;
      const tasks = [...running.values()];
      for (const { pid } of tasks) signalGroup(pid, "SIGINT");
      const kill = setTimeout(() => {
        for (const { pid } of tasks) signalGroup(pid, "SIGKILL");
      }, PATIENCE);
      await Promise.all(tasks.map(({ done }) => done));
      clearTimeout(kill);
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}
