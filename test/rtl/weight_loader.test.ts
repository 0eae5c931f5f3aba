import { describe, expect, it } from "vitest";
import { cycle, readServer, runCycles } from "../../sim/bench/index.ts";
import { loadDescriptors, pulse, resetInTheMiddle, withModule } from "./helper.ts";
import {
  base,
  type Block,
  blocksAsked,
  build,
  fitting,
  mapped,
  none,
  type Shape,
  surroundings,
} from "./support/weight-loader.ts";

describe.each<Shape>([
  { BusBytes: 16, Pk: 4, Pc: 4, WeightDepth: 64, ParamDepth: 16, Records: 4, PatchWords: 0 },
  { BusBytes: 8, Pk: 4, Pc: 4, WeightDepth: 32, ParamDepth: 2, Records: 2, PatchWords: 0 },
  { BusBytes: 8, Pk: 32, Pc: 32, WeightDepth: 8, ParamDepth: 4, Records: 16, PatchWords: 0 },
  { BusBytes: 16, Pk: 4, Pc: 4, WeightDepth: 64, ParamDepth: 16, Records: 4, PatchWords: 64 },
  { BusBytes: 8, Pk: 8, Pc: 8, WeightDepth: 16, ParamDepth: 4, Records: 2, PatchWords: 16 },
])(
  "weight_loader of $BusBytes bytes for $Pk x $Pc, rings of $WeightDepth and $ParamDepth, patches of $PatchWords words",
  (shape) => {
    const full = { groups: 3, words: shape.WeightDepth, zero: 0, ...mapped(shape) };
    const blocks = [
      { weightLoads: 1, segments: [{ groups: 7, words: 3, zero: -128 }, none, none] },
      { weightLoads: 0, segments: [{ groups: 5, words: 1, zero: 0 }, none, none] },
      {
        weightLoads: 3,
        segments: [
          { groups: 4, words: 1, zero: 127, ...mapped(shape) },
          none,
          { groups: 2, words: 5, zero: -3, ...mapped(shape) },
        ],
      },
      { weightLoads: 2, segments: [none, { groups: 3, words: 0, zero: 1 }, none] },
      {
        weightLoads: 1,
        segments: [full, { groups: 40, words: 2, zero: 77 }, { groups: 1, words: 7, zero: 5 }],
      },
    ];
    blocks.push({
      weightLoads: 1,
      segments: [none, none, { groups: 6, words: shape.WeightDepth / 4, zero: 0 }],
    });
    const { program, groups, bytes } = build(shape, blocks);

    it.each([
      { busy: 0, stall: 0, latency: 1 },
      { busy: 95, stall: 0, latency: 40 },
      { busy: 0, stall: 70, latency: 5 },
      { busy: 98, stall: 20, latency: 1 },
    ])(
      "loads all groups in order, sequencer busy for $busy and memory for $stall percent, latency $latency",
      ({ busy, stall, latency }) =>
        withModule("weight_loader", shape, (dut) => {
          dut.poke("base_i", base);
          loadDescriptors(dut, program);
          const scrap = readServer(dut, { bytes, base, stall, latency });
          resetInTheMiddle(dut, [scrap, surroundings(dut, shape, groups, bytes, busy).actor]);
          for (const image of [1, 2]) {
            pulse(dut, "clear_i");
            expect(dut.peekNumber("groups_loaded_o")).toBe(0);
            const server = readServer(dut, { bytes, base, stall, latency });
            const { actor, now } = surroundings(dut, shape, groups, bytes, busy);
            runCycles(dut, [server, actor, blocksAsked(dut, shape, groups)], {
              until: () => now.freed === groups.length,
              describe: () => JSON.stringify(now),
            });
            expect([image, dut.peekNumber("groups_loaded_o"), server.open]).toEqual([
              image,
              groups.length,
              0,
            ]);
          }
        }),
    );

    it("fills the rings and waits, then goes on", () =>
      withModule("weight_loader", shape, (dut) => {
        dut.poke("base_i", base);
        loadDescriptors(dut, program);
        const server = readServer(dut, { bytes, base, latency: 3 });
        const { actor, now } = surroundings(dut, shape, groups, bytes, 30);
        // at first, and after groups came and went at the same time
        for (const freed of [0, 10, groups.length - 6]) {
          runCycles(dut, [server, actor], { until: () => now.freed >= freed });
          now.asleep = true;
          for (let i = 0; i < 3000; i += 1) cycle(dut, [server, actor]);
          now.asleep = false;
          expect(dut.peekNumber("groups_loaded_o") - now.freed).toBe(fitting(groups.slice(now.freed), shape));
        }
        runCycles(dut, [server, actor], { until: () => now.freed === groups.length });
      }));

    it("keeps the bus busy while there is space", () =>
      withModule("weight_loader", shape, (dut) => {
        const words = Math.min(4, shape.WeightDepth / 4);
        const steady = build(shape, [
          { weightLoads: 1, segments: [{ groups: 60, words, zero: 9 }, none, none] },
        ]);
        const server = readServer(dut, { bytes: steady.bytes, base, latency: 4, outstanding: 16 });
        const { actor, now } = surroundings(dut, shape, steady.groups, steady.bytes, 0);
        dut.poke("base_i", base);
        loadDescriptors(dut, steady.program);
        const cycles = runCycles(dut, [server, actor], { until: () => now.freed === 60 });
        const beats = (60 * (12 * shape.Pk + words * shape.Pk * shape.Pc)) / shape.BusBytes;
        if (shape.ParamDepth > 2) expect(cycles).toBeLessThan(beats + 20);
      }));
  },
);

