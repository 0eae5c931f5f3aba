/** What an accelerator takes of a device, without synthesis: counts of its parts times what Yosys made of such parts. */
import { z } from "zod";
import type { Hardware } from "../4-schedule/plan.ts";
import { isShipped, type ActivationKernel } from "../ir/activation-kernel.ts";
import { assert } from "../ir/errors.ts";
import { item } from "../ir/known.ts";
import { readText } from "../platform/files.ts";
import { packagePath } from "../platform/package.ts";
import { addResources, noResources, type Family, type Resources } from "./family.ts";
import { partsOf, type Part } from "./parts.ts";
import { scratchpadResources } from "./scratchpad.ts";
import { sparseResources } from "./sparse.ts";
import { tableResources } from "./tables.ts";

const coefficients = z.array(z.number().nonnegative());

const count = z.number().nonnegative();

/**
 * hw/resources/coefficients.json, which `npm run calibrate` writes: by family, then by Part.key. `activations`: what a kernel of
 * hw/kernels behind one lane takes, with what chooses its result.
 */
const fileSchema = z.object({
  activations: z.record(
    z.string(),
    z.record(z.string(), z.object({ lut: count, lutRam: count, ff: count, dsp: count, blockRam: count })),
  ),
  families: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ logic: coefficients, flipFlops: coefficients, memory: z.number().nonnegative() }),
    ),
  ),
});

export type Coefficients = z.infer<typeof fileSchema>;

export interface PartEstimate extends Resources {
  /** Name in unitOf. */
  readonly unit: string;
}

export interface Estimate {
  readonly family: Family;
  /** Most look-up tables first. */
  readonly units: readonly PartEstimate[];
  readonly total: Resources;
}

/** What of an accelerator the estimate goes by; a plan is one. */
export interface Accelerator {
  readonly hardware: Hardware;
  readonly activations: readonly Pick<ActivationKernel, "spec">[];
}

/** Look-up tables and flip-flops within 15 % of Yosys, DSP blocks and block RAM exact; test/resources holds it to that. */
export function estimateResources(accelerator: Accelerator, family: Family): Estimate {
  return estimateBy(readCoefficients(), accelerator, family);
}

export function estimateBy(
  known: Coefficients,
  { activations, hardware }: Accelerator,
  family: Family,
): Estimate {
  const of = known.families[family];
  assert(of, `coefficients for ${family}`);
  const units = partsOf(hardware, family).map((part): PartEstimate => {
    const found = of[part.key];
    assert(found, `coefficients of the ${part.key} for ${family}`);
    const lutRam = Math.round(part.memory * found.memory);
    const lut = Math.round(dot(part.logic, found.logic) + multiplexersOf(part, lutRam)) + lutRam;
    const ff = Math.round(dot(part.flipFlops, found.flipFlops));
    return { ...noResources, unit: part.unit, lut, lutRam, ff, dsp: part.dsp, blockRam: part.blockRam };
  });
  if (hardware.chipDepth > 0) units.push({ unit: "scratchpad", ...scratchpadResources(hardware, family) });
  if (hardware.patchWords > 0) units.push({ unit: "sparse steps", ...sparseResources(hardware, family) });
  if (hardware.tables) units.push({ unit: "tables", ...tableResources(hardware, family) });
  const kernels = activations.flatMap(({ spec }) => known.activations[family]?.[spec] ?? []);
  if (kernels.length > 0) {
    const lane = kernels.reduce<Resources>(
      (sum, kernel) => addResources(sum, { ...noResources, ...kernel }),
      noResources,
    );
    units.push({ unit: "activations", ...addResources(noResources, lane, hardware.pk) });
  }
  units.sort((a, b) => b.lut - a.lut || (a.unit < b.unit ? -1 : 1));
  return { family, units, total: units.reduce((sum, unit) => addResources(sum, unit), noResources) };
}

/** Kernels that no estimate counts: the user's own. */
export function uncounted(activations: Accelerator["activations"]): readonly string[] {
  return activations.map(({ spec }) => spec).filter((spec) => !isShipped(spec));
}

/** Look-up tables that choose among rows of a memory. `lutRam`: look-up tables that hold it. */
export const multiplexersOf = ({ memoryRows, multiplexers }: Part, lutRam: number): number =>
  multiplexers + lutRam * (1 - 1 / memoryRows);

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * item(b, index), 0);

export function readCoefficients(): Coefficients {
  const text = readText(packagePath("hw", "resources", "coefficients.json"));
  return fileSchema.parse(JSON.parse(text));
}
