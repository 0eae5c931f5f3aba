import { assert } from "../src/ir/errors.ts";
import type { ExpectedMap, OutputLayout } from "./job.ts";

const headerWords = 2;
const entryWords = 6;
/** Stands for the block of a map for the host, which is compared in memory; the phase is its index. */
const outputBlock = 0xffff_ffff;

/**
 * The file that the harness compares with: "FBG1", number of entries, then block, phase, rows, width, channels and
 * offset of the values for each, all 32 bits little endian; then the values, [y][x][channel].
 */
export function goldenFile(
  expected: readonly ExpectedMap[],
  outputs: readonly { readonly layout: OutputLayout; readonly values: Int8Array }[] = [],
): Uint8Array {
  const entries: readonly ExpectedMap[] = [
    ...expected,
    ...outputs.map(({ layout, values }, phase) => ({ ...layout, block: outputBlock, phase, values })),
  ];
  const headerBytes = 4 * (headerWords + entryWords * entries.length);
  const total = entries.reduce((sum, entry) => sum + entry.values.length, headerBytes);
  const file = new Uint8Array(total);
  const words = new DataView(file.buffer);
  words.setUint32(0, 0x31474246, true);
  words.setUint32(4, entries.length, true);
  let offset = headerBytes;
  for (const [i, entry] of entries.entries()) {
    const { block, phase, rows, width, channels, values } = entry;
    assert(
      values.length === rows * width * channels,
      `block ${block} phase ${phase}: ${values.length} expected values for [${rows}, ${width}, ${channels}]`,
    );
    for (const [j, word] of [block, phase, rows, width, channels, offset].entries()) {
      words.setUint32(4 * (headerWords + entryWords * i + j), word, true);
    }
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.length), offset);
    offset += values.length;
  }
  return file;
}

/** Takes a map for the host, [rows][width][channels], out of the output region. */
export function extractMap(region: Uint8Array, layout: OutputLayout): Int8Array {
  const { channels, offset, pixelPitch, rowPitch, rows, width } = layout;
  const values = new Int8Array(rows * width * channels);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = offset + y * rowPitch + x * pixelPitch;
      values.set(region.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return values;
}
