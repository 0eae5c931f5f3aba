/** The options that several commands share, and how their text becomes values. */
import type { BufferOptions } from "../4-schedule/size.ts";
import { resolveActivation } from "../ir/activation-kernel.ts";
import { InputError } from "../ir/errors.ts";
import { loadStages } from "../load.ts";
import { parseMemoryOptions, type MemoryOptions } from "../../sim/memory-options.ts";
import { parseWindow } from "../../sim/waveform.ts";

/** Multiplier array: `pk` lanes of `pc` multipliers. */
export interface ArraySize {
  readonly pk: number;
  readonly pc: number;
  /** Two products a DSP block, on boards that have them. */
  readonly packed?: boolean | undefined;
}

/** "16x8" -> { pk: 16, pc: 8 }; the schedule knows which sizes there are. Throws InputError. */
export function parseArray(value: unknown): ArraySize {
  const text = single("--array", value);
  const match = /^(\d+)x(\d+)$/.exec(text);
  if (match !== null) return { pk: Number(match[1]), pc: Number(match[2]) };
  throw new InputError({
    code: "bad-option",
    node: "--array",
    found: `"${text}"`,
    supported: "PKxPC: lanes, and multipliers a lane",
    fix: "write for example --array 8x8",
  });
}

/** The memory that the accelerator is connected to. Throws InputError. */
export function parseMemory(value: unknown): MemoryOptions {
  return parseMemoryOptions(single("--memory", value));
}

/**
 * "weights=512,lines=16384,maps=65536,kept=1024" -> words of the weight ring, bytes of line buffer 1 and of the scratchpad, words of
 * weights that stay from image to image. Throws InputError.
 */
export function parseBuffers(value: unknown): BufferOptions {
  const text = single("--buffers", value);
  const parts = text.split(",").map((part) => /^(weights|lines|maps|kept)=(\d{1,8})$/.exec(part));
  const of = (name: string): number | undefined => {
    const found = parts.find((part) => part?.[1] === name)?.[2];
    return found === undefined ? undefined : Number(found);
  };
  const [weightWords, lineBytes, mapBytes, keptWords] = [of("weights"), of("lines"), of("maps"), of("kept")];
  const isPowerOfTwo = weightWords === undefined || Number.isInteger(Math.log2(weightWords));
  const known =
    parts.every((part) => part !== null) && new Set(parts.map((part) => part[1])).size === parts.length;
  if (known && isPowerOfTwo && lineBytes !== 0) {
    return {
      ...(weightWords !== undefined && { weightWords }),
      ...(lineBytes !== undefined && { lineBytes }),
      ...(mapBytes !== undefined && { mapBytes }),
      ...(keptWords !== undefined && { keptWords }),
    };
  }
  throw new InputError({
    code: "bad-option",
    node: "--buffers",
    found: `"${text}"`,
    supported: "weights=WORDS (a power of two), lines=BYTES, maps=BYTES and kept=WORDS, each once",
    fix: "write for example --buffers weights=512,lines=32768",
  });
}

/** What parseBuffers reads. */
export function formatBuffers({
  keptWords,
  lineBytes,
  mapBytes,
  weightWords,
}: Required<BufferOptions>): string {
  return `weights=${weightWords},lines=${lineBytes},maps=${mapBytes},kept=${keptWords}`;
}

/** Percent of a board's look-up tables. Throws InputError. */
export function parseFill(value: unknown): number {
  const text = single("--fill", value);
  const percent = Number(text);
  if (/^\d+$/.test(text) && percent >= 1 && percent <= 100) return percent;
  throw new InputError({
    code: "bad-option",
    node: "--fill",
    found: `"${text}"`,
    supported: "a whole number of percent, 1 to 100",
    fix: "write for example --fill 90",
  });
}

