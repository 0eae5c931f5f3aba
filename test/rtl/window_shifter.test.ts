import { describe, expect, it } from "vitest";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

const shapes = [
  { Kh: 3, Kw: 3, Columns: 1 },
  { Kh: 4, Kw: 5, Columns: 1 },
  { Kh: 1, Kw: 1, Columns: 1 },
  { Kh: 3, Kw: 3, Columns: 2 },
  { Kh: 2, Kw: 5, Columns: 2 },
];

/** Slides a window over one row of `width` columns: what hold_o shows after each capture. */
function slide(
  dut: Dut,
  { Kh, Kw, Columns }: { Kh: number; Kw: number; Columns: number },
  row: { width: number; stride: number; padLeft: number; outputs: number; idle: number; seed: number },
): void {
  const random = benchRandom(row.seed, "window");
  const image = Array.from({ length: row.width }, () => randomInt8(random, Kh));
  const padding = randomInt8(random, 1)[0]!;
  const column = (x: number): number[] => image[x] ?? new Array<number>(Kh).fill(padding);
  let held: number[] | undefined;
  let next = 0;
  for (let x = 0; x < row.outputs; x += 1) {
    const loads = x === 0 ? Kw - row.padLeft : row.stride;
    for (let load = 0; load < loads;) {
      const valid = !random.chance(row.idle);
      // where two may come, any that are left do, or one
      const pair = Columns === 2 && loads - load > 1 && random.chance(70);
      const last = load === loads - (pair ? 2 : 1);
      const columns = [...column(next), ...(Columns === 1 ? [] : column(next + (pair ? 1 : 2)))];
      dut.poke("valid_i", valid);
      dut.poke("pair_i", pair);
      dut.poke("column_i", valid ? packBytes(columns) : random.bits(8 * Kh * Columns));
      dut.poke("first_i", valid ? x === 0 && load === 0 : random.bits(1));
      dut.poke("padding_i", padding);
      dut.poke("capture_i", valid ? last : random.bits(1));
      dut.step();
      if (valid) {
        if (last) {
          const left = x * row.stride - row.padLeft;
          held = Array.from({ length: Kh }, (_, ky) =>
            Array.from({ length: Kw }, (_, kx) => column(left + kx)[ky]!),
          ).flat();
        }
        load += pair ? 2 : 1;
        next += pair ? 2 : 1;
      }
      if (held !== undefined) expect(unpackInt8(dut.peek("hold_o"), Kh * Kw)).toEqual(held);
    }
  }
}

describe.each(shapes)("window_shifter of $Kh x $Kw, $Columns columns", (shape) => {
  it.each([0, 40])(
    "holds the windows of rows at every stride and padding, idle in %i of 100 cycles",
    (idle) =>
      withModule("window_shifter", shape, (dut) => {
        for (const stride of [1, 2, 3]) {
          for (let padLeft = 0; padLeft < shape.Kw; padLeft += 1) {
            slide(dut, shape, { width: 11, stride, padLeft, outputs: 5, idle, seed: 10 * stride + padLeft });
          }
        }
      }),
  );
});
