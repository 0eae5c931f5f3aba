import { describe, expect, it } from "vitest";
import { benchRandom, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";
import { packBytes, randomInt8, randomSigned } from "./support/bytes.ts";
import { shiftWord } from "../../src/format/group-record.ts";
import { REQUANTISE_STAGES } from "../../src/4-schedule/stages.ts";
import { requantize } from "./support/requantize.ts";

const shapes = [
  { LaneIndex: 3, Pc: 4, BusBytes: 16, StepW: 2, WeightPartW: 2, ParamPartW: 1 },
  { LaneIndex: 5, Pc: 32, BusBytes: 8, StepW: 1, WeightPartW: 6, ParamPartW: 3 },
];
const common = { DwKh: 3, DwKw: 3, WeightDepth: 32, WeightW: 5, ParamDepth: 8, ParamW: 3 };
const weightWords = 32;
const groups = 8;
const range = { zeroPoint: -3, min: -120, max: 125 };

interface Contents {
  /** Word, multiplier: w - zw. */
  readonly weights: number[][];
  readonly bias: number[];
  readonly multiplier: number[];
  readonly right: number[];
}

/** Fills both rings beat by beat: this lane's values at their places, noise everywhere else. */
function load(dut: Dut, shape: (typeof shapes)[number], random: BenchRandom): Contents {
  const { LaneIndex, Pc, BusBytes } = shape;
  const contents: Contents = {
    weights: Array.from({ length: weightWords }, () =>
      Array.from({ length: Pc }, () => randomSigned(random, 9)),
    ),
    bias: Array.from({ length: groups }, () => randomSigned(random, 16)),
    multiplier: Array.from({ length: groups }, () => 2 ** 30 + random.below(2 ** 30)),
    right: Array.from({ length: groups }, () => 6 + random.below(6)),
  };
  // bytes of a word, or of a parameter field, that belong to the lanes up to and after this one
  dut.poke("weight_we_i", 1);
  for (const [word, own] of contents.weights.entries()) {
    const all = Array.from({ length: 2 ** shape.WeightPartW * BusBytes }, () => randomSigned(random, 9));
    all.splice(LaneIndex * Pc, Pc, ...own);
    for (let part = 0; part < 2 ** shape.WeightPartW; part += 1) {
      dut.poke("weight_addr_i", word);
      dut.poke("weight_part_i", part);
      dut.poke("weight_data_i", packFields(all.slice(part * BusBytes, (part + 1) * BusBytes), 9));
      dut.step();
    }
  }
  dut.poke("weight_we_i", 0);
  dut.poke("weight_data_i", random.bits(9 * BusBytes));
  dut.poke("param_we_i", 1);
  for (let group = 0; group < groups; group += 1) {
    const shift = shiftWord({ right: contents.right[group]! });
    for (const [field, own] of [contents.bias[group]!, contents.multiplier[group]!, shift].entries()) {
      for (let part = 0; part < 2 ** shape.ParamPartW; part += 1) {
        const lanes = Array.from({ length: BusBytes / 4 }, (_, i) =>
          part * (BusBytes / 4) + i === LaneIndex ? own : randomSigned(random, 32),
        );
        dut.poke("param_addr_i", group);
        dut.poke("param_field_i", field);
        dut.poke("param_part_i", part);
        dut.poke("param_data_i", packFields(lanes, 32));
        dut.step();
      }
    }
  }
  dut.poke("param_we_i", 0);
  return contents;
}

/** Inputs of one cycle each, set ahead of time; all of them are noise in other cycles. */
function timeline(dut: Dut, random: BenchRandom) {
  const planned = new Map<number, [string, bigint | number | boolean][]>();
  return {
    at(cycle: number, pokes: Readonly<Record<string, bigint | number | boolean>>): void {
      planned.set(cycle, [...(planned.get(cycle) ?? []), ...Object.entries(pokes)]);
    },
    step(cycle: number): void {
      for (const { name, direction, width } of dut.ports.values()) {
        if (direction === "input" && /^(patch|tap|weight_raddr|bias_raddr|scale_raddr|column)_i$/.test(name))
          dut.poke(name, random.bits(width));
      }
      for (const name of ["valid_i", "first_i", "column_valid_i"]) dut.poke(name, 0);
      for (const [name, value] of planned.get(cycle) ?? []) dut.poke(name, value);
      dut.step();
    },
  };
}

describe.each(shapes)("lane $LaneIndex of $Pc multipliers on a bus of $BusBytes bytes", (shape) => {
  it("keeps its part of both rings and takes every kind of operand through to a result", () =>
    withModule("lane", { ...common, ...shape }, (dut) => {
      const random = benchRandom(11);
      const contents = load(dut, shape, random);
      const time = timeline(dut, random);
      const { Pc } = shape;
      const tree = Math.log2(Pc);
      const results: { cycle: number; expected: number }[] = [];
      dut.poke("zero_point_i", range.zeroPoint);
      dut.poke("min_i", range.min);
      dut.poke("max_i", range.max);
      // operations in stage C, two words each for conv and serial; a window takes one for every Pc of its taps
      let cycle = 0;
      for (let i = 0; i < 150; i += 1) {
        const kind = random.below(3);
        const group = random.below(groups);
        const word = random.below(weightWords - 4);
        const steps = kind === 1 ? Math.ceil(9 / Pc) : 2;
        let acc = contents.bias[group]!;
        const window = randomInt8(random, 9);
        if (kind === 1) {
          for (let x = 0; x < 3; x += 1) {
            time.at(cycle, {
              column_valid_i: 1,
              column_i: packBytes([0, 1, 2].map((y) => window[3 * y + x]!)),
              column_first_i: 0,
              column_capture_i: x === 2,
            });
            cycle += 1;
          }
          cycle -= 1;
        }
        for (let step = 0; step < steps; step += 1) {
          const weights = contents.weights[word + step]!;
          const patch = randomInt8(random, Pc);
          const tap = randomInt8(random, 1)[0]!;
          const tapAt = random.below(Pc);
          weights.forEach((weight, j) => {
            if (kind === 0) acc += weight * patch[j]!;
            if (kind === 1) acc += weight * (window[step * Pc + j] ?? 0);
            if (kind === 2 && j === tapAt) acc += weight * tap;
          });
          time.at(cycle, { weight_raddr_i: word + step });
          time.at(cycle + 1, { kind_i: kind, step_i: kind === 1 ? step : 0 });
          if (kind === 0) time.at(cycle + 1, { patch_i: packBytes(patch) });
          if (kind === 2) time.at(cycle + 1, { tap_i: tap, tap_at_i: 0xffn << BigInt(8 * tapAt) });
          time.at(cycle + tree + 2, { bias_raddr_i: group });
          time.at(cycle + tree + 3, { valid_i: 1, first_i: step === 0, scale_raddr_i: group });
          cycle += 1;
        }
        const scale = { multiplier: contents.multiplier[group]!, right: contents.right[group]!, left: 0 };
        results.push({
          cycle: cycle + tree + 2 + REQUANTISE_STAGES,
          expected: requantize(acc, scale, range),
        });
      }
      const got: typeof results = [];
      let next = 0;
      for (let now = 0; next < results.length; now += 1) {
        time.step(now);
        if (now !== results[next]?.cycle) continue;
        got.push({ cycle: now, expected: (dut.peekNumber("result_o") << 24) >> 24 });
        next += 1;
      }
      expect(got).toEqual(results);
      expect(new Set(got.map((result) => result.expected)).size).toBeGreaterThan(40);
    }));
});
