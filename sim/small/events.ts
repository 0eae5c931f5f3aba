/** Records what the small engine does in each cycle of an image, for a trace. */
import type { MovedBytes } from "../events.ts";

export type EngineReason = "compute" | "weights" | "between";

/** What the engine did from `cycle` of the image until the next state begins. */
export interface EngineState {
  readonly cycle: number;
  /** Of the plan. */
  readonly layer: number;
  /** Words met weights; it waited for the flash; neither: constants of a layer, scaler, last results of a tile. */
  readonly reason: EngineReason;
}

export interface EngineEvents {
  readonly states: readonly EngineState[];
  readonly moved: readonly MovedBytes[];
}

/** Cycles over which the flash's bytes are averaged. */
const WINDOW = 128;

export interface Recorder extends EngineEvents {
  /** Called in each cycle of the image, from 0. */
  readonly note: (cycle: number, layer: number, reason: EngineReason) => void;
}

/** `read`: bytes that the flash has sent since the image's start. */
export function recorder(read: () => number): Recorder {
  const states: EngineState[] = [];
  const moved: MovedBytes[] = [];
  return {
    states,
    moved,
    note(cycle, layer, reason) {
      const last = states.at(-1);
      if (last?.layer !== layer || last.reason !== reason) states.push({ cycle, layer, reason });
      if (cycle % WINDOW === 0) moved.push({ cycle, read: read(), written: 0 });
    },
  };
}
