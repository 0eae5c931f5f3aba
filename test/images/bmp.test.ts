import { encode } from "bmp-ts";
import { describe, expect, it } from "vitest";
import { decodeBmp, isBmp } from "../../src/images/bmp.ts";

/** BITMAPINFOHEADER file: `pixels` as stored (bottom row first unless the height is negative). */
function bitmap(
  width: number,
  height: number,
  bits: number,
  pixels: readonly number[],
  palette: readonly number[] = [],
): Buffer {
  const header = Buffer.alloc(54);
  header.write("BM", "latin1");
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(palette.length / 4, 46);
  return Buffer.concat([header, Buffer.from(palette), Buffer.from(pixels)]);
}

const blackRedWhite = [0, 0, 0, 0, 0, 0, 255, 0, 255, 255, 255, 0];
const [black, red, white] = [
  [0, 0, 0],
  [255, 0, 0],
  [255, 255, 255],
] as const;

describe("decodeBmp", () => {
  it("reads 24 bits, rows padded to four bytes, bottom row first", () => {
    const rows = [
      [3, 2, 1, 6, 5, 4, 9, 8, 7, 0, 0, 0],
      [30, 20, 10, 60, 50, 40, 90, 80, 70, 0, 0, 0],
    ].flat();
    const expected = [10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect([...decodeBmp(bitmap(3, 2, 24, rows)).data]).toEqual(expected);
    expect([...decodeBmp(bitmap(3, -2, 24, rows)).data]).toEqual([
      ...expected.slice(9),
      ...expected.slice(0, 9),
    ]);
  });

  it("reads 32 bits and drops alpha", () => {
    expect([...decodeBmp(bitmap(1, 1, 32, [3, 2, 1, 77])).data]).toEqual([1, 2, 3]);
  });

  it("reads 8, 4 and 1 bits through the colour table, odd widths too", () => {
    expect([...decodeBmp(bitmap(3, 1, 8, [2, 1, 0, 0], blackRedWhite)).data]).toEqual([
      ...white,
      ...red,
      ...black,
    ]);
    expect([...decodeBmp(bitmap(3, 2, 4, [0x01, 0x20, 0, 0, 0x21, 0, 0, 0], blackRedWhite)).data]).toEqual([
      ...[...white, ...red, ...black],
      ...[...black, ...red, ...white],
    ]);
    const two = blackRedWhite.slice(0, 8);
    expect([...decodeBmp(bitmap(9, 1, 1, [0b01000001, 0x80, 0, 0], two)).data]).toEqual(
      [0, 1, 0, 0, 0, 0, 0, 1, 1].flatMap((i) => [...(i ? red : black)]),
    );
  });

  it("reads what another encoder wrote", () => {
    const abgr = Buffer.from(Array.from({ length: 5 * 3 }, (_, i) => [0, i, i * 2, i * 3]).flat());
    const { data } = encode({ data: abgr, width: 5, height: 3, bitPP: 24 });
    const picture = decodeBmp(data);
    expect([picture.width, picture.height]).toEqual([5, 3]);
    expect([...picture.data]).toEqual(Array.from({ length: 15 }, (_, i) => [i * 3, i * 2, i]).flat());
  });

  it("says what is wrong", () => {
    expect(() => decodeBmp(Buffer.from("BM"))).toThrow("the header is cut off");
    expect(() => decodeBmp(bitmap(3, 2, 24, [1, 2, 3]))).toThrow(
      "57 bytes where its header announces 78 (truncated)",
    );
    expect(() => decodeBmp(bitmap(0, 2, 24, []))).toThrow("a size of 0x2 pixels");
    expect(() => decodeBmp(bitmap(2 ** 20, 2 ** 20, 24, []))).toThrow("a size of 1048576x1048576");
    expect(() => decodeBmp(bitmap(1, 1, 16, [0, 0, 0, 0]))).toThrow("16 bits a pixel");
    expect(() => decodeBmp(bitmap(1, 1, 8, [7, 0, 0, 0], blackRedWhite))).toThrow("colour 7");
    const rle = bitmap(1, 1, 8, [0, 0, 0, 0], blackRedWhite);
    rle.writeUInt32LE(1, 30);
    expect(() => decodeBmp(rle)).toThrow("compression 1");
  });

  it("tells a bitmap by its first bytes", () => {
    expect(isBmp(bitmap(1, 1, 24, [0, 0, 0, 0]))).toBe(true);
    expect(isBmp(Buffer.from("PNG"))).toBe(false);
  });
});
