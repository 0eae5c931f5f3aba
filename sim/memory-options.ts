import { InputError, type Problem } from "../src/ir/errors.ts";

/** The memory that the simulated accelerator is connected to. */
export interface MemoryOptions {
  /** Bytes a cycle, reads and writes together; may be fractional, below or above the bus width. */
  readonly bytes: number;
  /** Cycles from an accepted address to its first beat, and from the last written beat to the response. */
  readonly latency: number;
  /** Bursts accepted and not yet complete, in each direction. */
  readonly outstanding: number;
  /** In every `period` cycles the memory transfers nothing for `length`. */
  readonly refresh?: { readonly period: number; readonly length: number };
  /** Percent of cycles in which a handshake is held back. */
  readonly random: number;
  /** Of the random choices and of registers before reset. */
  readonly seed: number;
  /**
   * Addresses are not taken as they come, but one transaction at a time, reads and writes in turn; `joint`: that of a
   * write, when it is the write's turn, only together with the first beat of its data.
   */
  readonly slave?: Slave;
  /**
   * Answers one burst, counted from 1, with SLVERR. A read then brings what memory holds, or `data`: what the bus carried
   * before, or anything. `beat`: only that one, counted from 1.
   */
  readonly error?: {
    readonly direction: "read" | "write";
    readonly burst: number;
    readonly data?: ErrorData;
    readonly beat?: number;
  };
}

const errorData = ["stale", "random"] as const;
type ErrorData = (typeof errorData)[number];
const slaves = ["serial", "joint"] as const;
type Slave = (typeof slaves)[number];

export const defaultMemory: MemoryOptions = { bytes: 16, latency: 40, outstanding: 16, random: 0, seed: 1 };

const supported =
  "bytes=N, latency=N, outstanding=N, refresh=PERIOD:LENGTH, random=PERCENT, seed=N, slave=serial or slave=joint, error=read:N, read:N:stale, read:N:random (:BEAT alone) or write:N";

type Fields = { -readonly [K in keyof MemoryOptions]: MemoryOptions[K] };

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

const ranges = {
  bytes: { min: 0.125, max: 256, whole: false },
  latency: { min: 1, max: 100_000, whole: true },
  outstanding: { min: 1, max: 256, whole: true },
  random: { min: 0, max: 95, whole: true },
  seed: { min: 0, max: 0xffff_ffff, whole: true },
} as const satisfies Record<string, Range>;

/**
 * Parses `bytes=8,latency=40,outstanding=16,refresh=7800:40,random=10,seed=3,error=read:5`; what is not said keeps its
 * default. Throws InputError with every bad part.
 */
export function parseMemoryOptions(text: string): MemoryOptions {
  const problems: Problem[] = [];
  const fields: Fields = { ...defaultMemory };
  for (const part of text.split(",").map((p) => p.trim())) {
    if (part === "") continue;
    const [key = "", value = ""] = part.split("=", 2);
    if (!setField(fields, key, value)) problems.push(badPart(part, key));
  }
  if (problems.length > 0) throw new InputError(problems);
  return fields;
}

/** False when the key is unknown or the value out of range. */
function setField(fields: Fields, key: string, value: string): boolean {
  switch (key) {
    case "bytes":
    case "latency":
    case "outstanding":
    case "random":
    case "seed": {
      const number = parseNumber(value, ranges[key]);
      if (number !== null) fields[key] = number;
      return number !== null;
    }
    case "slave": {
      const slave = slaves.find((name) => name === value);
      if (slave !== undefined) fields.slave = slave;
      return slave !== undefined;
    }
    case "refresh": {
      const [period, length, rest] = value
        .split(":")
        .map((n) => parseNumber(n, { min: 1, max: 1e9, whole: true }));
      if (!period || !length || rest !== undefined || length >= period) return false;
      fields.refresh = { period, length };
      return true;
    }
    case "error": {
      const error = parseError(value);
      if (error !== null) fields.error = error;
      return error !== null;
    }
    default:
      return false;
  }
}

function parseError(text: string): Exclude<MemoryOptions["error"], undefined> | null {
  const [direction, count = "", kind, place, rest] = text.split(":");
  const burst = parseNumber(count, { min: 1, max: 1e9, whole: true });
  if (burst === null || rest !== undefined) return null;
  if (direction === "write") return kind === undefined ? { direction, burst } : null;
  if (direction !== "read") return null;
  if (kind === undefined) return { direction, burst };
  const data = errorData.find((name) => name === kind);
  const beat = place === undefined ? undefined : parseNumber(place, { min: 1, max: 256, whole: true });
  if (data === undefined || beat === null) return null;
  return { direction, burst, data, ...(beat === undefined ? {} : { beat }) };
}

function parseNumber(text: string, range: Range): number | null {
  if (!/^\d+(\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value)) ? value : null;
}

function badPart(part: string, key: string): Problem {
  const range = key in ranges ? ranges[key as keyof typeof ranges] : undefined;
  const fix =
    range === undefined
      ? "write it as one of the supported forms, such as bytes=8,latency=40"
      : `give ${key} ${range.whole ? "a whole number" : "a number"} from ${range.min} to ${range.max}`;
  return { code: "memory-option", node: "--memory", found: part, supported, fix };
}
