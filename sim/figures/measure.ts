/** Measures one network with the built command, as a user would see it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { packagePath } from "../../src/platform/package.ts";
import { inTemporaryFolder } from "../tools/temporary-folder.ts";
import type { FigureCase, FigureHardware } from "./cases.ts";
import { item } from "../../src/ir/known.ts";

const reportSchema = z.object({
  array: z.object({ pk: z.number(), pc: z.number() }),
  inputs: z.array(z.object({ bitExact: z.boolean(), cycles: z.number(), utilization: z.number() })),
  multipliers: z.number(),
  layers: z.array(
    z.object({ name: z.string(), macs: z.number(), cycles: z.number(), predictedCycles: z.number() }),
  ),
  simulation: z.object({ buildSeconds: z.number(), cyclesPerSecond: z.number() }),
});

export interface Figures {
  /** Such as `16x8`. */
  readonly array: string;
  readonly bitExact: boolean;
  readonly cycles: number;
  readonly predictedCycles: number;
  readonly utilization: number;
  readonly multipliers: number;
  readonly layers: readonly LayerFigures[];
  /** Of the last image: on a board the same once more, which finds there what stays. */
  readonly last: { readonly cycles: number; readonly utilization: number };
  readonly cyclesPerSecond: number;
  /** From an empty cache. */
  readonly buildSeconds: number;
  /** Of the whole command, Node's start included. */
  readonly compileSeconds: number;
  readonly goldenSeconds: number;
  /** Of `report --html`. */
  readonly reportSeconds: number;
}

export interface LayerFigures {
  readonly name: string;
  readonly macs: number;
  readonly cycles: number;
}

/** What to type for it, in the checkout. */
export function commandOf({ hardware, input, model }: FigureCase): string {
  const file = typeof input === "string" ? input : "grey.bin";
  return [
    "npx firebrick simulate",
    model,
    "--input",
    ...imagesOf(hardware, file),
    ...optionsOf(hardware),
  ].join(" ");
}

/** On a board one image comes behind the other. */
const imagesOf = (hardware: FigureHardware, input: string): readonly string[] =>
  "board" in hardware ? [input, input] : [input];

const optionsOf = (hardware: FigureHardware): readonly string[] =>
  "board" in hardware
    ? ["--board", hardware.board]
    : ["--array", hardware.array, "--memory", `bytes=${hardware.bytes},latency=40`];

/** What the hardware lacks for the network, as the command says it. */
export interface Refused {
  readonly refused: string;
}

/** Compiles, runs the golden model, reports and simulates; throws when a command fails for another reason than the hardware. */
export async function measure(figure: FigureCase): Promise<Figures | Refused> {
  return inTemporaryFolder(async (folder) => {
    const { hardware, model } = figure;
    const input = typeof figure.input === "string" ? figure.input : join(folder, "grey.bin");
    if (typeof figure.input !== "string") await writeFile(input, new Uint8Array(figure.input.bytes));
    const timing = optionsOf(hardware);
    const compile = await firebrick(folder, "compile", model, "-o", join(folder, "out"), ...timing);
    if (compile.refused !== null) return { refused: compile.refused };
    const golden = await firebrick(folder, "golden", model, "--input", input);
    const page = join(folder, "report.html");
    const report = await firebrick(folder, "report", model, ...timing, "--input", input, "--html", page);
    const images = imagesOf(hardware, input);
    const run = await firebrick(folder, "simulate", model, "--input", ...images, ...timing, "--json");
    const { array, inputs, layers, multipliers, simulation } = reportSchema.parse(JSON.parse(run.stdout));
    return {
      array: `${array.pk}x${array.pc}`,
      ...item(inputs, 0),
      bitExact: inputs.every(({ bitExact }) => bitExact),
      last: item(inputs, inputs.length - 1),
      ...simulation,
      multipliers,
      layers,
      predictedCycles: layers.reduce((sum, layer) => sum + layer.predictedCycles, 0),
      compileSeconds: compile.seconds,
      goldenSeconds: golden.seconds,
      reportSeconds: report.seconds,
    };
  });
}

/** What a command says of hardware that a network does not fit. */
const refusal = /(?:no-hardware|does-not-fit): .*?: found ([^;]*); supported: ([^;]*)/g;

/** A command of this build in the package's folder, with a cache of its own. */
async function firebrick(cache: string, ...args: readonly string[]) {
  const start = performance.now();
  const run = await execa(process.execPath, [packagePath("dist", "src", "cli.js"), ...args], {
    cwd: packagePath(),
    env: { FIREBRICK_CACHE: join(cache, "cache") },
    reject: false,
  });
  const reasons = [...run.stderr.matchAll(refusal)].map(([, found, supported]) => `${found} (${supported})`);
  const isRefused = run.exitCode === 2 && reasons.length > 0;
  if (run.failed && !isRefused) throw new Error(`${run.command}: ${run.stderr}`);
  const refused = isRefused ? reasons.join("; ") : null;
  return { stdout: run.stdout, seconds: (performance.now() - start) / 1000, refused };
}
