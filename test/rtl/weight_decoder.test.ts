import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, type Actor, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import {
  codedRecordBytes,
  contentsOf,
  decodeCycles,
  segmentHead,
  writeCodedWords,
  type Coding,
  type PlainWords,
} from "../../src/format/coded-segment.ts";
import { randomBytes, resetInTheMiddle, withModule } from "./helper.ts";

interface Shape {
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: 8 | 16;
}

/** What a record is: its bytes with a segment's head in front of the first, and the parts that it becomes. */
interface Record {
  readonly bytes: Uint8Array;
  readonly head: number;
  readonly words: number;
  /** That it takes by the cycle model. */
  readonly cycles: number;
  readonly parts: readonly Part[];
}

interface Part {
  readonly data: Uint8Array;
  /** Of a word's part: which places are full, selectors and position; of others all are full. */
  readonly full: Uint8Array;
  readonly selectors: Uint8Array;
  readonly position: number | null;
}

/** A plain record, or a coded segment of several. */
interface Entry {
  readonly coding: Coding | null;
  readonly words: number;
  readonly records: readonly Record[];
}

function plainPart(data: Uint8Array): Part {
  const selectors = new Uint8Array(data.length);
  return { data, full: new Uint8Array(data.length).fill(1), selectors, position: null };
}

function partsOf(bytes: Uint8Array, busBytes: number): Part[] {
  return Array.from({ length: bytes.length / busBytes }, (_, i) =>
    plainPart(bytes.subarray(i * busBytes, (i + 1) * busBytes)),
  );
}

function plainEntry({ busBytes, pc, pk }: Shape, words: number, random: BenchRandom): Entry {
  const bytes = randomBytes(12 * pk + words * pk * pc, random);
  const cycles = bytes.length / busBytes;
  return {
    coding: null,
    words,
    records: [{ bytes, head: 0, words, cycles, parts: partsOf(bytes, busBytes) }],
  };
}

/** Words of a density in percent: weights and selectors where the coding has them. */
function randomWords({ pc, pk }: Shape, coding: Coding, words: number, random: BenchRandom): PlainWords {
  const density = [0, 3, 40, 97, 100][random.below(5)]!;
  const places = words * pk * pc;
  return {
    positions: Array.from({ length: words }, () => random.below(256)),
    full: Uint8Array.from({ length: places }, () => Number(!coding.maps || random.chance(density))),
    weights: Uint8Array.from({ length: places }, () => {
      const code = random.below(coding.table?.length ?? 2 ** coding.codeBits);
      return coding.table?.[code] ?? code;
    }),
    selectors: Uint8Array.from({ length: places }, () => (coding.selectors ? random.below(8) : 0)),
  };
}

function codedEntry(
  shape: Shape,
  coding: Coding,
  words: number,
  records: number,
  random: BenchRandom,
): Entry {
  const { busBytes, pc, pk } = shape;
  const made = Array.from({ length: records }, (_, index): Record => {
    const plain = randomWords(shape, coding, words, random);
    const front = index === 0 ? segmentHead(shape, coding, words, records) : new Uint8Array(0);
    const head = front.length;
    const contents = contentsOf(plain);
    const bytes = new Uint8Array(head + codedRecordBytes(shape, coding, contents));
    bytes.set(front);
    const constants = randomBytes(12 * pk, random);
    bytes.set(constants, head);
    writeCodedWords(bytes, head + 12 * pk, shape, coding, plain);
    const ofWords = Array.from({ length: (words * pk * pc) / busBytes }, (_, i): Part => {
      const [from, to] = [i * busBytes, (i + 1) * busBytes];
      return {
        data: plain.weights.subarray(from, to),
        full: plain.full.subarray(from, to),
        selectors: plain.selectors.subarray(from, to),
        position: plain.positions[Math.floor(from / (pk * pc))]!,
      };
    });
    const cycles = (12 * pk) / busBytes + decodeCycles(shape, coding, contents);
    return { bytes, head, words, cycles, parts: [...partsOf(constants, busBytes), ...ofWords] };
  });
  return { coding, words, records: made };
}