describe.each([
  [0, 0, 0],
  [0, 2, 0],
  [1, 3, 0],
  [2, 4, 0],
  [0, 4, 0],
  [1, 3, 16],
  [0, 4, 16],
])(
  "weight_loader that keeps the weights of blocks %i to below %i of 4, patches of %i words",
  (from, to, PatchWords) => {
    const stays = (block: number): boolean => block >= from && block < to;
    const rings: Shape = {
      BusBytes: 8,
      Pk: 4,
      Pc: 4,
      WeightDepth: 16,
      ParamDepth: 4,
      Records: 4,
      PatchWords,
    };
    const blocks = [
      { weightLoads: 1, segments: [{ groups: 7, words: 3, zero: -128 }, none, none] },
      {
        weightLoads: 1,
        segments: [{ groups: 3, words: 40, zero: 5 }, none, { groups: 2, words: 5, zero: -3 }],
      },
      {
        weightLoads: stays(2) ? 1 : 3,
        segments: [none, { groups: 9, words: 4, zero: 1, ...mapped(rings) }, none],
      },
      { weightLoads: 1, segments: [none, none, { groups: 6, words: 2, zero: 0 }] },
    ];
    // what does not stay fits the ring record by record
    blocks[1] = stays(1) ? blocks[1]! : blocks[0]!;
    const { program, groups, bytes } = build(rings, blocks);
    const those = groups.filter(({ block }) => stays(block));
    const others = groups.filter(({ block }) => !stays(block));
    const kept = {
      before: groups.filter(({ block }) => block < from).length,
      groups: those.length,
      words: those.reduce((sum, { segment }) => sum + segment.words, 0),
    };

    it.each([
      { busy: 0, stall: 0, latency: 1 },
      { busy: 90, stall: 20, latency: 9 },
    ])(
      "reads only the others from the second image on, sequencer busy for $busy percent",
      ({ busy, latency, stall }) =>
        withModule("weight_loader", { ...rings, KeptWords: kept.words, KeptGroups: kept.groups }, (dut) => {
          dut.poke("base_i", base);
          dut.poke("kept_from_i", from);
          dut.poke("kept_to_i", to);
          loadDescriptors(dut, program);
          const { actor, now, again } = surroundings(dut, rings, groups, bytes, busy, [], kept);
          const bytesOf = (some: typeof groups) => some.reduce((sum, { size }) => sum + size, 0);
          for (const keep of [0, 1, 1, 0, 1]) {
            dut.poke("keep_i", keep);
            pulse(dut, "clear_i");
            dut.poke("keep_i", 0);
            expect(dut.peekNumber("groups_loaded_o")).toBe(keep === 1 && from === 0 ? kept.groups : 0);
            again();
            const server = readServer(dut, { bytes, base, stall, latency });
            runCycles(dut, [server, actor], {
              until: () => now.freed === groups.length,
              describe: () => JSON.stringify(now),
            });
            const read = server.bursts.reduce((sum, burst) => sum + burst.beats * rings.BusBytes, 0);
            expect(read).toBe(bytesOf(keep === 1 ? others : groups));
            for (let i = 0; i < 20; i += 1) cycle(dut, [server, actor]);
            expect(dut.peekNumber("groups_loaded_o")).toBe(groups.length);
          }
        }),
    );
  },
);

