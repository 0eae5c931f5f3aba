import { join, relative, resolve } from "node:path";
import { compileKernels } from "../../codegen/hls/compile.ts";
import { kernelFiles, verilogPath } from "../../codegen/hls/files.ts";
import { writeFiles } from "../../codegen/write.ts";
import { checkKernels, kernelModule, usualCorners } from "../../sim/kernel/index.ts";
import { InputError } from "../ir/errors.ts";
import { exampleFile } from "../platform/example-file.ts";
import { command } from "./command.ts";
import { formatKernel } from "./hls-text.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { linkPackage } from "./link-package.ts";
import { option, optional, single } from "./options.ts";
import { withOutputFolder } from "./output-folder.ts";
import { DivergenceError } from "./status.ts";

const text = { type: "string", requiresArg: true } as const;

export const hlsCommand = command(
  (yargs) =>
    yargs
      .positional("file", { describe: "TypeScript file", type: "string", demandOption: true })
      .option("out", { ...option.out, demandOption: true })
      .option("max-depth", { ...text, describe: "levels of logic in a pipeline stage", default: "8" })
      .option("check", { ...text, describe: "compare N random and all corner operands with the function" })
      .option("json", option.json)
      .example("$0 hls hw/kernels/hard-swish.ts -o out --check 2000", "needs Verilator"),
  (args, io) => runHls(args, io),
);

interface Args {
  readonly file: string;
  readonly out: string;
  readonly maxDepth: string;
  readonly check?: string | undefined;
  readonly json: boolean;
}

async function runHls(args: Args, io: Io): Promise<void> {
  const out = single("--out", args.out);
  const maxDepth = parseCount("--max-depth", args.maxDepth, 1);
  const count = optional((value) => parseCount("--check", value, 0), args.check);
  const file = exampleFile(args.file);
  const kernels = compileKernels(file, { maxDepth });
  const source = relative(resolve(out), resolve(file)).replaceAll("\\", "/");
  await withOutputFolder(out, (folder) => {
    writeFiles(kernelFiles(kernels, source), folder);
    linkPackage(folder);
  });
  const modules = kernels.map(({ kernel, names, report }) =>
    kernelModule(kernel, names, report.latency, join(out, verilogPath(names.top))),
  );
  const checks =
    count === undefined
      ? []
      : await checkKernels(modules, { random: count, corners: usualCorners, seed: 1 }, io.signal);
  if (args.json) {
    const list = kernels.map(({ report }, i) => ({ ...report, check: checks[i] ?? null }));
    printJson(io, { file: args.file, out, kernels: list });
  } else {
    for (const [i, { report }] of kernels.entries()) io.out(formatKernel(report, checks[i] ?? null));
  }
  const differences = checks.flatMap(({ difference }) => (difference === null ? [] : [difference]));
  if (differences.length > 0) throw new DivergenceError(differences.join("\n"));
}

function parseCount(name: string, value: unknown, least: number): number {
  const given = single(name, value);
  if (/^\d{1,8}$/.test(given) && Number(given) >= least) return Number(given);
  throw new InputError({
    code: "bad-option",
    node: name,
    found: `"${given}"`,
    supported: `a whole number from ${least}`,
    fix: `write for example ${name} ${name === "--check" ? "2000" : "8"}`,
  });
}
