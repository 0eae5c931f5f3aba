/** The weight loader as a process, and behind it the decoder of coded segments where the hardware has one. */
import { headBytes } from "../../format/coded-segment.ts";
import { laneWords, recordBytes } from "../../format/group-record.ts";
import { type BlockRange, isWithin, type Plan } from "../plan.ts";
import { item } from "../../ir/known.ts";
import { TABLE_BYTES } from "../../format/check.ts";
import { TABLE_VALUES } from "../serial-operators.ts";
import type { Process } from "./kernel.ts";
import type { Machine } from "./machine.ts";
import { bursts, request } from "./requests.ts";
import { segmentsOf, type Weights } from "./segments.ts";
import { WEIGHTS_SEEN_CYCLES } from "./units.ts";

/** From a run's last request to the next run's first, beside the cycle of the request. */
const RUN_CYCLES = 1;

/** Beats that wait in front of the decoder. */
const DECODER_BEATS = 64;
/** From the last part of a record to the end of the decoder's work on it. */
const DRAIN_CYCLES = 6;

/** A run of beats that the loader asks for: a record, or a coded segment of several, or a table. */
interface Run {
  readonly block: number;
  readonly address: number;
  readonly records: readonly Fetched[];
}

interface Fetched {
  readonly beats: number;
  /** What the decoder takes at least. */
  readonly cycles: number;
  /** Of the rings; none of weights that stay. */
  readonly words: number;
  readonly groups: number;
  readonly done: () => void;
}

export function* weightLoader(m: Machine): Process {
  const { blocks, hardware, keptBlocks } = m.plan;
  const kept = m.image === "next" ? groupsOf(m.plan, keptBlocks) : 0;
  const before = groupsOf(m.plan, { from: 0, to: keptBlocks.from });
  let read = 0;
  // those that stay count as soon as all in front of them are there
  const count = (): void => {
    m.groupsLoaded = read + (read >= before ? kept : 0);
  };
  const done = (): void => {
    m.kernel.after(WEIGHTS_SEEN_CYCLES + tableDelay(m), () => {
      read++;
      count();
    });
  };
  count();
  const { close, fetch } = hardware.patchWords > 0 ? decoder(m) : plain(m);
  yield () => m.programLoaded;
  for (const [index, block] of blocks.entries()) {
    const isKept = isWithin(keptBlocks, index);
    if (isKept && m.image === "next") {
      if (index === keptBlocks.from) yield 1;
      continue;
    }
    yield 2;
    yield* tableLoader(m, index, fetch);
    for (let pass = 0; pass < block.weightLoads; pass++) {
      for (const weights of block.phases.flatMap(segmentsOf)) {
        yield 1;
        for (const run of runsOf(m.plan, weights, isKept, done)) {
          yield* fetch({ ...run, block: index });
          yield RUN_CYCLES;
        }
      }
    }
  }
  close();
}

/** What is asked for together of a segment. */
function* runsOf(
  { hardware }: Plan,
  { segment, wordsPerGroup }: Weights,
  isKept: boolean,
  done: () => void,
): Generator<Omit<Run, "block">, void, void> {
  const { busBytes, pk } = hardware;
  const ring = { words: isKept ? 0 : wordsPerGroup, groups: isKept ? 0 : 1, done };
  const { coding } = segment;
  if (coding !== null) {
    const constants = (pk * 4 * laneWords.length) / busBytes;
    const head = {
      beats: headBytes(hardware, coding) / busBytes,
      cycles: coding.table ? 2 ** coding.codeBits : 0,
    };
    const records = coding.records.map(({ bytes, cycles }, i): Fetched => {
      const before = i === 0 ? head : { beats: 0, cycles: 0 };
      const beats = before.beats + bytes / busBytes;
      return { ...ring, beats, cycles: before.cycles + constants + cycles + DRAIN_CYCLES };
    });
    yield { address: segment.offset, records };
    return;
  }
  const bytes = recordBytes(hardware, wordsPerGroup);
  const beats = bytes / busBytes;
  for (let g = 0; g < segment.groups; g++)
    yield { address: segment.offset + g * bytes, records: [{ ...ring, beats, cycles: beats }] };
}

interface Fetch {
  readonly fetch: (run: Run) => Process;
  /** Nothing comes any more. */
  readonly close: () => void;
}