describe.each<Shape>([
  { BusBytes: 16, Pk: 4, Pc: 4, WeightDepth: 64, ParamDepth: 16, Records: 4, PatchWords: 0 },
  { BusBytes: 8, Pk: 8, Pc: 4, WeightDepth: 64, ParamDepth: 32, Records: 8, PatchWords: 0 },
  { BusBytes: 16, Pk: 4, Pc: 4, WeightDepth: 64, ParamDepth: 16, Records: 4, PatchWords: 32 },
])("weight_loader with tables, of $BusBytes bytes for $Pk x $Pc", (shape) => {
  const few = { groups: 1, words: 3, zero: -5 };
  const blocks: Block[] = [
    { weightLoads: 1, segments: [few, none, none], tables: 1 },
    { weightLoads: 1, segments: [few, few, few], tables: 3 },
    { weightLoads: 2, segments: [few, none, few] },
    { weightLoads: 3, segments: [none, few, none], tables: 1 },
    { weightLoads: 1, segments: [few, few, none], tables: 2 },
    { weightLoads: 1, segments: [few, few, few], tables: 3 },
    { weightLoads: 1, segments: [few, none, none], tables: 3 },
    { weightLoads: 1, segments: [{ groups: 9, words: 2, zero: 7 }, none, none], tables: 2 },
  ];
  const { program, groups, tables, bytes } = build(shape, blocks, 8);

  it.each([
    { busy: 0, stall: 0, latency: 1 },
    { busy: 97, stall: 0, latency: 40 },
    { busy: 0, stall: 70, latency: 5 },
    { busy: 99, stall: 20, latency: 1 },
  ])(
    "writes them in turn, in front of the groups that need them and behind the results that do, sequencer busy for $busy and memory for $stall percent, latency $latency",
    ({ busy, stall, latency }) =>
      withModule("weight_loader", { ...shape, Tables: 1 }, (dut) => {
        dut.poke("base_i", base);
        loadDescriptors(dut, program);
        const scrap = readServer(dut, { bytes, base, stall, latency });
        resetInTheMiddle(dut, [scrap, surroundings(dut, shape, groups, bytes, busy, tables).actor], 457);
        for (const image of [1, 2]) {
          pulse(dut, "clear_i");
          const server = readServer(dut, { bytes, base, stall, latency });
          const { actor, now } = surroundings(dut, shape, groups, bytes, busy, tables);
          runCycles(dut, [server, actor, blocksAsked(dut, shape, groups, tables)], {
            until: () => now.freed === groups.length,
            describe: () => JSON.stringify(now),
          });
          expect([image, now.tableBytes, server.open]).toEqual([image, 256 * tables.length, 0]);
        }
      }),
  );

  it("waits with those that replace others for the results that need these", () =>
    withModule("weight_loader", { ...shape, Tables: 1 }, (dut) => {
      dut.poke("base_i", base);
      loadDescriptors(dut, program);
      const server = readServer(dut, { bytes, base, latency: 3 });
      const { actor, now } = surroundings(dut, shape, groups, bytes, 30, tables);
      now.asleep = true;
      for (let i = 0; i < 5000; i += 1) cycle(dut, [server, actor]);
      // of the first five blocks; those of the sixth would replace tables of the first two
      expect([now.tableBytes, dut.peekNumber("groups_loaded_o")]).toEqual([7 * 256, 13]);
      now.asleep = false;
      runCycles(dut, [server, actor], { until: () => now.freed === groups.length });
      expect(now.tableBytes).toBe(256 * tables.length);
    }));
});
