/** What a worker does to itself ends as a failure that says what it was, and the next case has a worker again. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WorkerProcess } from "./worker-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-worker-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A worker that is told by a case's number what to do: 0 is sound, 1 dies, 2 hangs, 3 takes memory. */
const script = `
process.on("message", ({ index }) => {
  process.send({ kind: "begins", step: "read" });
  if (index === 1) process.exit(7);
  if (index === 2) for (;;);
  const taken = index === 3 ? 2 ** 31 : 2 ** 20;
  process.send({ kind: "done", outcome: { kind: "accepted", step: "read" }, peak: taken, now: taken });
});
process.send({ kind: "ready" });
`;

it("tells death, hanging and memory, and goes on", async () => {
  const file = join(folder, "worker.mjs");
  writeFileSync(file, script);
  const seconds = { make: 20, read: 1, golden: 1, compile: 1, simulate: 1 };
  const worker = new WorkerProcess(file, folder, folder, seconds);
  const outcomes: string[] = [];
  for (const index of [0, 1, 0, 2, 3, 0]) {
    const { outcome } = await worker.run({ seed: 1, index, simulate: false });
    outcomes.push(outcome.kind === "accepted" ? outcome.kind : outcome.message);
  }
  worker.stop();
  expect(outcomes).toEqual([
    "accepted",
    "read: the process ended with status 7: ",
    "accepted",
    "read: no end after 1 seconds",
    "read: 2048 MB of memory",
    "accepted",
  ]);
});
