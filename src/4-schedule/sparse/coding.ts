/** How the steps of a segment lie in memory: in the fewest bytes. */
import {
  codedRecordBytes,
  contentsOf,
  decodeCycles,
  headBytes,
  type Coding,
} from "../../format/coded-segment.ts";
import { item } from "../../ir/known.ts";
import { recordBytes } from "../../format/group-record.ts";
import type { Hardware, Operator, SegmentCoding } from "../plan.ts";
import type { PhaseShape } from "../draft.ts";
import type { ArrayOptions } from "../size.ts";
import { codebookOf, codeBitsOf } from "./codebook.ts";
import { denseSteps } from "./phase.ts";
import type { SparseGroups } from "./steps.ts";
import { wordsOfGroup, type SteppedWeights } from "./words.ts";

/** Bits of a weight that is no code. */
const WEIGHT_BITS = 8;

type Lanes = Pick<ArrayOptions, "busBytes" | "packed" | "pc" | "pk">;

/** How memory holds a segment of a phase: coded where the hardware decodes and that is shorter, or the steps are sparse. */
export function segmentCoding(
  { inputChannels, kind, readsPatches }: PhaseShape,
  sparse: SparseGroups | null,
  operator: Operator,
  groups: number,
  hw: Hardware,
): SegmentCoding | null {
  if (sparse) return codingOf(sparse, steppedWeights(operator, inputChannels, hw), groups, hw);
  const isDecoded = hw.patchWords > 0 && kind === "conv" && !readsPatches && operator.weights !== null;
  return isDecoded ? denseCodingOf(operator, inputChannels, groups, hw) : null;
}

/** Weights of an operator over `channels` as `wordsOfGroup` takes them. */
export function steppedWeights(
  { kernel, weightZeroPoint: zeroPoint, weights }: Operator,
  channels: number,
  { packed, pc, pk }: Lanes,
): SteppedWeights {
  const taps = kernel[0] * kernel[1];
  const lanesTogether = packed ? 2 : 1;
  return { weights: weights ?? new Int16Array(0), zeroPoint, taps, channels, pk, pc, lanesTogether };
}

/**
 * The shortest of the codings of so many groups: with maps of the places that are full, or with all places; with weights, or with codes for
 * them; with selectors where they are needed.
 */
function codingOf(steps: SparseGroups, layer: SteppedWeights, records: number, o: Lanes): SegmentCoding {
  const groups = Array.from({ length: records }, (_, group) => wordsOfGroup(steps, group, layer));
  const contents = groups.map(contentsOf);
  const selectors = groups.some((words) => words.selectors.some((selector) => selector !== 0));
  const book = codebookOf(layer.weights);
  const kinds: readonly Pick<Coding, "codeBits" | "table">[] = [
    { codeBits: WEIGHT_BITS, table: null },
    ...(book
      ? [{ codeBits: codeBitsOf(book), table: book.map((weight) => (weight + layer.zeroPoint) & 255) }]
      : []),
  ];
  const codings = kinds.flatMap((kind) =>
    [true, false].map((maps) => {
      const coding: Coding = { ...kind, maps, selectors };
      const ofRecords = contents.map((one) => ({
        bytes: codedRecordBytes(o, coding, one),
        cycles: decodeCycles(o, coding, one),
      }));
      return { ...coding, records: ofRecords };
    }),
  );
  const bytes = codings.map((coding) => segmentBytes(o, coding));
  const best = bytes.indexOf(Math.min(...bytes));
  const withoutCodes = Math.min(...bytes.filter((_, i) => item(codings, i).table === null));
  return { ...item(codings, best), withoutCodes };
}

/** The coding of a convolution's words as they are, where that is shorter than these. */
function denseCodingOf(
  operator: Operator,
  channels: number,
  records: number,
  o: ArrayOptions,
): SegmentCoding | null {
  const steps = denseSteps(operator, channels, o);
  const coding = codingOf(steps, steppedWeights(operator, channels, o), records, o);
  return segmentBytes(o, coding) < records * recordBytes(o, steps.steps) ? coding : null;
}

/** Bytes of a coded segment. */
export function segmentBytes(
  o: Pick<Lanes, "busBytes">,
  coding: Omit<SegmentCoding, "withoutCodes">,
): number {
  return headBytes(o, coding) + coding.records.reduce((sum, { bytes }) => sum + bytes, 0);
}
