/** The generated C driver, compiled, on the verilated accelerator: whole inferences over its AXI4-Lite port. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { cached, keepOnly } from "../../../sim/tools/cache.ts";
import { findToolchain, toolchainKey } from "../../../sim/tools/verilator.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { compileModel } from "../../support/compiled.ts";
import { runGolden } from "../../../src/golden/run.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { contentHash } from "../../../src/platform/content-hash.ts";
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
    program = await buildProgram(folder);
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

/**
 * The program: the driver as C99 without a warning, the harness's memory and registers, the verilated accelerator. It is
 * built once for each state of what it is made of.
 */
async function buildProgram(folder: string): Promise<string> {
  const rtl = readFileSync(join(folder, "files.f"), "utf8").trim().split("\n");
  const harness = packagePath("sim", "harness");
  const main = packagePath("test", "codegen", "board", "driver-main.cpp");
  const sources = [
    main,
    ...["axi_memory.cpp", "simulation.cpp", "golden.cpp", "job.cpp"].map((file) => join(harness, file)),
  ];
  const parts = [
    ...["driver/firebrick.c", "driver/firebrick.h", ...rtl].map((file) => join(folder, file)),
    ...readdirSync(harness).map((file) => join(harness, file)),
    main,
    fileURLToPath(import.meta.url),
  ];
  const key = contentHash([
    ...toolchainKey(await findToolchain()),
    ...parts.map((file) => readFileSync(file)),
  ]);
  const built = await cached("driver", key, async (build) => {
    const strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2", "-c"];
    const object = join(build, "driver.o");
    await execa("gcc", [...strict, "driver/firebrick.c", "-o", object], { cwd: folder });
    const defines = ["PK=4", "BUS_BYTES=8", "INTERRUPT_PORT=done_interrupt"];
    const ends = ["VL_USER_FINISH", "VL_USER_STOP", "VL_USER_FATAL"];
    const flags = [
      ...["-std=gnu++17", "-w", `-I${harness}`, `-I${join(folder, "driver")}`],
      ...[...ends, ...defines].map((define) => `-D${define}`),
    ];
    const args = [
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
      ...["--Mdir", build, "-o", "driver", "-CFLAGS", flags.join(" "), "-LDFLAGS", object],
    ];
    await execa("verilator", [...args, ...rtl, ...sources], { cwd: folder });
    await keepOnly(build, ["driver"]);
  });
  return join(built, "driver");
}
