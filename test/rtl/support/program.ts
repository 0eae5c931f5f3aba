/** Programs for the sequencer: blocks of phases, their descriptors, and the strips that they come to. */
import { descriptor, halves } from "../helper.ts";
import { phaseWords, type PhaseWords } from "./phase.ts";
import { walk, type Step, type Strip, type WalkerShape } from "./walk.ts";

export interface Block {
  readonly phases: readonly PhaseWords[];
  readonly streamed: boolean;
}

/** Records of a phase's weight segment. */
export function segmentGroups(phase: PhaseWords | undefined): number {
  if (phase === undefined || phase.kind === "pack") return 0;
  return phase.shared ? 1 : phase.groups;
}

const segmentWords = (phase: PhaseWords | undefined): number =>
  phase === undefined ? 0 : segmentGroups(phase) * phase.wordsPerGroup;

/** The words that the sequencer reads. */
export function sequencerWords({ phases, streamed }: Block): number[] {
  const [first, second, third] = phases;
  const words = [
    phases.length | (Number(streamed) << 4),
    halves(segmentWords(first), segmentWords(second)),
    halves(segmentWords(third), segmentGroups(first)),
    halves(segmentGroups(second), segmentGroups(third)),
    ...phases.flatMap(phaseWords),
  ];
  return descriptor(Object.fromEntries(words.map((word, i) => [24 + i, word])));
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
  const groupWords: number[] = [];
  const next = { words: 0, groups: 0 };
  const load = (phase: PhaseWords): void => {
    for (let g = 0; g < segmentGroups(phase); g += 1) groupWords.push(phase.wordsPerGroup);
    next.words += segmentWords(phase);
    next.groups += segmentGroups(phase);
  };
  blocks.forEach(({ phases, streamed }, block) => {
    const last = phases.length - 1;
    const plan = (index: number, y: number, base: { words: number; groups: number }): void => {
      const phase = phases[index]!;
      const to = phases[index + 1] ?? null;
      const ends = index === last && y + phase.stripRows >= phase.rows;
      const free: Strip["free"] = streamed ? "tiles" : ends ? "all" : "none";
      const { steps } = walk(shape, { phase, y, destination: to, ...base, free });
      strips.push({ block, phase: index, y, steps });
    };
    const array = phases.flatMap((phase, index) => (phase.kind === "pack" ? [] : [{ phase, index }]));
    if (streamed) {
      const { rows, stripRows } = phases[last]!;
      for (let y = 0; y < rows; y += stripRows) {
        for (const { phase, index } of array) {
          plan(index, y, { ...next });
          load(phase);
        }
      }
      return;
    }
    for (const { phase, index } of array) {
      const base = { ...next };
      for (let y = 0; y < phase.rows; y += phase.stripRows) plan(index, y, base);
      load(phase);
    }
  });
  return { strips, groupWords };
}
