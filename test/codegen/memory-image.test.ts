import { hardwareIdentity } from "../../src/4-schedule/identity.ts";
import { describe, expect, test } from "vitest";
import { inputImage, modelImage } from "../../codegen/view/memory-image.ts";
import { checkRecord, crc16 } from "../../src/format/check.ts";
import type { Hardware, Phase } from "../../src/4-schedule/plan.ts";
import { writeSegment } from "../../codegen/view/weight-records.ts";
import { convBlock, hardware, operator, phase, plan } from "./plan.ts";

/** The words of group 0 of a segment at 0, behind its parameters; `byte`: lane * Pc + j. */
function wordsOf(shape: Hardware, segmentPhase: Partial<Phase>, group = 0): readonly (readonly number[])[] {
  const complete = phase(segmentPhase);
  const size = 12 * shape.pk + complete.wordsPerGroup * shape.pk * shape.pc;
  const bytes = new Uint8Array(size * (group + 1));
  writeSegment(bytes, shape, {
    ...complete,
    segment: { offset: 0, groups: group + 1, bytes: bytes.length, coding: null },
  });
  const words = [];
  for (let at = size * group + 12 * shape.pk; at < size * (group + 1); at += shape.pk * shape.pc) {
    words.push([...new Int8Array(bytes.buffer, at, shape.pk * shape.pc)]);
  }
  return words;
}

/** Bits of a shift word that hold a part of the record's check. */
const CHECK = 0x20e0;

/** Whether a record of four lanes is that which `checkRecord` makes of it. */
function isChecked(record: Uint8Array): boolean {
  const bare = record.slice();
  const view = new DataView(bare.buffer);
  for (let at = 32; at < 48; at += 4) view.setUint32(at, (view.getUint32(at, true) & ~CHECK) >>> 0, true);
  checkRecord(bare, 4);
  return Buffer.compare(bare, record) === 0;
}

