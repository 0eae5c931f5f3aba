/** Programs for the sequencer: blocks of phases, their descriptors, and the strips that they come to. */
import { descriptor } from "../helper.ts";
import { groupWords, lastBank, phaseFields, wordsOf, type PhaseWords } from "./phase.ts";
import { stripRows, walk, type Rows, type Step, type Strip, type WalkerShape } from "./walk.ts";

export interface Block {
  readonly phases: readonly PhaseWords[];
  readonly streamed: boolean;
  /** Rows of the residual line buffer, when the block adds a residual. */
  readonly residual?: Rows;
}

/** Records of a phase's weights. */
export function segmentGroups(phase: PhaseWords | undefined): number {
  if (phase === undefined || phase.kind === "pack") return 0;
  return phase.oneRecord ? 1 : phase.groups;
}

interface Segment {
  readonly words: number;
  readonly groups: number;
}

/** The weight segments of a phase: those of its centre groups, then its own. */
function segmentsOf(phase: PhaseWords | undefined): Segment[] {
  if (phase === undefined) return [];
  const { centreGroups } = phase;
  const own = segmentGroups(phase) - centreGroups;
  const segment = (first: number, groups: number) => ({ words: wordsOf(phase, first, groups), groups });
  return [...(centreGroups > 0 ? [segment(0, centreGroups)] : []), segment(centreGroups, own)];
}

/** The words that the sequencer reads. */
export function sequencerWords({ phases, streamed, residual }: Block): number[] {
  const none = { words: 0, groups: 0 };
  const [first = none, second = none, third = none] = phases.flatMap(segmentsOf);
  return descriptor({
    sequencer: {
      phases: phases.length,
      streamed: Number(streamed),
      words0: first.words % 2 ** 16,
      words1: second.words % 2 ** 16,
      words2: third.words % 2 ** 16,
      groups0: first.groups,
      groups1: second.groups,
      groups2: third.groups,
    },
    phases: phases.map(phaseFields),
    results:
      residual === undefined
        ? {}
        : { residual: 1, rowWords: residual.rowWords, slots: residual.slots, lastBank: lastBank(residual) },
  });
}

export interface PlannedStrip {
  readonly block: number;
  readonly phase: number;
  readonly y: number;
  readonly steps: readonly Step[];
}

export interface Planned {
  /** Strips of each phase in order; a streamed block's phases take turns in the order of this list. */
  readonly strips: readonly PlannedStrip[];
  /** Words of the image's weight groups, in the order of the stream. */
  readonly groupWords: readonly number[];
}

/** Everything that a program's array phases do, in the order in which its weights arrive. */
export function planProgram(shape: WalkerShape, blocks: readonly Block[]): Planned {
  const strips: PlannedStrip[] = [];
  const weights: number[] = [];
  const next = { words: 0, groups: 0 };
  const load = (phase: PhaseWords): void => {
    const count = segmentGroups(phase);
    for (let g = 0; g < count; g += 1) weights.push(groupWords(phase, g));
    next.words += wordsOf(phase, 0, count);
    next.groups += count;
  };
  blocks.forEach(({ phases, streamed, residual }, block) => {
    const last = phases.length - 1;
    const plan = (index: number, y: number, base: { words: number; groups: number }): void => {
      const phase = phases[index]!;
      const to = phases[index + 1] ?? null;
      const ends = index === last && y + stripRows(phase, y) >= phase.rows;
      const free: Strip["free"] = streamed ? "tiles" : ends ? "all" : "none";
      const { steps } = walk(shape, {
        ...{ phase, y, destination: to, ...base, free },
        residual: index === last ? (residual ?? null) : null,
      });
      strips.push({ block, phase: index, y, steps });
    };
    const array = phases.flatMap((phase, index) => (phase.kind === "pack" ? [] : [{ phase, index }]));
    if (streamed) {
      const at = phases.map(() => 0);
      while (at[last]! < phases[last]!.rows) {
        for (const { phase, index } of array) {
          const y = at[index]!;
          plan(index, y, { ...next });
          load(phase);
          at[index] = y + stripRows(phase, y);
        }
      }
      return;
    }
    for (const { phase, index } of array) {
      const base = { ...next };
      for (let y = 0; y < phase.rows; y += stripRows(phase, y)) plan(index, y, base);
      load(phase);
    }
  });
  return { strips, groupWords: weights };
}
