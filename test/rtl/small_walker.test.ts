import { describe, expect, it } from "vitest";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

/** A layer as the walker sees it. Diagonal: a group of outputs reads the word of the same number. */
interface Layer {
  readonly height: number;
  readonly width: number;
  /** Words of a source pixel. */
  readonly words: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pad: readonly [number, number];
  readonly out: readonly [number, number];
  /** Groups of each tile. */
  readonly tiles: readonly number[];
  readonly diagonal: boolean;
}

interface Step {
  readonly row: number;
  readonly column: number;
  readonly word: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly pixelLast: boolean;
  /** Which kind of move leads here. */
  readonly move: number;
}

/** One position after the other, straight from what a convolution reads. */
function stepsOf(layer: Layer, tile: number): Step[] {
  const { diagonal, kernel, out, pad, stride, tiles, words } = layer;
  const groups = tiles[tile]!;
  const before = tiles.slice(0, tile).reduce((sum, n) => sum + n, 0);
  const perTap = diagonal ? 1 : words;
  const steps: Step[] = [];
  for (let y = 0; y < out[0]; y += 1)
    for (let x = 0; x < out[1]; x += 1)
      for (let group = 0; group < groups; group += 1)
        for (let ky = 0; ky < kernel[0]; ky += 1)
          for (let kx = 0; kx < kernel[1]; kx += 1)
            for (let word = 0; word < perTap; word += 1) {
              const first = ky === 0 && kx === 0 && word === 0;
              const last = ky === kernel[0] - 1 && kx === kernel[1] - 1 && word === perTap - 1;
              const loops = [word, kx, ky, group, x, y];
              const moved = loops.findIndex((count) => count > 0);
              steps.push({
                row: y * stride[0] - pad[0] + ky,
                column: x * stride[1] - pad[1] + kx,
                word: diagonal ? before + group : word,
                first,
                last,
                pixelLast: last && group === groups - 1,
                move: moved < 0 ? (tile === 0 ? 0 : 7) : moved + 1,
              });
            }
  return steps;
}

const addressOf = ({ width, words }: Layer, { column, row, word }: Step): number =>
  (row * width + column) * words + word;

