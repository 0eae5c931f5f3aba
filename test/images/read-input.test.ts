import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { picturesOf } from "../../src/3-quantise/preprocess.ts";
import { readInput } from "../../src/images/read-input.ts";
import { InputError } from "../../src/ir/errors.ts";
import type { IntMap } from "../../src/ir/integer.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-images-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function input(part: Partial<IntMap>): IntMap {
  return {
    id: 0,
    name: "input",
    height: 2,
    width: 2,
    channels: 3,
    scale: 1 / 128,
    zeroPoint: 0,
    dtype: "uint8",
    ...part,
  };
}

/** A network that reads the map. */
const graphOf = (map: IntMap) => ({ maps: new Map([[map.id, map]]), input: map.id });

/** With every pixel stored as it is. */
const readStored = (path: string, map: IntMap) =>
  readInput(path, { ...graphOf(map), preprocess: picturesOf({}, map) });

async function codeOf(path: string, map: IntMap): Promise<string> {
  try {
    await readStored(path, map);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map((p) => p.code).join();
    throw error;
  }
  return "no error";
}

/** A smooth colour picture, noisy enough to fill a few kilobytes. */
function drawn(width: number, height: number): Buffer {
  return Buffer.from(
    Array.from({ length: width * height }, (_, i) => [(i * 7) % 256, (i * 13) % 256, (i * i) % 256]).flat(),
  );
}

const four = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]);
const png = (data: Buffer, width: number, height: number) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

describe("a picture cut from the centre", () => {
  it("keeps its pixels when the shorter side has the wanted size", async () => {
    const preprocess = { mean: [0], std: [1], channelOrder: "rgb", resize: 4 } as const;
    const data = drawn(7, 4);
    const path = file("centre.png", await png(data, 7, 4));
    const { values } = await readInput(path, {
      ...graphOf(input({ scale: 1, zeroPoint: -128 })),
      preprocess,
    });
    // Corner at row 1, column floor((7 - 2) / 2) = 2.
    const rows = [1, 2].map((y) => data.subarray((y * 7 + 2) * 3, (y * 7 + 4) * 3));
    expect(values).toEqual(Int8Array.from(Buffer.concat(rows), (p) => p - 128));
  });

  it("is resized until its shorter side has the wanted size", async () => {
    const preprocess = { mean: [0], std: [1], channelOrder: "grey", resize: 4 } as const;
    const path = file("large.png", await png(Buffer.alloc(16 * 8 * 3, 90), 16, 8));
    const map = input({ scale: 1, zeroPoint: -128, channels: 1 });
    expect((await readInput(path, { ...graphOf(map), preprocess })).values).toEqual(
      new Int8Array(4).fill(90 - 128),
    );
  });
});

it("stretches a picture to a width and height before the cut", async () => {
  const rule = { mean: [0], std: [1], channelOrder: "rgb" } as const;
  // a left half of 40 and a right one of 200; the triangle mixes an eighth of the other half into pixels beside the middle
  const row = [40, 40, 40, 40, 200, 200, 200, 200].flatMap((v) => [v, v, v]);
  const path = file("stretch.png", await png(Buffer.from([row, row].flat()), 8, 2));
  const map = input({ scale: 1, zeroPoint: -128 });
  const pixels = async (resize: readonly [number, number]) => {
    const { values } = await readInput(path, { ...graphOf(map), preprocess: { ...rule, resize } });
    return [...values].map((value) => value + 128);
  };
  const mixed = [60, 60, 60, 180, 180, 180];
  expect(await pixels([2, 2])).toEqual([...mixed, ...mixed]);
  expect(await pixels([4, 2])).toEqual([...mixed, ...mixed]);
  const sharp = [40, 40, 40, 200, 200, 200];
  expect(await pixels([8, 2])).toEqual([...sharp, ...sharp]);
});

