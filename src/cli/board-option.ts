/** `--board`, and the options that it stands for. */
import { boardByName } from "../boards/index.ts";
import type { HardwareRequest } from "../targets/target.ts";
import {
  optional,
  parseArray,
  parseBuffers,
  parseFill,
  parseMemory,
  parseSparse,
  single,
} from "./options.ts";

/** The arguments of commands that take --array, --memory and --board, as text. */
export interface HardwareArgs {
  readonly array?: string | undefined;
  readonly memory?: string | undefined;
  readonly board?: string | undefined;
  readonly buffers?: string | undefined;
  readonly fill?: string | undefined;
  readonly sparse?: string | undefined;
}

/** Reads the options before any model is loaded. Throws InputError. */
export function parseHardware(args: HardwareArgs): HardwareRequest {
  return {
    array: optional(parseArray, args.array),
    memory: optional(parseMemory, args.memory),
    board: optional((value) => boardByName(single("--board", value)), args.board),
    buffers: optional(parseBuffers, args.buffers),
    fill: optional(parseFill, args.fill),
    sparse: optional(parseSparse, args.sparse),
  };
}
