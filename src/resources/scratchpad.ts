/** What the scratchpad for maps and the ways to it take: counts of Yosys 0.23 and no fit, since there is one kind of it. */
import type { Hardware } from "../4-schedule/plan.ts";
import { noResources, type Family, type Resources } from "./family.ts";
import { blockRamsOf, memoryLutsOf, multiplexedBits } from "./memory.ts";

/** Two readers' counters and the burst under way; a bit of an answer is chosen for each of them. */
const CONTROL = { lut: 66, ff: 44 };
const READERS = 2;

export function scratchpadResources({ busBytes, chipDepth }: Hardware, family: Family): Resources {
  const bits = 8 * busBytes;
  const lutRam = memoryLutsOf(chipDepth, bits, family);
  return {
    ...noResources,
    lut: Math.round(CONTROL.lut + READERS * bits + multiplexedBits(chipDepth, bits, family)) + lutRam,
    lutRam,
    ff: CONTROL.ff,
    blockRam: blockRamsOf(chipDepth, bits, family),
  };
}
