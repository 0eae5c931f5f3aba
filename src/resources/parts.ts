/**
 * The parts of an accelerator as the estimator sees them: what each counts exactly (DSP blocks, block RAM, look-up tables that
 * serve as memory), and the quantities with which its logic and its flip-flops grow.
 */
import type { Hardware } from "../4-schedule/plan.ts";
import { windowsSideBySide } from "../4-schedule/size.ts";
import { blockRamsOf, memoryLutsOf, memoryRowsOf, multiplexedBits } from "./memory.ts";
import { isXilinx, type Family } from "./family.ts";
import { item } from "../ir/known.ts";

/** Sizes in bits, bytes or counts; the calibration finds what one of each takes. */
export interface Part {
  /** Name in unitOf. */
  readonly unit: string;
  /** Under which the coefficients stand, where parts of several names or of one name in several kinds are alike. */
  readonly key: string;
  readonly logic: readonly number[];
  readonly flipFlops: readonly number[];
  /** Look-up tables of memories as their shape gives them; the calibration finds the share that Yosys keeps. */
  readonly memory: number;
  /** Rows of look-up tables of such a memory, which multiplexers choose among. */
  readonly memoryRows: number;
  /** Logic that no calibration changes: multiplexers of stacked block RAM, what pools in front of the array add. */
  readonly multiplexers: number;
  readonly dsp: number;
  readonly blockRam: number;
}

/** DSP blocks of the products of a residual's sum. */
const RESIDUAL_PRODUCTS = 8;

/** DSP blocks of a lane's product of a sum and a multiplier of 31 bits: of 25 x 18 bits in Xilinx's devices, of 18 x 18 in others. */
const scaleProducts = ({ sumBits }: Hardware, family: Family): number =>
  sumBits === 25 && isXilinx(family) ? 2 : 4;

/** What the other operations of result and residual add to a lane: look-up tables as Yosys makes them, a product. */
const OPERATIONS = { luts: 257, dsp: 1 };

/** Look-up tables that Yosys makes of a lane's comparison and choice, and of the walker's count of taps outside of the map. */
const MAXIMUM = 50;
const EDGE_COUNT = 36;

const part = (unit: string, of: Partial<Part>): Part => ({
  unit,
  key: unit,
  logic: [1],
  flipFlops: [1],
  memory: 0,
  memoryRows: 1,
  multiplexers: 0,
  dsp: 0,
  blockRam: 0,
  ...of,
});

/** Multipliers that two lanes have for themselves: those of the taps for which there is no place beside the other's window. */
function ownMultipliers(hw: Hardware): number {
  return windowsSideBySide(hw.window, hw) ? Math.max(0, 2 * hw.window[0] * hw.window[1] - hw.pc) : 0;
}

/** Look-up tables of a requantiser's modes that few networks need, as Yosys makes them. */
const MODES = {
  lut4: { leftShifts: 159, averages: 229, wideSums: 59 },
  lut6: { leftShifts: 66, averages: 144, wideSums: 44 },
} as const;

function modeLuts({ averages, leftShifts, sumBits }: Hardware, family: Family): number {
  const modes = MODES[isXilinx(family) ? "lut6" : "lut4"];
  return (
    (leftShifts ? modes.leftShifts : 0) +
    (averages ? modes.averages : 0) +
    (sumBits === 32 ? modes.wideSums : 0)
  );
}

/** Look-up tables of a sum that a cascade of DSP blocks makes where weights are narrow; of four products it makes three. */
const CASCADED_SUM = 17;

const wideWeightLuts = ({ narrowWeights, packed, pc, pk }: Hardware, family: Family): number =>
  packed && !narrowWeights && family === "xc7" ? CASCADED_SUM * pk * (pc - pc / 4) : 0;

/** Requantisers, and the groups that the memories of their multipliers and shift words hold: those of one lane or of two. */
function scales({ kept, paramDepth, pk, sharedRequantisers }: Hardware) {
  const lanes = sharedRequantisers ? 2 : 1;
  return { requantisers: pk / lanes, depth: (paramDepth + kept.groups) * lanes };
}

