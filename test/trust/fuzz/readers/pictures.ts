/** Pictures and raw tensors. A PNG's pieces get a new checksum after the damage, or they would never be read. */
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { load } from "../../../../src/index.ts";
import { readInput } from "../../../../src/images/read-input.ts";
import { once } from "../../../../src/targets/once.ts";
import { Random } from "../../random.ts";
import { joined } from "../bytes.ts";
import { alone, bytesOf, treeOf, type Reader } from "../reader.ts";
import type { Tree } from "../tree.ts";

const SIDE = 12;

const network = once(() => load("pictures"));

export const pictureReader: Reader = {
  name: "picture",
  share: 10,
  seeds: async () => {
    const draw = new Random(3);
    const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => draw.below(256));
    const raw = { raw: { width: SIDE, height: SIDE, channels: 3 as const } };
    const jpeg = await sharp(pixels, raw).jpeg().toBuffer();
    const progressive = await sharp(pixels, raw).jpeg({ progressive: true }).toBuffer();
    const interlaced = await sharp(pixels, raw).png({ progressive: true, palette: true }).toBuffer();
    const map = (await network()).maps.get((await network()).input);
    const values = (map?.height ?? 1) * (map?.width ?? 1) * (map?.channels ?? 1);
    return [
      alone("picture.png", treeOf(png(pixels), writePng)),
      alone("picture.png", bytesOf(interlaced)),
      alone("picture.jpg", bytesOf(jpeg)),
      alone("picture.jpg", bytesOf(progressive)),
      alone("picture.bmp", treeOf(bmp(pixels), writeBmp)),
      alone("tensor.bin", bytesOf(new Uint8Array(values))),
    ];
  },
  read: async (path) => {
    await readInput(path, await network());
  },
};

interface Png {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlace: number;
  readonly rows: Uint8Array;
  /** Rows of zeros behind the picture's own, which compress to nothing. */
  readonly more: number;
}

/** More would only make the writer slow. */
const MOST_BYTES = 2 ** 27;

function png(pixels: Uint8Array): Png {
  const stride = SIDE * 3;
  const rows = joined(
    ...Array.from({ length: SIDE }, (_, y) => [
      Uint8Array.of(0),
      pixels.subarray(y * stride, (y + 1) * stride),
    ]).flat(),
  );
  return { width: SIDE, height: SIDE, depth: 8, colour: 2, interlace: 0, rows, more: 0 };
}

function writePng(tree: Tree): Uint8Array {
  const { colour, depth, height, interlace, more, rows, width } = tree as unknown as Png;
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([depth, colour, 0, 0, interlace], 8);
  const zeros = new Uint8Array(Math.min(Math.max(0, Math.trunc(more * width * 3) || 0), MOST_BYTES));
  return joined(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(joined(rows, zeros), { level: 1 })),
    chunk("IEND", new Uint8Array()),
  );
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined(new TextEncoder().encode(type), data);
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, data.length);
  ends.setUint32(4, crc32(body));
  const bytes = new Uint8Array(ends.buffer);
  return joined(bytes.subarray(0, 4), body, bytes.subarray(4));
}

interface Bmp {
  readonly offset: number;
  readonly header: number;
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
  readonly colours: number;
  readonly pixels: Uint8Array;
}

function bmp(pixels: Uint8Array): Bmp {
  return { offset: 54, header: 40, width: SIDE, height: SIDE, bits: 24, compression: 0, colours: 0, pixels };
}

function writeBmp(tree: Tree): Uint8Array {
  const { bits, colours, compression, header, height, offset, pixels, width } = tree as unknown as Bmp;
  const head = new Uint8Array(54);
  head.set([0x42, 0x4d]);
  const view = new DataView(head.buffer);
  view.setUint32(10, offset, true);
  view.setUint32(14, header, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, colours, true);
  return joined(head, pixels);
}
