import { TABLE_BYTES } from "../../src/format/check.ts";
import { describe, expect, it } from "vitest";
import { modelImage } from "../../codegen/view/memory-image.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { InputError, type Problem } from "../../src/ir/errors.ts";
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "../golden/helpers.ts";
import { seededInteger } from "../networks/hardware.ts";
import { noiseTable, withTables } from "../support/tables.ts";

const options = { pk: 4, pc: 4, busBytes: 8 } as const;

/** Convolutions behind each other, table n on the results of the n-th. */
function chain(count: number): IntGraph {
  const b = buildNetwork("chain", { height: 8, width: 8, channels: 4 });
  let map = b.input;
  for (let n = 0; n < count; n += 1)
    map = b.conv(`conv${n}`, map, 4, { kernel: 3, activation: n === 2 ? "none" : "hard-swish" });
  b.conv("last", map, 4, { kernel: 1 });
  return withTables(seededInteger(b.finish(), 1), (name) => Number(/\d+/.exec(name)?.[0]));
}

function problems(graph: IntGraph): readonly Problem[] {
  try {
    schedule(graph, options);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("tables", () => {
  it("fill the slots in turn, and wait for the results that need what they replace", () => {
    const plan = schedule(chain(11), options);
    expect(plan.hardware.tables).toBe(true);
    const of = plan.blocks.map(({ phases, tables }) => [phases[0]!.activation, tables?.after ?? null]);
    // the third has none; the ninth table and the tenth replace those of blocks 0 and 1
    expect(of.map(([activation]) => activation)).toEqual([1, 2, 0, 3, 4, 5, 6, 7, 8, 1, 2, 0]);
    expect(of.map(([, after]) => after)).toEqual([0, 0, null, 0, 0, 0, 0, 0, 0, 1, 2, null]);
  });

  it("lie in front of their block's first weights", () => {
    const plan = schedule(chain(2), options);
    const image = new Int8Array(modelImage(plan).buffer);
    for (const [n, { tables, phases }] of plan.blocks.slice(0, 2).entries()) {
      const { offset } = tables!;
      expect(offset + TABLE_BYTES).toBe(phases[0]!.segment!.offset);
      expect([...image.subarray(offset, offset + 256)]).toEqual([...noiseTable(n)]);
    }
  });

  it("of a block are there once, whichever phases have them", () => {
    const b = buildNetwork("same", { height: 8, width: 8, channels: 4 });
    const deep = b.depthwise("deep", b.input, { kernel: 3, activation: "tanh" });
    const point = b.conv("point", deep, 4, { kernel: 1, activation: "tanh" });
    b.conv("last", point, 4, { kernel: 3 });
    const [same, two] = [() => 1, (_: string, __: string, i: number) => i].map(
      (seedOf) => schedule(withTables(seededInteger(b.finish(), 1), seedOf), options).blocks[0]!,
    );
    expect([same!.tables!.values.length, ...same!.phases.map(({ activation }) => activation)]).toEqual([
      1, 1, 1,
    ]);
    expect([two!.tables!.values.length, ...two!.phases.map(({ activation }) => activation)]).toEqual([
      2, 1, 2,
    ]);
  });

  it("stand behind the kernels", () => {
    const b = buildNetwork("both", { height: 8, width: 8, channels: 4 });
    const first = b.conv("first", b.input, 4, { kernel: 3, activation: "tanh" });
    b.conv("last", b.conv("second", first, 4, { kernel: 1, activation: "sigmoid" }), 4, { kernel: 3 });
    const both = withTables(seededInteger(b.finish(), 1), (_, kernel) => (kernel === "tanh" ? 1 : null));
    const plan = schedule(both, options);
    expect(plan.blocks.map(({ phases }) => phases[0]!.activation)).toEqual([2, 1, 0]);
  });

  it("for single channels are refused by name", () => {
    const graph = chain(1);
    const nodes = graph.nodes.map((node): IntNode => {
      if (node.kind !== "lookup") return node;
      const tables = new Int8Array(1024);
      for (const channel of [0, 1, 2, 3]) tables.set(noiseTable(channel), 256 * channel);
      return { ...node, tables };
    });
    expect(problems({ ...graph, nodes }).map(({ code, found }) => [code, found])).toEqual([
      ["no-hardware", "a function that differs from channel to channel"],
    ]);
    // four times the same is one
    const same = nodes.map((node): IntNode => {
      if (node.kind !== "lookup") return node;
      return { ...node, tables: Int8Array.from({ length: 1024 }, (_, i) => node.tables[i % 256]!) };
    });
    expect(schedule({ ...graph, nodes: same }, options).blocks[0]!.tables!.values).toEqual([noiseTable(0)]);
  });

  it("behind the last layer are the host's, without one the accelerator's", () => {
    const tail = (nodes: readonly IntNode[]) => {
      const maps = [0, 1, 2].map((id) => intMap({ id, height: 3, width: 3, channels: 4 }));
      return schedule(intGraph(maps.slice(0, nodes.length + 1), nodes), options);
    };
    const lookup = (from: number): IntNode => ({
      ...{ ...nodeBase, kind: "lookup", inputs: [from], output: from + 1, tables: noiseTable(from) },
    });
    const alone = tail([lookup(0), lookup(1)]);
    expect(alone.hostNodes).toEqual([]);
    expect(
      alone.blocks.map(({ phases }) => phases.map(({ kind, activation }) => [kind, activation])),
    ).toEqual([...[[["serial", 1]], [["serial", 2]]]]);
    const graph = chain(1);
    const ends = {
      ...graph,
      nodes: graph.nodes.slice(0, 2),
      logits: graph.nodes[1]!.output,
      outputs: [graph.nodes[1]!.output],
    };
    const { hardware, hostNodes } = schedule(ends, options);
    expect([hardware.tables, hostNodes.map(({ kind }) => kind)]).toEqual([false, ["lookup"]]);
  });
});
