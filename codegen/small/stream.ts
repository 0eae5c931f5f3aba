/** A small engine's network as the bytes that lie in the flash: layers, parameters and weights in order of use. */
import { digitsOf } from "../../src/4-schedule/small/parameters.ts";
import { SMALL, type Move, type SmallLayer, type SmallPlan } from "../../src/4-schedule/small/plan.ts";
import { encode } from "../../src/format/fields.ts";
import {
  constantWords,
  LAYER_WORDS,
  moveWords,
  packetKinds,
  packetWords,
  type PacketKind,
} from "../../src/format/small-program.ts";
import { assert } from "../../src/ir/errors.ts";
import { item, lastItem } from "../../src/ir/known.ts";

/** Little-endian 16-bit words: packets of a header and their words. */
export function networkStream(plan: SmallPlan): Uint8Array {
  const halves: number[] = [];
  const packet = (kind: PacketKind, words: readonly number[]): void => {
    halves.push(...encode(packetWords, { length: words.length, kind: packetKinds.indexOf(kind) }), ...words);
  };
  for (const [index, layer] of plan.layers.entries()) {
    packet("layer", layerHalves(layer, index === plan.layers.length - 1));
    let first = 0;
    for (const groups of layer.tiles) {
      const each = (words: (group: number) => readonly number[]): readonly number[] =>
        Array.from({ length: groups }, (_, i) => words(first + i)).flat();
      packet(
        "biases",
        each((group) => biasWords(layer, group)),
      );
      packet(
        "multipliers",
        each((group) => digitWords(layer, group)),
      );
      packet(
        "shifts",
        each((group) => lanes(layer, group).map((k) => (k < 0 ? 0 : item(layer.shift, k)))),
      );
      packet(
        layer.diagonal ? "diagonal weights" : "weights",
        each((group) => (layer.diagonal ? diagonalWords(layer, group) : denseWords(layer, group))),
      );
      first += groups;
    }
  }
  packet("end", []);
  // The reader has begun the next word before it sees the end.
  packet("end", []);
  const bytes = new Uint8Array(2 * halves.length);
  const view = new DataView(bytes.buffer);
  for (const [i, half] of halves.entries()) view.setUint16(2 * i, half & 0xffff, true);
  return bytes;
}

/** The output channel of each lane, -1 behind the last one. */
function lanes({ result }: SmallLayer, group: number): readonly number[] {
  return Array.from({ length: SMALL.lanes }, (_, lane) => {
    const channel = group * SMALL.lanes + lane;
    return channel < result.channels ? channel : -1;
  });
}

/** The words of a layer as pairs of 16 bits, the lower half first. */
function layerHalves(layer: SmallLayer, isLast: boolean): readonly number[] {
  const { loops, moves, operator, outputZeroPoint, result, source, tiles } = layer;
  const groups = item(tiles, 0);
  const lastGroups = lastItem(tiles);
  const words = [
    ...moves.flatMap(moveWord),
    ...encode(constantWords, {
      words: loops.words - 1,
      columns: loops.columns - 1,
      rows: loops.rows - 1,
      outColumns: result.width - 1,
      outRows: result.height - 1,
      lastColumn: source.width - 1,
      lastRow: source.height - 1,
      zeroIn: operator.inputZeroPoint,
      zeroOut: outputZeroPoint,
      min: operator.min,
      max: operator.max,
      tiles: tiles.length - 1,
      lastGroups: lastGroups - 1,
      groups: groups - 1,
      pitch: result.words,
      final: Number(isLast),
    }),
  ];
  return Array.from({ length: LAYER_WORDS }, (_, index) => words[index] ?? 0).flatMap((word) => [
    word & 0xffff,
    word >>> 16,
  ]);
}

/** In two's complement: the walker adds modulo 2^14 and 2^9. */
function moveWord({ address, column, row }: Move): readonly number[] {
  assert(Math.abs(column) <= 256 && Math.abs(row) <= 256, "a move has 9 bits");
  return encode(moveWords, {
    address: address & 0x3fff,
    columnSign: (column >> 8) & 1,
    rowSign: (row >> 8) & 1,
    column: column & 255,
    row: row & 255,
  });
}

/** What a lane without a channel computes: the lowest result that there is. */
const ABSENT = { bias: -(2 ** 31), multiplier: 2 ** 31 - 1 } as const;

function biasWords(layer: SmallLayer, group: number): readonly number[] {
  return lanes(layer, group).flatMap((k) => {
    const bias = k < 0 ? ABSENT.bias : item(layer.bias, k);
    return [bias & 0xffff, bias >>> 16];
  });
}

/** Eight words: in each, four bits a lane are two digits of its multiplier. */
function digitWords(layer: SmallLayer, group: number): readonly number[] {
  const digits = lanes(layer, group).map((k) =>
    digitsOf(k < 0 ? ABSENT.multiplier : item(layer.multiplier, k)),
  );
  return Array.from({ length: 8 }, (_, step) =>
    digits.reduce((word, lane, k) => {
      const pair = (item(lane, 2 * step) & 3) | ((item(lane, 2 * step + 1) & 3) << 2);
      return word | (pair << (4 * k));
    }, 0),
  );
}

/** Rows of 16 weights: for each tap and word, lane by lane, its four channels. */
function denseWords(layer: SmallLayer, group: number): readonly number[] {
  const { operator, source, weights, wordsPerTap } = layer;
  const [kh, kw] = operator.kernel;
  const C = source.channels;
  const weight = (k: number, tap: number, c: number): number =>
    k < 0 || c >= C ? 0 : item(weights, (k * kh * kw + tap) * C + c) & 255;
  const words: number[] = [];
  for (let tap = 0; tap < kh * kw; tap += 1)
    for (let word = 0; word < wordsPerTap; word += 1)
      for (const k of lanes(layer, group))
        for (let c = 4 * word; c < 4 * word + 4; c += 2)
          words.push(weight(k, tap, c) | (weight(k, tap, c + 1) << 8));
  return words;
}

/** Two words a tap: the weights of the four lanes. */
function diagonalWords(layer: SmallLayer, group: number): readonly number[] {
  const { operator, result, weights } = layer;
  const [kh, kw] = operator.kernel;
  return Array.from({ length: kh * kw }, (_, tap) => {
    const bytes = lanes(layer, group).map((k) =>
      k < 0 ? 0 : item(weights, tap * result.channels + k) & 255,
    );
    return [item(bytes, 0) | (item(bytes, 1) << 8), item(bytes, 2) | (item(bytes, 3) << 8)];
  }).flat();
}
