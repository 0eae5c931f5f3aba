/** The memory-side units as processes: program loader, row reader, packer, row writer; the weight loader is in weights.ts. */
import { assert } from "../../ir/errors.ts";
import { item, known } from "../../ir/known.ts";
import { writeBursts } from "../chunks.ts";
import { packerCycles } from "../patches.ts";
import { rowBeats } from "../memory.ts";
import { descriptorBytes } from "../../format/descriptor.ts";
import { HEADER_BYTES, HEADER_READ_BYTES } from "../../format/program.ts";
import type { Phase } from "../plan.ts";
import type { Process } from "./kernel.ts";
import type { Machine } from "./machine.ts";
import { bursts, rowRequests, request } from "./requests.ts";
import { activationCycles, residualCycles } from "../stages.ts";

/** Cycles from a condition in a unit to its request on the bus, and from the last beat to the counter that shows it. */
const REQUEST_CYCLES = 7;
/** The same, where the condition is a row of the line buffer that is no longer needed. */
const SLOT_CYCLES = 2;
const ARRIVAL_CYCLES = 3;
/** The same until the sequencer acts on rows and on weights that have come. */
const ROWS_SEEN_CYCLES = ARRIVAL_CYCLES + 3;
export const WEIGHTS_SEEN_CYCLES = ARRIVAL_CYCLES + 1;
/** From start to the program's first address, and from its last beat to the units. */
const START_CYCLES = 5;
/** More than from any last beat to its counter: the program's check. */
const CHECK_CYCLES = 2;
/** From start to the units, where the program is there. */
const KEPT_START_CYCLES = 3;
/** From a burst's last result to its first beat. */
const WRITE_CYCLES = 6;
/** From the last beat written into the scratchpad to the counter that shows its row. */
const CHIP_WRITTEN_CYCLES = 7;
/** Beats that are handed to the memory together where groups of results are narrower than the bus. */
const GATHERED_BEATS = 4;
/** What results take through the array is left out of the above: that the weights see them leave is later. */
const BACKLOG_CYCLES = 15;

/** The header tells how many descriptors follow: the memory's latency twice. A kept program is there at once. */
export function* programLoader(m: Machine): Process {
  const { blocks, hardware } = m.plan;
  if (m.image === "next") {
    yield KEPT_START_CYCLES;
    m.programLoaded = true;
    return;
  }
  yield START_CYCLES;
  for (const [offset, bytes] of [
    [0, HEADER_READ_BYTES],
    [HEADER_BYTES, descriptorBytes(hardware.lineBuffers.length) * blocks.length],
  ] as const) {
    const beats = bytes / hardware.busBytes;
    let arrived = 0;
    for (const n of bursts(m, offset, beats)) yield* request(m, "program", n, () => (arrived += n));
    yield () => arrived === beats;
    yield ARRIVAL_CYCLES;
  }
  yield CHECK_CYCLES;
  m.programLoaded = true;
}

export function* rowReader(m: Machine): Process {
  const requestRow = rowRequests(m, "rows");
  yield () => m.programLoaded;
  for (const [index, block] of m.plan.blocks.entries()) {
    yield () => m.released >= index;
    m.readerBlock = index;
    m.readerRows = 0;
    yield 3;
    const { source } = block;
    const slots = item(block.phases, 0).sourceSlots;
    const beats = rowBeats(m.plan.hardware, source);
    const written = (row: number) =>
      block.producer === null ||
      m.writtenBlocks > block.producer ||
      (!block.waits && m.writtenBlocks === block.producer && m.writtenRows > row);
    const freed = () => (m.block === index ? item(m.freed, 0) : 0);
    let arrivedRows = 0;
    let row = 0;
    for (; row < source.rows; row++) {
      const r = row;
      const ready = () => r - freed() < slots && written(r);
      if (!ready()) {
        const wasWritten = written(r);
        yield () => m.released > index || ready();
        if (!ready()) break;
        yield wasWritten ? SLOT_CYCLES : REQUEST_CYCLES;
      }
      yield* requestRow(source.region, source.offset + r * source.rowPitch, beats, () => {
        m.kernel.after(ROWS_SEEN_CYCLES, () => {
          arrivedRows++;
          m.readerRows++;
        });
      });
    }
    const issued = row;
    yield () => arrivedRows === issued && m.released > index;
  }
}

