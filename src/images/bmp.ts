import { item } from "../ir/known.ts";
import { viewOf } from "../platform/bytes.ts";

/** An uncompressed picture, row by row from the top, three bytes (R, G, B) a pixel. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** "BM" */
const MARK = [0x42, 0x4d];
/** Where BITMAPINFOHEADER and its successors keep what the decoder needs (byte offsets in the file). */
const AT = {
  pixels: 10,
  headerSize: 14,
  width: 18,
  height: 22,
  bits: 28,
  compression: 30,
  colours: 46,
  masks: 54,
};
const FILE_HEADER = 14;
const INFO_HEADER = 40;
const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;
const MAX_PIXELS = 2 ** 28;

export function isBmp(bytes: Uint8Array): boolean {
  return MARK.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes uncompressed Windows bitmaps of 1, 4, 8, 24 and 32 bits a pixel; alpha is dropped.
 * Throws an Error that says what is wrong with the file.
 */
export function decodeBmp(bytes: Uint8Array): RgbPicture {
  if (bytes.length < FILE_HEADER + INFO_HEADER) throw new Error("the header is cut off");
  const header = viewOf(bytes);
  const headerSize = header.getUint32(AT.headerSize, true);
  if (headerSize < INFO_HEADER) throw new Error(`a header of ${headerSize} bytes (OS/2 bitmap)`);
  const width = header.getInt32(AT.width, true);
  const signedHeight = header.getInt32(AT.height, true);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
    throw new Error(`a size of ${width}x${signedHeight} pixels`);
  }
  const bits = header.getUint16(AT.bits, true);
  checkFormat(header, bits);
  const stride = Math.ceil((width * bits) / 32) * 4;
  const first = header.getUint32(AT.pixels, true);
  if (first + stride * height > bytes.length) {
    throw new Error(
      `${bytes.length} bytes where its header announces ${first + stride * height} (truncated)`,
    );
  }
  const palette = bits <= 8 ? readPalette(bytes, headerSize, bits) : undefined;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    // A positive height means that the bottom row comes first.
    const row = bytes.subarray(first + stride * (signedHeight > 0 ? height - 1 - y : y));
    const target = data.subarray(y * width * 3, (y + 1) * width * 3);
    if (palette) copyIndexed(row, bits, palette, target);
    else copyDirect(row, bits / 8, target);
  }
  return { width, height, data };
}

function checkFormat(header: DataView, bits: number): void {
  const compression = header.getUint32(AT.compression, true);
  if (![1, 4, 8, 24, 32].includes(bits)) throw new Error(`${bits} bits a pixel`);
  if (compression === UNCOMPRESSED) return;
  if (compression !== BIT_FIELDS || bits !== 32 || header.byteLength < AT.masks + 12) {
    throw new Error(`compression ${compression}`);
  }
  const masks = [0, 4, 8].map((i) => header.getUint32(AT.masks + i, true));
  if (masks[0] !== 0xff0000 || masks[1] !== 0xff00 || masks[2] !== 0xff)
    throw new Error("unusual colour masks");
}

/** The colour table follows the header, B, G, R, 0 an entry. */
function readPalette(bytes: Uint8Array, headerSize: number, bits: number): Uint8Array {
  const colours = viewOf(bytes).getUint32(AT.colours, true) || 2 ** bits;
  const from = FILE_HEADER + headerSize;
  if (colours > 2 ** bits || from + colours * 4 > bytes.length)
    throw new Error(`${colours} colours in its table`);
  return bytes.subarray(from, from + colours * 4);
}

function copyIndexed(row: Uint8Array, bits: number, palette: Uint8Array, target: Uint8Array): void {
  for (let x = 0; x * 3 < target.length; x++) {
    const byte = item(row, Math.floor((x * bits) / 8));
    const index = (byte >> (8 - bits - ((x * bits) % 8))) & (2 ** bits - 1);
    if (index * 4 >= palette.length) throw new Error(`colour ${index}, which its table does not have`);
    for (let c = 0; c < 3; c++) target[x * 3 + c] = item(palette, index * 4 + 2 - c);
  }
}

function copyDirect(row: Uint8Array, bytesPerPixel: number, target: Uint8Array): void {
  for (let x = 0; x * 3 < target.length; x++) {
    for (let c = 0; c < 3; c++) target[x * 3 + c] = item(row, x * bytesPerPixel + 2 - c);
  }
}
