/** What happens to an accelerator in one run: a memory's mood, and at most one kind of fault. */
import type { MemoryOptions, SimulationJob } from "../../../sim/index.ts";
import type { Flip } from "../../../sim/stress.ts";
import { registers } from "../../../src/format/registers.ts";
import type { Random } from "../random.ts";

/** What the run is about; the table has a line for each. */
export const kinds = [
  "rough memory",
  "register traffic",
  "reset",
  "stop",
  "read error",
  "write error",
  "no answer",
  "wrong base",
  "flipped program",
  "flipped weights",
] as const;
export type Kind = (typeof kinds)[number];

export interface Scenario {
  readonly kind: Kind;
  readonly memory: Partial<MemoryOptions>;
  readonly change: Partial<SimulationJob>;
}

/** What a scenario has to know of the image that it disturbs. */
export interface Undisturbed {
  readonly cycles: number;
  readonly readBursts: number;
  readonly writeBursts: number;
  /** Bytes of the program, with its header, and of the whole model region. */
  readonly programBytes: number;
  readonly modelBytes: number;
}

export function scenarioOf(draw: Random, image: Undisturbed): Scenario {
  const kind = draw.pick(kinds);
  const { memory, stress } = mood(draw);
  const read = draw.between(1, image.readBursts);
  const write = draw.between(1, image.writeBursts);
  const moment = draw.between(2, image.cycles);
  const response = draw.pick(["SLVERR", "DECERR"] as const);
  const made = (change: Partial<SimulationJob>, more: Partial<MemoryOptions> = {}): Scenario => ({
    kind,
    memory: { ...memory, ...more },
    change: { stress, ...change },
  });
  switch (kind) {
    case "rough memory":
      return made({});
    case "register traffic":
      return made({ stress: { ...stress, registerTraffic: draw.between(1, 60) } });
    case "reset":
      return made({ resetAt: moment });
    case "stop":
      return made({ stopAt: moment });
    case "read error": {
      const data = draw.pick([undefined, "stale", "random"] as const);
      const beat = draw.chance(50) ? draw.between(1, 16) : undefined;
      const error = { direction: "read", burst: read, ...(data && { data }), ...(beat && { beat }) } as const;
      return made({ stress: { ...stress, response } }, { error });
    }
    case "write error":
      return made({ stress: { ...stress, response } }, { error: { direction: "write", burst: write } });
    case "no answer": {
      const direction = draw.pick(["read", "write"] as const);
      return made({
        stress: { ...stress, silent: { direction, burst: direction === "read" ? read : write } },
      });
    }
    case "flipped program":
      return made({ stress: { ...stress, flips: flipsIn(draw, 0, image.programBytes) } });
    case "flipped weights":
      return made({ stress: { ...stress, flips: flipsIn(draw, image.programBytes, image.modelBytes) } });
    case "wrong base": {
      const register = draw.pick(["model", "input", "output"] as const);
      const bits = new Set([draw.below(32), ...(draw.chance(50) ? [draw.below(32)] : [])]);
      const registerFlips = [...bits].map((bit) => ({ offset: registers[register].address, bit }));
      return made({ stress: { ...stress, registerFlips } });
    }
  }
}

/** One bit, or two, of the bytes from `from` to `to`. */
function flipsIn(draw: Random, from: number, to: number): readonly Flip[] {
  const places = new Set([
    draw.between(8 * from, 8 * to - 1),
    ...(draw.chance(50) ? [draw.between(8 * from, 8 * to - 1)] : []),
  ]);
  return [...places].map((place) => ({ offset: Math.floor(place / 8), bit: place % 8 }));
}

/** Longer than the memory is ever silent, and shorter than the simulation waits for something to happen. */
const WATCHDOG = 6000;

/** Latency, speed, stalls on every channel, and how the slave takes addresses. */
function mood(draw: Random) {
  const held = () => (draw.chance(50) ? 0 : draw.between(1, 80));
  const period = draw.between(50, 2000);
  const slave = draw.pick([undefined, undefined, "serial", "joint"] as const);
  const memory: Partial<MemoryOptions> = {
    bytes: draw.pick([1, 1.5, 3.3, 8, 16, 64]),
    latency: draw.pick([1, 2, 10, 40, 150, 300]),
    outstanding: draw.pick([1, 2, 3, 16, 64]),
    seed: draw.below(2 ** 31),
    ...(draw.chance(30) && { refresh: { period, length: draw.between(1, Math.floor(period / 3)) } }),
    ...(slave && { slave }),
  };
  const stress = {
    watchdog: WATCHDOG,
    held: [held(), held(), held(), held(), held()],
    spread: draw.pick([0, 0, 3, 60]),
  } as const;
  return { memory, stress };
}
