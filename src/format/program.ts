/** The program at the start of the model region: a header of 256 bytes, then one descriptor a block. */
import { gap, unsigned, type Words } from "./fields.ts";

/** "FBK1" in memory. */
export const PROGRAM_MAGIC = 0x314b4246;

export const headerWords = [
  { magic: unsigned(32, "magic") },
  {
    blocks: unsigned(8, "blocks"),
    keptFrom: unsigned(8, "first block whose weights stay on the chip"),
    keptTo: unsigned(8, "block behind the last of those"),
  },
  {
    lanes: unsigned(8, "lanes"),
    multipliers: unsigned(8, "multipliers a lane"),
    busBytes: unsigned(8, "bus bytes"),
    third: unsigned(1, "third phase"),
    gap: gap(7),
  },
  { programBytes: unsigned(32, "program bytes") },
] as const satisfies Words;

/** Bytes of the header that hold something: what the hardware reads of it. */
export const HEADER_READ_BYTES = 4 * headerWords.length;
/** Bytes of the header with the zeros behind it. */
export const HEADER_BYTES = 256;