/** Whether zeros take no cycles. Throws InputError. */
export function parseSparse(value: unknown): boolean {
  const text = single("--sparse", value);
  if (text === "always" || text === "never") return text === "always";
  throw new InputError({
    code: "bad-option",
    node: "--sparse",
    found: `"${text}"`,
    supported: "always or never",
    fix: "leave it out to let the network decide",
  });
}

/** Cycles to record, both ends included. Throws InputError. */
export function parseTraceWindow(value: unknown): { readonly from: number; readonly to: number } {
  return parseWindow(single("--trace-window", value));
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

/** A kernel's name, its file absolute. Throws InputError. */
export function parseActivation(value: unknown): string {
  return resolveActivation(single("--activation", value), process.cwd());
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

/** The words of a command line that gives these options, without those that are undefined. */
export function optionWords(
  given: Readonly<Record<string, string | readonly string[] | undefined>>,
): string[] {
  return Object.entries(given).flatMap(([name, value = []]) =>
    [value].flat().flatMap((one) => [`--${name}`, one]),
  );
}

/** Without --board and --array. */
export const defaultArray = "8x8";
/** Without --board and --memory. */
export const defaultMemoryText = "bytes=16,latency=40";

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
  array: { ...text, describe: "multiplier array, PKxPC", default: defaultArray },
  memory: {
    ...text,
    describe: "bytes=N a cycle, latency=N, outstanding=N, refresh=PERIOD:LENGTH, random=PERCENT, seed=N",
    default: defaultMemoryText,
  },
  /** For commands that take --board: what is not said is the board's, or the default. */
  boardArray: {
    ...text,
    describe: "multiplier array, PKxPC",
    defaultDescription: `${defaultArray}, or what fits the board`,
  },
  boardMemory: {
    ...text,
    describe: "bytes=N a cycle, latency=N, outstanding=N, refresh=PERIOD:LENGTH, random=PERCENT, seed=N",
    defaultDescription: `${defaultMemoryText}, or the board's`,
  },
  board: { ...text, describe: "a board of `firebrick boards`, or a board's .json file" },
  buffers: {
    ...text,
    describe:
      "weights=WORDS of the weight ring, lines=BYTES of line buffer 1, maps=BYTES and kept=WORDS of maps and of weights that stay on the chip",
    defaultDescription: "what network and array suggest",
  },
  fill: {
    ...text,
    describe:
      "percent of the board's look-up tables that the array may take which --board chooses, by the estimate",
    defaultDescription: "85",
  },
  sparse: {
    ...text,
    describe:
      "let zeros among the weights of convolutions take no cycles: always where it saves any, or never",
    defaultDescription: "where it saves a tenth of the array's cycles; never with --board",
  },
  json: { describe: "print one JSON object", type: "boolean", default: false },
  labels: {
    ...text,
    describe:
      "names of the classes: one a line (.txt), an array or names by class (.json), FILE,CLASS,NAME (.csv)",
    defaultDescription: "the model's, or labels.txt beside it",
  },
  dumpLogits: {
    ...text,
    describe: "write each input's raw logits to DIR/NAME.bin",
  },
  dumpOutputs: {
    ...text,
    describe: "write each input's raw outputs to DIR/NAME.output<i>.bin",
  },
  trace: { ...text, describe: "write a waveform, FILE.fst or FILE.vcd" },
  perfetto: { ...text, describe: "write what the array did and when, for ui.perfetto.dev" },
  junit: { ...text, describe: "write the inputs as test cases, JUnit's XML" },
  traceWindow: { ...text, describe: "cycles to record, FROM:TO" },
  until: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "end the network behind a layer, as inspect names it; several times for several outputs",
  },
  dumpAfter: {
    ...text,
    describe: `print the graph after a stage to stderr: ${loadStages.join(", ")}`,
  },
  seed: {
    ...text,
    describe: "seed of a zoo network's weights",
    default: "1",
  },
  activation: {
    ...text,
    describe: "kernel in place of a zoo network's activations: a name of hw/kernels, or FILE.ts#FUNCTION",
  },
  out: { ...text, alias: "o", describe: "folder to write" },
} as const;
