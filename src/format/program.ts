/** The program at the start of the model region: a header of 256 bytes, then one descriptor a block. */
import { viewOf } from "../platform/bytes.ts";
import { crc16 } from "./check.ts";
import { encode, gap, unsigned, type Values, type Words } from "./fields.ts";

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
  {
    check: unsigned(16, "check of header and descriptors"),
    identity: unsigned(16, "identity of the hardware"),
  },
] as const satisfies Words;

/** Bytes of the header that hold something: what the hardware reads of it. */
export const HEADER_READ_BYTES = 4 * headerWords.length;
/** Bytes of the header with the zeros behind it. */
export const HEADER_BYTES = 256;

/** What a header says beside its check. */
type Unchecked = Omit<Values<typeof headerWords>, "check">;

/** The header's words, with the check of a program with these descriptors. */
export function checkedHeader(header: Unchecked, descriptors: Uint32Array): readonly number[] {
  return encode(headerWords, { ...header, check: programCheck(header, descriptors) });
}

/** Of what is read of the header, where the check itself counts as zero, and of the descriptors. */
export function programCheck(header: Unchecked, descriptors: Uint32Array): number {
  const words = Uint32Array.from(encode(headerWords, { ...header, check: 0 }));
  return crc16(littleEndian(descriptors), crc16(littleEndian(words)));
}

function littleEndian(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = viewOf(bytes);
  words.forEach((word, index) => view.setUint32(4 * index, word, true));
  return bytes;
}
