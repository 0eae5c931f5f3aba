/** A word read while it is written is lost on a device without READ_FIRST: no result may depend on one. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accelerators, expectBitExact, noise } from "./accelerator.ts";
import { sketch } from "./sketch.ts";

const accelerator = accelerators();

const k1 = { kernel: [1, 1] } as const;
const k3 = { kernel: [3, 3], same: true } as const;
const k3s2 = { ...k3, stride: [2, 2] } as const;

test("words that are read and written in one cycle are never used", async () => {
  // packed patches, a window, weights that stay and weights that stream in
  const graph = sketch("collisions", [27, 22, 3])
    .conv(9, k3s2)
    .depthwise(k3)
    .conv(37, k1)
    .conv(64, k3)
    .conv(64, k3)
    .mean()
    .dense(10)
    .graph();
  const made = accelerator([graph], "4x4", "bytes=8,latency=20");
  expect(made.plans[0]?.blocks.some(({ streamed }) => streamed)).toBe(true);
  const path = join(made.compiledDir, "rtl", "ram_1r1w.v");
  const read = "rdata_q <= mem_q[raddr_i[UsedW-1:0]];";
  const verilog = readFileSync(path, "utf8");
  expect(verilog).toContain(read);
  const lost = "{Width{we_i && waddr_i[UsedW-1:0] == raddr_i[UsedW-1:0]}}";
  writeFileSync(path, verilog.replace(read, read.replace("mem_q", `${lost} ^ mem_q`)));
  expectBitExact(await made.run(0, [noise(graph, 1), noise(graph, 2)]));
});