/** What each kind of move adds to address, column and row; throws when one kind would have to add two things. */
function differences(layer: Layer): Map<number, readonly [number, number, number]> {
  const moves = new Map<number, readonly [number, number, number]>();
  let from = [0, 0, 0] as readonly [number, number, number];
  for (const step of layer.tiles.flatMap((_, tile) => stepsOf(layer, tile))) {
    const to = [addressOf(layer, step), step.column, step.row] as const;
    const difference = [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const;
    const known = moves.get(step.move);
    if (known !== undefined) expect(known).toEqual(difference);
    moves.set(step.move, difference);
    from = to;
  }
  return moves;
}

/** Walks a tile and returns the cycles of its steps. */
function walk(dut: Dut, layer: Layer, tile: number, moves: ReturnType<typeof differences>): number[] {
  const expected = stepsOf(layer, tile);
  const random = benchRandom(3);
  dut.poke("groups_i", layer.tiles[tile]! - 1);
  dut.poke("first_tile_i", tile === 0);
  dut.poke("start_i", 1);
  dut.step();
  dut.poke("start_i", 0);
  const cycles: number[] = [];
  let doneIn: number | undefined;
  let move = dut.peekNumber("move_o");
  for (let now = 0; doneIn === undefined || now < doneIn + 4; now += 1) {
    if (now > 100_000) throw new Error(`step ${cycles.length} of ${expected.length} does not come`);
    // the program memory shows the move of the cycle before
    const [address, column, row] = moves.get(move) ?? [random.below(1 << 14), random.below(512), 0];
    dut.poke("address_step_i", address & 0x3fff);
    dut.poke("column_step_i", column & 511);
    dut.poke("row_step_i", row & 511);
    dut.eval();
    move = dut.peekNumber("move_o");
    if (dut.peekNumber("done_o") === 1) {
      expect(doneIn).toBeUndefined();
      doneIn = now;
    }
    if (dut.peekNumber("valid_o") === 1) {
      const step = expected[cycles.length]!;
      const outside =
        step.row < 0 || step.column < 0 || step.row >= layer.height || step.column >= layer.width;
      const seen = ["outside_o", "first_o", "last_o", "pixel_last_o"].map((port) => dut.peekNumber(port));
      expect(seen, `step ${cycles.length}`).toEqual(
        [outside, step.first, step.last, step.pixelLast].map(Number),
      );
      if (!outside) expect(dut.peekNumber("address_o")).toBe(addressOf(layer, step));
      cycles.push(now);
    }
    dut.step();
  }
  expect(cycles).toHaveLength(expected.length);
  expect(cycles.at(-1)).toBe(doneIn + 2);
  return cycles;
}

function set(dut: Dut, layer: Layer): void {
  const { diagonal, height, kernel, out, width, words } = layer;
  dut.poke("words_i", (diagonal ? 1 : words) - 1);
  dut.poke("columns_i", kernel[1] - 1);
  dut.poke("rows_i", kernel[0] - 1);
  dut.poke("out_columns_i", out[1] - 1);
  dut.poke("out_rows_i", out[0] - 1);
  dut.poke("last_column_i", width - 1);
  dut.poke("last_row_i", height - 1);
  dut.poke("clear_i", 1);
  dut.step();
  dut.poke("clear_i", 0);
}

const conv = { diagonal: false, stride: [1, 1], pad: [0, 0] } as const;
const layers: Record<string, Layer> = {
  "pointwise of three words, two tiles": {
    ...{ ...conv, height: 3, width: 4, words: 3, kernel: [1, 1], out: [3, 4], tiles: [5, 2] },
  },
  "3x3 with padding on all sides": {
    ...{ ...conv, height: 4, width: 5, words: 2, kernel: [3, 3], pad: [1, 1], out: [4, 5], tiles: [2, 2, 1] },
  },
  "3x3 of stride 2, odd kernel and map": {
    ...{ ...conv, height: 7, width: 6, words: 1, kernel: [3, 2], stride: [2, 3], out: [3, 2], tiles: [3] },
  },
  "depthwise, three tiles of two groups": {
    ...{ height: 5, width: 5, words: 6, kernel: [3, 3], stride: [2, 2], pad: [1, 1], out: [3, 3] },
    ...{ tiles: [2, 2, 2], diagonal: true },
  },
  "a global window, 16 groups": {
    ...{ ...conv, height: 6, width: 5, words: 16, kernel: [6, 5], out: [1, 1], tiles: [16], diagonal: true },
  },
  "one pixel, one word": {
    ...{ ...conv, height: 1, width: 1, words: 1, kernel: [1, 1], out: [1, 1], tiles: [1, 1] },
  },
  "the longest side and kernel": {
    ...{ ...conv, height: 1, width: 256, words: 1, kernel: [1, 16], pad: [0, 8], out: [1, 256], tiles: [1] },
  },
  "the most words": {
    ...{ ...conv, height: 1, width: 2, words: 255, kernel: [1, 1], out: [1, 2], tiles: [2] },
  },
};

describe("small_walker", () => {
  it.each(Object.entries(layers))("%s", (_, layer) =>
    withModule("small_walker", {}, (dut) => {
      const moves = differences(layer);
      for (let image = 0; image < 2; image += 1) {
        set(dut, layer);
        for (const tile of layer.tiles.keys()) {
          const cycles = walk(dut, layer, tile, moves);
          // a step a cycle, and at least eight cycles from the end of a group to that of the next
          const steps = layer.kernel[0] * layer.kernel[1] * (layer.diagonal ? 1 : layer.words);
          const ends = cycles.filter((_each, i) => (i + 1) % steps === 0);
          for (const [i, end] of ends.entries())
            if (i > 0) expect(end - ends[i - 1]!).toBe(Math.max(8, steps));
        }
      }
    }),
  );

  it("stops when a new layer is announced", () =>
    withModule("small_walker", {}, (dut) => {
      set(dut, layers["the longest side and kernel"]!);
      dut.poke("first_tile_i", 1);
      dut.poke("start_i", 1);
      dut.step();
      dut.poke("start_i", 0);
      dut.step(20);
      expect(dut.peekNumber("valid_o")).toBe(1);
      dut.poke("clear_i", 1);
      dut.step();
      dut.poke("clear_i", 0);
      for (let i = 0; i < 100; i += 1) {
        dut.step();
        expect(dut.peekNumber("valid_o")).toBe(0);
      }
    }));
});
