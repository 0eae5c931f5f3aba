/** Memories of SB_RAM40_4K blocks: the same words as ram_1r1w's twin keeps, in as many blocks as the estimate counts. */
import { expect, it } from "vitest";
import { benchRandom, type Dut } from "../../../sim/bench/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { blockRamsOf } from "../../../src/resources/memory.ts";
import { cellsOf } from "./cells.ts";
import { sideBySide } from "./side-by-side.ts";

interface Shape {
  readonly width: number;
  readonly depth: number;
  /** More than `depth` asks for: the memory takes no notice of them. */
  readonly unusedBits?: number;
  readonly blocks: number;
  /** Look-up tables at most: to choose among pieces, one a bit for two, two a bit for three; a few for write enables. */
  readonly luts: number;
}

const shapes: readonly Shape[] = [
  { width: 1, depth: 1, blocks: 0, luts: 0 },
  { width: 7, depth: 3, blocks: 0, luts: 40 },
  { width: 1, depth: 5, unusedBits: 2, blocks: 1, luts: 0 },
  // modes 0 to 3
  { width: 16, depth: 64, blocks: 1, luts: 0 },
  { width: 16, depth: 256, blocks: 1, luts: 0 },
  { width: 16, depth: 512, unusedBits: 1, blocks: 2, luts: 0 },
  { width: 4, depth: 1000, blocks: 1, luts: 0 },
  { width: 16, depth: 1024, blocks: 4, luts: 0 },
  { width: 3, depth: 2048, blocks: 2, luts: 0 },
  { width: 18, depth: 2048, blocks: 9, luts: 0 },
  // 3 rows: columns in pieces of two and one, the four bits beside them in one of four
  { width: 36, depth: 700, unusedBits: 2, blocks: 7, luts: 36 },
  { width: 5, depth: 1300, blocks: 3, luts: 0 },
  // 7 rows: pieces of four, two and one; of eight
  { width: 15, depth: 1700, blocks: 7, luts: 36 },
  { width: 13, depth: 1700, blocks: 7, luts: 0 },
  // 18 rows: two pieces of eight and one of two
  { width: 20, depth: 4500, blocks: 23, luts: 50 },
];

const addressBits = ({ depth, unusedBits = 0 }: Shape): number =>
  Math.max(1, Math.ceil(Math.log2(depth))) + unusedBits;

/** What was read is taken on the edge behind the one that reads, when the next address is already there. */
const memory = (shape: Shape, i: number, module: string, data: string): string =>
  `  wire [${shape.width - 1}:0] ${data};
  always @(posedge clk_i) ${data}_o <= ${data};
  ${module} #(.Width(${shape.width}), .Depth(${shape.depth}), .AddrW(${addressBits(shape)})) u_${data} (
      .clk_i(clk_i), .we_i(we${i}_i), .waddr_i(waddr${i}_i), .wdata_i(wdata${i}_i), .raddr_i(raddr${i}_i),
      .rdata_o(${data}));`;

const bench = `
module bench (
    input wire clk_i,
${shapes
  .map((shape, i) => {
    const [data, address] = [`[${shape.width - 1}:0]`, `[${addressBits(shape) - 1}:0]`];
    return `    input wire we${i}_i, input wire ${address} waddr${i}_i, input wire ${data} wdata${i}_i,
    input wire ${address} raddr${i}_i, output reg ${data} twin${i}_o, output reg ${data} part${i}_o`;
  })
  .join(",\n")}
);
${shapes
  .flatMap((shape, i) => [
    memory(shape, i, "ram_1r1w", `twin${i}`),
    memory(shape, i, "ram_1r1w_ice40", `part${i}`),
  ])
  .join("\n")}
endmodule
`;

/** One memory of the bench, with the words that it should hold. */
function driver(dut: Dut, random: ReturnType<typeof benchRandom>, shape: Shape, i: number) {
  const { depth, unusedBits = 0, width } = shape;
  const words: bigint[] = [];
  const addressOf = (word: number): number =>
    word + random.below(2 ** unusedBits) * 2 ** (addressBits(shape) - unusedBits);
  return {
    depth,
    /** Sets the ports for a cycle; what it returns checks the word that was read, two edges later. */
    access: (we: boolean, to: number, from: number): (() => void) => {
      const word = random.bits(width);
      dut.poke(`we${i}_i`, we);
      dut.poke(`waddr${i}_i`, addressOf(to));
      dut.poke(`wdata${i}_i`, word);
      dut.poke(`raddr${i}_i`, addressOf(from));
      const expected = words[from];
      if (we) words[to] = word;
      return () => {
        // a word that was being written may be any, and so is one that never was
        if (expected === undefined || (we && to === from)) return;
        const [twin, part] = [dut.peek(`twin${i}_o`), dut.peek(`part${i}_o`)];
        if (twin === expected && part === expected) return;
        expect({ shape, twin, part }).toEqual({ shape, twin: expected, part: expected });
      };
    },
  };
}

it("SB_RAM40_4Ks keep every word of memories of all four modes, in rows and columns", () =>
  sideBySide(
    {
      name: "ram_1r1w",
      families: ["ice40"],
      cells: [{ cell: "SB_RAM40_4K", file: "ice40/cells_sim.v" }],
    },
    bench,
    (dut) => {
      const random = benchRandom(7);
      const memories = shapes.map((shape, i) => driver(dut, random, shape, i));
      type Memory = (typeof memories)[number];
      let checks: (() => void)[] = [];
      const cycle = (access: (memory: Memory) => () => void): void => {
        const next = memories.map(access);
        dut.step();
        for (const check of checks) check();
        checks = next;
      };
      const deepest = Math.max(...shapes.map(({ depth }) => depth));
      const every = Array.from({ length: deepest }, (_, word) => word);
      for (const word of every) cycle(({ access, depth }) => access(true, word % depth, random.below(depth)));
      let collisions = 0;
      for (let i = 0; i < 10_000; i += 1)
        cycle(({ access, depth }) => {
          const [we, to] = [random.chance(50), random.below(depth)];
          const from = random.chance(20) ? to : random.below(depth);
          if (we && to === from) collisions += 1;
          return access(we, to, from);
        });
      expect(collisions).toBeGreaterThan(10_000);
      for (const word of [...every, 0]) cycle(({ access, depth }) => access(false, 0, word % depth));
    },
  ));

it.each(shapes)("Yosys builds $depth words of $width bits of $blocks blocks", async (shape) => {
  const { blocks, depth, luts, width } = shape;
  const parameters = `-set Width ${width} -set Depth ${depth} -set AddrW ${addressBits(shape)}`;
  const cells = await cellsOf(
    [packagePath("hw", "rtl", "ice40", "ram_1r1w.v")],
    `chparam ${parameters} ram_1r1w; synth_ice40 -top ram_1r1w`,
  );
  expect(cells.SB_RAM40_4K ?? 0).toBe(blocks);
  expect(blockRamsOf(depth, width, "ice40")).toBe(blocks);
  expect(cells.SB_LUT4 ?? 0).toBeLessThanOrEqual(luts);
});
