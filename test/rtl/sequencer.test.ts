import { beforeAll, describe, expect, it } from "vitest";
import { runCycles, type Dut } from "../../sim/bench/index.ts";
import { loadDescriptors, withModule } from "./helper.ts";
import { plainPhase, type PhaseWords } from "./support/phase.ts";
import { planProgram, sequencerWords, type Block } from "./support/program.ts";
import { image, type Image, type Pace, type Program } from "./support/sequencer.ts";

const small = {
  ...{ BusBytes: 8, MaxBlocks: 4, Phases: 2, Pk: 4, Pc: 4, DwKh: 4, DwKw: 4, AddrW: 8, BankW: 2 },
  ...{ LbBanks: 0x010104, OutputDepth: 4 },
};
const large = {
  ...{ BusBytes: 16, MaxBlocks: 255, Phases: 2, Pk: 32, Pc: 16, DwKh: 3, DwKw: 3, AddrW: 10 },
  ...{ BankW: 3, LbBanks: 0x010408, OutputDepth: 64 },
};
/** Line buffer 1 has the banks of a depthwise window too. */
const triple = { ...small, Phases: 3, DwKh: 3, DwKw: 3, LbBanks: 0x010404 };
const tripleLarge = { ...large, Phases: 3, LbBanks: 0x010408, MaxBlocks: 16 };
const single = { ...small, Phases: 1, MaxBlocks: 16 };
type Shape = typeof small;

/** A phase that reads line buffer `from`, with what follows from its kernel filled in. */
function phase(shape: Shape, from: number, fields: Partial<PhaseWords>): PhaseWords {
  const banks = (shape.LbBanks >> (8 * from)) & 255;
  const p = { ...plainPhase, zero: 10 + from, zeroPoint: from - 5, min: -100, max: 100 + from, ...fields };
  const words = {
    conv: p.kh * p.kw * p.words,
    depthwise: Math.ceil((p.kh * shape.DwKw) / shape.Pc),
    pairs: Math.ceil((p.kh * shape.DwKw) / shape.Pc),
    serial: p.oneWord ? 1 : Math.ceil((p.kh * p.kw) / shape.Pc),
    pack: 0,
  };
  const pitch = Math.max(p.words * shape.Pc, p.groups * shape.Pk);
  return {
    ...p,
    banks,
    slots: Math.ceil(p.slots / banks) * banks,
    pitch,
    wordsPerGroup: words[p.kind],
    rowWords: 7,
  };
}

const map = (rows: number, width: number, inRows = rows, inWidth = width) => ({
  rows,
  width,
  inRows,
  inWidth,
});
const window = (shape: Shape) =>
  ({ kind: "depthwise", kh: shape.DwKh, kw: shape.DwKw, padTop: 1, padLeft: 1, slots: shape.DwKh }) as const;
const groups = (count: number, tile = count) => ({ groups: count, tileGroups: tile });

function smallProgram(shape: Shape): Block[] {
  return [
    {
      streamed: false,
      phases: [
        phase(shape, 0, {
          kind: "pack",
          ...map(6, 9, 11, 27),
          kh: 3,
          kw: 9,
          sy: 2,
          sx: 6,
          padTop: 1,
          padLeft: 3,
          slots: 8,
        }),
        phase(shape, 1, { ...map(6, 9), words: 7, ...groups(2), slots: 2 }),
      ],
    },
    {
      streamed: false,
      phases: [
        phase(shape, 0, { ...window(shape), ...map(7, 5), ...groups(2), dstPitch: 8 }),
        phase(shape, 1, { ...map(7, 5), words: 2, ...groups(3), slots: 3 }),
      ],
    },
    {
      streamed: true,
      phases: [
        phase(shape, 0, {
          ...map(5, 4),
          kh: 3,
          kw: 3,
          padTop: 1,
          padLeft: 1,
          ...groups(5, 2),
          stripRows: 2,
          slots: 4,
        }),
      ],
    },
    {
      streamed: true,
      phases: [
        phase(shape, 0, {
          ...window(shape),
          ...map(5, 4, 9, 8),
          sy: 2,
          sx: 2,
          padTop: 0,
          padLeft: 0,
          ...groups(2),
          stripRows: 2,
          dstPitch: 8,
        }),
        phase(shape, 1, { ...map(5, 4), words: 2, ...groups(3, 1), stripRows: 2, slots: 3 }),
      ],
    },
  ];
}

