/**
 * The options of custom operators: a flexbuffer that holds one map of names and numbers, read without trust: what lies outside
 * of the bytes is not there. (The npm package cannot read maps of 64-bit values.) Source: flatbuffers/flexbuffers.h.
 */

/** Longest name that is read. */
const MOST_LETTERS = 64;

/** Of `enum Type`. */
const Type = {
  INT: 1,
  UINT: 2,
  FLOAT: 3,
  INDIRECT_INT: 6,
  INDIRECT_UINT: 7,
  INDIRECT_FLOAT: 8,
  MAP: 9,
  BOOL: 26,
} as const;

/** The numbers of a map by name; truth is 1 or 0. Undefined where the bytes are no map. */
export function flexNumbers(bytes: Uint8Array): ReadonlyMap<string, number> | undefined {
  try {
    return readMap(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Throws RangeError outside of the view. */
function readMap(view: DataView): ReadonlyMap<string, number> | undefined {
  const end = view.byteLength;
  const [rootType, rootWidth] = [view.getUint8(end - 2), view.getUint8(end - 1)];
  if (rootType >> 2 !== Type.MAP) return undefined;
  const width = 1 << (rootType & 3);
  const map = behind(view, end - 2 - rootWidth, rootWidth);
  const keys = behind(view, map - 3 * width, width);
  const keyWidth = unsigned(view, map - 2 * width, width);
  const count = unsigned(view, map - width, width);
  const numbers = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const type = view.getUint8(map + count * width + i);
    const value = numberAt(view, map + i * width, width, type);
    if (value !== undefined) numbers.set(textAt(view, behind(view, keys + i * keyWidth, keyWidth)), value);
  }
  return numbers;
}

function numberAt(view: DataView, at: number, width: number, packed: number): number | undefined {
  const own = 1 << (packed & 3);
  switch (packed >> 2) {
    case Type.INT:
      return signed(view, at, width);
    case Type.UINT:
    case Type.BOOL:
      return unsigned(view, at, width);
    case Type.FLOAT:
      return real(view, at, width);
    case Type.INDIRECT_INT:
      return signed(view, behind(view, at, width), own);
    case Type.INDIRECT_UINT:
      return unsigned(view, behind(view, at, width), own);
    case Type.INDIRECT_FLOAT:
      return real(view, behind(view, at, width), own);
    default:
      return undefined;
  }
}

/** Where an offset leads: always backwards. */
function behind(view: DataView, at: number, width: number): number {
  return at - unsigned(view, at, width);
}

function unsigned(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at, true);
  return width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

function signed(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getInt8(at);
  if (width === 2) return view.getInt16(at, true);
  return width === 4 ? view.getInt32(at, true) : Number(view.getBigInt64(at, true));
}

function real(view: DataView, at: number, width: number): number | undefined {
  if (width === 4) return view.getFloat32(at, true);
  return width === 8 ? view.getFloat64(at, true) : undefined;
}

/** ASCII up to a zero, or as far as names go. */
function textAt(view: DataView, at: number): string {
  let text = "";
  for (let i = at; view.getUint8(i) !== 0 && i < at + MOST_LETTERS; i++)
    text += String.fromCharCode(view.getUint8(i));
  return text;
}
