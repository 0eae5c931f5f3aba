import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelFolder } from "../../codegen/kernels.ts";
import { contentHash } from "../../src/platform/content-hash.ts";
import { packagePath } from "../../src/platform/package.ts";
import { cached, keepOnly } from "../tools/cache.ts";
import { runTool } from "../tools/run-tool.ts";
import {
  compilerFlags,
  findToolchain,
  modelSources,
  runtimeObjects,
  toolchainKey,
  traceArguments,
  unitFlags,
  type Toolchain,
  type WaveformKind,
} from "../tools/verilator.ts";
import { openDut, type Dut } from "./dut.ts";
import { parsePorts } from "./ports.ts";
import { shimSource } from "./shim.ts";
import { dependencies } from "./sources.ts";

export interface BenchModule {
  /** Name of the module under test. */
  readonly top: string;
  /** Verilog files; default `<top>.v` of hw/rtl. */
  readonly files?: readonly string[];
  /** Folders where instantiated modules are found, one a file; default hw/rtl, its kernels, and the folders of `files`. */
  readonly libraries?: readonly string[];
  /** Numbers, or Verilog literals such as `64'hFFFF` and `"\"text\""`. */
  readonly parameters?: Readonly<Record<string, number | bigint | string>>;
  /** Default `clk_i`. A module without this input can only be evaluated. */
  readonly clock?: string;
  /** Default `rst_i`. */
  readonly reset?: string;
  readonly resetActiveLow?: boolean;
  /** Seed of what registers hold before reset; default 1. */
  readonly seed?: number;
  /** Waveform to write, `.fst` or `.vcd`. */
  readonly trace?: string;
  readonly signal?: AbortSignal;
  /** Whether few cycles will run, so that compiling quickly counts for more. */
  readonly isShort?: boolean;
}

const prefix = "Vbench";
const libraryFile = "bench.so";

/**
 * Verilates one module and loads it into this process. Builds are kept by content: of the Verilog that the module can
 * reach, the parameters and Verilator's version. Throws MissingToolError without Verilator or a C++ compiler, and
 * ToolError with Verilator's message when the module does not elaborate.
 */
export async function verilateModule(module: BenchModule): Promise<Dut> {
  const folder = await buildModule(module, await findToolchain(module.signal));
  const ports = parsePorts(await readFile(join(folder, `${prefix}.h`), "utf8"));
  return openDut(join(folder, libraryFile), {
    ports,
    reset: module.reset ?? "rst_i",
    resetActiveLow: module.resetActiveLow ?? false,
    seed: module.seed ?? 1,
    ...(module.trace === undefined ? {} : { trace: module.trace }),
  });
}

async function buildModule(module: BenchModule, toolchain: Toolchain): Promise<string> {
  const rtl = packagePath("hw", "rtl");
  const files = module.files ?? [join(rtl, `${module.top}.v`)];
  const libraries = module.libraries ?? [
    ...new Set([...files.map((file) => dirname(file)), rtl, kernelFolder()]),
  ];
  const waveform = waveformKind(module.trace);
  const clock = module.clock ?? "clk_i";
  const flags = compilerFlags(toolchain, waveform);
  const args = [
    "--cc",
    "-O3",
    "--language",
    "1364-2005",
    "-Wno-fatal",
    "--x-assign",
    "unique",
    "--x-initial",
    "unique",
    "--top-module",
    module.top,
    "--prefix",
    prefix,
    ...traceArguments(waveform),
    ...Object.entries(module.parameters ?? {}).map(([name, value]) => `-G${name}=${value}`),
  ];
  const sources = dependencies(files, libraries);
  const speed = module.isShort === true ? "-O0" : "-O1";
  const key = contentHash([
    speed,
    ...toolchainKey(toolchain),
    ...flags,
    ...args,
    clock,
    shimSource(prefix, [], clock, waveform),
    // How this file builds counts too.
    readFileSync(fileURLToPath(import.meta.url)),
    ...sources.flatMap((file) => [basename(file), readFileSync(file)]),
  ]);
  return cached(
    `bench-${module.top}`,
    key,
    async (folder) => {
      const run = { owner: folder, ...(module.signal === undefined ? {} : { signal: module.signal }) };
      const search = libraries.flatMap((library) => ["-y", library, `-I${library}`]);
      await runTool(toolchain.verilator, [...args, ...search, "--Mdir", folder, ...files], run);
      const ports = parsePorts(await readFile(join(folder, `${prefix}.h`), "utf8"));
      const { generated, runtime } = await modelSources(folder, prefix);
      const objects = await runtimeObjects(toolchain, runtime, flags, module.signal);
      // One translation unit: the run-time's headers are read once.
      const unit = generated.map((file) => `#include "${basename(file)}"\n`).join("");
      await writeFile(join(folder, "unit.cpp"), unit + shimSource(prefix, ports, clock, waveform));
      await runTool(
        toolchain.compiler,
        [
          ...(await unitFlags(toolchain, [...flags, speed], waveform, module.signal)),
          "-shared",
          "unit.cpp",
          ...objects,
          "-o",
          libraryFile,
          ...(waveform === "fst" ? ["-lz"] : []),
        ],
        { ...run, cwd: folder },
      );
      await keepOnly(folder, [libraryFile, `${prefix}.h`]);
    },
    module.signal,
  );
}

/** By the file's extension: `.vcd` or anything else for FST. */
export function waveformKind(file: string | undefined): WaveformKind {
  if (file === undefined) return "none";
  return file.endsWith(".vcd") ? "vcd" : "fst";
}
