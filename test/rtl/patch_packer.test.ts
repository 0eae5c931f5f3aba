import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, type Actor, type Dut } from "../../sim/bench/index.ts";
import { pulse, withModule } from "./helper.ts";
import { patchOrder } from "../../src/4-schedule/patches.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";
import { phaseBits, plainPhase, rowPlace, type PhaseWords } from "./support/phase.ts";

interface Layer {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly pad: number;
  readonly outputs: readonly [number, number];
}

const layers: Layer[] = [
  { name: "3x3x3", channels: 3, height: 9, width: 11, kernel: [3, 3], stride: 2, pad: 1, outputs: [5, 6] },
  { name: "7x7x3", channels: 3, height: 13, width: 13, kernel: [7, 7], stride: 2, pad: 3, outputs: [7, 7] },
  { name: "3x3x1", channels: 1, height: 7, width: 9, kernel: [3, 3], stride: 1, pad: 1, outputs: [7, 9] },
  { name: "5x5x4", channels: 4, height: 8, width: 8, kernel: [5, 5], stride: 1, pad: 2, outputs: [8, 8] },
  {
    name: "3x3x3 without padding",
    channels: 3,
    height: 8,
    width: 9,
    kernel: [3, 3],
    stride: 2,
    pad: 0,
    outputs: [3, 4],
  },
  { name: "1x1x3", channels: 3, height: 3, width: 7, kernel: [1, 1], stride: 1, pad: 0, outputs: [3, 7] },
  { name: "2x4x2", channels: 2, height: 6, width: 10, kernel: [2, 4], stride: 3, pad: 1, outputs: [2, 3] },
];

const shapes = [
  { Bytes: 8, PatchRows: 1, AddrW: 10, BankW: 2, SrcBanks: 4, DstBanks: 1 },
  { Bytes: 16, PatchRows: 2, AddrW: 10, BankW: 2, SrcBanks: 4, DstBanks: 1 },
  { Bytes: 32, PatchRows: 2, AddrW: 9, BankW: 3, SrcBanks: 8, DstBanks: 4 },
];
type Shape = (typeof shapes)[number];

const zero = -77;
const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** The phase in bytes, as the descriptor counts it. */
function phaseOf(layer: Layer, { Bytes, SrcBanks }: Shape, tight: boolean): PhaseWords {
  const [kh, kw] = layer.kernel;
  return {
    ...plainPhase,
    ...{ kind: "pack", rows: layer.outputs[0], width: layer.outputs[1], zero },
    ...{ inRows: layer.height, inWidth: layer.width * layer.channels, pitch: 1 },
    ...{ kh, kw: kw * layer.channels, sy: layer.stride, sx: layer.stride * layer.channels },
    ...{ padTop: layer.pad, padLeft: layer.pad * layer.channels },
    rowWords: Math.ceil((layer.width * layer.channels) / Bytes),
    slots: roundUp(tight ? kh : kh + 2 * layer.stride, SrcBanks),
    banks: SrcBanks,
  };
}

/** im2col: the words that one output row fills, patch after patch, each from a new word. */
function packedRow(layer: Layer, image: readonly number[][], y: number, shape: Shape): number[] {
  const { Bytes, SrcBanks } = shape;
  const [kh, kw] = layer.kernel;
  const order = patchOrder(kh, kw * layer.channels, SrcBanks, Bytes);
  const patches = Array.from({ length: layer.outputs[1] }, (_, x) => {
    const rows: number[] = [];
    for (let ky = 0; ky < kh; ky += 1)
      for (let kx = 0; kx < kw; kx += 1)
        for (let c = 0; c < layer.channels; c += 1) {
          const [row, column] = [y * layer.stride + ky - layer.pad, x * layer.stride + kx - layer.pad];
          const inside = column >= 0 && column < layer.width;
          rows.push(inside ? (image[row]?.[column * layer.channels + c] ?? zero) : zero);
        }
    const patch = order.map((from) => rows[from]!);
    return [...patch, ...new Array<number>(roundUp(patch.length, Bytes) - patch.length).fill(0)];
  });
  return patches.flat();
}

interface Run {
  readonly tight: boolean;
  /** Percent of cycles in which no row arrives, in which no packed row is freed. */
  readonly held: number;
}

