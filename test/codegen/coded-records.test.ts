import { describe, expect, it } from "vitest";
import { writeSegment } from "../../codegen/view/weight-records.ts";
import { decodeSegment } from "../format/coded-words.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { Operator, Phase, Plan, Segment } from "../../src/4-schedule/plan.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { columnOf, places } from "../../src/format/places.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { pruned } from "../networks/pruned.ts";

function fire(): IntGraph {
  const b = buildNetwork("fire", { height: 12, width: 12, channels: 16 });
  const squeeze = b.conv("squeeze", b.input, 24, { kernel: 1, activation: "relu" });
  const joined = b.concat("fire", [
    b.conv("expand1x1", squeeze, 16, { kernel: 1, activation: "relu" }),
    b.conv("expand3x3", squeeze, 20, { kernel: 3, padding: 1, activation: "relu" }),
  ]);
  b.globalAverage("average", joined);
  return pruned(lower(runPasses(seededGraph(b.finish(), 3))), 0.3, 2);
}

/** Of a place that is not full. */
const NO_SELECTOR = 0;

/** What the hardware multiplies in the steps of a segment: by output channel, the weight of each byte of the patch. */
function multiplied({ hardware, regionBytes }: Plan, phase: Phase, segment: Segment): number[][] {
  const { packed, pc, pk } = hardware;
  const model = new Uint8Array(regionBytes.model);
  writeSegment(model, hardware, phase);
  const { bytes, words } = decodeSegment(model, segment.offset, hardware);
  expect(bytes).toBe(segment.bytes);
  expect(words.length).toBe(segment.groups);
  return Array.from({ length: segment.groups * pk }, (_, output) => {
    const patch = new Array<number>((phase.sparse!.patchWords + 4) * pc).fill(0);
    const lane = output % pk;
    for (const { places: taken, position } of words[Math.floor(output / pk)]!) {
      for (let j = 0; j < pc; j++) {
        const own = taken[lane * pc + j];
        if (!own) continue;
        // of lanes that share multipliers the first one's
        const first = packed ? taken[(lane - (lane % 2)) * pc + j] : own;
        const selector = first?.selector ?? NO_SELECTOR;
        const place = places[selector]!;
        patch[(position + place.word) * pc + columnOf(j, place, pc)]! += (own.weight << 24) >> 24;
      }
    }
    return patch;
  });
}

/** The same of the operator's weights, [K][taps][C], whose patch begins at tap `first` of the phase's. */
function wanted({ weights }: Operator, phase: Phase, pc: number, taps: number, first: number): number[][] {
  const { inputChannels: channels } = phase;
  const pitch = Math.ceil(channels / pc) * pc;
  return Array.from({ length: weights!.length / taps / channels }, (_, output) => {
    const patch = new Array<number>((phase.sparse!.patchWords + 4) * pc).fill(0);
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++)
        patch[(first + tap) * pitch + c] = weights![(output * taps + tap) * channels + c]!;
    return patch;
  });
}

describe.each([false, true])("records of sparse steps, two products a multiplier: %s", (packed) => {
  it("multiply each weight with the byte of the patch that it belongs to", () => {
    const plan = schedule(fire(), { pk: 8, pc: 8, busBytes: 16, sparse: true, packed });
    const phase = plan.blocks.flatMap(({ phases }) => phases).find(({ centreTap }) => centreTap !== null)!;
    const { centreTap, segment, sparse } = phase;
    expect(sparse?.patchWords).toBe(27);
    const own = multiplied(plan, phase, segment!);
    const centre = multiplied(plan, phase, centreTap!.segment);
    expect(centre).toEqual(wanted(centreTap!.operator, phase, 8, 1, 4));
    expect(own.slice(0, 20)).toEqual(wanted(phase.operator!, phase, 8, 9, 0));
    // behind the last channel
    expect(
      own
        .slice(20)
        .flat()
        .every((weight) => weight === 0),
    ).toBe(true);
  });
});
