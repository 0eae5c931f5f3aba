import { InputError } from "../ir/errors.ts";
import type { IntGraph, IntMap } from "../ir/integer.ts";
import { roundAway, roundEven } from "../ir/rounding.ts";
import { viewOf } from "../platform/bytes.ts";
import { readPicture } from "./picture.ts";
import { quantisePixels, saturated } from "./quantise.ts";
import { readBytes } from "./read-file.ts";
import { unknownPreprocess } from "./unknown-preprocess.ts";

/** What the network reads: the input map's values, [H, W, C], re-centred int8. */
export interface Input {
  readonly values: Int8Array;
}

/** What a graph says of its input. */
export type InputRule = Pick<IntGraph, "preprocess" | "floatInput" | "rounding">;

/**
 * Reads one `--input` file for the input map.
 * `*.bin` is a raw tensor in the model's own input type, NHWC, or the integers that it is quantised to; anything else is a
 * picture, told by its content.
 * Throws InputError: missing-file, not-a-file, unreadable-file, empty-file, input-size, unknown-format,
 * broken-picture, picture-channels; unknown-preprocess for a picture without `preprocess`.
 */
export async function readInput(path: string, map: IntMap, rule: InputRule): Promise<Input> {
  const bytes = readBytes(path);
  if (path.toLowerCase().endsWith(".bin")) return { values: rawTensor(bytes, path, map, rule) };
  const { preprocess } = rule;
  const pixels = await readPicture(bytes, path, map, preprocess?.resize);
  if (preprocess === undefined) throw new InputError(unknownPreprocess(path));
  return { values: quantisePixels(pixels, map, preprocess) };
}

function rawTensor(bytes: Uint8Array, path: string, map: IntMap, rule: InputRule): Int8Array {
  const { height, width, channels, dtype } = map;
  const expected = height * width * channels;
  if (rule.floatInput && bytes.length === 4 * expected) return quantisedTensor(bytes, map, rule);
  if (bytes.length !== expected) {
    const floats = rule.floatInput ? `${4 * expected} bytes of float32 values, or ` : "";
    throw new InputError({
      code: "input-size",
      node: path,
      found: `${bytes.length} bytes`,
      supported: `${floats}${expected} bytes: ${height}x${width}x${channels} ${dtype} values, NHWC`,
      fix: "write the whole input tensor in the model's own type, or give a picture",
    });
  }
  return dtype === "uint8" ? Int8Array.from(bytes, (b) => b - 128) : Int8Array.from(bytes);
}

/**
 * The integers that the network makes of its real input: AffineQuantize in TFLite's reference/quantize.h, ties away from
 * zero; ONNX's QuantizeLinear, ties to even. Both divide in float32.
 */
function quantisedTensor(
  bytes: Uint8Array,
  { scale, zeroPoint }: IntMap,
  { rounding }: InputRule,
): Int8Array {
  const view = viewOf(bytes);
  const round = rounding === "float32" ? roundEven : roundAway;
  return Int8Array.from({ length: bytes.length / 4 }, (_, i) => {
    const quotient = Math.fround(view.getFloat32(4 * i, true) / Math.fround(scale));
    return saturated(round(quotient) + zeroPoint);
  });
}
