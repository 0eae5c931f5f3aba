import { describe, expect, it } from "vitest";
import { REQUANTISE_STAGES } from "../../src/4-schedule/stages.ts";
import { benchRandom, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import {
  at,
  convolve,
  depthwise,
  finish,
  loadParameters,
  loadWeightWord,
  quantWord,
  randomImage,
  randomLayer,
  type Image,
  type Layer,
  type Windows,
} from "./support/array.ts";
import { packBytes, unpackInt8 } from "./support/bytes.ts";

const kernel = { DwKh: 3, DwKw: 3 };
const shapes = [
  {
    ...{ Pk: 4, Pc: 4, BusBytes: 8, ...kernel, StepW: 2, WeightPartW: 1, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 4, TokenW: 24, Paired: 0, SerialMax: 0, Columns: 1 },
  },
  {
    ...{ Pk: 4, Pc: 8, BusBytes: 8, ...kernel, StepW: 2, WeightPartW: 2, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 4, TokenW: 24, Paired: 1, SerialMax: 0, Columns: 1 },
  },
  {
    ...{ Pk: 8, Pc: 16, BusBytes: 16, ...kernel, StepW: 1, WeightPartW: 3, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 1, SerialMax: 1, Columns: 1 },
    ...{ SumW: 25, LeftShifts: 0, Averages: 0 },
  },
  {
    ...{ Pk: 16, Pc: 16, BusBytes: 16, ...kernel, StepW: 1, WeightPartW: 4, ParamPartW: 2 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 0, SerialMax: 1, Columns: 2 },
  },
  // windows of two lanes side by side, two taps on multipliers of their own, or with places between
  {
    ...{ Pk: 8, Pc: 16, BusBytes: 16, ...kernel, StepW: 1, WeightPartW: 3, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 3, SerialMax: 1, Columns: 1 },
  },
  {
    ...{ Pk: 8, Pc: 16, BusBytes: 16, ...kernel, StepW: 1, WeightPartW: 3, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 3, SerialMax: 0, Columns: 1 },
    ...{ SumW: 25, LeftShifts: 0, Averages: 0 },
  },
  {
    ...{ Pk: 4, Pc: 32, BusBytes: 16, DwKh: 3, DwKw: 5, StepW: 1, WeightPartW: 3, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 3, SerialMax: 0, Columns: 1 },
  },
  // two lanes share a requantiser
  {
    ...{ Pk: 4, Pc: 8, BusBytes: 16, ...kernel, StepW: 2, WeightPartW: 1, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 4, TokenW: 24, Paired: 2, SerialMax: 1, Columns: 1 },
  },
  {
    ...{ Pk: 8, Pc: 16, BusBytes: 8, ...kernel, StepW: 1, WeightPartW: 4, ParamPartW: 2 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 2, SerialMax: 0, Columns: 1 },
  },
  // kernels smaller than the window
  {
    ...{ Pk: 8, Pc: 8, BusBytes: 16, DwKh: 4, DwKw: 5, StepW: 2, WeightPartW: 2, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 0, SerialMax: 0, Columns: 1 },
  },
  {
    ...{ Pk: 4, Pc: 16, BusBytes: 8, DwKh: 5, DwKw: 5, StepW: 2, WeightPartW: 3, ParamPartW: 1 },
    ...{ WeightDepth: 64, ParamDepth: 8, TokenW: 48, Paired: 1, SerialMax: 0, Columns: 1 },
  },
];
type Shape = (typeof shapes)[number];

/** What stage C gets in one cycle. */
interface Step {
  readonly kind: 0 | 1 | 2 | 3;
  readonly first: boolean;
  readonly last: boolean;
  readonly words: number;
  readonly group: number;
  readonly quant: bigint;
  readonly patch?: readonly number[];
  readonly taps?: readonly number[];
  readonly columns?: readonly number[];
  readonly pair?: boolean;
  readonly tap?: number;
  /** Lane by lane, with a last step. */
  readonly expected?: readonly number[];
}

/** Cycles of stage C; null is one without a step. */
type Cycles = (Step | null)[];

/** Rows and columns of the kernel that slides over windows. */
const SIDE = 3;
/** Cycles more that a tap takes where two lanes share multipliers. */
const turns = ({ Paired }: Shape): number => Math.min(Paired, 1);
/** Weight words of such a kernel in the upper rows and newest columns of a window. */
const windowWords = ({ DwKw, Pc }: Shape): number => Math.ceil((SIDE * DwKw) / Pc);
/** Cycles of the array: lanes that share multipliers take turns with each word, or their windows lie side by side. */
const windowCycles = (shape: Shape): number =>
  windowWords(shape) * (shape.Paired === 1 || shape.Paired === 2 ? 2 : 1);

/** The place of the window whose tap has its weight at multiplier `j` of a lane's word; null where there is none. */
function placeOf({ DwKh, DwKw, Paired, Pc }: Shape, lane: number, word: number, j: number): number | null {
  const taps = DwKh * DwKw;
  if (Paired !== 3 || lane % 2 === 0) return word * Pc + j < taps ? word * Pc + j : null;
  const alone = Math.max(0, 2 * taps - Pc);
  if (j < alone) return Pc - taps + j;
  return j >= taps && j < 2 * taps ? j - taps : null;
}

/** The tap of the kernel at a place of the window; null for a place beside it. */
function tapAt({ DwKw }: Shape, place: number): number | null {
  const [y, x] = [Math.floor(place / DwKw), (place % DwKw) - (DwKw - SIDE)];
  return y < SIDE && x >= 0 ? y * SIDE + x : null;
}

const lanes = (shape: Shape): number[] => Array.from({ length: shape.Pk }, (_, lane) => lane);

/** Convolution: pixel, group, ky, kx, words of channels. Weights from word `base`, records from `record`. */
function convolution(
  shape: Shape,
  image: Image,
  layer: Layer,
  w: Windows,
  base: number,
  record: number,
): Cycles {
  const words = image.channels / shape.Pc;
  const perGroup = w.kernel * w.kernel * words;
  const quant = quantWord(image.zero, layer);
  const cycles: Cycles = [];
  for (let y = 0; y < w.outputs; y += 1)
    for (let x = 0; x < w.outputs; x += 1)
      for (let g = 0; g < layer.channels / shape.Pk; g += 1)
        for (let i = 0; i < perGroup; i += 1) {
          const tap = Math.floor(i / words);
          const [sy, sx] = [
            y * w.stride - w.pad + Math.floor(tap / w.kernel),
            x * w.stride - w.pad + (tap % w.kernel),
          ];
          const patch = Array.from({ length: shape.Pc }, (_, j) =>
            at(image, sy, sx, (i % words) * shape.Pc + j),
          );
          const last = i === perGroup - 1;
          cycles.push({
            ...{
              kind: 0,
              first: i === 0,
              last,
              words: base + g * perGroup + i,
              group: record + g,
              quant,
              patch,
            },
            expected: lanes(shape).map((lane) => convolve(image, layer, w, y, x, g * shape.Pk + lane)),
          });
        }
  return cycles;
}

/** Depthwise: row, group, x; every pixel's slot ends with the columns that it loads, two in a step where windows move on by two. */
function windows(shape: Shape, image: Image, layer: Layer, w: Windows, base: number, record: number): Cycles {
  const quant = quantWord(image.zero, layer);
  const cycles: Cycles = [];
  for (let y = 0; y < w.outputs; y += 1)
    for (let g = 0; g < layer.channels / shape.Pk; g += 1) {
      let next = 0;
      for (let x = 0; x < w.outputs; x += 1) {
        const pair = shape.Columns === 2 && w.stride === 2;
        const end = w.kernel - w.pad + x * w.stride;
        const loads = Math.ceil((x === 0 ? end : w.stride) / (pair ? 2 : 1));
        if (x === 0) next = end - loads * (pair ? 2 : 1);
        for (let i = loads; i < windowCycles(shape); i += 1) cycles.push(null);
        for (let load = 0; load < loads; load += 1) {
          const column = (lane: number, x: number) =>
            Array.from({ length: shape.DwKh }, (_, ky) =>
              ky < SIDE ? at(image, y * w.stride - w.pad + ky, x, g * shape.Pk + lane) : image.zero,
            );
          const columns = lanes(shape).flatMap((lane) =>
            Array.from({ length: shape.Columns }, (_, c) => column(lane, next + c)).flat(),
          );
          cycles.push({
            ...{ kind: 1, first: x === 0 && load === 0, last: load === loads - 1, quant, columns, pair },
            ...{ words: base + g * windowWords(shape), group: record + g, tap: windowCycles(shape) - 1 },
            expected: lanes(shape).map((lane) => depthwise(image, layer, w, y, x, g * shape.Pk + lane)),
          });
          next += pair ? 2 : 1;
        }
      }
    }
  // steps of another kind keep off a window that still takes its cycles
  for (let i = 1; i < windowCycles(shape); i += 1) cycles.push(null);
  return cycles;
}

/** One tap of each lane a step: tap t of a pixel's window takes multiplier t % Pc of word t / Pc. */
function serial(shape: Shape, image: Image, layer: Layer, w: Windows, base: number, record: number): Cycles {
  const taps = w.kernel * w.kernel;
  const perGroup = Math.ceil(taps / shape.Pc);
  const quant = quantWord(image.zero, layer);
  const cycles: Cycles = [];
  for (let x = 0; x < w.outputs; x += 1)
    for (let g = 0; g < layer.channels / shape.Pk; g += 1)
      for (let t = 0; t < taps; t += 1) {
        cycles.push({
          ...{ kind: 2, first: t === 0, last: t === taps - 1, quant, tap: t % shape.Pc, group: record + g },
          words: base + g * perGroup + Math.floor(t / shape.Pc),
          taps: lanes(shape).map((lane) =>
            at(
              image,
              Math.floor(t / w.kernel) - w.pad,
              x * w.stride - w.pad + (t % w.kernel),
              g * shape.Pk + lane,
            ),
          ),
          expected: lanes(shape).map((lane) => depthwise(image, layer, w, 0, x, g * shape.Pk + lane)),
        });
        // each of two lanes takes a cycle
        if (shape.Paired) cycles.push(null);
      }
  return cycles;
}

/** The greatest tap of each lane's window, or the bias: taps of multiplier 0 of one word. */
function maxima(shape: Shape, image: Image, layer: Layer, w: Windows, base: number, record: number): Cycles {
  const tapOf = (x: number, t: number, lane: number): number =>
    at(image, Math.floor(t / w.kernel) - w.pad, x * w.stride - w.pad + (t % w.kernel), lane);
  const taps = Array.from({ length: w.kernel * w.kernel }, (_, t) => t);
  const cycles: Cycles = [];
  for (let x = 0; x < w.outputs; x += 1)
    for (const t of taps) {
      const expected = lanes(shape).map((lane) => {
        const bias = layer.bias[lane]!;
        return finish(layer, lane, Math.max(bias, ...taps.map((one) => tapOf(x, one, lane))) - bias);
      });
      cycles.push({
        ...{ kind: 3, first: t === 0, last: t === taps.length - 1, quant: quantWord(image.zero, layer) },
        ...{
          tap: 0,
          group: record,
          words: base,
          taps: lanes(shape).map((lane) => tapOf(x, t, lane)),
          expected,
        },
      });
      // each of two lanes takes a cycle
      if (shape.Paired) cycles.push(null);
    }
  return cycles;
}

/** Fills the rings with a layer of `perGroup` words a group; `weight` gives word, lane, multiplier of a group. */
function load(
  dut: Dut,
  shape: Shape,
  layer: Layer,
  place: { base: number; record: number; perGroup: number },
  weight: (k: number, word: number, j: number) => number,
): void {
  const { Pk, Pc } = shape;
  for (let g = 0; g < layer.channels / Pk; g += 1) {
    loadParameters(dut, shape, (place.record + g) % shape.ParamDepth, layer, g);
    for (let word = 0; word < place.perGroup; word += 1) {
      const values = Array.from({ length: Pk * Pc }, (_, i) =>
        weight(g * Pk + Math.floor(i / Pc), word, i % Pc),
      );
      loadWeightWord(dut, shape, (place.base + g * place.perGroup + word) % shape.WeightDepth, values);
    }
  }
}

interface Result {
  readonly cycle: number;
  readonly token: bigint;
  readonly data?: readonly number[];
}

/** Runs the cycles and compares every result, its token and its cycle. */
function run(dut: Dut, shape: Shape, cycles: Cycles, random: BenchRandom): void {
  const results: { wanted: Result[]; got: Result[] } = { wanted: [], got: [] };
  const tree = Math.log2(shape.Pc);
  const shared = shape.Paired === 2 ? 1 : 0;
  const noise = (port: string): bigint => random.bits(dut.ports.get(port)!.width);
  for (let cycle = 0; cycle < cycles.length + 8 + REQUANTISE_STAGES + tree; cycle += 1) {
    const step = cycles[cycle] ?? null;
    const token = noise("token_i");
    dut.poke("valid_i", step !== null);
    dut.poke("token_i", token);
    dut.poke("kind_i", step?.kind ?? noise("kind_i"));
    dut.poke("first_i", step?.first ?? noise("first_i"));
    dut.poke("last_i", step?.last ?? noise("last_i"));
    dut.poke("words_i", step ? step.words & 0xffff : noise("words_i"));
    dut.poke("group_i", step ? step.group & 0xffff : noise("group_i"));
    dut.poke("quant_i", step?.quant ?? noise("quant_i"));
    dut.poke("tap_i", step?.tap ?? noise("tap_i"));
    dut.poke("patch_i", step?.patch ? packBytes(step.patch) : noise("patch_i"));
    dut.poke("taps_i", step?.taps ? packBytes(step.taps) : noise("taps_i"));
    dut.poke("pair_i", step?.pair ?? random.bits(1));
    dut.poke("columns_i", step?.columns ? packBytes(step.columns) : noise("columns_i"));
    dut.step();
    if (step?.last && step.expected) {
      const late = step.kind === 1 ? windowCycles(shape) - 1 : step.kind >= 2 ? turns(shape) : 0;
      results.wanted.push({
        cycle: cycle + 3 + REQUANTISE_STAGES + tree + late + shared,
        token,
        data: step.expected,
      });
    }
    if (dut.peekNumber("result_valid_o") === 1)
      results.got.push({
        ...{ cycle, token: dut.peek("result_token_o") },
        data: unpackInt8(dut.peek("result_data_o"), shape.Pk),
      });
  }
  expect(results.got).toEqual(results.wanted);
  expect(new Set(results.got.flatMap((result) => result.data ?? [])).size).toBeGreaterThan(60);
}

function bubbles(cycles: Cycles, percent: number, random: BenchRandom): Cycles {
  return cycles.flatMap((step) => {
    const before: null[] = [];
    while (random.chance(percent)) before.push(null);
    return [...before, step];
  });
}

describe.each(shapes)(
  "pe_array of $Pk lanes, $Pc multipliers, a window of $DwKh x $DwKw, packed $Paired",
  (shape) => {
    it.each([0, 30])("convolves, slides windows and takes single taps, idle in %i of 100 cycles", (idle) =>
      withModule("pe_array", shape, (dut) => {
        const random = benchRandom(12 + idle);
        const { Pk, Pc } = shape;
        // both rings wrap in the middle of a layer
        const conv = { base: 65_520, record: 65_535, perGroup: 18 };
        const convWindows = { kernel: 3, stride: 2, pad: 1, outputs: 3 };
        const image = randomImage(random, 5, 5, 2 * Pc);
        const layer = randomLayer(random, 2 * Pk, 9 * 2 * Pc);
        load(dut, shape, layer, conv, (k, word, j) => layer.weights[k * 18 * Pc + word * Pc + j]!);

        const dw = { base: 22, record: 1, perGroup: windowWords(shape) };
        const map = randomImage(random, 7, 7, Pk);
        const taps = randomLayer(random, Pk, 9);
        load(dut, shape, taps, dw, (k, word, j) => {
          const place = placeOf(shape, k % Pk, word, j);
          // no tap of the window: whatever is multiplied is 0, but for what is another lane's
          if (place === null) return shape.Paired === 3 ? 0 : 255;
          const tap = tapAt(shape, place);
          return tap === null ? 0 : taps.weights[k * 9 + tap]!;
        });
        const single = { base: 40, record: 1, perGroup: Math.ceil(9 / Pc) };
        load(dut, shape, taps, single, (k, word, j) => taps.weights[k * 9 + word * Pc + j] ?? 255);

        const pool = { base: 30, record: 2, perGroup: 1 };
        const whole: Layer = {
          ...taps,
          bias: taps.bias.map((_, k) => (k % 3 === 0 ? 40 : -128)),
          multiplier: taps.multiplier.map(() => 2 ** 31 - 1),
          right: taps.right.map(() => 0),
        };
        if (shape.SerialMax) load(dut, shape, whole, pool, (_, word, j) => (j === 0 ? 1 : 77));

        const cycles = [
          ...convolution(shape, image, layer, convWindows, conv.base, conv.record),
          ...windows(shape, map, taps, { kernel: 3, stride: 1, pad: 1, outputs: 7 }, dw.base, dw.record),
          ...windows(shape, map, taps, { kernel: 3, stride: 2, pad: 1, outputs: 4 }, dw.base, dw.record),
          ...serial(
            shape,
            map,
            taps,
            { kernel: 3, stride: 1, pad: 1, outputs: 7 },
            single.base,
            single.record,
          ),
          ...(shape.SerialMax
            ? maxima(shape, map, whole, { kernel: 3, stride: 2, pad: 1, outputs: 4 }, pool.base, pool.record)
            : []),
          ...windows(shape, map, taps, { kernel: 3, stride: 3, pad: 0, outputs: 2 }, dw.base, dw.record),
          ...convolution(shape, image, layer, convWindows, conv.base, conv.record),
        ];
        run(dut, shape, bubbles(cycles, idle, random), random);
      }),
    );

    it("drops what is in flight at reset", () =>
      withModule("pe_array", shape, (dut) => {
        dut.poke("valid_i", 1);
        dut.poke("last_i", 1);
        dut.step(4 + REQUANTISE_STAGES + Math.log2(shape.Pc) + (shape.Paired === 2 ? 1 : 0));
        expect(dut.peekNumber("result_valid_o")).toBe(1);
        dut.reset(1);
        dut.poke("valid_i", 0);
        for (let cycle = 0; cycle < 20; cycle += 1) {
          expect(dut.peekNumber("result_valid_o")).toBe(0);
          dut.step();
        }
      }));
  },
);
