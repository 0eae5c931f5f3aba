import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contentHash } from "../../src/platform/content-hash.ts";
import { cached } from "./cache.ts";
import { MissingToolError } from "../../src/ir/errors.ts";
import { runTool, ToolError, type ToolName } from "./run-tool.ts";

export interface Toolchain {
  readonly verilator: ToolName;
  readonly compiler: ToolName;
  /** Such as `Verilator 5.006 2023-01-22`. */
  readonly version: string;
  /** What the compiler says of itself, such as `g++ (Debian 12.2.0-14) 12.2.0` and its licence. */
  readonly compilerVersion: string;
  /** Folder whose `include/` holds Verilator's run-time sources. */
  readonly root: string;
}

/** Toolchains that this process has asked for their versions, by what they were found with. */
const found = new Map<string, Toolchain>();

/** Finds Verilator; throws MissingToolError with the install command when it is not there. */
export async function findToolchain(signal?: AbortSignal): Promise<Toolchain> {
  const place = JSON.stringify([process.env.PATH, process.env.VERILATOR_ROOT, process.env.CXX]);
  const before = found.get(place);
  if (before !== undefined) return before;
  const verilator = { command: "verilator", install: installCommand("verilator") };
  const compiler = { command: process.env.CXX ?? "g++", install: installCommand("g++") };
  const options = signal === undefined ? {} : { signal };
  const answer = async (tool: ToolName, ...args: readonly string[]): Promise<string> =>
    (await runTool(tool, args, options)).stdout.trim();
  const [version, root, compilerVersion] = await Promise.all([
    answer(verilator, "--version"),
    answer(verilator, "--getenv", "VERILATOR_ROOT"),
    answer(compiler, "--version"),
  ]);
  const toolchain = { verilator, compiler, version, compilerVersion, root };
  found.set(place, toolchain);
  return toolchain;
}

/** What of the tools decides what they build. */
export function toolchainKey({ compiler, compilerVersion, root, version }: Toolchain): readonly string[] {
  return [version, root, compiler.command, compilerVersion];
}

function installCommand(tool: string): string {
  if (process.platform !== "darwin") return `sudo apt-get install ${tool}`;
  // Apple's command line tools bring the compiler and zlib.
  return tool === "verilator" ? "brew install verilator" : "xcode-select --install";
}

export type WaveformKind = "none" | "fst" | "vcd";

/** Verilator's option for a waveform kind. */
export function traceArguments(kind: WaveformKind): readonly string[] {
  if (kind === "none") return [];
  return [kind === "fst" ? "--trace-fst" : "--trace", "--trace-structs", "--trace-max-width", "4096"];
}

/** Compiler options that every file around a verilated model needs. */
export function compilerFlags(toolchain: Toolchain, waveform: WaveformKind): readonly string[] {
  const include = join(toolchain.root, "include");
  return [
    "-std=gnu++17",
    `-I${include}`,
    `-I${join(include, "vltstd")}`,
    "-DVERILATOR=1",
    "-DVM_COVERAGE=0",
    "-DVM_SC=0",
    `-DVM_TRACE=${waveform === "none" ? 0 : 1}`,
    `-DVM_TRACE_FST=${waveform === "fst" ? 1 : 0}`,
    `-DVM_TRACE_VCD=${waveform === "vcd" ? 1 : 0}`,
    // $finish and $stop are reported by our own functions instead of ending the process.
    "-DVL_USER_FINISH",
    "-DVL_USER_STOP",
    "-DVL_USER_FATAL",
    "-w",
    "-fPIC",
    "-fvisibility=hidden",
    // It defines a macro, and a parsed header serves units of the same macros alone.
    "-pthread",
  ];
}

/** Files of a verilated model, from the makefile fragment that Verilator wrote. */
export interface ModelSources {
  /** Absolute paths of the generated C++ files. */
  readonly generated: readonly string[];
  /** Names of Verilator's run-time sources, without folder and extension. */
  readonly runtime: readonly string[];
}

/** Reads `<prefix>_classes.mk`. */
export async function modelSources(folder: string, prefix: string): Promise<ModelSources> {
  const text = await readFile(join(folder, `${prefix}_classes.mk`), "utf8");
  const list = (name: string): string[] => {
    const found = new RegExp(`^${name} \\+= \\\\\\n((?:\\t.*\\n)*)`, "m").exec(text);
    return (found?.[1] ?? "").split(/[\s\\]+/).filter((word) => word !== "");
  };
  const generated = [
    ...["VM_CLASSES_FAST", "VM_CLASSES_SLOW", "VM_SUPPORT_FAST", "VM_SUPPORT_SLOW"].flatMap(list),
  ];
  return {
    generated: generated.map((name) => join(folder, `${name}.cpp`)),
    runtime: ["VM_GLOBAL_FAST", "VM_GLOBAL_SLOW"].flatMap(list),
  };
}

/** Verilator's run-time, compiled once a version and set of flags: it takes longer than most models. */
export async function runtimeObjects(
  toolchain: Toolchain,
  names: readonly string[],
  flags: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const all = [...flags, "-O2"];
  const key = contentHash([...toolchainKey(toolchain), ...names, ...all]);
  const folder = await cached(
    "runtime",
    key,
    async (partial) => {
      const run = { owner: partial, ...(signal === undefined ? {} : { signal }) };
      for (const name of names) {
        const source = join(toolchain.root, "include", `${name}.cpp`);
        await runTool(
          toolchain.compiler,
          [...all, "-c", source, "-o", join(partial, `${name}.o`)],
          run,
        ).catch((error: unknown) => {
          // The writer of FST waveforms is the only part that needs a library.
          const missing = error instanceof ToolError && error.output.includes("zlib.h");
          throw missing ? new MissingToolError("zlib", installCommand("zlib1g-dev")) : error;
        });
      }
    },
    signal,
  );
  return names.map((name) => join(folder, `${name}.o`));
}

/**
 * `flags`, and Verilator's header already parsed with them, which saves a second of each unit of C++. What is added to them
 * must define no macro: the compiler would parse the header again. Only GCC's are moved into the cache safely, and a
 * waveform's units are too few.
 */
export async function unitFlags(
  toolchain: Toolchain,
  flags: readonly string[],
  waveform: WaveformKind,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (waveform !== "none" || !toolchain.compilerVersion.includes("Free Software Foundation")) return flags;
  const source = join(toolchain.root, "include", "verilated.h");
  const folder = await cached(
    "header",
    contentHash([...toolchainKey(toolchain), ...flags]),
    async (partial) => {
      const header = join(partial, "verilated.h");
      // What the compiler falls back to where it cannot use the parsed one.
      await writeFile(header, `#include "${source}"\n`);
      const run = { owner: partial, ...(signal === undefined ? {} : { signal }) };
      await runTool(toolchain.compiler, [...flags, "-x", "c++-header", header, "-o", `${header}.gch`], run);
    },
    signal,
  );
  return [...flags, "-include", join(folder, "verilated.h")];
}
