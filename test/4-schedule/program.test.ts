import { describe, expect, test } from "vitest";
import { programWords } from "../../src/4-schedule/program.ts";
import { block, convBlock, destination, operator, phase, plan, source } from "../codegen/plan.ts";

const hex = (words: Uint32Array | readonly number[]): readonly string[] =>
  Array.from(words, (value) => value.toString(16));

describe("programWords", () => {
  test("one convolution block, word for word", () => {
    const words = programWords(plan([convBlock()]));
    expect(words.length).toBe(128);
    expect(hex(words.subarray(0, 8))).toEqual(["314b4246", "1", "80404", "200", "0", "0", "0", "0"]);
    expect(words.subarray(8, 64).every((value) => value === 0)).toBe(true);
    const descriptor = words.subarray(64);
    // 9 bytes a row are 2 beats of 8; 2 rows; 2 line-buffer words, 2 slots.
    expect(hex(descriptor.subarray(0, 8))).toEqual(["1", "0", "10", "20002", "20002", "0", "0", "0"]);
    // segment 0 at 0x200, 2 groups of 1 word; zw = 2; one pass.
    expect(hex(descriptor.subarray(8, 16))).toEqual(["200", "10002", "0", "0", "0", "0", "2", "1"]);
    // 2 rows in strips of 1; one chunk a row of 24 bytes = 3 beats.
    expect(hex(descriptor.subarray(16, 24))).toEqual(["2", "0", "20", "10002", "10001", "8", "30003", "8"]);
    expect(hex(descriptor.subarray(24, 28))).toEqual(["1", "2", "20000", "0"]);
    expect(hex(descriptor.subarray(28, 40))).toEqual([
      "0",
      "30002",
      "30002",
      "1010101",
      "fd0000",
      "10004",
      "20002",
      "10001",
      "20002",
      "40000",
      "0",
      "648080",
    ]);
    expect(descriptor.subarray(40, 52).every((value) => value === 0)).toBe(true);
    // no residual, no pool: only the groups of the layer
    expect(hex(descriptor.subarray(52, 53))).toEqual(["20000"]);
    expect(descriptor.subarray(53).every((value) => value === 0)).toBe(true);
  });

  test("a pack phase counts bytes, and segment 1 belongs to the phase behind it", () => {
    const pack = phase({
      kind: "pack",
      kernel: [3, 3],
      stride: [2, 2],
      padTop: 1,
      padLeft: 1,
      zeroPoint: -1,
      sourcePitch: 3,
      wordsPerPixel: 4,
      destinationPitch: 32,
      groups: 1,
      tileGroups: 1,
      inputWidth: 7,
    });
    const layer = operator({ weights: new Int16Array(5 * 27), weightZeroPoint: -5 });
    const conv = phase({
      operator: layer,
      packed: true,
      inputChannels: 27,
      wordsPerGroup: 7,
      segment: { offset: 768, groups: 2, bytes: 320 },
    });
    const descriptor = programWords(plan([block({ phases: [pack, conv], producer: 3 })])).subarray(64);
    expect(hex(descriptor.subarray(4, 8))).toEqual(["20002", "4", "0", "0"]);
    // groups 0 for the pack phase; zw = -5 in bits 19:10.
    expect(hex(descriptor.subarray(8, 16))).toEqual(["0", "0", "300", "70002", "0", "0", "fec00", "1"]);
    expect(hex(descriptor.subarray(24, 28))).toEqual(["2", "e0000", "0", "2"]);
    expect(hex(descriptor.subarray(28, 40))).toEqual([
      "3",
      "30002",
      "150002", // 7 pixels of 3 bytes
      "6020903", // kw 9, sx 6
      "ff0301", // pad left 3
      "40001",
      "10001",
      "10001",
      "20002",
      "60020",
      "3",
      "7f8000",
    ]);
  });

  test("tiles write a part of each pixel; a streamed segment may pass 65535 words", () => {
    const layer = operator({ weights: new Int16Array(0), weightZeroPoint: 0 });
    const tiled = phase({
      operator: layer,
      groups: 5,
      tileGroups: 2,
      stripRows: 2,
      wordsPerGroup: 16384,
      segment: { offset: 512, groups: 5, bytes: 0 },
    });
    const place = {
      ...destination,
      pixelPitch: 24,
      rowPitch: 80,
      channels: 18,
      region: "workspace" as const,
    };
    const descriptor = programWords(
      plan([block({ phases: [tiled], streamed: true, passes: 3, destination: place })]),
    ).subarray(64);
    expect(descriptor[15]).toBe(3);
    // 3 chunks a row, 3 tiles; stride 24; 1 beat each, the last tile one group = 4 bytes = 1 beat; tile stride 8.
    expect(hex(descriptor.subarray(16, 24))).toEqual(["3", "0", "50", "20002", "30003", "18", "10001", "8"]);
    // 5 * 16384 = 0x14000
    expect(hex(descriptor.subarray(24, 28))).toEqual(["11", "4000", "50000", "0"]);
  });

  test.each([
    [3, 21845, "ffff"],
    [2, 32768, "0"],
    [3, 21846, "2"],
    [5, 39323, "7"],
  ])("%i groups of %i words are told modulo 2^16, in their own slot", (groups, words, told) => {
    const part = { segment: { offset: 512, groups, bytes: 0 }, wordsPerGroup: words };
    const layer = operator({ weights: new Int16Array(0), weightZeroPoint: 0 });
    const phases = [phase({ operator: layer, ...part, groups: 1, tileGroups: 1 })];
    const place = { ...destination, pixelPitch: 4, channels: 4 };
    const descriptor = programWords(plan([block({ phases, streamed: true, destination: place })])).subarray(
      64,
    );
    expect(hex(descriptor.subarray(25, 28))).toEqual([told, `${groups}0000`, "0"]);
  });

  test("refuses results that do not fill the pixel pitch, and tiles off the bus beat", () => {
    const wide = block({ destination: { ...destination, pixelPitch: 16 } });
    expect(() => programWords(plan([wide]))).toThrow("layer: 2 result groups of 4 bytes");
    const odd = block({ phases: [phase({ groups: 2, tileGroups: 1 })] });
    expect(() => programWords(plan([odd]))).toThrow("tiles of 4 bytes in pixels of 8");
  });

  test("names block, phase and field of a value that does not fit", () => {
    const bad = block({ phases: [phase({}), phase({ padLeft: 300 })] });
    expect(() => programWords(plan([bad]))).toThrow(
      "layer: phase 1: padding left is 300, its field holds 0 to 255",
    );
    const far = block({ source: { ...source, width: 400_000 } });
    expect(() => programWords(plan([far]))).toThrow("layer: source beats a row is 150000");
  });
});
