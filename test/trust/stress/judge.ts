/** What came of a run, and whether that is right. */
import type { ImageResult } from "../../../sim/index.ts";
import { maskOf, registers } from "../../../src/format/registers.ts";
import type { Kind, Scenario } from "./scenario.ts";

/** `exact`: nothing was lost; the others: a fault that was told, behind which the next start, or a reset, gave the right result. */
export type Verdict = "exact" | "detected" | "reset";

/** Kinds in which nothing is wrong, however slow or late it is. */
const harmless: ReadonlySet<Kind> = new Set(["rough memory", "register traffic", "reset", "stop"]);

/** Kinds in which the bus answers everything: no image may wait for ever, whatever the answers are. */
const answered: ReadonlySet<Kind> = new Set(["read error", "write error", "flipped program"]);

/** Throws an Error that says what is wrong with two images, of which the first was disturbed. */
export function judge({ change, kind }: Scenario, images: readonly ImageResult[]): Verdict {
  const [disturbed, next] = images;
  if (disturbed === undefined) throw new Error("no image ran");
  const isReset = disturbed.failure?.kind === "timeout";
  if (disturbed.failure !== null && !isReset)
    throw new Error(`${disturbed.failure.kind}: ${disturbed.failure.message}`);
  const outputBase = change.stress?.registerFlips?.some(({ offset }) => offset === registers.output.address);
  if (disturbed.outsideWrites > 0 && outputBase !== true)
    throw new Error(`${disturbed.outsideWrites} bursts written outside the regions`);
  if (next === undefined || !isExact(next)) throw new Error(`the next image is wrong: ${shown(next)}`);
  if (isExact(disturbed)) return "exact";
  if (harmless.has(kind)) throw new Error(`the image is wrong: ${shown(disturbed)}`);
  if (isReset) throw new Error(`the image hangs, and nothing ends it: ${shown(disturbed)}`);
  const isHung = (disturbed.errorRegister & maskOf("error", "watchdog")) !== 0;
  if (isHung && answered.has(kind)) throw new Error(`only the watchdog ended the image: ${shown(disturbed)}`);
  if (isHung) return "reset";
  if (disturbed.errorRegister === 0) throw new Error(`a wrong result without an error: ${shown(disturbed)}`);
  return "detected";
}

function isExact({ divergence, errorRegister, failure, mismatches }: ImageResult): boolean {
  return divergence === null && failure === null && mismatches === 0 && errorRegister === 0;
}

function shown(image: ImageResult | undefined): string {
  if (image === undefined) return "it never ran";
  const { divergence, errorRegister, failure, mismatches } = image;
  return JSON.stringify({ divergence, errorRegister, failure, mismatches });
}