function largeProgram(shape: Shape): Block[] {
  return [
    {
      streamed: false,
      phases: [
        phase(shape, 0, { ...map(10, 5, 19, 9), words: 2, sy: 2, sx: 2, ...groups(2), dstPitch: 64 }),
        phase(shape, 1, { ...map(10, 5), kh: 3, kw: 3, padTop: 1, padLeft: 1, words: 4, ...groups(3) }),
      ],
    },
    {
      streamed: false,
      phases: [
        phase(shape, 0, {
          kind: "serial",
          oneWord: true,
          oneRecord: true,
          ...map(1, 1, 5, 4),
          kh: 5,
          kw: 4,
          ...groups(3),
          slots: 8,
        }),
      ],
    },
    {
      streamed: true,
      phases: [
        phase(shape, 0, { ...window(shape), ...map(6, 5), ...groups(2), stripRows: 4, dstPitch: 64 }),
        phase(shape, 1, { ...map(6, 5), words: 4, ...groups(4, 2), stripRows: 4, slots: 4 }),
      ],
    },
  ];
}

/** Convolutions and a pool, one phase each. */
function singleProgram(shape: Shape): Block[] {
  return [...smallProgram(shape), ...largeProgram(shape)]
    .map(({ phases, streamed }) => ({ streamed, phases: phases.slice(0, 1) }))
    .filter(({ phases: [only] }) => only?.kind === "conv" || only?.kind === "serial");
}

const residual = { rowWords: 5, slots: 2, banks: 1 } as const;

/** A residual behind one phase and behind two, resident and streamed; Fire modules with one and two phases. */
function joinProgram(shape: Shape): Block[] {
  const fire = { kh: 3, kw: 3, padTop: 1, padLeft: 1, dstPitch: 4 * shape.Pk } as const;
  return [
    {
      ...{ streamed: false, residual },
      phases: [
        phase(shape, 0, { ...map(6, 5), words: 2, ...groups(1), dstPitch: 8 }),
        phase(shape, 1, { ...map(6, 5), ...fire, words: 2, ...groups(4), centreGroups: 1, slots: 4 }),
      ],
    },
    { streamed: false, phases: [phase(shape, 0, { ...map(4, 5), ...fire, ...groups(3), centreGroups: 2 })] },
    {
      ...{ streamed: true, residual: { ...residual, slots: 5 } },
      phases: [
        phase(shape, 0, { ...map(4, 3), words: 2, ...groups(2), stripRows: 4, dstPitch: 8 }),
        phase(shape, 1, { ...map(4, 3), ...fire, ...groups(5, 2), centreGroups: 3, stripRows: 4, slots: 4 }),
      ],
    },
    {
      ...{ streamed: true, residual: { ...residual, slots: 3 } },
      phases: [phase(shape, 0, { ...map(5, 4), words: 3, ...groups(4, 2), stripRows: 2, dstPitch: 16 })],
    },
    { streamed: false, residual, phases: [phase(shape, 0, { ...map(3, 4), ...groups(2), dstPitch: 8 })] },
  ];
}

/** MobileNetV2's expand, depthwise and project in one block: resident, streamed, with strides and residuals. */
function tripleProgram(shape: Shape): Block[] {
  const banks = (shape.LbBanks >> 8) & 255;
  const window = { kind: "depthwise", kh: 3, kw: 3, padTop: 1, padLeft: 1 } as const;
  const expand = { words: 2, dstPitch: 3 * shape.Pk };
  const deep = { ...window, dstPitch: 3 * shape.Pk };
  return [
    // as many rows as the banks hold at least
    {
      ...{ streamed: false, residual },
      phases: [
        phase(shape, 0, { ...map(7, 5), ...expand, ...groups(3) }),
        phase(shape, 1, { ...map(7, 5), ...deep, ...groups(3), slots: banks }),
        phase(shape, 2, { ...map(7, 5), words: 3, ...groups(2), slots: 2, dstPitch: 8 }),
      ],
    },
    {
      streamed: false,
      phases: [
        phase(shape, 0, { ...map(9, 6), ...expand, ...groups(3) }),
        phase(shape, 1, { ...map(5, 3, 9, 6), ...deep, sy: 2, sx: 2, ...groups(3), slots: banks }),
        phase(shape, 2, { ...map(5, 3), words: 3, ...groups(1), slots: 4 }),
      ],
    },
    // between one of two phases and one of one
    {
      streamed: false,
      phases: [
        phase(shape, 0, { ...map(4, 5), ...deep, ...groups(2), slots: 8 }),
        phase(shape, 1, { ...map(4, 5), words: 2, ...groups(2), slots: 4 }),
      ],
    },
    // strips: the window reaches a row into the next one; tiles of every phase
    {
      ...{ streamed: true, residual: { ...residual, slots: 4 } },
      phases: [
        phase(shape, 0, { ...map(8, 4), ...expand, ...groups(3, 2), stripRows: 3, haloRows: 1, slots: 8 }),
        phase(shape, 1, { ...map(8, 4), ...deep, ...groups(3, 2), stripRows: 3, slots: 8 }),
        phase(shape, 2, { ...map(8, 4), words: 3, ...groups(4, 1), stripRows: 3, slots: 3, dstPitch: 16 }),
      ],
    },
    { streamed: false, residual, phases: [phase(shape, 0, { ...map(3, 4), ...groups(2), dstPitch: 8 })] },
    {
      streamed: true,
      phases: [
        phase(shape, 0, { ...map(11, 6), ...expand, ...groups(3), stripRows: 4, slots: 8 }),
        phase(shape, 1, { ...map(6, 3, 11, 6), ...deep, sy: 2, sx: 2, ...groups(3), stripRows: 2, slots: 8 }),
        phase(shape, 2, { ...map(6, 3), words: 3, ...groups(2, 1), stripRows: 2, slots: 2 }),
      ],
    },
  ];
}

