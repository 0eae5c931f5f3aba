/** The generated C driver, compiled, on the verilated accelerator: whole inferences over its AXI4-Lite port. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { compileModel } from "../../support/compiled.ts";
import { runGolden } from "../../../src/golden/run.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { loadModel } from "../../../src/load.ts";
import { noise } from "../../networks/accelerator.ts";
import { buildVerilated } from "./verilated.ts";

let graph: IntGraph;
let images: readonly Int8Array[];

beforeAll(() => {
  graph = loadModel("mobilenet-v1-0.25-32", { seed: 1, dump: undefined });
  images = [1, 2, 3].map((seed) => noise(graph, seed));
});

describe("the host driver on the simulated accelerator", () => {
  let folder = "";
  let program = "";
  const run = (errorBurst: number, ...inputs: readonly string[]) =>
    execa(program, ["8", String(errorBurst), ...inputs], { cwd: folder });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-driver-"));
    const board = boardByName("pynq-z2");
    writeFiles(compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board }).files, folder);
    images.forEach((image, index) => {
      writeFileSync(join(folder, `${index}.bin`), image);
    });
    program = await buildVerilated(folder, {
      ...{ name: "driver", main: "driver-main.cpp", pk: 4, driver: "driver/firebrick.c" },
    });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("polls, takes interrupts, and reads the golden model's logits", async () => {
    const { stdout } = await run(0, "0.bin", "1.bin", "2.bin");
    const cycles = [...stdout.matchAll(/result=0 cycles=(\d+) accounted=(\d+)/g)].map(([, all, sum]) => {
      expect(sum).toBe(all);
      return Number(all);
    });
    expect(cycles).toHaveLength(3);
    for (const count of cycles) expect(count).toBeGreaterThan(graph.macs / 16);
    expect(stdout.replaceAll(/ cycles=\d+ accounted=\d+/g, "").split("\n")).toEqual([
      ...["init=0", "unloaded=-4", "load=0", "result=0"],
      ...["interrupt=1,0", "result=0", "interrupt=1,0", "result=0"],
    ]);
    images.forEach((image, index) => {
      const found = new Int8Array(readFileSync(join(folder, `${index}.bin.out`)));
      expect([...found]).toEqual([...runGolden(graph, image).maps.get(graph.logits)!]);
    });
  });

  it("reports a memory error and the next image is right again", async () => {
    const { stdout } = await run(20, "0.bin", "1.bin");
    // a burst of the first weights, which lie behind the program
    expect(stdout).toMatch(
      /^load=0\nresult=-3 .*\nerror bits=1 unit=4 block=0 offset=4096 decode=0\ninterrupt=1,0\nresult=0 /m,
    );
    const found = new Int8Array(readFileSync(join(folder, "1.bin.out")));
    expect([...found]).toEqual([...runGolden(graph, images[1]!).maps.get(graph.logits)!]);
  });
});
