/**
 * What saved and compressed models begin with:
 *
 * | bytes | content |
 * |---|---|
 * | 0-7 | the mark, ASCII |
 * | 8-11 | version, uint32 little endian: 1 |
 * | 12-15 | length of what follows the head, uint32 little endian |
 * | 16-47 | SHA-256 of everything behind it |
 */
import { sameBytes, viewOf } from "../platform/bytes.ts";
import { sha256 } from "../platform/hash.ts";

export const HEAD_BYTES = 48;
const VERSION = 1;
const HASH_AT = 16;

export function hasMark(bytes: Uint8Array, mark: string): boolean {
  return sameBytes(bytes.subarray(0, mark.length), new TextEncoder().encode(mark));
}

/** Writes the head into the file's first bytes; everything behind them is there already. */
export function writeHead(file: Uint8Array, mark: string, length: number): void {
  const view = viewOf(file);
  file.set(new TextEncoder().encode(mark));
  view.setUint32(8, VERSION, true);
  view.setUint32(12, length, true);
  file.set(sha256([file.subarray(HEAD_BYTES)]), HASH_AT);
}

/** Where what follows the head ends. Calls `refuse`, which throws, with what is wrong with the head. `kind`: of file, for it. */
export function readHead(
  file: Uint8Array,
  {
    kind,
    mark,
    refuse,
  }: { readonly kind: string; readonly mark: string; readonly refuse: (what: string) => never },
): number {
  if (!hasMark(file, mark)) return refuse(`a file without the mark of a ${kind}`);
  if (file.length < HEAD_BYTES) return refuse(`${file.length} bytes, less than its own head`);
  const view = viewOf(file);
  const version = view.getUint32(8, true);
  if (version !== VERSION) return refuse(`version ${version} of the format`);
  if (!sameBytes(sha256([file.subarray(HEAD_BYTES)]), file.subarray(HASH_AT, HEAD_BYTES)))
    return refuse("contents that do not have the file's checksum (cut off or changed)");
  return HEAD_BYTES + view.getUint32(12, true);
}
