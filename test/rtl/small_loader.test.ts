import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, streamSource, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { encode } from "../../src/format/fields.ts";
import { packetKinds, packetWords, type PacketKind } from "../../src/format/small-program.ts";
import { observer, withModule } from "./helper.ts";
import { unpackBytes } from "./support/bytes.ts";

interface Tile {
  readonly groups: number;
  /** Rows of 16 weights. */
  readonly rows: number;
  readonly diagonal: boolean;
  readonly opensLayer: boolean;
}

/** What lies in the engine's memories: 16-bit words by place, rows of 16 weights. */
interface Memories {
  readonly program: Map<number, number>;
  readonly biases: Map<number, number>;
  readonly digits: Map<number, number>;
  readonly shifts: Map<number, number>;
  readonly rows: Map<number, number[]>;
}

const memories = (): Memories => ({
  program: new Map(),
  biases: new Map(),
  digits: new Map(),
  shifts: new Map(),
  rows: new Map(),
});

/** A stream of random words, and what the memories then hold, rings of their sizes included. */
function streamOf(tiles: readonly Tile[], weightRows: number, random: BenchRandom) {
  const halves: number[] = [];
  const expected = memories();
  const count = { program: 0, biases: 0, digits: 0, shifts: 0, rows: 0 };
  const packet = (kind: PacketKind, words: readonly number[]): void => {
    halves.push(...encode(packetWords, { length: words.length, kind: packetKinds.indexOf(kind) }), ...words);
  };
  const some = (length: number): number[] => Array.from({ length }, () => random.below(1 << 16));
  const fill = (
    memory: Exclude<keyof Memories, "rows">,
    size: number,
    words: readonly number[],
  ): number[] => {
    for (const word of words) expected[memory].set(count[memory]++ % size, word);
    return [...words];
  };
  for (const { diagonal, groups, opensLayer, rows } of tiles) {
    if (opensLayer) packet("layer", fill("program", 512, some(32)));
    packet("biases", fill("biases", 512, some(8 * groups)));
    packet("multipliers", fill("digits", 512, some(8 * groups)));
    packet("shifts", fill("shifts", 256, some(4 * groups)));
    const weights: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      const words = some(diagonal ? 2 : 8);
      const bytes = words.flatMap((word) => [word & 255, word >> 8]);
      const matrix = diagonal
        ? bytes.flatMap((byte, lane) => [0, 1, 2, 3].map((channel) => (channel === lane ? byte : 0)))
        : bytes;
      expected.rows.set(count.rows++ % weightRows, matrix);
      weights.push(...words);
    }
    packet(diagonal ? "diagonal weights" : "weights", weights);
  }
  packet("end", []);
  packet("end", []);
  return { halves, expected };
}

/** Keeps what the loader writes. */
function memoryWatch(dut: Dut) {
  const seen = memories();
  const on = (port: string): boolean => dut.peekNumber(port) === 1;
  const watch = observer(() => {
    const word = dut.peekNumber("data_o");
    if (on("program_we_o")) seen.program.set(dut.peekNumber("program_addr_o"), word);
    if (on("digit_we_o")) seen.digits.set(dut.peekNumber("digit_addr_o"), word);
    if (on("shift_we_o")) seen.shifts.set(dut.peekNumber("shift_addr_o"), word);
    const biasPart = Math.log2(dut.peekNumber("bias_we_o"));
    if (biasPart >= 0) seen.biases.set(8 * dut.peekNumber("bias_addr_o") + biasPart, word);
    const parts = dut.peekNumber("weight_we_o");
    if (parts === 0) return;
    const at = dut.peekNumber("weight_addr_o");
    const row = seen.rows.get(at) ?? new Array<number>(16).fill(-1);
    const bytes = unpackBytes(dut.peek("weight_data_o"), 16);
    seen.rows.set(
      at,
      row.map((byte, i) => ((parts >> (i >> 1)) & 1 ? bytes[i]! : byte)),
    );
  });
  return { seen, watch };
}