describe("modelImage", () => {
  test("header, descriptor and weights lie where the program says", () => {
    const bytes = modelImage(plan([convBlock()]));
    expect(bytes.length).toBe(1024);
    expect([...bytes.subarray(0, 12)]).toEqual([0x46, 0x42, 0x4b, 0x31, 1, 0, 0, 0, 4, 4, 8, 0]);
    // the check, which counts as zero, and for which hardware it is
    const unchecked = bytes.slice(0, 16).fill(0, 12, 14);
    const identity = hardwareIdentity(plan([convBlock()]));
    const check = crc16(bytes.subarray(256, 512), crc16(unchecked));
    expect([...bytes.subarray(12, 16)]).toEqual([
      ...[check % 256, check >> 8],
      ...[identity % 256, identity >> 8],
    ]);
    expect([...bytes.subarray(256, 264)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    const view = new DataView(bytes.buffer, 512);
    expect(isChecked(bytes.slice(512, 576))).toBe(true);
    expect(isChecked(bytes.slice(576, 640))).toBe(true);
    const record = (at: number): number[] =>
      Array.from({ length: 12 }, (_, i) => view.getUint32(at + 4 * i, true) & (i < 8 ? -1 : ~CHECK)).map(
        (word) => word >>> 0,
      );
    expect(record(0)).toEqual([
      0xffffffff, 2, 3, 4, 0x40000000, 0x40000001, 0x40000002, 0x40000003, 1, 2, 3, 0x10104,
    ]);
    // w = 10 * k + c; the fourth channel is zw = 2.
    expect([...bytes.subarray(512 + 48, 512 + 64)]).toEqual([
      0, 1, 2, 2, 10, 11, 12, 2, 20, 21, 22, 2, 30, 31, 32, 2,
    ]);
    // Group 1 has channel 4 alone: other lanes get zero parameters and zw.
    expect(record(64)).toEqual([5, 0, 0, 0, 0x7fffffff, 0, 0, 0, 5, 0, 0, 0]);
    expect([...bytes.subarray(512 + 112, 512 + 128)]).toEqual([
      40, 41, 42, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    ]);
    expect(bytes.subarray(640).every((byte) => byte === 0)).toBe(true);
  });

  test("refuses a segment that is too short or lies in the program", () => {
    const block = convBlock();
    const [first] = block.phases;
    const withSegment = (segment: NonNullable<Phase["segment"]>) =>
      plan([{ ...block, phases: [{ ...first!, segment }] }]);
    expect(() => modelImage(withSegment({ offset: 512, groups: 2, bytes: 127, coding: null }))).toThrow(
      "the weights of layer",
    );
    expect(() => modelImage(withSegment({ offset: 256, groups: 2, bytes: 128, coding: null }))).toThrow(
      "lie in the program",
    );
  });
});

describe("weight words", () => {
  test("conv: a tap starts a word", () => {
    // One output channel, kernel 1x2, 5 channels: two words a tap.
    const weights = Int16Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const layer = operator({ weights, weightZeroPoint: -1 });
    const words = wordsOf(hardware, {
      operator: layer,
      kernel: [1, 2],
      inputChannels: 5,
      groups: 1,
      wordsPerPixel: 2,
      wordsPerGroup: 4,
    });
    expect(words.map((word) => word.slice(0, 4))).toEqual([
      [0, 1, 2, 3],
      [4, -1, -1, -1],
      [5, 6, 7, 8],
      [9, -1, -1, -1],
    ]);
    expect(words.every((word) => word.slice(4).every((value) => value === -1))).toBe(true);
  });

  test("packed conv: the patch runs through the words", () => {
    const weights = Int16Array.from({ length: 6 }, (_, i) => i + 1);
    const words = wordsOf(hardware, {
      operator: operator({ weights, kernel: [1, 2] }),
      readsPatches: true,
      inputChannels: 6,
      groups: 1,
      wordsPerGroup: 2,
    });
    expect(words.map((word) => word.slice(0, 4))).toEqual([
      [1, 2, 3, 4],
      [5, 6, 0, 0],
    ]);
  });

  test("serial: channels are lanes, taps are multipliers", () => {
    // 2x3 taps of 5 channels: w = 10 * tap + channel.
    const weights = Int16Array.from({ length: 30 }, (_, i) => 10 * Math.floor(i / 5) + (i % 5));
    const layer = { operator: operator({ weights }), kernel: [2, 3] as const, wordsPerGroup: 2 };
    expect(wordsOf(hardware, { ...layer, kind: "serial" })).toEqual([
      [0, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32, 3, 13, 23, 33],
      [40, 50, 0, 0, 41, 51, 0, 0, 42, 52, 0, 0, 43, 53, 0, 0],
    ]);
    expect(wordsOf(hardware, { ...layer, kind: "serial" }, 1)).toEqual([
      [4, 14, 24, 34, ...new Array<number>(12).fill(0)],
      [44, 54, ...new Array<number>(14).fill(0)],
    ]);
  });

  test("depthwise: a kernel smaller than the window takes its newest columns", () => {
    const weights = Int16Array.from([1, 2, 3, 4]);
    const words = wordsOf(
      { ...hardware, window: [3, 3] },
      { kind: "depthwise", operator: operator({ weights }), kernel: [2, 2], groups: 1, wordsPerGroup: 3 },
    );
    // Window positions of the taps: 1, 2, 4, 5.
    expect(words.map((word) => word.slice(0, 4))).toEqual([
      [0, 1, 2, 0],
      [3, 4, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  test("pools: ones; held, one word for all taps; one record for all channels", () => {
    const bias = Int32Array.of(-7);
    const layer = operator({
      bias,
      multiplier: Int32Array.of(9),
      shift: Uint32Array.of(3),
      weightZeroPoint: 0,
    });
    const held = phase({ kind: "serial", operator: layer, oneWord: true, oneRecord: true, kernel: [7, 7] });
    expect(wordsOf(hardware, held)).toEqual([[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]]);
    const bytes = new Uint8Array(64);
    writeSegment(bytes, hardware, { ...held, segment: { offset: 0, groups: 1, bytes: 64, coding: null } });
    expect(isChecked(bytes)).toBe(true);
    const parameters = [...new Int32Array(bytes.buffer, 0, 12)].map((word, i) =>
      i < 8 ? word : word & ~CHECK,
    );
    expect(parameters).toEqual([-7, -7, -7, -7, 9, 9, 9, 9, 3, 3, 3, 3]);
    const taps = wordsOf(hardware, { kind: "serial", operator: layer, kernel: [1, 3] });
    expect(taps).toEqual([[1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0]]);
  });

  test("re-centred weights of legacy networks: w = (w - zw) + zw", () => {
    const weights = Int16Array.of(-255, 255, 0);
    const layer = (zero: number, w: number) =>
      wordsOf(hardware, {
        operator: operator({ weights: Int16Array.of(w), weightZeroPoint: zero }),
        inputChannels: 1,
        groups: 1,
      })[0]?.slice(0, 2);
    expect(layer(127, weights[0]!)).toEqual([-128, 127]);
    expect(layer(-128, weights[1]!)).toEqual([127, -128]);
  });
});

describe("input and output", () => {
  const values = Int8Array.from({ length: 18 }, (_, i) => i - 9);

  test("dense pixels in padded rows", () => {
    const bytes = new Int8Array(inputImage(plan([]), values).buffer);
    expect([...bytes]).toEqual([
      ...[-9, -8, -7, -6, -5, -4, -3, -2, -1],
      ...new Array<number>(7).fill(0),
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8],
      ...new Array<number>(7).fill(0),
    ]);
    expect(() => inputImage(plan([]), values.subarray(1))).toThrow("an input of 17 values");
  });
});
