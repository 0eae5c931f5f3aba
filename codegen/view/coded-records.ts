/** Coded segments as the weight decoder reads them: src/format/coded-segment.ts. */
import { segmentHead, writeCodedWords } from "../../src/format/coded-segment.ts";
import { assert } from "../../src/ir/errors.ts";
import { steppedWeights } from "../../src/4-schedule/sparse/coding.ts";
import { denseSteps } from "../../src/4-schedule/sparse/phase.ts";
import { wordsOfGroup } from "../../src/4-schedule/sparse/words.ts";
import type { Hardware, Phase, SegmentCoding } from "../../src/4-schedule/plan.ts";

/** Writes the words of a phase's groups; `at`: byte of the first. */
export function codedWriter(
  hardware: Hardware,
  { inputChannels, operator, sparse }: Phase,
  coding: SegmentCoding,
): (model: Uint8Array, at: number, group: number) => void {
  assert(operator, "a phase with weights has an operator");
  const steps = sparse?.own ?? denseSteps(operator, inputChannels, hardware);
  const layer = steppedWeights(operator, inputChannels, hardware);
  return (model, at, group) => {
    const words = wordsOfGroup(steps, group, layer);
    // steps that are not sparse see the word of their patch that is theirs, whatever its number
    const positions = sparse === null ? words.positions.map(() => 0) : words.positions;
    writeCodedWords(model, at, hardware, coding, { ...words, positions });
  };
}

/** Writes the head of a phase's segment: its bytes. */
export function writeHead(model: Uint8Array, hardware: Hardware, { segment, wordsPerGroup }: Phase): number {
  assert(segment?.coding, "a coded segment");
  const head = segmentHead(hardware, segment.coding, wordsPerGroup, segment.groups);
  model.set(head, segment.offset);
  return head.length;
}