const WeightW = 5;
const rowsOfRing = 1 << WeightW;

function poke(dut: Dut, tiles: readonly Tile[], finished: number): void {
  dut.poke("finished_i", finished & 7);
  const base = tiles.slice(0, finished).reduce((sum, { rows }) => sum + rows, 0);
  dut.poke("weight_base_i", base % (2 * rowsOfRing));
}

describe("small_loader", () => {
  const random = benchRandom(4);
  const tiles = Array.from({ length: 40 }, (_, i): Tile => ({
    groups: 1 + random.below(16),
    rows: 1 + random.below(rowsOfRing),
    diagonal: random.chance(40),
    opensLayer: i % 3 === 0,
  }));

  it.each([0, 60])("writes each word to its place and holds no tile in use, idle %i percent", (idle) =>
    withModule("small_loader", { WeightW }, (dut) => {
      for (const clears of [false, true]) {
        const { halves, expected } = streamOf(tiles, rowsOfRing, benchRandom(clears ? 1 : 2));
        const { seen, watch } = memoryWatch(dut);
        const source = streamSource(dut, { group: "half", idle });
        source.push(...halves.map((data) => ({ data })));
        const slow = benchRandom(9, "engine");
        let finished = 0;
        let loaded = 0;
        let late = 0;
        if (clears) {
          dut.poke("clear_i", 1);
          dut.step();
          dut.poke("clear_i", 0);
        }
        const engine = {
          drive: (): void => {
            // an engine that finishes a loaded tile now and then
            if (finished < loaded && slow.chance(1)) finished += 1;
            poke(dut, tiles, finished);
          },
          observe: (): void => {
            if (((dut.peekNumber("loaded_o") - loaded) & 7) === 1) loaded += 1;
            expect(dut.peekNumber("loaded_o")).toBe(loaded & 7);
            expect(loaded - finished).toBeLessThanOrEqual(4);
            const inUse = tiles.slice(finished, loaded + 1).reduce((sum, { rows }) => sum + rows, 0);
            if (inUse > rowsOfRing) late += 1;
          },
        };
        runCycles(dut, [source, engine, watch], {
          until: () => dut.peekNumber("end_o") === 1,
          maxCycles: 400_000,
        });
        expect(loaded).toBe(tiles.length);
        expect(seen).toEqual(expected);
        // the ring was too small for the tiles in flight more often than not
        expect(late).toBeGreaterThan(1000);
        // nothing behind the end is taken
        runCycles(dut, [source], { until: () => dut.cycles % 64 === 0 });
        expect([source.pending, dut.peekNumber("half_ready_o")]).toEqual([1, 0]);
      }
    }),
  );

  it("runs four tiles ahead and never over a row in use", () =>
    withModule("small_loader", { WeightW }, (dut) => {
      const each: Tile = { groups: 1, rows: 12, diagonal: false, opensLayer: false };
      const many = new Array<Tile>(6).fill(each);
      const small = many.map((tile): Tile => ({ ...tile, rows: 2 }));
      for (const [list, stopsAt] of [
        [many, { loaded: 2, rows: rowsOfRing }],
        [small, { loaded: 4, rows: 8 }],
      ] as const) {
        const { halves } = streamOf(list, rowsOfRing, random);
        const { seen, watch } = memoryWatch(dut);
        const source = streamSource(dut, { group: "half" });
        source.push(...halves.map((data) => ({ data })));
        poke(dut, list, 0);
        dut.poke("clear_i", 1);
        dut.step();
        dut.poke("clear_i", 0);
        let cycles = 0;
        runCycles(dut, [source, watch], { until: () => ++cycles > 2000 });
        expect(dut.peekNumber("loaded_o")).toBe(stopsAt.loaded);
        expect(seen.rows.size).toBe(stopsAt.rows);
        poke(dut, list, 1);
        runCycles(dut, [source, watch], { until: () => ++cycles > 4000 });
        expect(dut.peekNumber("loaded_o")).toBe(stopsAt.loaded + 1);
      }
    }));
});
