/** The memory behind the AXI4 master, burst by burst: bandwidth shared by both directions, latency, outstanding reads. */
import type { Kernel, Process } from "./kernel.ts";

/** As the simulator's memory options. */
export interface MemoryTiming {
  /** Data bytes a cycle, both directions together. */
  readonly bytes: number;
  /** Cycles from a read address to its first beat, and from the last write beat to its response. */
  readonly latency: number;
  readonly outstanding: number;
}

interface ReadBurst {
  readonly beats: number;
  readonly due: number;
  readonly arrived: () => void;
}
interface WriteBurst {
  readonly beats: number;
  readonly taken: (beats: number) => void;
}

/** Beats on their way over the bus. */
interface Transfer {
  readonly beats: number;
  /** Cycle of the first beat, and cycles that all of them take. */
  readonly from: number;
  readonly cycles: number;
}

/** Beats moved before the other direction gets its turn. */
const QUANTUM = 4;

export interface Memory {
  /** Whether another read address is accepted now: one a cycle, so many outstanding. */
  readonly hasRoom: () => boolean;
  /** Asks for beats; `arrived` runs with the last one. */
  readonly read: (beats: number, arrived: () => void) => void;
  /** Hands over beats that are ready; `taken` runs as they leave. */
  readonly write: (beats: number, taken: (beats: number) => void) => void;
  /** Bytes that have moved until now, both directions together; of a burst under way those whose time has passed. */
  readonly moved: () => number;
  /** Ends the memory's processes when nothing is under way. */
  readonly close: () => void;
}

export function memory(kernel: Kernel, busBytes: number, timing: MemoryTiming): Memory {
  const reads: ReadBurst[] = [];
  const writes: WriteBurst[] = [];
  let inFlight = 0;
  let closed = false;
  let lastRequest = -1;
  const beatCycles = Math.max(1, busBytes / timing.bytes);
  /** Time that beats so far took beyond whole cycles: memories of a fractional width have some. */
  let rest = 0;
  let done = 0;
  const underWay = new Set<Transfer>();

  /** Beats move in whole cycles. */
  function cyclesOf(beats: number): number {
    const exact = beats * beatCycles + rest;
    const whole = Math.floor(exact);
    rest = exact - whole;
    return whole;
  }

  function* move(beats: number): Process {
    const transfer = { beats, from: kernel.now(), cycles: cyclesOf(beats) };
    underWay.add(transfer);
    yield transfer.cycles;
    underWay.delete(transfer);
    done += beats;
  }

  function* readBeats(burst: ReadBurst, beats: number, left: number): Process {
    yield* move(beats);
    if (left === beats) {
      reads.shift();
      inFlight--;
      burst.arrived();
    }
  }

  function* readServer(): Process {
    for (;;) {
      yield () => closed || reads.length > 0;
      const burst = reads[0];
      if (!burst) return;
      if (burst.due > kernel.now()) yield burst.due - kernel.now();
      yield* readBeats(burst, burst.beats, burst.beats);
    }
  }

  function* writeServer(): Process {
    for (;;) {
      yield () => closed || writes.length > 0;
      const burst = writes.shift();
      if (!burst) return;
      yield* move(burst.beats);
      burst.taken(burst.beats);
    }
  }

  /** One beat of either direction at a time; both waiting: turns of QUANTUM beats. */
  function* sharedServer(): Process {
    let left = 0;
    let writeTurn = false;
    for (;;) {
      const head = reads[0];
      const readable = head !== undefined && head.due <= kernel.now();
      const writable = writes.length > 0;
      if (!readable && !writable) {
        if (closed && !head) return;
        yield () => writes.length > 0 || (reads[0] ? kernel.now() >= reads[0].due : closed);
        continue;
      }
      if (writable && (writeTurn || !readable)) {
        const burst = writes.shift();
        if (burst) {
          yield* move(burst.beats);
          burst.taken(burst.beats);
        }
        writeTurn = false;
      } else if (head) {
        if (left === 0) left = head.beats;
        const beats = writable ? Math.min(QUANTUM, left) : left;
        yield* readBeats(head, beats, left);
        left -= beats;
        writeTurn = true;
      }
    }
  }

  const separate = timing.bytes >= 2 * busBytes;
  for (const server of separate ? [readServer(), writeServer()] : [sharedServer()]) kernel.start(server);
  return {
    hasRoom: () => inFlight < timing.outstanding && lastRequest < kernel.now(),
    read(beats, arrived) {
      inFlight++;
      lastRequest = kernel.now();
      kernel.after(1, () => undefined);
      const cycles = Math.max(1, timing.latency) + 1;
      reads.push({ beats, due: kernel.now() + cycles, arrived });
      // an event, so that a server that waits for it looks again
      kernel.after(cycles, () => undefined);
    },
    write(beats, taken) {
      for (let left = beats; left > 0; left -= QUANTUM)
        writes.push({ beats: Math.min(left, QUANTUM), taken });
    },
    moved() {
      let beats = done;
      for (const { beats: all, cycles, from } of underWay) beats += (all * (kernel.now() - from)) / cycles;
      return beats * busBytes;
    },
    close: () => {
      closed = true;
    },
  };
}
