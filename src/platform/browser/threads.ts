import { UnavailableError } from "../unavailable.ts";
import type { Thread } from "../threads.ts";

/** A page has Firebrick in a worker of its own, and no others. */
export function threads(): number {
  return 1;
}

export function startThread(): Thread {
  throw new UnavailableError("threads", "work on one input after the other");
}

export function givenData(): unknown {
  return undefined;
}

export function answerEach(): void {}
