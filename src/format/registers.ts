/** The registers behind AXI4-Lite, in the `ap_ctrl` layout of Vitis. */
import { assert } from "../ir/errors.ts";
import { gap, placesOf, unsigned, type Word } from "./fields.ts";

export interface Register {
  /** Byte address. */
  readonly address: number;
  /** What the host does with it: both, or one of them; what it cannot do reads zero or changes nothing. */
  readonly access: "read" | "write" | "read, write";
  readonly label: string;
  readonly bits: Word;
  /** Of the bits, those that a write changes; all when it does not say. */
  readonly written?: readonly string[];
  /** Whether a read changes it. */
  readonly changedByRead?: true;
}

/** What can meet an error on the bus, by its number in the register, from 1 on. */
export const errorUnits = ["program", "rows", "rows of residuals", "weights and tables", "results"] as const;

/** The same with their numbers. */
export const numberedUnits = errorUnits.map((unit, i) => `${i + 1} ${unit}`).join(", ");

/** Errors that came as a response of the bus, and those that the registers have a place of. */
const busErrors = ["read", "write"];
const placedErrors = [...busErrors, "outside"];

const base = (region: string): Word => ({ base: unsigned(32, `base of the ${region} region in bytes`) });
const counter = { count: unsigned(32, "cycles") };

export const registers = {
  control: {
    address: 0x00,
    access: "read, write",
    label: "control",
    bits: {
      start: unsigned(1, "start"),
      done: unsigned(1, "done, a read clears it"),
      idle: unsigned(1, "idle"),
      ready: unsigned(1, "ready, a read clears it"),
      gap: gap(3),
      autoRestart: unsigned(1, "auto restart"),
    },
    written: ["start", "autoRestart"],
    changedByRead: true,
  },
  globalEnable: {
    address: 0x04,
    access: "read, write",
    label: "global interrupt enable",
    bits: { all: unsigned(1, "interrupts reach the line") },
  },
  enable: {
    address: 0x08,
    access: "read, write",
    label: "interrupt enable",
    bits: { done: unsigned(1, "done") },
  },
  status: {
    address: 0x0c,
    access: "read, write",
    label: "interrupt status, 1 toggles",
    bits: { done: unsigned(1, "done") },
  },
  model: { address: 0x10, access: "read, write", label: "model", bits: base("model") },
  input: { address: 0x1c, access: "read, write", label: "input", bits: base("input") },
  output: { address: 0x28, access: "read, write", label: "output", bits: base("output") },
  workspace: { address: 0x34, access: "read, write", label: "workspace", bits: base("workspace") },
  cycles: { address: 0x40, access: "read", label: "from start to done", bits: counter },
  steps: { address: 0x44, access: "read", label: "with a step issued", bits: counter },
  rowsWait: { address: 0x48, access: "read", label: "waits for rows", bits: counter },
  weightsWait: { address: 0x4c, access: "read", label: "waits for weights", bits: counter },
  outputWait: { address: 0x50, access: "read", label: "waits for output", bits: counter },
  other: { address: 0x54, access: "read", label: "other", bits: counter },
  error: {
    address: 0x60,
    access: "read, write",
    label: "error, 1 clears",
    bits: {
      read: unsigned(1, "read response"),
      write: unsigned(1, "write response"),
      program: unsigned(1, "program: header or check"),
      base: unsigned(1, "base"),
      stopped: unsigned(1, "stopped"),
      weights: unsigned(1, "check of weights or a table"),
      watchdog: unsigned(1, "no progress"),
      outside: unsigned(1, "write outside its region, not done"),
    },
  },
  stop: { address: 0x64, access: "write", label: "stop", bits: { stop: unsigned(1, "stop") } },
  keep: {
    address: 0x68,
    access: "read, write",
    label: "keep",
    bits: { keep: unsigned(1, "program and kept weights of the last image serve again") },
  },
  watchdog: {
    address: 0x6c,
    access: "read, write",
    label: "watchdog",
    bits: { limit: unsigned(32, "cycles without progress that end an image; 0: none, 2^20 after reset") },
  },
  errorPlace: {
    address: 0x70,
    access: "read",
    label: "first of the errors read, write, outside",
    bits: {
      unit: unsigned(3, `unit: ${numberedUnits}`),
      gap: gap(4),
      decode: unsigned(1, "answered with DECERR, else SLVERR"),
      block: unsigned(8, "block"),
    },
  },
  errorAddress: {
    address: 0x74,
    access: "read",
    label: "the same: its burst",
    bits: { address: unsigned(32, "address in bytes") },
  },
} as const satisfies Readonly<Record<string, Register>>;

export type RegisterName = keyof typeof registers;

/** The registers in the order of their addresses. */
export const registerList: readonly (Register & { readonly name: RegisterName })[] = Object.entries(
  registers,
).map(([name, register]) => ({ name: name as RegisterName, ...register }));

/** Those that count the cycles of an image: all of them, then by reason. */
export const counterNames = [
  "cycles",
  "steps",
  "rowsWait",
  "weightsWait",
  "outputWait",
  "other",
] as const satisfies readonly RegisterName[];

/** The mask of one bit of a register. */
export function maskOf(name: RegisterName, bit: string): number {
  const place = placesOf([registers[name].bits]).find((one) => one.name === bit);
  assert(place, `${name} has a bit ${bit}`);
  return 2 ** place.lsb;
}

/** The mask of several bits of the error register. */
export function maskOfErrors(errors: readonly string[]): number {
  return errors.reduce((mask, error) => mask | maskOf("error", error), 0);
}

/** Masks of the error register. */
export const busErrorMask = maskOfErrors(busErrors);
export const placedErrorMask = maskOfErrors(placedErrors);
