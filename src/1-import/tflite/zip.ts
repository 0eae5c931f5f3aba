/** Files that are packed behind a model: metadata writers append a ZIP archive whose members are stored as they are. */
import { textOf, viewOf } from "../../platform/bytes.ts";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const MEMBER = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const MEMBER_BYTES = 30;
/** A comment may stand behind the archive's end. */
const LONGEST_COMMENT = 0xffff;
const STORED = 0;

/** The bytes of a stored member; undefined where there is no sound archive, or none with a stored member of the name. */
export function storedMember(bytes: Uint8Array, name: string): Uint8Array | undefined {
  const view = viewOf(bytes);
  const end = endOf(view);
  if (end === undefined) return undefined;
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let entry = 0; entry < entries; entry++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) return undefined;
    const behind = at + ENTRY_BYTES + view.getUint16(at + 28, true);
    const isStored = view.getUint16(at + 10, true) === STORED;
    if (isStored && textOf(bytes.subarray(at + ENTRY_BYTES, behind)) === name)
      return member(view, bytes, view.getUint32(at + 42, true), view.getUint32(at + 20, true));
    // an extra field and a comment
    at = behind + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}

function endOf(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--)
    if (view.getUint32(at, true) === END) return at;
  return undefined;
}

function member(view: DataView, bytes: Uint8Array, at: number, size: number): Uint8Array | undefined {
  if (at + MEMBER_BYTES > bytes.length || view.getUint32(at, true) !== MEMBER) return undefined;
  const start = at + MEMBER_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  return start + size <= bytes.length ? bytes.subarray(start, start + size) : undefined;
}
