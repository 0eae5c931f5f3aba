import { describe, expect, test } from "vitest";
import { hardwareIdentity } from "../../src/4-schedule/identity.ts";
import type { Plan, SegmentCoding } from "../../src/4-schedule/plan.ts";
import { programWords } from "../../src/4-schedule/program.ts";
import { decodeDescriptor, resultWords, type Descriptor } from "../../src/format/descriptor.ts";
import { decode, zeros } from "../../src/format/fields.ts";
import { HEADER_BYTES, headerWords, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { block, convBlock, destination, operator, phase, plan, source } from "../codegen/plan.ts";

const descriptorOf = (plan: Plan): Descriptor =>
  decodeDescriptor(programWords(plan), HEADER_BYTES / 4, plan.hardware.lineBuffers.length > 2 ? 3 : 2);

describe("programWords", () => {
  test("one convolution block, field for field", () => {
    const words = programWords(plan([convBlock()]));
    expect(words.byteLength).toBe(512);
    expect(decode(headerWords, words)).toEqual({
      magic: PROGRAM_MAGIC,
      blocks: 1,
      keptFrom: 0,
      keptTo: 0,
      lanes: 4,
      multipliers: 4,
      busBytes: 8,
      third: 0,
      check: expect.any(Number) as number,
      identity: hardwareIdentity(plan([convBlock()])),
    });
    expect(words.subarray(headerWords.length, HEADER_BYTES / 4).every((value) => value === 0)).toBe(true);
    expect(descriptorOf(plan([convBlock()]))).toEqual({
      // 9 bytes a row are 2 beats of 8; 2 rows; 2 line-buffer words, 2 slots.
      rowReader: {
        region: 1,
        onChip: 0,
        offset: 0,
        rowPitch: 16,
        beats: 2,
        rows: 2,
        rowWords: 2,
        slots: 2,
        producer: 0,
        waits: 0,
        lastBank: 0,
      },
      // 2 groups of 1 word, zw = 2; the other segments have none.
      weightLoader: {
        offset0: 512,
        groups0: 2,
        words0: 1,
        zero0: 2,
        offset1: 0,
        groups1: 0,
        words1: 0,
        zero1: 0,
        offset2: 0,
        groups2: 0,
        words2: 0,
        zero2: 0,
        weightLoads: 1,
        tables: 0,
        tablesAfter: 0,
        coded0: 0,
        coded1: 0,
        coded2: 0,
      },
      // 2 rows in strips of 1; one chunk a row of 24 bytes = 3 beats.
      rowWriter: {
        region: 2,
        onChip: 0,
        offset: 0,
        rowPitch: 32,
        rows: 2,
        stripRows: 1,
        chunks: 1,
        tiles: 1,
        chunkStride: 8,
        beats: 3,
        lastBeats: 3,
        tileStride: 8,
      },
      sequencer: {
        phases: 1,
        streamed: 0,
        words0: 2,
        words1: 0,
        words2: 0,
        groups0: 2,
        groups1: 0,
        groups2: 0,
      },
      phases: [
        {
          kind: 0,
          oneWord: 0,
          oneRecord: 0,
          maximum: 0,
          edgeRecords: 0,
          pixelChunks: 0,
          haloRows: 0,
          rows: 2,
          width: 3,
          inRows: 2,
          inWidth: 3,
          kh: 1,
          kw: 1,
          sy: 1,
          sx: 1,
          padTop: 0,
          padLeft: 0,
          zero: -3,
          activation: 0,
          centreSteps: 0,
          pitch: 4,
          pixelWords: 1,
          groups: 2,
          tileGroups: 2,
          stripRows: 1,
          groupWords: 1,
          rowWords: 2,
          slots: 2,
          dstPitch: 0,
          colStep: 4,
          padBytes: 0,
          lastBank: 0,
          outZero: -128,
          low: -128,
          high: 100,
          centreGroups: 0,
        },
      ],
      // no residual, no pool: only the groups of the layer
      results: { ...zeros(resultWords), groups: 2 },
    });
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
      readsPatches: true,
      inputChannels: 27,
      wordsPerGroup: 7,
      segment: { offset: 768, groups: 2, bytes: 320, coding: null },
    });
    const { phases, rowReader, sequencer, weightLoader } = descriptorOf(
      plan([block({ phases: [pack, conv], producer: 3 })]),
    );
    expect(rowReader).toMatchObject({ rowWords: 2, slots: 2, producer: 4, waits: 0, lastBank: 0 });
    // groups 0 for the pack phase
    expect(weightLoader).toMatchObject({ offset0: 0, groups0: 0, words0: 0, zero0: 0 });
    expect(weightLoader).toMatchObject({ offset1: 768, groups1: 2, words1: 7, zero1: -5 });
    expect(weightLoader).toMatchObject({ offset2: 0, groups2: 0, words2: 0, zero2: 0, weightLoads: 1 });
    expect(sequencer).toMatchObject({ phases: 2, words0: 0, words1: 14, words2: 0 });
    expect(sequencer).toMatchObject({ groups0: 0, groups1: 2, groups2: 0 });
    // 7 pixels of 3 bytes
    expect(phases[0]).toMatchObject({ kind: 3, rows: 2, width: 3, inRows: 2, inWidth: 21 });
    expect(phases[0]).toMatchObject({ kh: 3, kw: 9, sy: 2, sx: 6, padTop: 1, padLeft: 3, zero: -1 });
    expect(phases[0]).toMatchObject({ pitch: 1, pixelWords: 4, groups: 1, tileGroups: 1 });
    expect(phases[0]).toMatchObject({ stripRows: 1, groupWords: 1, rowWords: 2, slots: 2 });
    expect(phases[0]).toMatchObject({ dstPitch: 32, colStep: 6, padBytes: 3, lastBank: 0 });
    expect(phases[0]).toMatchObject({ outZero: 0, low: -128, high: 127, centreGroups: 0 });
  });

  test("tiles write a part of each pixel; a streamed segment may pass 65535 words", () => {
    const layer = operator({ weights: new Int16Array(0), weightZeroPoint: 0 });
    const tiled = phase({
      operator: layer,
      groups: 5,
      tileGroups: 2,
      stripRows: 2,
      wordsPerGroup: 16384,
      segment: { offset: 512, groups: 5, bytes: 0, coding: null },
    });
    const place = {
      ...destination,
      pixelPitch: 24,
      rowPitch: 80,
      channels: 18,
      region: "workspace" as const,
    };
    const { rowWriter, sequencer, weightLoader } = descriptorOf(
      plan([block({ phases: [tiled], streamed: true, weightLoads: 3, destination: place })]),
    );
    expect(weightLoader.weightLoads).toBe(3);
    // the last tile is one group = 4 bytes = 1 beat
    expect(rowWriter).toEqual({
      region: 3,
      onChip: 0,
      offset: 0,
      rowPitch: 80,
      rows: 2,
      stripRows: 2,
      chunks: 3,
      tiles: 3,
      chunkStride: 24,
      beats: 1,
      lastBeats: 1,
      tileStride: 8,
    });
    expect(sequencer).toMatchObject({ phases: 1, streamed: 1, words0: (5 * 16384) % 2 ** 16, groups0: 5 });
  });

  test("a coded segment is told by its beats, the low half first", () => {
    const layer = operator({ weights: new Int16Array(0), weightZeroPoint: 0 });
    const coding = {} as SegmentCoding;
    const coded = phase({ operator: layer, segment: { offset: 512, groups: 2, bytes: 8 * 70_000, coding } });
    expect(descriptorOf(plan([block({ phases: [coded] })])).weightLoader).toMatchObject({
      ...{ offset0: 512, groups0: 70_000 - 65_536, words0: 1, coded0: 1 },
    });
  });

  test.each([
    [3, 21845, 65535],
    [2, 32768, 0],
    [3, 21846, 2],
    [5, 39323, 7],
  ])("%i groups of %i words are told modulo 2^16, in their own slot", (groups, words, told) => {
    const part = { segment: { offset: 512, groups, bytes: 0, coding: null }, wordsPerGroup: words };
    const layer = operator({ weights: new Int16Array(0), weightZeroPoint: 0 });
    const phases = [phase({ operator: layer, ...part, groups: 1, tileGroups: 1 })];
    const place = { ...destination, pixelPitch: 4, channels: 4 };
    const { sequencer } = descriptorOf(plan([block({ phases, streamed: true, destination: place })]));
    expect(sequencer).toMatchObject({
      words0: told,
      words1: 0,
      words2: 0,
      groups0: groups,
      groups1: 0,
      groups2: 0,
    });
  });

  test("refuses results that do not fill the pixel pitch, and tiles off the bus beat", () => {
    const narrow = block({ destination: { ...destination, pixelPitch: 4 } });
    expect(() => programWords(plan([narrow]))).toThrow("layer: 2 result groups of 4 bytes");
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
