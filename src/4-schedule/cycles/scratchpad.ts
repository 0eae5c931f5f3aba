/** The scratchpad: a beat a cycle each way, one burst after the other. */
import type { Kernel } from "./kernel.ts";

export interface Scratchpad {
  /** Whether the next burst is taken now. */
  readonly hasRoom: () => boolean;
  /** Asks for beats; `arrived` runs with the last one. */
  readonly read: (beats: number, arrived: () => void) => void;
  /** Hands over beats that are ready; `taken` runs when they are written. */
  readonly write: (beats: number, taken: (beats: number) => void) => void;
}

export function scratchpad(kernel: Kernel): Scratchpad {
  let readable = 0;
  let writable = 0;
  return {
    hasRoom: () => kernel.now() >= readable,
    read(beats, arrived) {
      readable = kernel.now() + beats;
      kernel.after(beats, arrived);
    },
    write(beats, taken) {
      writable = Math.max(writable, kernel.now()) + beats;
      kernel.after(writable - kernel.now(), () => {
        taken(beats);
      });
    },
  };
}
