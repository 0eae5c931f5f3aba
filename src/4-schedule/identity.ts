/** By what an accelerator knows the programs that are made for it. */
import { descriptorParts } from "../format/descriptor.ts";
import { placesOf } from "../format/fields.ts";
import { headerWords } from "../format/program.ts";
import { contentHash } from "../platform/content-hash.ts";
import type { Plan } from "./plan.ts";

/**
 * 16 bits of everything that a program relies on: the sizes and units of the hardware, the functions behind its lanes, the regions that
 * it may write, and where descriptors have their fields. Programs for two kinds of hardware share them once in 65,536.
 */
export function hardwareIdentity({
  activations,
  hardware,
  regionBytes,
}: Pick<Plan, "activations" | "hardware" | "regionBytes">): number {
  const fields = [headerWords, ...Object.values(descriptorParts)].map((words) =>
    placesOf(words).map(({ field, lsb, name, word }) => [name, word, lsb, field.bits]),
  );
  const { output, workspace } = regionBytes;
  const kernels = activations.map(({ latency, table }) => [latency, ...table]);
  return parseInt(
    contentHash([JSON.stringify([sorted(hardware), kernels, output, workspace, fields])]).slice(0, 4),
    16,
  );
}

/** With the fields of objects by name: the order in which they were made says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, inner]) => [name, sorted(inner)]);
}
