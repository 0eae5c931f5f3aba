import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { contentHash } from "../src/platform/content-hash.ts";
import { packagePath } from "../src/platform/package.ts";
import { cached, keepOnly } from "./tools/cache.ts";
import { runTool } from "./tools/run-tool.ts";
import {
  compilerFlags,
  findToolchain,
  modelSources,
  runtimeObjects,
  traceArguments,
  type Toolchain,
  type WaveformKind,
} from "./tools/verilator.ts";

export interface BuildOptions {
  readonly compiledDir: string;
  readonly pk: number;
  readonly busBytes: number;
  readonly waveform: WaveformKind;
  readonly signal?: AbortSignal;
  /** C++ files compiled so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Simulator {
  readonly executable: string;
  readonly seconds: number;
  readonly cached: boolean;
}

/**
 * Enough for the model, whose C++ is straight-line code: -O3 takes three times as long to compile and the simulation is no
 * faster (mobilenet_v1_1.0_224 on 16x16, 2.4 million cycles: 14.7 s of processor time against 14.1 s, after 25 s more).
 */
const FAST = "-O1";

const prefix = "Vtop";
const executableName = "simulator";
const verilatorArguments = [
  "--cc",
  "-O3",
  "--language",
  "1364-2005",
  "-Wno-fatal",
  "--noassert",
  // Registers start random: hardware does not start at zero. This costs nothing after the first cycle.
  "--x-assign",
  "fast",
  "--x-initial",
  "unique",
  "--top-module",
  "top",
  "--prefix",
  prefix,
];

/**
 * Verilates the compiled accelerator and builds the harness around it, or finds that build by its content: Verilog,
 * harness, options, tools and processor. Throws MissingToolError, ToolError, or the signal's reason.
 */
export async function buildSimulator(options: BuildOptions): Promise<Simulator> {
  const start = performance.now();
  const toolchain = await findToolchain(options.signal);
  const rtl = rtlFiles(options.compiledDir);
  const harness = harnessFiles();
  const flags = [
    ...compilerFlags(toolchain, options.waveform),
    // Tuned for the machine that runs it: the key names its processor.
    ...(process.platform === "darwin" ? [] : ["-march=native"]),
    `-DPK=${options.pk}`,
    `-DBUS_BYTES=${options.busBytes}`,
  ];
  const args = [...verilatorArguments, ...traceArguments(options.waveform)];
  const key = contentHash([
    toolchain.version,
    toolchain.compiler.command,
    cpus()[0]?.model ?? "",
    ...flags,
    ...args,
    // How this file builds counts too.
    readFileSync(fileURLToPath(import.meta.url)),
    // Comments name the network and its weights, which the hardware does not depend on.
    ...rtl.flatMap((file) => [basename(file), withoutComments(readFileSync(file, "utf8"))]),
    ...harness.flatMap((file) => [basename(file), readFileSync(file)]),
  ]);
  let fresh = false;
  const folder = await cached(
    "simulator",
    key,
    async (partial) => {
      fresh = true;
      const run = { owner: partial, ...(options.signal === undefined ? {} : { signal: options.signal }) };
      await runTool(toolchain.verilator, [...args, "--Mdir", partial, ...rtl], run);
      await compile(toolchain, partial, harness, flags, options);
      await keepOnly(partial, [executableName]);
    },
    options.signal,
  );
  return {
    executable: join(folder, executableName),
    seconds: (performance.now() - start) / 1000,
    cached: !fresh,
  };
}

async function compile(
  toolchain: Toolchain,
  folder: string,
  harness: readonly string[],
  flags: readonly string[],
  options: BuildOptions,
): Promise<void> {
  const run = {
    cwd: folder,
    owner: folder,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const { generated, runtime } = await modelSources(folder, prefix);
  // Verilator puts what runs once, such as constructors, into files of their own: small there beats fast.
  const slow = generated.filter((file) => /(?:__Slow|__Syms)\.cpp$/.test(file));
  const fast = generated.filter((file) => !slow.includes(file));
  const header = await readFile(join(folder, `${prefix}.h`), "utf8");
  // The port may carry a prefix: C++ reserves the bare name on some systems.
  const interrupt = /VL_OUT8\(&(\w*interrupt),/.exec(header)?.[1] ?? "interrupt";
  const units = [
    { name: "fast.cpp", files: fast, level: FAST },
    { name: "slow.cpp", files: slow, level: "-O0" },
    { name: "harness.cpp", files: harness.filter((file) => file.endsWith(".cpp")), level: FAST },
  ];
  for (const { name, files } of units)
    await writeFile(join(folder, name), files.map((file) => `#include "${file}"\n`).join(""));
  // The run-time and the linking count as one step each.
  const total = units.length + 2;
  let done = 0;
  const advance = (): void => options.onProgress?.(done++, total);
  advance();
  const objects = await runtimeObjects(
    toolchain,
    runtime,
    compilerFlags(toolchain, options.waveform),
    options.signal,
  );
  advance();
  const compileOne = async (unit: { readonly name: string; readonly level: string }): Promise<void> => {
    const args = [
      ...flags,
      unit.level,
      "-I.",
      `-I${packagePath("sim", "harness")}`,
      `-DINTERRUPT_PORT=${interrupt}`,
      ...(/\bpool_valid\b/.test(header) ? ["-DPOOL_PORTS"] : []),
    ];
    await runTool(toolchain.compiler, [...args, "-c", unit.name, "-o", `${unit.name}.o`], run);
    advance();
  };
  await inParallel(units, availableParallelism(), compileOne);
  const libraries = options.waveform === "fst" ? ["-pthread", "-lz"] : ["-pthread"];
  await runTool(
    toolchain.compiler,
    [...units.map((unit) => `${unit.name}.o`), ...objects, "-o", executableName, ...libraries],
    run,
  );
  advance();
}

/** The Verilog without comments and empty lines; comments that speak to Verilator stay. */
function withoutComments(verilog: string): string {
  const code = verilog.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g, (part) =>
    part.startsWith('"') || /^\/[/*]\s*verilator\b/.test(part) ? part : "",
  );
  return code.replace(/\s*\n\s*/g, "\n").trim();
}

/** The Verilog of `files.f`, in its order. */
function rtlFiles(compiledDir: string): string[] {
  return readFileSync(join(compiledDir, "files.f"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("//"))
    .map((file) => (isAbsolute(file) ? file : join(compiledDir, file)));
}

function harnessFiles(): string[] {
  const folder = packagePath("sim", "harness");
  return readdirSync(folder)
    .filter((file) => /\.(cpp|h)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

/** Runs `work` on every item, at most `limit` at a time; after a failure it starts no more, and throws when all ended. */
async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      await work(item).catch((error: unknown) => {
        rest.length = 0;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
