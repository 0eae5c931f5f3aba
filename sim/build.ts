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
  toolchainKey,
  traceArguments,
  unitFlags,
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
/** For what runs once. */
const ONCE = "-O0";

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
  ];
  const args = [...verilatorArguments, ...traceArguments(options.waveform)];
  const key = contentHash([
    ...toolchainKey(toolchain),
    processor(),
    String(options.pk),
    String(options.busBytes),
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
  // Verilator puts what runs once, such as constructors, into files of their own.
  const once = generated.filter((file) => /(?:__Slow|__Syms)\.cpp$/.test(file));
  const units = [
    { name: "fast.cpp", speed: FAST, files: generated.filter((file) => !once.includes(file)) },
    { name: "once.cpp", speed: ONCE, files: once },
  ];
  for (const { name, files } of units) await writeFile(join(folder, name), includes(files));
  // The run-time, the harness and the linking count as one step each.
  const total = units.length + 3;
  let done = 0;
  const advance = (): void => options.onProgress?.(done++, total);
  advance();
  const objects = [
    ...(await runtimeObjects(toolchain, runtime, compilerFlags(toolchain, options.waveform), options.signal)),
  ];
  advance();
  const compileModel = units.map(({ name, speed }) => async (): Promise<string> => {
    const unit = await unitFlags(toolchain, [...flags, speed], options.waveform, options.signal);
    await runTool(toolchain.compiler, [...unit, "-c", name, "-o", `${name}.o`], run);
    return `${name}.o`;
  });
  const compilations = [() => compileHarness(toolchain, folder, harness, flags, options), ...compileModel];
  await inParallel(compilations, availableParallelism(), async (compileOne) => {
    objects.push(await compileOne());
    advance();
  });
  const libraries = ["-pthread", ...(options.waveform === "fst" ? ["-lz"] : [])];
  await runTool(toolchain.compiler, [...objects, "-o", executableName, ...libraries], run);
  advance();
}

/**
 * The harness, compiled for the model of `folder`. Of a model it reads the header alone, which names the ports: accelerators
 * whose ports agree have it in common.
 */
async function compileHarness(
  toolchain: Toolchain,
  folder: string,
  harness: readonly string[],
  flags: readonly string[],
  { busBytes, pk, signal }: BuildOptions,
): Promise<string> {
  const header = await readFile(join(folder, `${prefix}.h`), "utf8");
  // The port may carry a prefix: C++ reserves the bare name on some systems.
  const interrupt = /VL_OUT8\(&(\w*interrupt),/.exec(header)?.[1] ?? "interrupt";
  const args = [
    ...flags,
    FAST,
    "-I.",
    `-I${packagePath("sim", "harness")}`,
    `-DPK=${pk}`,
    `-DBUS_BYTES=${busBytes}`,
    `-DINTERRUPT_PORT=${interrupt}`,
    ...(/\bpool_valid\b/.test(header) ? ["-DPOOL_PORTS"] : []),
  ];
  const compiled = await cached(
    "harness",
    contentHash([
      ...toolchainKey(toolchain),
      processor(),
      ...args,
      header,
      ...harness.map((file) => readFileSync(file)),
    ]),
    async (partial) => {
      await writeFile(join(partial, `${prefix}.h`), header);
      await writeFile(
        join(partial, "harness.cpp"),
        includes(harness.filter((file) => file.endsWith(".cpp"))),
      );
      const run = { cwd: partial, owner: partial, ...(signal === undefined ? {} : { signal }) };
      await runTool(toolchain.compiler, [...args, "-c", "harness.cpp", "-o", "harness.o"], run);
      await keepOnly(partial, ["harness.o"]);
    },
    signal,
  );
  return join(compiled, "harness.o");
}

/** For which `-march=native` builds. */
function processor(): string {
  return cpus()[0]?.model ?? "";
}

function includes(files: readonly string[]): string {
  return files.map((file) => `#include "${file}"\n`).join("");
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