describe("raw tensors", () => {
  it("re-centres uint8 bytes and keeps int8 bytes", async () => {
    const path = file("raw.bin", Uint8Array.of(0, 127, 128, 255));
    const map = { channels: 1 };
    expect((await readStored(path, input(map))).values).toEqual(Int8Array.of(-128, -1, 0, 127));
    expect((await readStored(path, input({ ...map, dtype: "int8" }))).values).toEqual(
      Int8Array.of(0, 127, -128, -1),
    );
  });

  it("tells expected and found bytes", async () => {
    const path = file("short.bin", "123");
    await expect(readStored(path, input({}))).rejects.toThrow(
      `input-size: ${path}: found 3 bytes; supported: 12 bytes: 2x2x3 uint8 values, NHWC; fix:`,
    );
  });
});

describe("raw tensors of several inputs", () => {
  const maps = [
    input({ id: 0, name: "a", height: 1, width: 1, channels: 2 }),
    input({ id: 1, name: "b", dtype: "int8", height: 1, width: 1, channels: 1, scale: 0.5, zeroPoint: -3 }),
  ];
  const rule = { maps: new Map(maps.map((map) => [map.id, map])), input: 0, furtherInputs: [1] };

  it("lie one behind the other, in the model's own types or as integers", async () => {
    const whole = file("whole.bin", Uint8Array.of(0, 255, 0xfe));
    expect(await readInput(whole, rule)).toEqual({ values: Int8Array.of(-128, 127, -2), left: [] });
    const floats = { ...rule, floatInputs: [1] };
    expect((await readInput(whole, floats)).values).toEqual(Int8Array.of(-128, 127, -2));
    // 1.25 / 0.5 is a tie: TFLite goes away from zero, ONNX to the even
    const real = file(
      "real.bin",
      Buffer.concat([Buffer.of(0, 255), Buffer.from(Float32Array.of(1.25).buffer)]),
    );
    expect((await readInput(real, floats)).values).toEqual(Int8Array.of(-128, 127, 0));
    expect((await readInput(real, { ...floats, rounding: "float32" })).values).toEqual(
      Int8Array.of(-128, 127, -1),
    );
  });

  it("are zero where a file has the first alone", async () => {
    const first = file("first.bin", Uint8Array.of(1, 2));
    expect(await readInput(first, rule)).toEqual({ values: Int8Array.of(-127, -126, -3), left: ["b"] });
  });

  it("tell what is expected of each", async () => {
    const path = file("odd.bin", Uint8Array.of(1));
    await expect(readInput(path, { ...rule, floatInputs: [1] })).rejects.toThrow(
      /found 1 bytes; supported: 2 bytes: 1x1x2 uint8 values, NHWC; behind it 4 bytes: 1x1x1 float32 values, or 1 bytes of int8 values, NHWC;/,
    );
  });
});

