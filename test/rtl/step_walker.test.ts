import { describe, expect, it } from "vitest";
import { benchRandom, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { pulse, withModule } from "./helper.ts";
import { lastBank, phaseBits, plainPhase, rowPlace, type PhaseWords } from "./support/phase.ts";
import { readStep, rowsNeeded, stripRows, walk, type Step, type Strip } from "./support/walk.ts";

const shapes = [
  { Pk: 4, Pc: 4, DwKh: 3, DwKw: 3, Columns: 1, AddrW: 8, BankW: 2, SerialMax: 1, EdgeRecords: 1 },
  { Pk: 32, Pc: 16, DwKh: 4, DwKw: 5, Columns: 2, AddrW: 12, BankW: 3, SerialMax: 0, EdgeRecords: 0 },
];
type Shape = (typeof shapes)[number];

interface Case {
  readonly name: string;
  readonly phase: Partial<PhaseWords>;
  readonly toMemory: boolean;
  readonly free: Strip["free"];
  /** Results of the phase wait for rows of another map. */
  readonly residual?: boolean;
}

const pool = { kind: "serial", oneWord: true, oneRecord: true } as const;

/** Pools that not every accelerator has. */
const pools: readonly Case[] = [
  {
    ...{ name: "max pool with padding", toMemory: true, free: "all" },
    phase: {
      ...{ ...pool, maximum: true, rows: 3, width: 4, inRows: 7, inWidth: 10, kh: 3, kw: 4, sy: 3, sx: 3 },
      ...{ padTop: 1, padLeft: 2, groups: 2, tileGroups: 2, slots: 8 },
    },
  },
  {
    ...{ name: "average pool with padding, records by its taps", toMemory: false, free: "tiles" },
    phase: {
      ...{ ...pool, edgeRecords: 7, rows: 5, width: 4, inRows: 5, inWidth: 7, kh: 3, kw: 4, sx: 2 },
      ...{ padTop: 1, padLeft: 1, groups: 3, tileGroups: 3, stripRows: 2, slots: 8 },
    },
  },
];

/** Phases of every kind; words a group follow from the kernel. */
function cases({ Columns, DwKh, DwKw, EdgeRecords }: Shape): Case[] {
  const dw = { kind: "depthwise", kh: DwKh, kw: DwKw, groups: 3, tileGroups: 3 } as const;
  const pairs = [0, 1, 2].map((padLeft): Case => ({
    ...{ name: `depthwise in pairs of columns, ${padLeft} of padding`, toMemory: false, free: "tiles" },
    phase: {
      ...{ ...dw, kind: "pairs", rows: 5, width: 5, inRows: 9, inWidth: 10, sy: 2, sx: 2, padLeft },
      ...{ slots: 8, stripRows: 2 },
    },
  }));
  const lb1 = { banks: 1, slots: 3 };
  return [
    {
      ...{ name: "3x3 convolution in tiles of strips", toMemory: true, free: "tiles" },
      phase: {
        ...{ rows: 7, width: 5, inRows: 7, inWidth: 5, kh: 3, kw: 3, padTop: 1, padLeft: 1, words: 2 },
        ...{ groups: 5, tileGroups: 2, stripRows: 3, slots: 8 },
      },
    },
    {
      ...{ name: "Fire's two expand convolutions", toMemory: true, free: "all" },
      phase: {
        ...{ rows: 6, width: 5, inRows: 6, inWidth: 5, kh: 3, kw: 3, padTop: 1, padLeft: 1, words: 2 },
        ...{ groups: 5, tileGroups: 5, centreGroups: 2, banks: 1, slots: 4 },
      },
    },
    {
      ...{ name: "Fire in tiles, one of them with both kernels", toMemory: true, free: "tiles" },
      phase: {
        ...{ rows: 4, width: 3, inRows: 4, inWidth: 3, kh: 3, kw: 3, padTop: 1, padLeft: 1, words: 3 },
        ...{ groups: 8, tileGroups: 2, centreGroups: 3, stripRows: 4, banks: 1, slots: 4 },
      },
    },
    {
      ...{ name: "Fire with a residual", toMemory: true, free: "tiles", residual: true },
      phase: {
        ...{ rows: 5, width: 4, inRows: 5, inWidth: 4, kh: 3, kw: 3, padTop: 1, padLeft: 1, stripRows: 3 },
        ...{ groups: 4, tileGroups: 2, centreGroups: 1, slots: 8 },
      },
    },
    {
      ...{ name: "pointwise with a residual", toMemory: true, free: "all", residual: true },
      phase: { rows: 9, width: 3, inRows: 9, inWidth: 3, groups: 3, tileGroups: 3, ...lb1 },
    },
    {
      ...{ name: "1x1 convolution, stride 2", toMemory: false, free: "none" },
      phase: { rows: 5, width: 4, inRows: 10, inWidth: 7, sy: 2, sx: 2, words: 3, groups: 2, tileGroups: 2 },
    },
    {
      ...{ name: "5x3 convolution, stride 2, uneven padding", toMemory: false, free: "none" },
      phase: {
        ...{ rows: 5, width: 6, inRows: 9, inWidth: 11, kh: 5, kw: 3, sy: 2, sx: 2, padTop: 2, padLeft: 0 },
        ...{ groups: 1, slots: 8, stripRows: 2 },
      },
    },
    {
      ...{ name: "pointwise from one bank", toMemory: true, free: "all" },
      phase: { rows: 8, width: 3, inRows: 8, inWidth: 3, words: 4, groups: 3, tileGroups: 3, ...lb1 },
    },
    {
      ...{ name: "pointwise in tiles from one bank", toMemory: true, free: "tiles" },
      phase: {
        ...{ rows: 6, width: 3, inRows: 6, inWidth: 3, words: 2, groups: 4, tileGroups: 2, stripRows: 3 },
        ...lb1,
      },
    },
    {
      ...{ name: "depthwise", toMemory: false, free: "none" },
      phase: { ...dw, rows: 6, width: 6, inRows: 6, inWidth: 6, padTop: 1, padLeft: 1, slots: 8 },
    },
    {
      ...{ name: "depthwise, stride 2", toMemory: false, free: "tiles" },
      phase: { ...dw, rows: 5, width: 5, inRows: 9, inWidth: 10, sy: 2, sx: 2, slots: 8, stripRows: 2 },
    },
    {
      ...{ name: "depthwise, a kernel smaller than the window", toMemory: false, free: "tiles" },
      phase: {
        ...{ ...dw, rows: 5, width: 6, inRows: 5, inWidth: 6, kh: 2, kw: 2, padTop: 1, padLeft: 1 },
        ...{ slots: 8, stripRows: 2 },
      },
    },
    {
      ...{ name: "depthwise in tiles of strips, the first one longer", toMemory: false, free: "tiles" },
      phase: {
        ...dw,
        ...{ rows: 7, width: 4, inRows: 7, inWidth: 4, padTop: 1, padLeft: 1, slots: 8 },
        ...{ groups: 5, tileGroups: 2, stripRows: 2, haloRows: 1 },
      },
    },
    {
      ...{ name: "pointwise in tiles of strips, the first one longer", toMemory: false, free: "tiles" },
      phase: {
        ...{ rows: 8, width: 3, inRows: 8, inWidth: 3, words: 2, groups: 3, tileGroups: 2 },
        ...{ stripRows: 3, haloRows: 2, slots: 8 },
      },
    },
    {
      ...{ name: "depthwise, stride 3, two columns of padding", toMemory: false, free: "all" },
      phase: { ...dw, rows: 4, width: 4, inRows: 10, inWidth: 10, sy: 3, sx: 3, padTop: 2, padLeft: 2 },
    },
    {
      ...{ name: "serial taps", toMemory: false, free: "tiles" },
      phase: {
        ...{ kind: "serial", rows: 4, width: 4, inRows: 8, inWidth: 8, kh: 3, kw: 3, sy: 2, sx: 2 },
        ...{ padTop: 1, padLeft: 1, groups: 3, tileGroups: 3 },
      },
    },
    {
      ...{ name: "serial taps that fill their words", toMemory: true, free: "all" },
      phase: {
        kind: "serial",
        rows: 2,
        width: 3,
        inRows: 5,
        inWidth: 10,
        kh: 4,
        kw: 8,
        groups: 2,
        tileGroups: 2,
      },
    },
    {
      ...{ name: "pool: held and shared weights", toMemory: true, free: "all" },
      phase: {
        ...{ kind: "serial", oneWord: true, oneRecord: true, rows: 2, width: 2, inRows: 8, inWidth: 8 },
        ...{ kh: 4, kw: 4, sy: 4, sx: 4, groups: 3, tileGroups: 3 },
      },
    },
    {
      ...{ name: "padding alone, more rows than the window has", toMemory: true, free: "all" },
      phase: {
        ...{ kind: "serial", oneWord: true, oneRecord: true, rows: 9, width: 6, inRows: 3, inWidth: 3 },
        ...{ padTop: 4, padLeft: 2, slots: 8 },
      },
    },
    ...(Columns === 1 ? [] : pairs),
    ...(EdgeRecords === 0 ? [] : pools),
  ];
}

function wordsPerGroup(shape: Shape, p: PhaseWords): number {
  if (p.kind === "depthwise" || p.kind === "pairs") return Math.ceil((p.kh * shape.DwKw) / shape.Pc);
  if (p.kind === "serial") return p.oneWord ? 1 : Math.ceil((p.kh * p.kw) / shape.Pc);
  return p.kh * p.kw * p.words;
}

function phaseOf(shape: Shape, { phase }: Case): PhaseWords {
  const plain = { ...plainPhase, ...phase };
  const pitch = Math.max(plain.words * shape.Pc, plain.groups * shape.Pk);
  const lbBytes = Math.max(shape.Pk, shape.Pc, 8);
  return {
    ...plain,
    ...{ pitch, wordsPerGroup: wordsPerGroup(shape, plain), dstPitch: plain.groups * shape.Pk },
    rowWords: Math.ceil((plain.inWidth * pitch) / lbBytes),
  };
}

interface Gates {
  rows: number;
  groups: number;
  output: boolean;
  residual: number;
}

/** Walks one strip as the sequencer does; checks steps, gates and progress ports, returns the cycles of stalls. */
function walkStrip(dut: Dut, shape: Shape, strip: Strip, stall: number, random: BenchRandom): number {
  const { phase, destination } = strip;
  const wanted = walk(shape, strip);
  const to = destination ?? strip.residual ?? { rowWords: 1, slots: 1, banks: 1 };
  const rows = stripRows(phase, strip.y);
  const state = { y: strip.y, starts: 0, cycles: 0, got: [] as Step[] };
  const gates: Gates = {
    // the sequencer begins a strip whose first row has its source
    rows: stall ? rowsNeeded(phase, strip.y) : phase.inRows,
    groups: strip.groups,
    output: true,
    residual: stall ? strip.y : phase.rows,
  };
  const pokeState = (): void => {
    const top = state.y * phase.sy - phase.padTop;
    const window = rowPlace(top, phase);
    const write = rowPlace(state.y, to);
    dut.poke("y_i", state.y);
    dut.poke("win_bank_i", window.bank);
    dut.poke("win_addr_i", window.addr);
    dut.poke("win_row_i", top);
    dut.poke("dst_bank_i", write.bank);
    dut.poke("dst_addr_i", write.addr);
  };
  dut.poke("cfg_i", phaseBits(phase));
  dut.poke("to_memory_i", destination === null);
  dut.poke("src_banks_i", phase.banks);
  dut.poke("dst_banks_i", to.banks);
  dut.poke("dst_row_words_i", to.rowWords);
  dut.poke("dst_last_i", lastBank(to));
  dut.poke("words_base_i", strip.words & 0xffff);
  dut.poke("groups_base_i", strip.groups & 0xffff);
  const gated = strip.residual !== undefined && strip.residual !== null;
  dut.poke("residual_i", gated);
  const pokeRows = (): void => {
    dut.poke("rows_there_i", gates.rows);
    // without a residual the count says nothing
    dut.poke("residual_rows_i", gated ? gates.residual : 0);
  };
  dut.poke("free_tiles_i", strip.free === "tiles");
  dut.poke("free_all_i", strip.free === "all");
  // what the walker knows of rows, a cycle later
  let seen = { rows: gates.rows, residual: gates.residual };
  pokeState();
  pokeRows();
  pulse(dut, "start_i");
  for (; dut.peekNumber("busy_o") === 1; state.cycles += 1) {
    if (state.cycles > 50 * wanted.cycles + 2000) throw new Error(`strip ${strip.y} does not end`);
    if (!random.chance(stall)) gates.rows = Math.min(gates.rows + 1, phase.inRows);
    if (stall === 0) gates.groups = wanted.groups;
    else if (gates.groups < wanted.groups && !random.chance(stall)) gates.groups += 1;
    gates.output = !random.chance(stall);
    if (!random.chance(stall)) gates.residual = Math.min(gates.residual + 1, phase.rows);
    pokeRows();
    dut.poke("groups_loaded_i", gates.groups & 0xffff);
    dut.poke("output_ready_i", gates.output);
    dut.eval();
    checkReason(dut, strip, gates, seen, state.y);
    if (dut.peekNumber("group_start_o") === 1) {
      state.starts += 1;
      expect(gates.output || destination !== null).toBe(true);
    }
    const rowEnd = dut.peekNumber("row_end_o") === 1;
    const stripEnd = dut.peekNumber("strip_end_o") === 1;
    if (rowEnd) checkProgress(dut, phase, to, state.y);
    if (stripEnd) {
      expect(dut.peekNumber("words_end_o")).toBe(wanted.words & 0xffff);
      expect(dut.peekNumber("groups_end_o")).toBe(wanted.groups & 0xffff);
    }
    expect(stripEnd).toBe(rowEnd && state.y === strip.y + rows - 1);
    dut.step();
    seen = { rows: gates.rows, residual: gates.residual };
    if (rowEnd) {
      state.y += 1;
      pokeState();
      dut.eval();
    }
    if (dut.peekNumber("step_valid_o") === 0) continue;
    const step = readStep(dut, wanted.steps[state.got.length] ?? {});
    expect(gates.rows).toBeGreaterThanOrEqual(rowsNeeded(phase, step.y ?? 0));
    if (gated) expect(gates.residual).toBeGreaterThan(step.y ?? 0);
    const ahead = (gates.groups - (step.group ?? 0)) & 0xffff;
    expect(ahead > 0 && ahead < 0x8000).toBe(true);
    state.got.push(step);
  }
  expect(state.got).toEqual(wanted.steps);
  expect(state.y).toBe(strip.y + rows);
  expect(state.starts).toBe(wanted.results);
  return state.cycles - wanted.cycles;
}

/** A stall has the reason that it says. */
function checkReason(
  dut: Dut,
  strip: Strip,
  gates: Gates,
  seen: Pick<Gates, "rows" | "residual">,
  y: number,
): void {
  const { phase, destination, residual } = strip;
  const reason = dut.peekNumber("reason_o");
  expect([0, 1, 2, 3, 5]).toContain(reason);
  // tiles after the first begin at a row that the strip has passed
  const ahead = stripRows(phase, strip.y);
  const residualLate = residual != null && seen.residual < y + ahead;
  if (reason === 1 && !residualLate) expect(seen.rows).toBeLessThan(rowsNeeded(phase, y + ahead));
  if (reason === 3) expect([destination, gates.output]).toEqual([null, false]);
}

/** What the sequencer takes over at the end of a row. */
function checkProgress(
  dut: Dut,
  phase: PhaseWords,
  to: { rowWords: number; slots: number; banks: number },
  y: number,
): void {
  const top = (y + 1) * phase.sy - phase.padTop;
  const window = rowPlace(top, phase);
  const write = rowPlace(y + 1, to);
  expect(Number(BigInt.asIntN(17, dut.peek("win_row_o")))).toBe(top);
  expect([dut.peekNumber("win_bank_o"), dut.peekNumber("win_addr_o")]).toEqual([window.bank, window.addr]);
  expect([dut.peekNumber("dst_bank_o"), dut.peekNumber("dst_addr_o")]).toEqual([write.bank, write.addr]);
}

describe.each(shapes)("step_walker of $Pk lanes, $Pc multipliers", (shape) => {
  it.each(cases(shape).flatMap((test) => [0, 70].map((stall) => ({ ...test, stall }))))(
    "walks: $name, held up in $stall of 100 cycles",
    (test) =>
      withModule("step_walker", shape, (dut) => {
        const random = benchRandom(14 + test.stall);
        const phase = phaseOf(shape, test);
        const destination = test.toMemory ? null : { rowWords: 5, slots: 6, banks: 2 };
        const residual = test.residual === true ? { rowWords: 7, slots: 3, banks: 1 } : null;
        // the counts of weights wrap on the way
        let [words, groups] = [65_500, 65_535];
        let stalls = 0;
        for (let y = 0; y < phase.rows; y += stripRows(phase, y)) {
          const free = test.free === "all" && y + stripRows(phase, y) < phase.rows ? "none" : test.free;
          const strip: Strip = { phase, y, destination, residual, words, groups, free };
          stalls += walkStrip(dut, shape, strip, test.stall, random);
          if (test.free === "tiles") ({ words, groups } = walk(shape, strip));
        }
        if (test.stall === 0) expect(stalls).toBe(0);
        else expect(stalls).toBeGreaterThan(0);
      }),
  );

  it("stops at reset", () =>
    withModule("step_walker", shape, (dut) => {
      dut.poke("cfg_i", phaseBits({ ...plainPhase, width: 100, inWidth: 100 }));
      dut.poke("rows_there_i", 1);
      dut.poke("groups_loaded_i", 1);
      dut.poke("to_memory_i", 0);
      dut.poke("src_banks_i", 4);
      pulse(dut, "start_i");
      dut.step(5);
      expect([dut.peekNumber("busy_o"), dut.peekNumber("step_valid_o")]).toEqual([1, 1]);
      dut.reset(1);
      expect([dut.peekNumber("busy_o"), dut.peekNumber("step_valid_o")]).toEqual([0, 0]);
      expect(dut.peekNumber("reason_o")).toBe(6);
    }));
});