/** Memory, the loader's queue of entries, and the writer behind the decoder, each of which lets it wait so many percent of cycles. */
function surroundings(dut: Dut, { busBytes, pk }: Shape, entries: readonly Entry[], stall: number) {
  const random = benchRandom(stall, "decoder");
  const records = entries.flatMap((entry) => entry.records);
  const memory = Uint8Array.from(records.flatMap(({ bytes }) => [...bytes]));
  const now = { asked: 0, sent: 0, entry: 0, record: 0, part: 0, checked: [] as number[], ended: 0 };
  let isReady = false;
  let mayAsk = false;
  const field = (port: string, i: number, bits: number): number =>
    Number((dut.peek(port) >> BigInt(i * bits)) & ((1n << BigInt(bits)) - 1n));
  const takePart = (): void => {
    while (now.part === records[now.record]!.parts.length) {
      now.record++;
      now.part = 0;
    }
    const { parts, words } = records[now.record]!;
    const { data, full, position, selectors } = parts[now.part]!;
    const where = `part ${now.part} of record ${now.record}`;
    if (now.part > 0) expect([where, dut.peekNumber("out_words_o")]).toEqual([where, words]);
    for (let i = 0; i < busBytes; i++) {
      const got = [field("out_full_o", i, 1), field("out_data_o", i, 8), field("out_selectors_o", i, 3)];
      const want = full[i] === 1 ? [1, data[i], selectors[i]] : [0, got[1], 0];
      if (got.some((value, n) => value !== want[n]))
        throw new Error(`${where}, place ${i}: ${got.join(" ")} instead of ${want.join(" ")}`);
    }
    if (position !== null && dut.peekNumber("out_position_o") !== position)
      throw new Error(`${where}: position`);
    now.part++;
  };
  const checkBeat = (): void => {
    const beat = Array.from({ length: busBytes }, (_, i) => field("beat_o", i, 8));
    const index = now.checked.length / busBytes;
    const { head } = records[now.ended]!;
    const [from, to] = [head + 8 * pk, head + 8 * pk + 16].map((at) => at / busBytes) as [number, number];
    expect([dut.peekNumber("check_first_o"), dut.peekNumber("check_here_o")]).toEqual([
      Number(index === 0),
      Number(index >= from && index < to),
    ]);
    now.checked.push(...beat);
  };
  const actor: Actor = {
    drive() {
      const entry = entries[now.entry];
      dut.poke("entry_valid_i", Number(entry !== undefined));
      dut.poke("entry_coded_i", Number(entry?.coding !== null));
      dut.poke("entry_words_i", entry?.coding === null ? entry.words : random.bits(16));
      isReady = !random.chance(stall);
      dut.poke("out_ready_i", Number(isReady));
      const isSent = now.sent < now.asked && !random.chance(stall);
      dut.poke("rsp_valid_i", Number(isSent));
      const beat = memory.subarray(now.sent * busBytes, (now.sent + 1) * busBytes);
      dut.poke(
        "rsp_data_i",
        isSent ? beat.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) : random.bits(8 * busBytes),
      );
      if (isSent) now.sent++;
      mayAsk = now.asked * busBytes < memory.length;
      dut.poke("burst_beats_i", 1);
      dut.eval();
      mayAsk &&= dut.peekNumber("burst_fits_o") === 1;
      dut.poke("burst_taken_i", Number(mayAsk));
    },
    observe() {
      if (mayAsk) now.asked++;
      if (dut.peekNumber("out_valid_o") === 1 && isReady) takePart();
      if (dut.peekNumber("check_valid_o") === 1) checkBeat();
      if (dut.peekNumber("check_end_o") === 1) {
        const { bytes } = records[now.ended]!;
        expect(Buffer.compare(Uint8Array.from(now.checked), bytes)).toBe(0);
        now.checked = [];
        now.ended++;
      }
      if (dut.peekNumber("entry_end_o") === 1) now.entry++;
    },
  };
  return { actor, now, beats: memory.length / busBytes };
}

const shapes: readonly Shape[] = [
  { pk: 16, pc: 16, busBytes: 16 },
  { pk: 4, pc: 4, busBytes: 16 },
  { pk: 8, pc: 8, busBytes: 8 },
  { pk: 4, pc: 32, busBytes: 8 },
];

const CODE_BITS = 6;

/** Different weights, some fewer than there are codes. */
function randomTable(codeBits: number, random: BenchRandom): number[] {
  const first = random.below(256);
  const step = 1 + 2 * random.below(20);
  const length = 2 ** codeBits - random.below(2 ** (codeBits - 1));
  return Array.from({ length }, (_, i) => (first + i * step) & 255);
}

/** Codings of all widths, and plain records between them. */
function randomEntries(shape: Shape, random: BenchRandom): Entry[] {
  return Array.from({ length: 24 }, () => {
    if (random.chance(30)) return plainEntry(shape, random.below(3), random);
    const codeBits = 1 + random.below(8);
    const table = codeBits <= CODE_BITS && random.chance(50) ? randomTable(codeBits, random) : null;
    const coding = { codeBits, table, maps: random.chance(75), selectors: random.chance(60) };
    return codedEntry(shape, coding, 1 + random.below(4), 1 + random.below(3), random);
  });
}

describe.each(shapes)("weight_decoder of $pk x $pc, $busBytes bytes", (shape) => {
  const parameters = { BusBytes: shape.busBytes, Pk: shape.pk, Pc: shape.pc, CodeBits: CODE_BITS };

  it.each([0, 40, 85])(
    "puts weights, selectors and positions at their places, others waiting %d percent",
    (stall) =>
      withModule("weight_decoder", parameters, (dut) => {
        const entries = randomEntries(shape, benchRandom(stall, "entries"));
        resetInTheMiddle(dut, [surroundings(dut, shape, entries, stall).actor], 211);
        const { actor, now } = surroundings(dut, shape, entries, stall);
        runCycles(dut, [actor], {
          until: () => now.entry === entries.length,
          describe: () => JSON.stringify({ ...now, checked: now.checked.length }),
        });
        const records = entries.flatMap((entry) => entry.records);
        expect([now.ended, now.record, now.part]).toEqual([
          records.length,
          records.length - 1,
          records.at(-1)!.parts.length,
        ]);
      }),
  );

  it("takes the cycles that the cycle model says", () =>
    withModule("weight_decoder", parameters, (dut) => {
      const random = benchRandom(7, "rate");
      const coding = { codeBits: 8, table: null, maps: true, selectors: true };
      const entry = codedEntry(shape, coding, 20, 8, random);
      const { actor, now } = surroundings(dut, shape, [entry], 0);
      let cycles = 0;
      runCycles(dut, [actor, { drive: () => undefined, observe: () => cycles++ }], {
        until: () => now.entry === 1,
      });
      const predicted = entry.records
        .map((record) => Math.max(record.bytes.length / shape.busBytes, record.cycles))
        .reduce((sum, n) => sum + n, 0);
      expect(cycles / predicted).toBeGreaterThan(0.95);
      expect(cycles / predicted).toBeLessThan(1.15);
    }));
});
