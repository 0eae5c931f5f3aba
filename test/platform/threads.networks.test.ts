/** Threads run compiled modules: a program of their own here, beside what the bundler makes of src/platform/threads.ts. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { onAllProcessors } from "../../src/platform/threads.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

/** It imports what starts it, as the modules of commands do. */
const jobModule = `
import { threadId } from "node:worker_threads";
import { onAllProcessors } from "./threads.js";
export { onAllProcessors };
export class OwnError extends Error {}
export const job = {
  url: import.meta.url,
  setUp: ({ factor }) => async (item) => {
    if (item === "hang") await new Promise((resolve) => setTimeout(resolve, 1e8));
    if (item === "broken") throw new OwnError("item " + item + " in thread " + threadId);
    // the first items take longest: they are ready last
    await new Promise((resolve) => setTimeout(resolve, 40 - 4 * item));
    return { product: typeof factor === "function" ? factor(item) : factor * item, threadId };
  },
};
`;

const program = `
import { job, onAllProcessors, OwnError } from "./job.js";
const { shared, items, abort } = JSON.parse(process.argv[2]);
const stop = new AbortController();
if (abort) setTimeout(() => stop.abort(new Error("stopped")), 300);
if (shared.isFunction) shared.factor = (x) => 100 * x;
const results = [];
try {
  for await (const result of onAllProcessors(job, shared, items, stop.signal)) results.push(result);
  console.log(JSON.stringify({ results }));
} catch (error) {
  console.log(JSON.stringify({ results, error: error.message, isOwn: error instanceof OwnError }));
}
`;

interface Printed {
  readonly results: readonly { readonly product: number; readonly threadId: number }[];
  readonly error?: string;
  readonly isOwn?: boolean;
}

async function run(given: object): Promise<Printed> {
  return inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "job.js"), jobModule);
    writeFileSync(join(folder, "program.js"), program);
    const bundle = await rolldown({
      input: packagePath("src", "platform", "threads.ts"),
      platform: "node",
    });
    await bundle.write({ file: join(folder, "threads.js"), format: "esm" });
    await bundle.close();
    const args = [join(folder, "program.js"), JSON.stringify(given)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
    return JSON.parse(stdout) as Printed;
  });
}

const products = ({ results }: Printed): number[] => results.map(({ product }) => product);

describe.runIf(availableParallelism() > 1)("work on all processors", () => {
  const items = [0, 1, 2, 3, 4, 5, 6, 7, 8];

  it("gives results in order, made by as many threads as there are processors", async () => {
    const printed = await run({ shared: { factor: 10 }, items });
    expect(products(printed)).toEqual(items.map((item) => 10 * item));
    const threads = new Set(printed.results.map(({ threadId }) => threadId));
    expect([threads.size, threads.has(0)]).toEqual([Math.min(availableParallelism(), items.length), false]);
  });

  it("throws what one thread would throw, behind the results before", async () => {
    const printed = await run({ shared: { factor: 10 }, items: [0, 1, "broken", 3, "broken"] });
    expect(printed).toMatchObject({ error: "item broken in thread 0", isOwn: true });
    expect(products(printed)).toEqual([0, 10]);
  });

  it("stays in this thread where its data cannot go to another", async () => {
    const printed = await run({ shared: { isFunction: true }, items });
    expect(products(printed)).toEqual(items.map((item) => 100 * item));
    expect(printed.results.every(({ threadId }) => threadId === 0)).toBe(true);
  });

  it("ends with the signal, and leaves no thread that keeps the process", async () => {
    const printed = await run({ shared: { factor: 10 }, items: [0, "hang", "hang", 3], abort: true });
    expect(printed).toMatchObject({ error: "stopped", isOwn: false });
  });
});

describe("work from sources, which Node does not run", () => {
  it("is done in this thread", async () => {
    const job = { url: import.meta.url, setUp: (factor: number) => (item: number) => factor * item };
    const results: number[] = [];
    for await (const result of onAllProcessors(job, 3, [1, 2, 3], undefined)) results.push(result);
    expect(results).toEqual([3, 6, 9]);
  });
});
