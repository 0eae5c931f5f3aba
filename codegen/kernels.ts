/** The kernels of hw/kernels that hand-written modules instantiate, as Verilog. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import type { ActivationKernel } from "../src/ir/activation-kernel.ts";
import { cacheFolder, contentHash } from "../src/ir/cache.ts";
import { InputError, assert } from "../src/ir/errors.ts";
import { packagePath } from "../src/ir/package-root.ts";
import { REQUANTISE_STAGES, RESIDUAL_STAGES } from "../src/4-schedule/stages.ts";
import { compileKernel, compileKernels, type CompiledKernel } from "./hls/compile.ts";
import { verilogNames } from "./names.ts";
import { item } from "../src/ir/known.ts";

/** Files of hw/kernels, and the latency that the modules around each of their kernels count on. */
const shipped = [
  { file: "requantise.ts", latency: REQUANTISE_STAGES },
  { file: "residual-add.ts", latency: RESIDUAL_STAGES },
] as const;

/** Levels of logic of a stage, for kernels that ask for no latency. */
const maxDepth = 8;

/**
 * A folder with a module a file, plain pipelines. It is made once for each state of the kernels and of the compiler, and
 * kept among the builds: reading TypeScript takes seconds.
 */
export function kernelFolder(): string {
  const root = cacheFolder();
  const folder = join(root, `kernels-${contentHash(sources())}`);
  if (existsSync(folder)) return folder;
  mkdirSync(root, { recursive: true });
  const partial = mkdtempSync(join(root, "partial-kernels-"));
  try {
    for (const { file, latency } of shipped) {
      for (const { names, report, verilog } of compileKernels(packagePath("hw", "kernels", file), {
        maxDepth,
        ports: "plain",
      })) {
        assert(report.latency === latency, `${file} takes ${report.latency} cycles, not ${latency}`);
        writeFileSync(join(partial, `${names.top}.v`), verilog);
      }
    }
    if (!existsSync(folder)) renameSync(partial, folder);
  } catch (error) {
    // Another process that finished first made the same.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** A kernel behind the lanes, as Verilog without handshake. */
export interface ActivationModule {
  readonly module: string;
  readonly verilog: string;
  /** Its operand's port, without `_i`. */
  readonly operand: string;
  /** In cycles. */
  readonly latency: number;
}

/** One for each kernel, in order. Throws HlsError with all that the compiler refuses. */
export function activationModules(kernels: readonly ActivationKernel[]): readonly ActivationModule[] {
  const handWritten = new Set(readdirSync(packagePath("hw", "rtl")));
  const isHandWritten = (name: string): boolean => handWritten.has(`${name}.v`);
  const modules = verilogNames(
    kernels.map(({ name }) => `activation_${name}`),
    isHandWritten,
  );
  return kernels.map(({ file, latency, name }, i): ActivationModule => {
    const module = item(modules, i);
    const options = { maxDepth, ports: "plain", latency, module } as const;
    const compiled = compileKernel(file, name, options);
    const { report } = compiled;
    if (report.signature !== activationSignature(compiled))
      throw new InputError({
        code: "broken-activation",
        node: file,
        found: `${name}${report.signature}`,
        supported: "a function from Int<8> to Int<8>",
        fix: "give operand and result these types",
      });
    assert(report.latency === latency, `${file} takes ${report.latency} cycles, not ${latency}`);
    return { module, verilog: compiled.verilog, operand: item(compiled.names.inputs, 0), latency };
  });
}

/** What the signature of an activation is, whatever its operand is called. */
function activationSignature({ kernel }: CompiledKernel): string {
  return `(${kernel.parameters[0]?.name ?? ""}: Int<8>) => Int<8>`;
}

/** Everything that decides what the kernels become. */
function sources(): (string | Uint8Array)[] {
  const compiler = fileURLToPath(new URL("hls", import.meta.url));
  const files = [packagePath("hw", "kernels"), compiler].flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  );
  const single = [fileURLToPath(import.meta.url), packagePath("templates", "kernel.v.hbs")];
  return [ts.version, ...[...files, ...single].map((file) => readFileSync(file))];
}
