/** What an accelerator takes of a device, without synthesis: counts of its parts times what Yosys made of such parts. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Hardware, Plan } from "../4-schedule/plan.ts";
import { assert } from "../ir/errors.ts";
import { packagePath } from "../ir/package-root.ts";
import { addResources, noResources, type Family, type Resources } from "./family.ts";
import { partsOf, type Part } from "./parts.ts";

const coefficients = z.array(z.number().nonnegative());

/** hw/resources/coefficients.json, which `npm run calibrate` writes: by family, then by Part.key. */
const fileSchema = z.object({
  tool: z.string(),
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

/** Look-up tables and flip-flops within 15 % of Yosys, DSP blocks and block RAM exact; test/resources holds it to that. */
export function estimateResources({ hardware }: Pick<Plan, "hardware">, family: Family): Estimate {
  return estimateHardware(hardware, family, readCoefficients());
}

export function estimateHardware(hardware: Hardware, family: Family, known: Coefficients): Estimate {
  const of = known.families[family];
  assert(of, `coefficients for ${family}`);
  const units = partsOf(hardware, family).map((part): PartEstimate => {
    const found = of[part.key];
    assert(found, `coefficients of the ${part.key} for ${family}`);
    const lutRam = Math.round(part.memory * found.memory);
    const lut = Math.round(dot(part.logic, found.logic) + multiplexersOf(part, lutRam)) + lutRam;
    const ff = Math.round(dot(part.flipFlops, found.flipFlops));
    return { unit: part.unit, lut, lutRam, ff, dsp: part.dsp, blockRam: part.blockRam };
  });
  units.sort((a, b) => b.lut - a.lut || (a.unit < b.unit ? -1 : 1));
  return { family, units, total: units.reduce((sum, unit) => addResources(sum, unit), noResources) };
}

/** Look-up tables that choose among rows of a memory. `lutRam`: look-up tables that hold it. */
export const multiplexersOf = ({ memoryRows, multiplexers }: Part, lutRam: number): number =>
  multiplexers + lutRam * (1 - 1 / memoryRows);

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

export function readCoefficients(): Coefficients {
  const text = readFileSync(packagePath("hw", "resources", "coefficients.json"), "utf8");
  return fileSchema.parse(JSON.parse(text));
}
