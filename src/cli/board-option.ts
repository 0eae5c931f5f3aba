/** `--board`, and the array and memory that it stands for. */
import { boardByName, weighFor, type Board, type Choice } from "../boards/index.ts";
import type { BufferOptions } from "../4-schedule/size.ts";
import { assert, type InputError } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import type { MemoryOptions } from "../../sim/index.ts";
import {
  busBytesFor,
  defaultArray,
  defaultMemoryText,
  optional,
  parseArray,
  parseBuffers,
  parseMemory,
  single,
  type ArraySize,
} from "./options.ts";

/** The arguments of commands that take --array, --memory and --board, as text. */
export interface HardwareArgs {
  readonly array?: string | undefined;
  readonly memory?: string | undefined;
  readonly board?: string | undefined;
  readonly buffers?: string | undefined;
}

export interface HardwareRequest {
  readonly array: ArraySize | undefined;
  readonly memory: MemoryOptions | undefined;
  readonly board: Board | undefined;
  readonly buffers: BufferOptions | undefined;
}

export interface HardwareChoice {
  readonly array: ArraySize;
  readonly busBytes: 8 | 16;
  readonly memory: MemoryOptions;
  readonly buffers: BufferOptions | undefined;
  /** null without --board. */
  readonly choice: Choice | null;
}

/** Reads the three options before any model is loaded. Throws InputError. */
export function parseHardware(args: HardwareArgs): HardwareRequest {
  return {
    array: optional(parseArray, args.array),
    memory: optional(parseMemory, args.memory),
    board: optional((value) => boardByName(single("--board", value)), args.board),
    buffers: optional(parseBuffers, args.buffers),
  };
}

/** What the user says holds; the board decides the rest, or the defaults do. Throws InputError `does-not-fit`. */
export function chooseHardware(graph: IntGraph, request: HardwareRequest): HardwareChoice {
  const { hardware, refusal } = weighHardware(graph, request);
  if (refusal) throw refusal;
  return hardware;
}

/** The same also where it does not fit: `refusal` says so then. */
export function weighHardware(
  graph: IntGraph,
  { array, board, buffers, memory }: HardwareRequest,
): { readonly hardware: HardwareChoice; readonly refusal: InputError | null } {
  if (board === undefined) {
    const used = memory ?? parseMemory(defaultMemoryText);
    const free = { array: array ?? parseArray(defaultArray), busBytes: busBytesFor(used), memory: used };
    return { hardware: { ...free, buffers, choice: null }, refusal: null };
  }
  assert(board.smallEngine === undefined, "the board runs an array");
  const { choice: chosen, refusal } = weighFor(graph, board, array ?? null, buffers);
  // the last reason is for the board's own memory model
  const reasons = memory ? [...chosen.reasons.slice(0, -1), "memory: as --memory says"] : chosen.reasons;
  const choice = { ...chosen, reasons };
  const hardware = {
    array: choice.array,
    busBytes: choice.busBytes,
    memory: memory ?? parseMemory(choice.memory),
    buffers,
    choice,
  };
  return { hardware, refusal };
}
