import { assert } from "../src/ir/errors.ts";
import type { ExpectedMap, OutputLayout } from "./job.ts";

const headerWords = 2;
const entryWords = 6;
/** Stands for the block of the output map, which is compared in memory. */
const outputBlock = 0xffff_ffff;

/**
 * The file that the harness compares with: "FBG1", number of entries, then block, phase, rows, width, channels and
 * offset of the values for each, all 32 bits little endian; then the values, [y][x][channel].
 */
export function goldenFile(
  expected: readonly ExpectedMap[],
  output?: { readonly layout: OutputLayout; readonly values: Int8Array },
): Uint8Array {
  const entries: readonly ExpectedMap[] =
    output === undefined
      ? expected
      : [...expected, { ...output.layout, block: outputBlock, phase: 0, values: output.values }];
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

/** Takes the output map, [rows][width][channels], out of its region. */
export function extractMap(region: Uint8Array, layout: OutputLayout): Int8Array {
  const { rows, width, channels, rowPitch, pixelPitch } = layout;
  const values = new Int8Array(rows * width * channels);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = y * rowPitch + x * pixelPitch;
      values.set(region.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return values;
}