/** Takes room in the rings as soon as there is some. */
function* takeRoom(m: Machine, { groups, words }: Fetched): Process {
  if (groups === 0) return;
  yield () => m.wordsFree >= words && m.groupsFree > 0;
  m.wordsFree -= words;
  m.groupsFree--;
}

/** Places of the output FIFO that the sequencer counts before their time: groups that leave together, half of them on average. */
const EARLY_PART = 32;

/** Whether weights of a block are asked for: results go first, but for those that the weights make. */
function mayAsk({ backlog, block, plan: { hardware } }: Machine, of: number): boolean {
  const { outputDepth, weightsYield } = hardware;
  return !weightsYield || of <= block || backlog < (15 * outputDepth) / 16 + outputDepth / EARLY_PART;
}

/** Asks for a record as soon as the rings have room for it. */
function plain(m: Machine): Fetch {
  return {
    *fetch({ address, block, records }) {
      for (const record of records) {
        yield* takeRoom(m, record);
        let left = record.beats;
        for (const n of bursts(m, address, record.beats)) {
          yield () => mayAsk(m, block);
          yield* request(m, "weights", n, () => {
            left -= n;
            if (left === 0) record.done();
          });
        }
      }
    },
    close: () => undefined,
  };
}

/** Asks for beats as soon as those that wait leave room; the decoder takes them when the rings have room. */
function decoder(m: Machine): Fetch {
  const waiting: Fetched[] = [];
  let free = DECODER_BEATS;
  let arrived = 0;
  let isClosed = false;
  function* decode(): Process {
    let taken = 0;
    for (;;) {
      yield () => waiting.length > 0 || isClosed;
      const record = waiting.shift();
      if (!record) return;
      const { beats, cycles, done } = record;
      yield* takeRoom(m, record);
      const since = m.kernel.now();
      for (let beat = 1; beat <= beats; beat++) {
        taken++;
        const due = taken;
        yield () => arrived >= due;
        // no sooner than all of the record takes
        const until = since + Math.ceil((cycles * beat) / beats);
        if (until > m.kernel.now()) yield until - m.kernel.now();
        free++;
      }
      done();
    }
  }
  m.kernel.start(decode());
  return {
    *fetch({ address, block, records }) {
      waiting.push(...records);
      const beats = records.reduce((sum, record) => sum + record.beats, 0);
      for (const n of bursts(m, address, beats)) {
        yield () => free >= n && mayAsk(m, block);
        free -= n;
        yield* request(m, "weights", n, () => (arrived += n));
      }
    },
    close: () => {
      isClosed = true;
    },
  };
}

/** Groups that the loader reads for blocks, each time that it does. */
function groupsOf({ blocks }: Plan, { from, to }: BlockRange): number {
  return blocks
    .slice(from, to)
    .flatMap(({ phases, weightLoads }) =>
      phases.flatMap(segmentsOf).map(({ segment }) => segment.groups * weightLoads),
    )
    .reduce((sum, groups) => sum + groups, 0);
}

/** Tables that may be asked for before the first of them is written. */
const OPEN_TABLES = 2;

/** The tables of a block: bytes leave one a cycle, and no group behind them counts before the last. */
function* tableLoader(m: Machine, block: number, fetch: Fetch["fetch"]): Process {
  const { tables } = item(m.plan.blocks, block);
  if (tables === null) return;
  const { busBytes } = m.plan.hardware;
  const beats = TABLE_BYTES / busBytes;
  const done = (): void => {
    m.tablesWritten = Math.max(m.tablesWritten, m.kernel.now() - beats) + TABLE_VALUES;
    m.kernel.after(tableDelay(m), () => m.tablesOpen--);
  };
  const table = { beats, cycles: beats, words: 0, groups: 0, done };
  for (const i of tables.values.keys()) {
    yield () => m.tablesOpen < (i === 0 ? 1 : OPEN_TABLES) && m.passed >= tables.after;
    m.tablesOpen++;
    yield* fetch({ block, address: tables.offset + TABLE_BYTES * i, records: [table] });
  }
}

/** Cycles until groups that arrive now count, more than without tables. */
function tableDelay(m: Machine): number {
  return m.plan.hardware.tables ? 1 + Math.max(0, m.tablesWritten - m.kernel.now()) : 0;
}