/** The row reader in front and the array behind; the rows that were packed, as they lay in line buffer 1. */
function pack(dut: Dut, shape: Shape, layer: Layer, run: Run): { image: number[][]; rows: number[][] } {
  const { Bytes, SrcBanks, DstBanks, AddrW } = shape;
  const random = benchRandom(13, layer.name);
  const phase = phaseOf(layer, shape, run.tight);
  const rowBytes = layer.width * layer.channels;
  const image = Array.from({ length: layer.height }, () => randomInt8(random, rowBytes));
  const source = Array.from({ length: SrcBanks }, () => randomInt8(random, Bytes << AddrW));
  const dstRowWords = packedRow(layer, image, 0, shape).length / Bytes;
  const dstSlots = DstBanks * (run.tight ? 1 : 3);
  const destination = Array.from({ length: DstBanks }, () => randomInt8(random, Bytes << AddrW));
  const state = { there: 0, freed: 0, dstFreed: 0, addresses: [] as number[], written: 0 };
  const rows: number[][] = [];
  dut.poke("cfg_i", phaseBits(phase));
  dut.poke("dst_slots_i", dstSlots);
  dut.poke("dst_row_words_i", dstRowWords);
  dut.poke("dst_last_i", (dstSlots / DstBanks - 1) * dstRowWords);
  dut.poke("rows_there_i", 0);
  dut.poke("dst_freed_i", 0);
  const surroundings: Actor = {
    drive() {
      // the slot of a freed row gets the next row at once
      if (state.there < layer.height && state.there < state.freed + phase.slots && !random.chance(run.held)) {
        const { bank, addr } = rowPlace(state.there, phase);
        image[state.there]!.forEach((byte, i) => (source[bank]![addr * Bytes + i] = byte));
        state.there += 1;
      }
      if (state.dstFreed < rows.length && !random.chance(run.held)) state.dstFreed += 1;
      dut.poke("rows_there_i", state.there);
      dut.poke("dst_freed_i", state.dstFreed);
      const words = source.map((bank, b) => {
        const from = (state.addresses[b] ?? 0) * Bytes;
        return bank.slice(from, from + Bytes);
      });
      dut.poke("src_data_i", packBytes(words.flat()));
    },
    observe() {
      // as row_address reads them
      const [bank, addr, next] = ["bank", "addr", "next"].map((name) => dut.peekNumber(`src_${name}_o`));
      const word = dut.peekNumber("src_offset_o") / Bytes;
      state.addresses = source.map((_, b) => ((b < bank! ? next! : addr!) + word) % 2 ** AddrW);
      const freed = dut.peekNumber("rows_freed_o");
      expect(freed).toBeGreaterThanOrEqual(state.freed);
      state.freed = freed;
      if (dut.peekNumber("dst_we_o") === 1) {
        const word = unpackInt8(dut.peek("dst_data_o"), Bytes);
        const at = dut.peekNumber("dst_addr_o");
        // a row that is not freed yet keeps its words
        const bank = dut.peekNumber("dst_bank_o");
        const slot = Math.floor(at / dstRowWords) * DstBanks + bank;
        expect(slot).toBe(rows.length % dstSlots);
        expect(rows.length).toBeLessThan(state.dstFreed + dstSlots);
        word.forEach((byte, i) => (destination[bank]![at * Bytes + i] = byte));
        state.written += 1;
      }
      if (dut.peekNumber("row_written_o") === 0) return;
      const slot = rows.length % dstSlots;
      const first = Math.floor(slot / DstBanks) * dstRowWords * Bytes;
      expect(state.written).toBe(dstRowWords);
      state.written = 0;
      rows.push(destination[slot % DstBanks]!.slice(first, first + dstRowWords * Bytes));
    },
  };
  pulse(dut, "start_i");
  expect(dut.peekNumber("done_o")).toBe(0);
  runCycles(dut, [surroundings], {
    until: () => rows.length === layer.outputs[0] && dut.peekNumber("done_o") === 1,
    maxCycles: 20_000,
    describe: () => `${rows.length} rows of ${layer.name}`,
  });
  dut.eval();
  expect(dut.peekNumber("busy_o")).toBe(0);
  expect(dut.peekNumber("row_written_o") | dut.peekNumber("dst_we_o")).toBe(0);
  return { image, rows };
}

describe.each(shapes)("patch_packer of words of $Bytes bytes, $SrcBanks banks", (shape) => {
  // descriptors that the banks cannot hold are not made
  const fitting = layers.filter(({ stride, pad }) => Math.max(stride, pad) <= shape.SrcBanks);

  it.each([
    { tight: false, held: 0 },
    { tight: true, held: 0 },
    { tight: true, held: 90 },
    { tight: false, held: 97 },
  ])("packs every layer, one after the other, rows tight: $tight, held back in $held of 100 cycles", (run) =>
    withModule("patch_packer", shape, (dut) => {
      for (const layer of fitting) {
        const { image, rows } = pack(dut, shape, layer, run);
        const expected = rows.map((_, y) => packedRow(layer, image, y, shape));
        expect(rows).toEqual(expected);
      }
    }),
  );

  it("starts afresh after a reset in the middle of a patch", () =>
    withModule("patch_packer", shape, (dut) => {
      const layer = layers[0]!;
      dut.poke("cfg_i", phaseBits(phaseOf(layer, shape, false)));
      dut.poke("rows_there_i", layer.height);
      dut.poke("dst_slots_i", 3);
      pulse(dut, "start_i");
      dut.step(9);
      expect(dut.peekNumber("busy_o")).toBe(1);
      dut.reset(1);
      dut.step();
      expect(dut.peekNumber("busy_o")).toBe(0);
      const { image, rows } = pack(dut, shape, layer, { tight: false, held: 0 });
      expect(rows[0]).toEqual(packedRow(layer, image, 0, shape));
    }));
});
