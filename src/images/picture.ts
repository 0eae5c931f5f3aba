import type { Sharp } from "sharp";
import { InputError } from "../ir/errors.ts";
import type { PictureSize } from "../ir/graph.ts";
import type { IntMap } from "../ir/integer.ts";
import { notForPictures } from "../ir/picture-input.ts";
import { hex } from "../platform/bytes.ts";
import { library } from "../platform/library.ts";
import { decodeBmp, isBmp } from "./bmp.ts";
import { READABLE_INPUTS } from "./read-file.ts";
import { item } from "../ir/known.ts";

/**
 * A JPEG, PNG or BMP picture as pixels of the network's size, [H, W, C] with C = 1 (grey) or 3 (R, G, B).
 *
 * The picture is resized with its aspect kept until it just covers the network's size, with a linear kernel that
 * averages when it shrinks, and the centre is cut out. Orientation tags are obeyed; transparency is laid on black.
 * `resize` is another size for that: see PictureSize. The corner of the cut is rounded down. A picture that has the size
 * already keeps its pixels.
 * `path` only names the picture in errors; the format is told from its first bytes.
 */
export async function readPicture(
  bytes: Uint8Array,
  path: string,
  map: Pick<IntMap, "height" | "width" | "channels">,
  resize?: PictureSize,
): Promise<Uint8Array> {
  const unfit = notForPictures(map);
  if (unfit !== undefined) {
    throw new InputError({
      code: "picture-channels",
      node: path,
      found: `a picture for ${unfit}`,
      supported: "pictures for inputs of 1 (grey) or 3 (colour) channels",
      fix: "give the input as a raw .bin tensor",
    });
  }
  const pipeline = open(bytes, path)
    .resize({ ...resized(map, resize), position: "centre", kernel: "linear", fastShrinkOnLoad: false })
    .toColourspace(map.channels === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" });
  try {
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    return centre(data, info, map);
  } catch (error) {
    throw broken(path, error);
  }
}

/** How a picture comes to its size, as sharp names it. */
function resized({ height, width }: Pick<IntMap, "height" | "width">, size: PictureSize | undefined) {
  if (size === undefined) return { width, height, fit: "cover" } as const;
  if (typeof size !== "number") return { width: size[0], height: size[1], fit: "fill" } as const;
  // never less than what is cut out
  const side = Math.max(size, width, height);
  return { width: side, height: side, fit: "outside" } as const;
}

function open(bytes: Uint8Array, path: string): Sharp {
  const sharp = library("sharp");
  if (isBmp(bytes)) {
    try {
      const { width, height, data } = decodeBmp(bytes);
      return sharp(data, { raw: { width, height, channels: 3 } });
    } catch (error) {
      throw broken(path, error);
    }
  }
  if (isJpeg(bytes) || isPng(bytes)) {
    return sharp(bytes, { failOn: "error" }).autoOrient().flatten({ background: "#000000" });
  }
  throw new InputError({
    code: "unknown-format",
    node: path,
    found: `a file that starts with the bytes ${hex(bytes.subarray(0, 4))}`,
    supported: READABLE_INPUTS,
    fix: "convert the picture to PNG, or name a raw tensor NAME.bin",
  });
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

/** The middle of the picture. Some decoders hand out more channels than asked for (a grey picture as three equal ones). */
function centre(
  data: Uint8Array,
  picture: { readonly width: number; readonly height: number; readonly channels: number },
  map: Pick<IntMap, "height" | "width" | "channels">,
): Uint8Array {
  const top = Math.floor((picture.height - map.height) / 2);
  const left = Math.floor((picture.width - map.width) / 2);
  const result = new Uint8Array(map.height * map.width * map.channels);
  let at = 0;
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const pixel = ((top + y) * picture.width + left + x) * picture.channels;
      for (let c = 0; c < map.channels; c++)
        result[at++] = item(data, pixel + Math.min(c, picture.channels - 1));
    }
  }
  return result;
}

function broken(path: string, error: unknown): InputError {
  const reason = error instanceof Error ? error.message.replace(/\s+/g, " ").trim() : String(error);
  return new InputError({
    code: "broken-picture",
    node: path,
    found: `a picture that cannot be decoded: ${reason}`,
    supported: "whole JPEG and PNG pictures, uncompressed BMP of 1, 4, 8, 24 or 32 bits a pixel",
    fix: "copy the picture again or save it as PNG",
  });
}
