import { describe, expect, it } from "vitest";
import { benchRandom, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { descriptor, loadDescriptors, withModule } from "./helper.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

interface Map {
  readonly rows: number;
  readonly width: number;
  readonly groups: number;
  readonly tileGroups: number;
  /** Window and the pooled map; stride 2, the last windows clipped. */
  readonly pool: { readonly kernel: 2 | 3; readonly rows: number; readonly width: number } | null;
}

const plain = { rows: 3, width: 4, groups: 2, tileGroups: 2, pool: null } as const;

/** Every mix of even and odd sides, windows that leave the map and rows that no window reaches; tiles. */
const maps: readonly Map[] = [
  plain,
  ...([2, 3] as const).flatMap((kernel) =>
    [5, 6].flatMap((rows) =>
      [7, 8].flatMap((width) =>
        [Math.floor, Math.ceil].map((round): Map => {
          const windows = (size: number): number => round((size - kernel) / 2) + 1;
          const pool = { kernel, rows: windows(rows), width: windows(width) };
          return { rows, width, groups: 3, tileGroups: 3, pool };
        }),
      ),
    ),
  ),
  { ...plain, width: 1, rows: 1 },
  { rows: 4, width: 5, groups: 5, tileGroups: 2, pool: { kernel: 3, rows: 2, width: 2 } },
  { rows: 5, width: 4, groups: 4, tileGroups: 1, pool: { kernel: 2, rows: 3, width: 2 } },
  { rows: 3, width: 3, groups: 1, tileGroups: 1, pool: { kernel: 3, rows: 1, width: 1 } },
  { rows: 2, width: 2, groups: 1, tileGroups: 1, pool: { kernel: 2, rows: 1, width: 1 } },
];

/** The pool's fields; others of their words belong to the residual. */
function words({ groups, tileGroups, pool }: Map): number[] {
  const fields = pool
    ? { pool: 1, pool3: Number(pool.kernel === 3), pixelChunks: Number(tileGroups < groups) }
    : { pool: 0 };
  return descriptor({
    results: {
      ...{ region: 3, residual: 1, groups },
      ...fields,
      poolWidth: pool ? pool.width : 0xffff,
      poolRows: pool ? pool.rows : 0xffff,
    },
  });
}

interface Result {
  readonly block: number;
  readonly y: number;
  readonly x: number;
  readonly group: number;
  readonly data: readonly number[];
  readonly x_last: boolean;
  readonly y_last: boolean;
  readonly pixel_last: boolean;
  readonly chunk_last: boolean;
  readonly token: number;
  /** What leaves with this result; null when it becomes part of a window. */
  readonly leaves: (Readonly<Record<"y" | "x" | "chunk_last", number>> & { data: readonly number[] }) | null;
}

/** The results of one map in the order of the array: tile, y, x, group. */
function resultsOf(map: Map, block: number, lanes: number, random: BenchRandom): Result[] {
  const { rows, width, groups, tileGroups, pool } = map;
  const values = Array.from({ length: rows * width * groups }, () => randomInt8(random, lanes));
  const at = (y: number, x: number, g: number): number[] => values[(y * width + x) * groups + g]!;
  const results: Result[] = [];
  for (let tile = 0; tile < groups; tile += tileGroups) {
    const end = Math.min(groups, tile + tileGroups);
    for (let y = 0; y < rows; y += 1)
      for (let x = 0; x < width; x += 1)
        for (let group = tile; group < end; group += 1) {
          const ends = { x_last: x === width - 1, y_last: y === rows - 1, pixel_last: group === end - 1 };
          const data = at(y, x, group);
          const chunk = ends.pixel_last && (tileGroups < groups || ends.x_last);
          const chunk_last = pool === null ? chunk : random.chance(50);
          const token = random.below(1 << 16);
          const common = { block, y, x, group, data, ...ends, chunk_last, token };
          if (pool === null) {
            results.push({ ...common, leaves: { y, x, data, chunk_last: Number(chunk) } });
            continue;
          }
          // the window whose last row and column on the map this is
          const window = (place: number, size: number, count: number): number =>
            Array.from({ length: count }, (_, w) => w).find(
              (w) => Math.min(2 * w + pool.kernel, size) - 1 === place,
            ) ?? -1;
          const [oy, ox] = [window(y, rows, pool.rows), window(x, width, pool.width)];
          if (oy < 0 || ox < 0) {
            results.push({ ...common, leaves: null });
            continue;
          }
          const inside: number[][] = [];
          for (let wy = 2 * oy; wy <= y; wy += 1)
            for (let wx = 2 * ox; wx <= x; wx += 1) inside.push(at(wy, wx, group));
          const largest = data.map((_, k) => Math.max(...inside.map((pixel) => pixel[k]!)));
          const last = ends.pixel_last && (tileGroups < groups || ox === pool.width - 1);
          results.push({ ...common, leaves: { y: oy, x: ox, data: largest, chunk_last: Number(last) } });
        }
  }
  return results;
}

function pokeResult(dut: Dut, result: Result): void {
  for (const name of [
    "block",
    "y",
    "x",
    "group",
    "x_last",
    "y_last",
    "pixel_last",
    "chunk_last",
    "token",
  ] as const)
    dut.poke(`${name}_i`, result[name]);
  dut.poke("data_i", packBytes(result.data));
}

const shapes = [
  { BusBytes: 8, MaxBlocks: 32, Pk: 4, Groups: 5, Depth: 16, TokenW: 16 },
  { BusBytes: 16, MaxBlocks: 255, Pk: 32, Groups: 64, Depth: 512, TokenW: 16 },
];

describe.each(shapes)("max_pool of $Pk lanes, room for $Depth pooled groups", (shape) => {
  it.each([0, 50])("pools every map after the other, no result in %i of 100 cycles", (idle) =>
    withModule("max_pool", shape, (dut) => {
      const random = benchRandom(41 + idle);
      loadDescriptors(dut, maps.map(words));
      // twice: nothing of one image stays for the next
      const results = [1, 2].flatMap(() =>
        maps.flatMap((map, block) => resultsOf(map, block, shape.Pk, random)),
      );
      // one result or none a cycle, and a last cycle for what is on its way
      const cycles = [...results.flatMap((result) => [...(random.chance(idle) ? [null] : []), result]), null];
      const counts = { leaving: 0, dropped: 0 };
      cycles.forEach((result, cycle) => {
        const scrap = { ...results[0]!, x_last: true, y_last: true, pixel_last: true };
        pokeResult(dut, result ?? scrap);
        dut.poke("valid_i", result !== null);
        dut.step();
        const due = cycles[cycle - 1] ?? null;
        const leaves = due?.leaves ?? null;
        const flags = [dut.peekNumber("valid_o"), dut.peekNumber("drop_o")];
        expect(flags).toEqual([Number(leaves !== null), Number(due !== null && leaves === null)]);
        counts.dropped += flags[1]!;
        if (due === null || leaves === null) return;
        counts.leaving += 1;
        expect({
          y: dut.peekNumber("y_o"),
          x: dut.peekNumber("x_o"),
          chunk_last: dut.peekNumber("chunk_last_o"),
          pooled: dut.peekNumber("pooled_o"),
          token: dut.peekNumber("token_o"),
          data: unpackInt8(dut.peek("data_o"), shape.Pk),
        }).toEqual({ ...leaves, pooled: Number(maps[due.block]!.pool !== null), token: due.token });
      });
      const all = maps.reduce(
        (sum, { rows, width, groups, pool }) =>
          sum + (pool ?? { rows, width }).rows * (pool ?? { width }).width * groups,
        0,
      );
      expect(counts).toEqual({ leaving: 2 * all, dropped: results.length - 2 * all });
    }),
  );

  it("begins again after a reset in the middle of a row", () =>
    withModule("max_pool", shape, (dut) => {
      const random = benchRandom(43);
      const block = maps.length - 3;
      const map = maps[block]!;
      loadDescriptors(dut, maps.map(words));
      const run = (results: readonly Result[]): (readonly number[])[] => {
        const got: (readonly number[])[] = [];
        for (let i = 0; i < results.length + 1; i += 1) {
          dut.poke("valid_i", i < results.length);
          if (i < results.length) pokeResult(dut, results[i]!);
          dut.step();
          if (dut.peekNumber("valid_o") === 1) got.push(unpackInt8(dut.peek("data_o"), shape.Pk));
        }
        dut.poke("valid_i", 0);
        return got;
      };
      // up to the second pixel of a row that closes windows: one window's place is taken
      run(resultsOf(map, block, shape.Pk, random).slice(0, map.width + 3));
      dut.reset(1);
      expect([dut.peekNumber("valid_o"), dut.peekNumber("drop_o")]).toEqual([0, 0]);
      const results = resultsOf(map, block, shape.Pk, random);
      expect(run(results)).toEqual(results.flatMap(({ leaves }) => (leaves ? [leaves.data] : [])));
    }));
});
