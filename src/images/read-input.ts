import { assert, InputError } from "../ir/errors.ts";
import { inputsOf, type IntGraph, type IntMap } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import { roundAway, roundEven } from "../ir/rounding.ts";
import { viewOf } from "../platform/bytes.ts";
import { exampleFile } from "../platform/example-file.ts";
import { readPicture } from "./picture.ts";
import { quantisePixels, saturated } from "./quantise.ts";
import { readBytes } from "./read-file.ts";
import { unknownPreprocess } from "./unknown-preprocess.ts";

/** What the network reads: the input map's values, [H, W, C], re-centred int8; those of several inputs one behind the other. */
export interface Input {
  readonly values: Int8Array;
  /** Names of the inputs that the file does not reach: they are zero. */
  readonly left: readonly string[];
}

/** What a graph says of its inputs. */
export type InputRule = Pick<
  IntGraph,
  "maps" | "input" | "furtherInputs" | "floatInputs" | "preprocess" | "rounding"
>;

/**
 * Reads one `--input` file.
 * `*.bin` is a raw tensor in the model's own input type, NHWC, or the integers that it is quantised to; of a network with
 * several inputs the tensors of all, one behind the other, or of the first. Anything else is a picture, told by its content.
 * Throws InputError: missing-file, not-a-file, unreadable-file, empty-file, input-size, unknown-format,
 * broken-picture, picture-channels; unknown-preprocess for a picture without `preprocess`.
 */
export async function readInput(path: string, rule: InputRule): Promise<Input> {
  const bytes = readBytes(exampleFile(path));
  if (path.toLowerCase().endsWith(".bin")) return rawTensors(bytes, path, rule);
  const { preprocess } = rule;
  const maps = mapsOf(rule);
  const [map] = maps;
  assert(map, "a network has an input");
  const pixels = await readPicture(bytes, path, map, preprocess?.resize);
  if (preprocess === undefined) throw new InputError(unknownPreprocess(path));
  return padded([quantisePixels(pixels, map, preprocess)], maps);
}

function mapsOf(rule: InputRule): readonly IntMap[] {
  return inputsOf(rule).map((id) => known(rule.maps.get(id), "an input is a map"));
}

const countOf = ({ channels, height, width }: IntMap): number => height * width * channels;

function rawTensors(bytes: Uint8Array, path: string, rule: InputRule): Input {
  const maps = mapsOf(rule);
  const isFloat = (index: number) => rule.floatInputs?.includes(index) ?? false;
  const own = maps.map((map, index) => countOf(map) * (isFloat(index) ? 4 : 1));
  const integers = maps.map(countOf);
  // the network's own types, or the integers that they become; all inputs, or the first
  const sizes = [own, integers, own.slice(0, 1), integers.slice(0, 1)].find(
    (list) => list.reduce((sum, size) => sum + size, 0) === bytes.length,
  );
  if (sizes === undefined) throw wrongSize(bytes, path, maps, own);
  let at = 0;
  const values = sizes.map((size, index) => {
    const map = item(maps, index);
    const part = bytes.subarray(at, at + size);
    at += size;
    if (size === 4 * countOf(map)) return quantisedTensor(part, map, rule);
    return map.dtype === "uint8" ? Int8Array.from(part, (b) => b - 128) : Int8Array.from(part);
  });
  return padded(values, maps);
}

/** Inputs that nothing is given for are zero. */
function padded(values: readonly Int8Array[], maps: readonly IntMap[]): Input {
  const left = maps.slice(values.length);
  const zeros = left.map((map) => new Int8Array(countOf(map)).fill(map.zeroPoint));
  const all = [...values, ...zeros];
  const joined = new Int8Array(maps.reduce((sum, map) => sum + countOf(map), 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return { values: joined, left: left.map(({ name }) => name) };
}

function wrongSize(
  bytes: Uint8Array,
  path: string,
  maps: readonly IntMap[],
  own: readonly number[],
): InputError {
  const shown = maps.map(({ channels, dtype, height, width }, index) => {
    const count = height * width * channels;
    const type = item(own, index) === count ? dtype : `float32 values, or ${count} bytes of ${dtype}`;
    return `${item(own, index)} bytes: ${height}x${width}x${channels} ${type} values, NHWC`;
  });
  return new InputError({
    code: "input-size",
    node: path,
    found: `${bytes.length} bytes`,
    supported: shown.join("; behind it "),
    fix: "write the whole input tensor in the model's own type, or give a picture",
  });
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