describe("pictures", () => {
  it("gives a PNG of the network's size pixel by pixel, whatever its name", async () => {
    const path = file("picture.txt", await png(four, 2, 2));
    expect((await readStored(path, input({}))).values).toEqual(Int8Array.from(four, (p) => p - 128));
  });

  it("normalises, swaps to BGR and quantises", async () => {
    const path = file("pixel.png", await png(Buffer.from([200, 100, 50]), 1, 1));
    const map = input({ height: 1, width: 1, scale: 0.05, zeroPoint: -10, dtype: "int8" });
    const preprocess = { mean: [50, 100, 150], std: [100, 50, 10], channelOrder: "bgr" } as const;
    // B 50: 0 steps; G 100: 0; R 200: (200 - 150) / 10 / 0.05 = 100; then - 10
    expect((await readInput(path, { ...graphOf(map), preprocess })).values).toEqual(
      Int8Array.of(-10, -10, 90),
    );
    // one entry for all channels; 0.5 / 0.05 = 10; -50 / 0.05 saturates
    const shared = { mean: [100], std: [1], channelOrder: "rgb" } as const;
    expect((await readInput(path, { ...graphOf(map), preprocess: shared })).values).toEqual(
      Int8Array.of(127, -10, -128),
    );
  });

  it("averages down with a triangle until the network's size is covered, then cuts out the centre", async () => {
    // 8x4: left and right quarters black, the centre square a left half of 40 and a right half of 200.
    const row = [0, 0, 40, 40, 200, 200, 0, 0].flatMap((v) => [v, v, v]);
    const path = file("wide.png", await png(Buffer.from([row, row, row, row].flat()), 8, 4));
    const { values } = await readStored(path, input({}));
    const pixels = [...values].map((v) => v + 128);
    expect(pixels.slice(0, 6)).toEqual(pixels.slice(6));
    // Triangle over four pixels, weights 1 3 3 1 of 8: (0 + 3 * 40 + 3 * 40 + 200) / 8 and (40 + 1200 + 0) / 8.
    expect(pixels.slice(0, 6)).toEqual([55, 55, 55, 155, 155, 155]);
  });

  it("makes one grey channel from colours, and colours from grey", async () => {
    const grey = file(
      "grey.png",
      await sharp(await png(four, 2, 2))
        .greyscale()
        .png()
        .toBuffer(),
    );
    const colour = file("colour.png", await png(Buffer.from([90, 90, 90]), 1, 1));
    const one = input({ height: 1, width: 1 });
    expect((await readStored(colour, { ...one, channels: 1 })).values).toEqual(Int8Array.of(-38));
    const spread = (await readStored(grey, input({}))).values;
    expect(spread.length).toBe(12);
    expect(new Set(spread.slice(0, 3)).size).toBe(1);
  });

  it("drops alpha over black and reads 16-bit PNG", async () => {
    const transparent = await sharp(Buffer.from([200, 100, 50, 0]), {
      raw: { width: 1, height: 1, channels: 4 },
    })
      .png()
      .toBuffer();
    const deep = await sharp(Buffer.from([200, 100, 50]), { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    const one = input({ height: 1, width: 1 });
    const read = async (name: string, bytes: Buffer) =>
      [...(await readStored(file(name, bytes), one)).values].map((v) => v + 128);
    expect(await read("transparent.png", transparent)).toEqual([0, 0, 0]);
    expect(await read("deep.png", deep)).toEqual([200, 100, 50]);
  });

  it("reads a JPEG to within its compression error", async () => {
    const flat = Buffer.alloc(16 * 16 * 3, Buffer.from([180, 90, 40]));
    const jpeg = await sharp(flat, { raw: { width: 16, height: 16, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const { values } = await readStored(file("flat.jpg", jpeg), input({}));
    [180, 90, 40].forEach((v, c) => expect(Math.abs(values[c]! + 128 - v)).toBeLessThanOrEqual(3));
  });

  it("refuses pictures for an input that is neither grey nor colour", async () => {
    expect(await codeOf(file("p.png", await png(four, 2, 2)), input({ channels: 4 }))).toBe(
      "picture-channels",
    );
  });
});

describe("files that are no input", () => {
  it("names each fault by its code", async () => {
    const whole = await png(drawn(64, 64), 64, 64);
    const jpeg = await sharp(drawn(64, 64), { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    expect(await codeOf(join(folder, "absent.png"), input({}))).toBe("missing-file");
    expect(await codeOf(join(file("plain", "x"), "below.png"), input({}))).toBe("missing-file");
    expect(await codeOf(folder, input({}))).toBe("not-a-file");
    expect(await codeOf(file("empty.png", ""), input({}))).toBe("empty-file");
    expect(await codeOf(file("empty.bin", ""), input({}))).toBe("empty-file");
    expect(await codeOf(file("note.png", "hello"), input({}))).toBe("unknown-format");
    expect(await codeOf(file("half.png", whole.subarray(0, whole.length / 2)), input({}))).toBe(
      "broken-picture",
    );
    expect(await codeOf(file("half.jpg", jpeg.subarray(0, jpeg.length / 2)), input({}))).toBe(
      "broken-picture",
    );
    expect(await codeOf(file("cut.bmp", "BM1234"), input({}))).toBe("broken-picture");
  });
});
