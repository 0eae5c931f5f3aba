/** The verilated accelerator of a project, with the harness's memory and registers and a main file of the tests around it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { cached, keepOnly } from "../../../sim/tools/cache.ts";
import { findToolchain, toolchainKey } from "../../../sim/tools/verilator.ts";
import { contentHash } from "../../../src/platform/content-hash.ts";
import { packagePath } from "../../../src/platform/package.ts";

/** What is built from the project's `files.f`. */
export interface VerilatedBuild {
  /** Of the file that is built, and of its place in the cache. */
  readonly name: string;
  /** Under test/codegen/board. */
  readonly main: string;
  readonly pk: number;
  /** A library instead of a program. */
  readonly shared?: boolean;
  /** C99 of the project's driver folder that belongs to it. */
  readonly driver?: string;
}

/** Built once for each state of what it is made of; returns its path. */
export async function buildVerilated(folder: string, wanted: VerilatedBuild): Promise<string> {
  const { driver, name, pk, shared = false } = wanted;
  const rtl = readFileSync(join(folder, "files.f"), "utf8").trim().split("\n");
  const harness = packagePath("sim", "harness");
  const main = packagePath("test", "codegen", "board", wanted.main);
  const sources = [
    main,
    ...["axi_memory.cpp", "simulation.cpp", "golden.cpp", "job.cpp"].map((file) => join(harness, file)),
  ];
  const drivers = driver === undefined ? [] : [driver, driver.replace(/\.c$/, ".h")];
  const parts = [
    ...[...drivers, ...rtl].map((file) => join(folder, file)),
    ...readdirSync(harness).map((file) => join(harness, file)),
    main,
    fileURLToPath(import.meta.url),
  ];
  const key = contentHash([
    ...toolchainKey(await findToolchain()),
    String(pk),
    ...parts.map((file) => readFileSync(file)),
  ]);
  const built = await cached(name, key, async (build) => {
    const objects: string[] = [];
    if (driver !== undefined) {
      const strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2", "-c"];
      objects.push(join(build, "driver.o"));
      await execa("gcc", [...strict, driver, "-o", objects[0]!], { cwd: folder });
    }
    const defines = [`PK=${pk}`, "BUS_BYTES=8", "INTERRUPT_PORT=done_interrupt"];
    const ends = ["VL_USER_FINISH", "VL_USER_STOP", "VL_USER_FATAL"];
    const flags = [
      ...["-std=gnu++17", "-w", `-I${harness}`, `-I${join(folder, "driver")}`],
      ...(shared ? ["-fPIC"] : []),
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
      ...["--Mdir", build, "-o", name, "-CFLAGS", flags.join(" ")],
      ...["-LDFLAGS", [...objects, ...(shared ? ["-shared"] : [])].join(" ")],
    ];
    await execa("verilator", [...args, ...rtl, ...sources], { cwd: folder });
    await keepOnly(build, [name]);
  });
  return join(built, name);
}
