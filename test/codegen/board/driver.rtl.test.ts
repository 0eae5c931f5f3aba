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
import { packagePath } from "../../../src/platform/package.ts";
import { loadModel } from "../../../src/load.ts";
import { noise } from "../../networks/accelerator.ts";

let graph: IntGraph;
let images: readonly Int8Array[];

beforeAll(() => {
  graph = loadModel("mobilenet-v1-0.25-32", { seed: 1, dump: undefined });
  images = [1, 2, 3].map((seed) => noise(graph, seed));
});

describe("the host driver on the simulated accelerator", () => {
  let folder = "";
  const run = (errorBurst: number, ...inputs: readonly string[]) =>
    execa(join(folder, "build", "driver"), ["8", String(errorBurst), ...inputs], { cwd: folder });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-driver-"));
    const board = boardByName("pynq-z2");
    writeFiles(compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board }).files, folder);
    images.forEach((image, index) => {
      writeFileSync(join(folder, `${index}.bin`), image);
    });
    await buildProgram(folder);
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
    expect(stdout).toMatch(/^load=0\nresult=-3 .*\ninterrupt=1,0\nresult=0 /m);
    const found = new Int8Array(readFileSync(join(folder, "1.bin.out")));
    expect([...found]).toEqual([...runGolden(graph, images[1]!).maps.get(graph.logits)!]);
  });
});

/** build/driver: the driver as C99 without a warning, the harness's memory and registers, the verilated accelerator. */
async function buildProgram(folder: string): Promise<void> {
  const strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2", "-c"];
  await execa("gcc", [...strict, "driver/firebrick.c", "-o", "driver.o"], { cwd: folder });
  const rtl = readFileSync(join(folder, "files.f"), "utf8").trim().split("\n");
  const harness = packagePath("sim", "harness");
  const sources = ["axi_memory.cpp", "simulation.cpp", "golden.cpp", "job.cpp"].map((file) =>
    join(harness, file),
  );
  const flags = [
    ...["-std=gnu++17", "-w", `-I${harness}`, `-I${join(folder, "driver")}`, "-DPK=4", "-DBUS_BYTES=8"],
    ...["-DVL_USER_FINISH", "-DVL_USER_STOP", "-DVL_USER_FATAL", "-DINTERRUPT_PORT=done_interrupt"],
  ];
  await execa(
    "verilator",
    [
      ...[
        "--cc",
        "--exe",
        "--build",
        "-j",
        "2",
        "-O3",
        "--language",
        "1364-2005",
        "-Wno-fatal",
        "--noassert",
      ],
      ...["--x-assign", "fast", "--x-initial", "unique", "--top-module", "top", "--prefix", "Vtop"],
      ...[
        "--Mdir",
        "build",
        "-o",
        "driver",
        "-CFLAGS",
        flags.join(" "),
        "-LDFLAGS",
        join(folder, "driver.o"),
      ],
      ...[...rtl, packagePath("test", "codegen", "board", "driver-main.cpp"), ...sources],
    ],
    { cwd: folder },
  );
}