/** The second row reader: rows of the maps that blocks add to their results. */
export function* residualReader(m: Machine): Process {
  const requestRow = rowRequests(m, "residual");
  yield () => m.programLoaded;
  for (const [index, { residual }] of m.plan.blocks.entries()) {
    yield () => m.writtenBlocks >= index;
    m.residualBlock = index;
    m.residualRows = 0;
    m.residualFreed = 0;
    if (!residual) continue;
    const { place, producer, slots } = residual;
    const beats = rowBeats(m.plan.hardware, place);
    for (let row = 0; row < place.rows; row++) {
      const r = row;
      yield () =>
        r - m.residualFreed < slots &&
        (producer === null ||
          m.writtenBlocks > producer ||
          (m.writtenBlocks === producer && m.writtenRows > r));
      yield* requestRow(place.region, place.offset + r * place.rowPitch, beats, () => {
        m.kernel.after(ROWS_SEEN_CYCLES, () => m.residualRows++);
      });
    }
    yield () => m.residualRows === place.rows;
  }
}

export function* packer(m: Machine, index: number): Process {
  const block = m.plan.blocks[index];
  const [pack, conv] = block?.phases ?? [];
  assert(pack?.kind === "pack" && conv, "a pack phase and its convolution");
  const cycles = packRowCycles(m, pack);
  for (let y = 0; y < pack.outputRows; y++) {
    const need = Math.min(pack.inputRows, y * pack.stride[0] - pack.padTop + pack.kernel[0]);
    const row = y;
    yield () => m.readerBlock === index && m.readerRows >= need && row < item(m.freed, 1) + conv.sourceSlots;
    yield 1 + cycles;
    m.freed[0] = Math.max(0, (y + 1) * pack.stride[0] - pack.padTop);
    m.kernel.after(6, () => (m.rowsThere[1] = item(m.rowsThere, 1) + 1));
  }
  m.packDone = true;
}

/** Cycles of the packer for a row of patches. */
function packRowCycles(m: Machine, p: Phase): number {
  const { lbBytes, lineBuffers, packer } = m.plan.hardware;
  const bytes = (pixels: number) => pixels * p.inputChannels;
  const row = {
    height: p.kernel[0],
    run: bytes(p.kernel[1]),
    width: p.outputWidth,
    step: bytes(p.stride[1]),
    first: -bytes(p.padLeft),
  };
  return packerCycles(row, item(lineBuffers, 0).banks, lbBytes, packer === 2 ? 2 : 1);
}

/** Writes a burst as soon as all of its results are there. */
export function* rowWriter(m: Machine, latency: number): Process {
  const { blocks, hardware } = m.plan;
  // one group a cycle leaves the queue
  const gather = Math.max(1, hardware.busBytes / hardware.pk);
  let gathered = 0; // when the last beat so far was whole
  let queued = 0; // bytes of no burst yet
  // the sequencer hands over a result as if nothing stood behind the lanes
  const late = activationCycles(hardware) + residualCycles(hardware);
  const bursts = blocks.flatMap((block) => {
    const onChip = block.destination.region === "chip";
    return [...writeBursts(block, hardware)].map((burst) => ({ ...burst, onChip }));
  });
  for (const burst of bursts) {
    const to = burst.onChip ? m.scratchpad : m.memory;
    while (queued < burst.bytes) {
      yield () => m.output.length > 0;
      queued += known(m.output.shift(), "a result in the queue");
    }
    queued -= burst.bytes;
    let { beats, bytes } = burst;
    const taken = (n: number) => {
      beats -= n;
      const gone = beats === 0 ? bytes : Math.min(bytes, n * hardware.busBytes);
      bytes -= gone;
      m.outputHeld -= gone / hardware.pk;
      m.kernel.after(BACKLOG_CYCLES, () => (m.backlog -= gone / hardware.pk));
      if (beats > 0 || !burst.rowEnds) return;
      m.kernel.after(late + (burst.onChip ? CHIP_WRITTEN_CYCLES : Math.max(1, latency) + 2), () => {
        m.writtenRows++;
        if (!burst.blockEnds) return;
        m.writtenBlocks++;
        m.writtenRows = 0;
      });
    };
    if (gather < GATHERED_BEATS) {
      // the turns of the memory hide how slowly two groups become a beat, but for the last one
      m.kernel.after(gather === 1 ? WRITE_CYCLES : WRITE_CYCLES + gather, () => {
        to.write(burst.beats, taken);
      });
      continue;
    }
    // the groups of a first beat have come together before it has an address
    gathered = Math.max(gathered, m.kernel.now() + WRITE_CYCLES + 1 - gather);
    for (let left = burst.beats; left > 0; left -= GATHERED_BEATS) {
      const n = Math.min(left, GATHERED_BEATS);
      gathered += gather * n;
      m.kernel.after(gathered - n - m.kernel.now(), () => {
        to.write(n, taken);
      });
    }
  }
}
