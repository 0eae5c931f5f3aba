import { InputError } from "../ir/errors.ts";
import type { IntMap, Preprocess } from "../ir/integer.ts";
import { readPicture } from "./picture.ts";
import { quantisePixels } from "./quantise.ts";
import { readBytes } from "./read-file.ts";
import { unknownPreprocess } from "./unknown-preprocess.ts";

/** What the network reads: the input map's values, [H, W, C], re-centred int8. */
export interface Input {
  readonly values: Int8Array;
}

/**
 * Reads one `--input` file for the input map.
 * `*.bin` is a raw tensor in the model's own input type, NHWC; anything else is a picture, told by its content.
 * Throws InputError: missing-file, not-a-file, unreadable-file, empty-file, input-size, unknown-format,
 * broken-picture, picture-channels; unknown-preprocess for a picture without `preprocess`.
 */
export async function readInput(
  path: string,
  map: IntMap,
  preprocess: Preprocess | undefined,
): Promise<Input> {
  const bytes = readBytes(path);
  if (path.toLowerCase().endsWith(".bin")) return { values: rawTensor(bytes, path, map) };
  const pixels = await readPicture(bytes, path, map, preprocess?.resize);
  if (preprocess === undefined) throw new InputError(unknownPreprocess(path));
  return { values: quantisePixels(pixels, map, preprocess) };
}

function rawTensor(bytes: Uint8Array, path: string, map: IntMap): Int8Array {
  const { height, width, channels, dtype } = map;
  const expected = height * width * channels;
  if (bytes.length !== expected) {
    throw new InputError({
      code: "input-size",
      node: path,
      found: `${bytes.length} bytes`,
      supported: `${expected} bytes: ${height}x${width}x${channels} ${dtype} values, NHWC`,
      fix: "write the whole input tensor in the model's own type, or give a picture",
    });
  }
  return dtype === "uint8" ? Int8Array.from(bytes, (b) => b - 128) : Int8Array.from(bytes);
}
