/** The embedded network on the arrays that boards choose for it: packed or not, with the board's own memory. */
import { expect, test } from "vitest";
import { boardByName, weighFor } from "../../src/boards/index.ts";
import { loadModel } from "../../src/load.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";

const accelerator = accelerators();

test.each([
  // a memory that moves a fraction of the bus's width
  { board: "arty-a7-100t", memory: "bytes=13.25,latency=40", packed: true },
  // a memory that each layer waits for
  { board: "ulx3s-85f", memory: "bytes=2,latency=40", packed: true },
])("pictures on $board", async ({ board, memory, packed }) => {
  const graph = loadModel("pictures");
  const { choice, refusal } = weighFor(graph, boardByName(board), null);
  expect(refusal).toBeNull();
  expect([choice.array.packed, choice.memory]).toEqual([packed, memory]);
  const array = `${choice.array.pk}x${choice.array.pc}`;
  const hardware = accelerator([graph], array, memory, packed, choice.buffers);
  const run = await hardware.run(0, [noise(graph, 1), noise(graph, 2)]);
  expectBitExact(run);
  expectPredicted(run);
  // cycles are whole, whatever the memory's width
  for (const { predictedCycles } of run.report.layers) expect(predictedCycles % 1).toBe(0);
});
