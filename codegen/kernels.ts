/** The kernels of hw/kernels that hand-written modules instantiate, as Verilog. */
import { ts } from "ts-morph";
import type { ActivationKernel } from "../src/ir/activation-kernel.ts";
import { InputError, assert } from "../src/ir/errors.ts";
import { cachedFolder } from "../src/platform/cache.ts";
import { listFolder, readFile } from "../src/platform/files.ts";
import { packagePath } from "../src/platform/package.ts";
import { join, pathOfUrl } from "../src/platform/paths.ts";
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

/** A folder with a module a file, plain pipelines. It is kept in the cache: reading TypeScript takes seconds. */
export function kernelFolder(): string {
  return cachedFolder("kernels", sources, shippedModules);
}

function shippedModules(): [string, string][] {
  return shipped.flatMap(({ file, latency }) =>
    compileKernels(packagePath("hw", "kernels", file), { maxDepth, ports: "plain" }).map(
      ({ names, report, verilog }): [string, string] => {
        assert(report.latency === latency, `${file} takes ${report.latency} cycles, not ${latency}`);
        return [`${names.top}.v`, verilog];
      },
    ),
  );
}

/** The generated module that hw/rtl/array_path.v instantiates behind each lane: all kernels of the network. */
export const ACTIVATION_KERNELS = "activation_kernels";

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
  const handWritten = new Set(listFolder(packagePath("hw", "rtl")));
  const isTaken = (name: string): boolean => name === ACTIVATION_KERNELS || handWritten.has(`${name}.v`);
  const modules = verilogNames(
    kernels.map(({ name }) => `activation_${name}`),
    isTaken,
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
  const compiler = pathOfUrl(new URL("hls", import.meta.url));
  const files = [packagePath("hw", "kernels"), compiler].flatMap((folder) =>
    listFolder(folder)
      .sort()
      .map((name) => join(folder, name)),
  );
  const single = [pathOfUrl(import.meta.url), packagePath("templates", "kernel.v.hbs")];
  return [ts.version, ...[...files, ...single].map((file) => readFile(file))];
}
