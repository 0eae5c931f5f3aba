/** What the harness records of an image for a trace: sim/harness/events.h. */
import { assert } from "../src/ir/errors.ts";

/** By number, as observation port `state_reason` has them. */
const reasons = ["compute", "rows", "weights", "output", "space", "setup", "idle"] as const;
export type StateReason = (typeof reasons)[number];

/** What the sequencer did from `cycle` of the image until the next state begins. */
export interface SequencerState {
  readonly cycle: number;
  readonly block: number;
  readonly phase: number;
  readonly reason: StateReason;
}

/** Bytes since the image's start. */
export interface MovedBytes {
  readonly cycle: number;
  readonly read: number;
  readonly written: number;
}

export interface ImageEvents {
  readonly states: readonly SequencerState[];
  readonly moved: readonly MovedBytes[];
}

export function parseEvents(text: string, busBytes: number): ImageEvents {
  const states: SequencerState[] = [];
  const moved: MovedBytes[] = [];
  for (const line of text.split("\n")) {
    const [kind, ...words] = line.split(" ");
    const [cycle = 0, second = 0, third = 0, fourth = 0] = words.map(Number);
    if (kind === "state") {
      const reason = reasons[fourth];
      assert(reason !== undefined, `state_reason ${fourth}`);
      states.push({ cycle, block: second, phase: third, reason });
    } else if (kind === "moved") moved.push({ cycle, read: second * busBytes, written: third * busBytes });
  }
  return { states, moved };
}
