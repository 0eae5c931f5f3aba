import { expect, it } from "vitest";
import { checkRecord, checkTable, crc16, TABLE_BYTES } from "../../src/format/check.ts";
import { programCheck, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { benchRandom } from "../../sim/bench/random.ts";

const random = (length: number, seed = 1) => {
  const draw = benchRandom(seed);
  return Uint8Array.from({ length }, () => draw.below(256));
};

/** The CRC as a division of polynomials over GF(2), bit by bit, highest first, with the first 16 bits turned round. */
function remainder(bytes: Uint8Array): number {
  const bits = [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> i) & 1));
  const dividend = [
    ...bits.map((bit, i) => (i < 16 ? bit ^ 1 : bit)),
    ...Array.from({ length: 16 }, () => 0),
  ];
  const divisor = [16, 12, 3, 1, 0];
  for (let i = 0; i + 16 < dividend.length; i++) {
    if (dividend[i] === 0) continue;
    for (const power of divisor) dividend[i + 16 - power]! ^= 1;
  }
  return dividend.slice(-16).reduce((crc, bit, i) => crc | (bit << i), 0);
}

it("is the remainder of a division", () => {
  for (const length of [2, 3, 16, 100]) expect(crc16(random(length))).toBe(remainder(random(length)));
  expect(crc16(random(100).subarray(40), crc16(random(100).subarray(0, 40)))).toBe(crc16(random(100)));
});

it("changes with any wrong bit, and with any two of a record", () => {
  const bytes = random(100);
  const crc = crc16(bytes);
  const flipped = (...places: number[]) => {
    const copy = bytes.slice();
    for (const place of places) copy[place >> 3]! ^= 1 << (place & 7);
    return crc16(copy);
  };
  for (let first = 0; first < 800; first++) {
    expect(flipped(first)).not.toBe(crc);
    expect(flipped(first, (first + 1 + ((first * 37) % 799)) % 800)).not.toBe(crc);
  }
});

it("lies in four bits of each of four lanes, and leaves the others alone", () => {
  const record = random(12 * 8 + 64, 2);
  const view = new DataView(record.buffer);
  const own = 0x20e0;
  for (let lane = 0; lane < 8; lane++)
    view.setUint32(
      4 * (16 + lane),
      (view.getUint32(4 * (16 + lane), true) & ~(lane < 4 ? own : 0)) >>> 0,
      true,
    );
  const before = record.slice();
  const crc = crc16(record);
  checkRecord(record, 8);
  const words = Array.from({ length: 4 }, (_, lane) => view.getUint32(4 * (16 + lane), true));
  const read = words.map((word) => ((word >> 5) & 7) | (((word >> 13) & 1) << 3));
  expect(read.reduce((check, bits, lane) => check | (bits << (4 * lane)), 0)).toBe(crc);
  for (let lane = 0; lane < 4; lane++) view.setUint32(4 * (16 + lane), (words[lane]! & ~own) >>> 0, true);
  expect(record).toEqual(before);
});

it("of a program covers header and descriptors", () => {
  const header = {
    magic: PROGRAM_MAGIC,
    blocks: 1,
    keptFrom: 0,
    keptTo: 0,
    lanes: 4,
    multipliers: 4,
    busBytes: 8,
    third: 0,
    identity: 5,
  };
  const words = new Uint32Array(random(256).buffer);
  const check = programCheck(header, words);
  expect(programCheck({ ...header, keptTo: 1 }, words)).not.toBe(check);
  expect(programCheck({ ...header, identity: 4 }, words)).not.toBe(check);
  expect(
    programCheck(
      header,
      words.map((word, i) => (i === 63 ? word ^ 1 : word)),
    ),
  ).not.toBe(check);
});

it("of a table lies behind its values, and every wrong bit of either changes it", () => {
  const table = new Uint8Array(TABLE_BYTES);
  table.set(random(256));
  checkTable(table);
  const whole = table.slice();
  checkTable(whole);
  expect(whole).toEqual(table);
  for (let at = 0; at < 256; at++) {
    const wrong = table.slice();
    wrong[at]! ^= 1 << (at % 8);
    checkTable(wrong);
    expect(wrong.subarray(256)).not.toEqual(table.subarray(256));
  }
});
