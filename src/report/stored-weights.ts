/** What the weights of a network take in memory: as they are, without zeros, and with codes. */
import type { Phase, Plan, Segment } from "../4-schedule/plan.ts";
import { recordBytes } from "../format/group-record.ts";

/** Bytes of all weight segments with their constants, each once; equal where nothing is coded. */
export interface StoredWeights {
  /** Every word of every layer. */
  readonly dense: number;
  /** Coded segments without zeros, but with all bits of a weight. */
  readonly sparse: number;
  /** As memory holds them. */
  readonly coded: number;
}

export function storedWeights({ blocks, hardware }: Plan): StoredWeights {
  const segments = blocks.flatMap(({ phases }) => phases.flatMap((phase) => segmentsOf(phase, hardware.pc)));
  const sum = (of: (one: (typeof segments)[number]) => number) => segments.reduce((n, one) => n + of(one), 0);
  return {
    dense: sum(({ segment, words }) =>
      segment.coding === null ? segment.bytes : segment.groups * recordBytes(hardware, words),
    ),
    sparse: sum(({ segment }) => segment.coding?.withoutCodes ?? segment.bytes),
    coded: sum(({ segment }) => segment.bytes),
  };
}

/** Segments of a phase, and the words of a dense record. Only convolutions are coded. */
function segmentsOf({ centreTap, inputChannels, kernel, segment }: Phase, pc: number) {
  const perTap = Math.ceil(inputChannels / pc);
  const one = (own: Segment | null, taps: number) => (own ? [{ segment: own, words: taps * perTap }] : []);
  return [...one(segment, kernel[0] * kernel[1]), ...one(centreTap?.segment ?? null, 1)];
}
