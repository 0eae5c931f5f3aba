/** The options that several commands share, and how their text becomes values. */
import { InputError } from "../ir/errors.ts";
import { loadStages } from "../load.ts";

/** Multiplier array: `pk` lanes of `pc` multipliers. */
export interface ArraySize {
  readonly pk: number;
  readonly pc: number;
}

/** Memory model of the simulation. */
export interface MemoryOptions {
  /** Bytes a cycle: the width of the AXI data bus. */
  readonly bytes: number;
  /** Cycles from an accepted address to the first data. */
  readonly latency: number;
  /** Bursts that may be under way at a time. */
  readonly outstanding: number;
  /** Cycles between two refreshes; 0: none. */
  readonly refresh: number;
  /** Cycles that a refresh blocks the memory. */
  readonly stall: number;
  /** Percentage of cycles on which the memory is not ready, at random from --seed. */
  readonly jitter: number;
}

/** Cycles [from, to) to record. */
export interface TraceWindow {
  readonly from: number;
  readonly to: number;
}

export const defaultArray: ArraySize = { pk: 8, pc: 8 };

export const defaultMemory: MemoryOptions = {
  bytes: 16,
  latency: 40,
  outstanding: 8,
  refresh: 0,
  stall: 0,
  jitter: 0,
};

const arraySizes = [4, 8, 16, 32];

const memoryRanges: Readonly<Record<keyof MemoryOptions, string | readonly [number, number]>> = {
  bytes: "8 or 16",
  latency: [0, 10_000],
  outstanding: [1, 64],
  refresh: [0, 1_000_000],
  stall: [0, 10_000],
  jitter: [0, 90],
};

/** "16x8" -> { pk: 16, pc: 8 }. Throws InputError. */
export function parseArray(value: unknown): ArraySize {
  const text = single("--array", value);
  const match = /^(\d+)x(\d+)$/.exec(text);
  const pk = Number(match?.[1]);
  const pc = Number(match?.[2]);
  if (arraySizes.includes(pk) && arraySizes.includes(pc)) return { pk, pc };
  throw new InputError({
    code: "bad-option",
    node: "--array",
    found: `"${text}"`,
    supported: `PKxPC with PK lanes and PC multipliers a lane, each one of ${arraySizes.join(", ")}`,
    fix: "write for example --array 8x8",
  });
}

/** "bytes=8,latency=40" -> every field, defaults for those not named. Throws InputError with all problems. */
export function parseMemory(value: unknown): MemoryOptions {
  const text = single("--memory", value);
  const result: Record<keyof MemoryOptions, number> = { ...defaultMemory };
  const seen = new Set<string>();
  const problems = text.split(",").flatMap((part) => {
    const [key = "", number = ""] = part.split("=", 2);
    if (!isMemoryField(key) || seen.has(key) || !inMemoryRange(key, number))
      return [memoryProblem(part, key, seen)];
    seen.add(key);
    result[key] = Number(number);
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
  return result;
}

function isMemoryField(key: string): key is keyof MemoryOptions {
  return Object.hasOwn(memoryRanges, key);
}

function inMemoryRange(key: keyof MemoryOptions, text: string): boolean {
  if (!/^\d+$/.test(text)) return false;
  const range = memoryRanges[key];
  if (typeof range === "string") return range.split(" or ").includes(text);
  return Number(text) >= range[0] && Number(text) <= range[1];
}

function memoryProblem(part: string, key: string, seen: ReadonlySet<string>) {
  const fields = Object.entries(memoryRanges).map(([name, range]) =>
    typeof range === "string" ? `${name}=${range}` : `${name}=${range[0]}..${range[1]}`,
  );
  return {
    code: "bad-option",
    node: "--memory",
    found: seen.has(key) ? `"${key}" twice` : `"${part}"`,
    supported: fields.join(", "),
    fix: "write for example --memory bytes=16,latency=40",
  };
}

/** "1000:2000" -> { from: 1000, to: 2000 }. Throws InputError. */
export function parseTraceWindow(value: unknown): TraceWindow {
  const text = single("--trace-window", value);
  const match = /^(\d+):(\d+)$/.exec(text);
  const window = { from: Number(match?.[1]), to: Number(match?.[2]) };
  if (window.from < window.to && Number.isSafeInteger(window.to)) return window;
  throw new InputError({
    code: "bad-option",
    node: "--trace-window",
    found: `"${text}"`,
    supported: "FROM:TO in cycles with FROM before TO",
    fix: "write for example --trace-window 1000:2000",
  });
}

/** A waveform file, whose ending says the format. Throws InputError. */
export function parseTrace(value: unknown): string {
  const text = single("--trace", value);
  if (/.\.(fst|vcd)$/.test(text)) return text;
  throw new InputError({
    code: "bad-option",
    node: "--trace",
    found: `"${text}"`,
    supported: "a file name that ends in .fst or .vcd",
    fix: "write for example --trace run.fst",
  });
}

/** An integer of 0 to 2^32 - 1. Throws InputError. */
export function parseSeed(value: unknown): number {
  const text = single("--seed", value);
  if (/^\d+$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  throw new InputError({
    code: "bad-option",
    node: "--seed",
    found: `"${text}"`,
    supported: "an integer from 0 to 4294967295",
    fix: "write for example --seed 1",
  });
}

/** A stage of `loadStages`. Throws InputError. */
export function parseStage(value: unknown): string {
  const text = single("--dump-after", value);
  if (loadStages.includes(text)) return text;
  throw new InputError({
    code: "bad-option",
    node: "--dump-after",
    found: `"${text}"`,
    supported: loadStages.join(", "),
    fix: "name one of these stages",
  });
}

/** The text of an option that may be given once. yargs gathers repeated options into a list. */
export function single(option: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new InputError({
    code: "repeated-option",
    node: option,
    found: Array.isArray(value) ? `${value.length} values` : typeof value,
    supported: "one value",
    fix: `give ${option} once`,
  });
}

/** Reads an option that may be absent. */
export function optional<T>(read: (value: unknown) => T, value: unknown): T | undefined {
  return value === undefined ? undefined : read(value);
}

const text = { type: "string", requiresArg: true } as const;

/**
 * yargs descriptions; a command takes the ones that it has and reads their text with the functions above.
 * (Not through yargs' coerce, which turns every error into one of its own.)
 */
export const option = {
  model: { describe: "model file or zoo name", type: "string", demandOption: true },
  input: {
    describe: "images (JPEG, PNG, BMP) or raw .bin tensors in the model's input type",
    type: "string",
    array: true,
    requiresArg: true,
    demandOption: true,
  },
  array: { ...text, describe: "multiplier array, PKxPC", default: "8x8" },
  memory: {
    ...text,
    describe: "memory model: bytes, latency, outstanding, refresh, stall, jitter",
    default: "bytes=16,latency=40",
  },
  json: { describe: "print one JSON object", type: "boolean", default: false },
  dumpLogits: {
    ...text,
    describe: "write each input's raw logits to DIR/NAME.bin",
  },
  trace: { ...text, describe: "write a waveform, FILE.fst or FILE.vcd" },
  traceWindow: { ...text, describe: "cycles to record, FROM:TO" },
  dumpAfter: {
    ...text,
    describe: `print the graph after a stage to stderr: ${loadStages.join(", ")}`,
  },
  seed: {
    ...text,
    describe: "seed of a zoo network's weights and of the memory's jitter",
    default: "1",
  },
  out: { ...text, alias: "o", describe: "folder to write" },
} as const;