/** Runs one image of the program from reset. */
function runImage(dut: Dut, program: Program, pace: Pace): Image {
  dut.poke("loaded_i", 0);
  dut.reset(1);
  dut.poke("loaded_i", 1);
  const actors = image(dut, program, pace);
  runCycles(dut, [actors], {
    until: () => actors.finished,
    maxCycles: 60_000,
    describe: () => actors.progress,
  });
  // idle, with everything released
  runCycles(dut, [actors], { until: () => dut.peekNumber("idle_o") === 1, maxCycles: 20 });
  expect(dut.peekNumber("state_reason_o")).toBe(6);
  const { blocks } = program;
  expect(dut.peekNumber("state_block_o")).toBe(blocks.length);
  expect(dut.peekNumber("lb_released_o")).toBe(blocks.length);
  return actors;
}

describe.each([
  { shape: small, program: smallProgram, packs: [0] },
  { shape: large, program: largeProgram, packs: [] },
  { shape: single, program: singleProgram, packs: [] },
  { shape: { ...small, MaxBlocks: 16 }, program: joinProgram, packs: [] },
  { shape: { ...large, LbBanks: 0x010108, MaxBlocks: 32 }, program: joinProgram, packs: [] },
  { shape: { ...triple, MaxBlocks: 16 }, program: tripleProgram, packs: [] },
  { shape: tripleLarge, program: tripleProgram, packs: [] },
])("sequencer of $shape.Phases phases, $shape.Pk lanes", ({ shape, program, packs }) => {
  const blocks = program(shape);
  let planned: Program;
  beforeAll(() => {
    planned = { shape, blocks, plan: planProgram(shape, blocks) };
  });

  it.each([0, 40, 85])("runs image after image, surroundings held up in %i of 100 cycles", (stall) =>
    withModule("sequencer", shape, (dut) => {
      loadDescriptors(dut, blocks.map(sequencerWords));
      for (const seed of [1, 2]) {
        const { order, packed } = runImage(dut, planned, { stall, seed });
        expect(packed).toEqual(packs);
        const { strips } = planned.plan;
        expect(order.length).toBe(strips.length);
        // a streamed block's phases take turns, in the order of their weights
        const streamed = (strip: { block: number }): boolean => blocks[strip.block]!.streamed;
        const turns = (list: typeof order) => list.filter(streamed).map(({ block, phase }) => [block, phase]);
        expect(turns(order)).toEqual(turns(strips));
      }
    }),
  );

  it.each([0, 50])("counts results that a pool keeps as gone, held up in %i of 100 cycles", (stall) =>
    withModule("sequencer", shape, (dut) => {
      loadDescriptors(dut, blocks.map(sequencerWords));
      const { left } = runImage(dut, planned, { stall, drops: 75, seed: 7 });
      // far more than the output would hold
      expect(left.dropped).toBeGreaterThan(left.popped);
      expect(left.popped).toBeGreaterThan(0);
    }),
  );

  it("lets the first phase run ahead until the line buffer is full", () =>
    withModule("sequencer", shape, (dut) => {
      loadDescriptors(dut, blocks.map(sequencerWords));
      const { order } = runImage(dut, planned, { stall: 0, seed: 3 });
      blocks.forEach(({ phases, streamed }, block) => {
        const [first, second] = phases;
        if (streamed || first?.kind === "pack" || second === undefined) return;
        const ran = order.filter((strip) => strip.block === block).map((strip) => strip.phase);
        expect(ran.indexOf(1)).toBe(Math.min(second.slots, first!.rows));
      });
    }));

  it("runs a later phase while the first one waits for rows", () =>
    withModule("sequencer", shape, (dut) => {
      loadDescriptors(dut, blocks.map(sequencerWords));
      runImage(dut, planned, { stall: 0, rowStall: 99, seed: 6 });
    }));

  it("does nothing without a program, and starts afresh after a reset in the middle of an image", () =>
    withModule("sequencer", shape, (dut) => {
      loadDescriptors(dut, blocks.map(sequencerWords));
      dut.poke("loaded_i", 0);
      dut.step(10);
      expect([dut.peekNumber("step_valid_o"), dut.peekNumber("state_block_o")]).toEqual([0, 0]);
      dut.poke("loaded_i", 1);
      const half = image(dut, planned, { stall: 0, seed: 4 });
      runCycles(dut, [half], { until: () => half.order.at(-1)?.block === 1, maxCycles: 20_000 });
      runImage(dut, planned, { stall: 0, seed: 5 });
    }));
});
