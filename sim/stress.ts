/** What `npm run stress` does to an accelerator beside what `--memory` can: bits that flip, silence, a host that talks in between. */

/** A bit of memory or of a register: byte offset or address, and the bit of the byte or word. */
export interface Flip {
  readonly offset: number;
  readonly bit: number;
}

export interface Stress {
  /** Percent of cycles in which a handshake is held back: AR, R, AW, W, B. */
  readonly held?: readonly [number, number, number, number, number];
  /** Cycles that chance adds to the memory's latency, at most. */
  readonly spread?: number;
  /** How the burst of `memory.error` is answered. */
  readonly response?: "SLVERR" | "DECERR";
  /** A burst, counted from 1, that is never answered. */
  readonly silent?: { readonly direction: "read" | "write"; readonly burst: number };
  /** Percent of cycles in which an access of the control port begins while an image runs. */
  readonly registerTraffic?: number;
  /** Cycles without progress that end an image; without it those that the accelerator begins with. */
  readonly watchdog?: number;
  /** Of the model region, while the first image runs. */
  readonly flips?: readonly Flip[];
  /** Of the registers, from before the first image until behind it. */
  readonly registerFlips?: readonly Flip[];
}

const RESPONSES = { SLVERR: 2, DECERR: 3 } as const;

/**
 * Lines of the harness's job file. Bursts outside the regions are answered with DECERR and counted, and an image that hangs is ended by a
 * reset, so that the next one shows whether the accelerator recovers.
 */
export function stressLines(stress: Stress): readonly string[] {
  const {
    flips = [],
    registerFlips = [],
    registerTraffic = 0,
    response = "SLVERR",
    silent,
    spread = 0,
    watchdog = 0,
  } = stress;
  return [
    "open 1",
    "recover 1",
    `watchdog ${watchdog}`,
    `spread ${spread}`,
    `register_traffic ${registerTraffic}`,
    `error_response ${RESPONSES[response]}`,
    ...(silent ? [`silent_${silent.direction} ${silent.burst}`] : []),
    ...flips.map(({ bit, offset }) => `flip ${offset} ${bit}`),
    ...registerFlips.map(({ bit, offset }) => `register_flip ${offset} ${bit}`),
  ];
}