/** A bias a lane; a multiplier and a shift word a requantiser. A memory of look-up tables has its output registers beside it. */
function parameters(hw: Hardware, family: Family) {
  const { depth, requantisers } = scales(hw);
  const memories = [
    { count: hw.pk, words: hw.paramDepth + hw.kept.groups },
    { count: 2 * requantisers, words: depth },
  ];
  const sum = (of: (words: number) => number) =>
    memories.reduce((total, { count, words }) => total + count * of(words), 0);
  const isInTables = (words: number) => blockRamsOf(words, 32, family) === 0;
  const inTables = memories.filter(({ words }) => isInTables(words)).map(({ words }) => words);
  return {
    flipFlops: [sum((words) => (isInTables(words) ? 32 : 0))],
    blockRam: sum((words) => blockRamsOf(words, 32, family)),
    memory: sum((words) => memoryLutsOf(words, 32, family)),
    memoryRows: memoryRowsOf(Math.max(1, ...inTables), family),
    multiplexers: sum((words) => multiplexedBits(words, 32, family)),
  };
}

/** Every part of the accelerator; source: hw/rtl/accelerator.v and the modules in it. */
export function partsOf(hw: Hardware, family: Family): readonly Part[] {
  const { busBytes, lbBytes, pc, pk, window } = hw;
  const taps = window[0] * window[1];
  const { requantisers } = scales(hw);
  const third = hw.lineBuffers.length > 2 ? 1 : 0;
  // where look-up tables hold no program: whole beats, some of which Yosys narrows
  const program = (words: number) => ({
    blockRam: ((words * 4) / busBytes) * blockRamsOf(hw.maxBlocks, 8 * busBytes, family),
    memory: words * memoryLutsOf(hw.maxBlocks, 32, family),
    memoryRows: memoryRowsOf(hw.maxBlocks, family),
  });
  // a Gowin block makes one product of 18 bits or two of 9
  const products = pk * pc * (hw.packed || family === "gowin" ? 0.5 : 1) + (pk / 2) * ownMultipliers(hw);
  const memory = (count: number, words: number, bits: number) => ({
    blockRam: count * blockRamsOf(words, bits, family),
    memory: count * memoryLutsOf(words, bits, family),
    memoryRows: memoryRowsOf(words, family),
    multiplexers: count * multiplexedBits(words, bits, family),
  });
  const chunk = Math.min(pc, busBytes);
  const banks = hw.lineBuffers.reduce((sum, buffer) => sum + buffer.banks, 0);
  // those with a copy for a second column
  const pairBanks = hw.lineBuffers.reduce(
    (sum, { banks, pairDepth }) => sum + (pairDepth > 0 ? banks : 0),
    0,
  );
  const columns = pairBanks > 0 ? 2 : 1;
  const columnPlaces = 8 * window[0] * pk;
  // what of the banks' words, what of a word, padding or not
  const places = columns * columnPlaces + 8 * pk;
  const select = [
    8 * lbBytes * ((window[0] + 1) * (banks - 1) + window[0] * Math.max(0, pairBanks - 1)),
    places * (lbBytes / pk - 1) + 8 * pc * (lbBytes / pc - 1),
    places + 8 * pc,
  ];
  // whoever reads the words of line buffers chooses among their stacked blocks; two readers share the choice
  const buffers = hw.lineBuffers.map((buffer, index) => {
    const bytes = index === 0 ? busBytes : pk;
    const of = (depth: number) => memory(depth > 0 ? (buffer.banks * lbBytes) / bytes : 0, depth, 8 * bytes);
    const [whole, copy] = [of(buffer.depth), of(buffer.pairDepth)];
    return {
      blockRam: whole.blockRam + copy.blockRam,
      memory: whole.memory + copy.memory,
      multiplexers: whole.multiplexers + copy.multiplexers,
    };
  });
  const isShared = (index: number) => index === 0 && hw.packer > 0;
  const choices = (shared: boolean) =>
    buffers.reduce(
      (sum, { multiplexers }, index) => sum + (isShared(index) === shared ? multiplexers : 0),
      0,
    );
  const parts = [
    part("control registers", {}),
    part("watchdog", {}),
    part("keep", {}),
    part("check", { logic: [1, busBytes], flipFlops: [1, busBytes] }),
    part("program loader", {}),
    part("read arbiter", {}),
    part("row reader", { logic: [1, busBytes], flipFlops: [1, busBytes], ...program(8) }),
    part("row writer", { logic: [1, busBytes], flipFlops: [1, busBytes], ...program(8) }),
    part("weight loader", { logic: [1, busBytes], flipFlops: [1, busBytes], ...program(8) }),
    part("sequencer", {
      logic: [1, third],
      flipFlops: [1, third],
      multiplexers: hw.edgeRecords ? EDGE_COUNT : 0,
      ...program(40 + 12 * third),
    }),
    part("operand select", {
      logic: select,
      multiplexers: choices(false),
      flipFlops: [1, 8 * (pc + pk) + columns * columnPlaces],
      memory: 1,
    }),
    part("array control", { logic: [1, pk + pc], flipFlops: [1, pk + pc], memory: 1 }),
    part("multipliers", {
      key: hw.packed ? "multipliers, packed" : "multipliers",
      logic: [pk * pc, taps > 1 ? pk * pc : 0, pk],
      flipFlops: [pk * pc, pk],
      multiplexers: (hw.serialMax ? MAXIMUM * pk : 0) + wideWeightLuts(hw, family),
      dsp: products,
    }),
    part("requantisers", {
      key: hw.float32 ? "requantisers, float mode" : "requantisers",
      logic: [requantisers],
      flipFlops: [requantisers],
      memory: requantisers,
      multiplexers: modeLuts(hw, family) * requantisers,
      dsp: scaleProducts(hw, family) * requantisers,
    }),
    part("window shifters", {
      // the newest column is one of two
      logic: [columnPlaces * (window[1] - 1 + columns - 1)],
      flipFlops: [8 * pk * window[0] * (2 * window[1] - 1)],
    }),
    part("weight ring", {
      logic: [pk],
      flipFlops: [pk],
      ...memory((pk * pc) / chunk, hw.weightDepth + hw.kept.words, 9 * chunk),
    }),
    part("parameter ring", {
      logic: [0],
      ...parameters(hw, family),
    }),
    part("output queue", {
      logic: [1, pk],
      flipFlops: [1, pk],
      ...memory(1, hw.outputDepth, 8 * pk + 1),
    }),
    ...hw.lineBuffers.map(({ banks: own }, index) =>
      part(`line buffer ${index}`, {
        logic: [own, lbBytes],
        flipFlops: [own],
        blockRam: item(buffers, index).blockRam,
        memory: item(buffers, index).memory,
        multiplexers: isShared(index) ? choices(true) : 0,
      }),
    ),
  ];
  if (hw.packer > 0)
    parts.push(
      part("patch packer", {
        key: hw.packer === 2 ? "patch packer, two rows" : "patch packer",
        logic: [1, 8 * lbBytes * Math.log2(lbBytes)],
        flipFlops: [1, 8 * lbBytes],
      }),
    );
  if (hw.residualDepth > 0)
    parts.push(
      part("residual add", {
        logic: [pk, 1],
        flipFlops: [pk, 1],
        ...program(8 + 12),
        multiplexers: hw.residualOperations ? OPERATIONS.luts * pk : 0,
        dsp: (RESIDUAL_PRODUCTS + (hw.residualOperations ? OPERATIONS.dsp : 0)) * pk,
      }),
      part("residual buffer", memory(lbBytes / busBytes, hw.residualDepth, 8 * busBytes)),
    );
  if (hw.pool) {
    // maxima of rows are read in the cycle of their address, those of open windows by a registered one
    const { depth, groups } = hw.pool;
    const blockRam = blockRamsOf(groups, 8 * pk, family);
    const rows = memoryRowsOf(depth, family) + (blockRam > 0 ? 0 : memoryRowsOf(groups, family));
    const bits = 8 * pk * rows;
    parts.push(
      part("max pool", { logic: [8 * pk, bits, 1], flipFlops: [8 * pk, 1], memory: bits, blockRam }),
    );
  }
  return parts;
}
