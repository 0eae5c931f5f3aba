/** What surrounds a weight loader in its bench: a program and its model region, a memory, rings that give room back, and what is to arrive. */
import { expect } from "vitest";
import { benchRandom, type Actor, type BenchRandom, type Dut } from "../../../sim/bench/index.ts";
import { TABLE_BYTES } from "../../../src/format/check.ts";
import {
  codedRecordBytes,
  contentsOf,
  segmentHead,
  writeCodedWords,
  type Coding,
  type PlainWords,
} from "../../../src/format/coded-segment.ts";
import { descriptor, observer, randomBytes } from "../helper.ts";

export type Shape = Readonly<
  Record<"Pk" | "Pc" | "WeightDepth" | "ParamDepth" | "Records" | "PatchWords", number>
> & { readonly BusBytes: 8 | 16 };

interface Segment {
  readonly groups: number;
  /** Words a group. */
  readonly words: number;
  /** Weight zero point. */
  readonly zero: number;
  readonly coding?: Coding;
}

interface Group {
  /** Byte of its constants. */
  readonly at: number;
  /** With the head of a coded segment in front of its first. */
  readonly size: number;
  /** Of a coded one. */
  readonly words: PlainWords | null;
  readonly segment: Segment;
  readonly block: number;
}

export interface Block {
  readonly weightLoads: number;
  readonly segments: readonly Segment[];
  readonly tables?: number;
}

/** A table: where it lies, in which slot it belongs, for which block, and the block whose results it waits for. */
interface Table {
  readonly at: number;
  readonly slot: number;
  readonly block: number;
  readonly after: number;
}

export const base = 0x8000_0000;
export const none: Segment = { groups: 0, words: 0, zero: 0 };

/** Descriptors and model region of some blocks, and the groups in the order in which they must arrive. */
export function build(shape: Shape, blocks: readonly Block[], slots = 0) {
  const groups: Group[] = [];
  const tables: Table[] = [];
  let end = 256;
  let bytes: Uint8Array = new Uint8Array(0);
  const writes: (() => void)[] = [];
  const random = benchRandom(shape.Pc, "coded");
  const program = blocks.map(({ weightLoads, segments, tables: count = 0 }, index) => {
    // the slots fill in turn: what stood there is of the table so many before
    const before = tables[tables.length + count - 1 - slots]?.block;
    const after = count === 0 || before === undefined ? 0 : before + 1;
    const fields: Record<string, number> = { weightLoads, tables: count, tablesAfter: after };
    // they end where segments begin
    if (count > 0) end = Math.ceil((end + TABLE_BYTES * count) / 256) * 256;
    for (let t = 0; t < count; t += 1)
      tables.push({ at: end - TABLE_BYTES * (count - t), slot: tables.length % slots, block: index, after });
    const block: Group[] = [];
    segments.forEach((segment, s) => {
      const record = shape.Pk * 12 + segment.words * shape.Pk * shape.Pc;
      fields[`offset${s}`] = end;
      fields[`groups${s}`] = segment.groups;
      fields[`words${s}`] = segment.words;
      fields[`zero${s}`] = segment.zero;
      const { coding } = segment;
      if (coding) {
        const { at, length, words } = coded(shape, segment, coding, end, random);
        writes.push(
          ...at.map((constants, g) => () => {
            writeRecord(bytes, shape, segment, coding, constants, words[g]!, g);
          }),
        );
        at.forEach((constants, g) => {
          const size = (at[g + 1] ?? end + length) - (g === 0 ? end : constants);
          block.push({ at: constants, size, words: words[g]!, segment, block: index });
        });
        const beats = length / shape.BusBytes;
        Object.assign(fields, {
          [`groups${s}`]: beats % 65536,
          [`words${s}`]: beats >> 16,
          [`coded${s}`]: 1,
        });
        end += length;
      } else {
        for (let g = 0; g < segment.groups; g += 1)
          block.push({ at: end + g * record, size: record, words: null, segment, block: index });
        end += segment.groups * record;
      }
      end = Math.ceil(end / 256) * 256;
    });
    for (let pass = 0; pass < weightLoads; pass += 1) groups.push(...block);
    return descriptor({ weightLoader: fields });
  });
  bytes = randomBytes(end, benchRandom(shape.Pk));
  for (const write of writes) write();
  return { program, groups, tables, bytes };
}

/** Random words for the records of a coded segment at byte `from`: where the constants of each begin, and the bytes of all. */
function coded(
  { BusBytes: busBytes, Pc: pc, Pk: pk }: Shape,
  segment: Segment,
  coding: Coding,
  from: number,
  random: BenchRandom,
) {
  const places = segment.words * pk * pc;
  const words = Array.from({ length: segment.groups }, (): PlainWords => ({
    positions: Array.from({ length: segment.words }, () => random.below(256)),
    full: Uint8Array.from({ length: places }, () => Number(random.chance(40))),
    weights: randomBytes(places, random),
    selectors: Uint8Array.from({ length: places }, () => random.below(8)),
  }));
  let end = from + busBytes;
  const at = words.map((plain) => {
    const constants = end;
    end += codedRecordBytes({ pk, pc, busBytes }, coding, contentsOf(plain));
    return constants;
  });
  return { at, words, length: end - from };
}

/** Writes the words of a record behind its constants, and the head of its segment in front of the first. */
function writeRecord(
  bytes: Uint8Array,
  { BusBytes: busBytes, Pc: pc, Pk: pk }: Shape,
  segment: Segment,
  coding: Coding,
  at: number,
  words: PlainWords,
  index: number,
): void {
  const shape = { pk, pc, busBytes };
  if (index === 0) bytes.set(segmentHead(shape, coding, segment.words, segment.groups), at - busBytes);
  bytes.fill(0, at + 12 * pk, at + codedRecordBytes(shape, coding, contentsOf(words)));
  writeCodedWords(bytes, at + 12 * pk, shape, coding, words);
}

/** Groups that stay and their words, and the groups in front of them. */
interface Kept {
  readonly before: number;
  readonly groups: number;
  readonly words: number;
}

/** Both rings as the loader writes them, and the sequencer that checks and frees the groups. */
export function surroundings(
  dut: Dut,
  shape: Shape,
  groups: readonly Group[],
  bytes: Uint8Array,
  busy: number,
  tables: readonly Table[] = [],
  kept: Kept = { before: 0, groups: 0, words: 0 },
) {
  const random = benchRandom(busy + 2, "rings");
  const params = Array.from({ length: shape.ParamDepth + kept.groups }, () => new Uint8Array(12 * shape.Pk));
  const weights = Array.from(
    { length: shape.WeightDepth + kept.words },
    () => new Int16Array(shape.Pk * shape.Pc),
  );
  const beside = weights.map(({ length }) => ({ selectors: new Uint8Array(length), position: 0 }));
  const now = { freed: 0, word: 0, asleep: false, tableBytes: 0, passed: 0 };
  const isKept = (index: number): boolean => index >= kept.before && index < kept.before + kept.groups;
  const wordsBefore = groups.slice(0, kept.before).reduce((sum, { segment }) => sum + segment.words, 0);
  const entries = new Uint8Array(8 * 256);
  const check = (index: number, firstWord: number): void => {
    const { at, block, segment, words } = groups[index]!;
    for (const table of tables.filter((one) => one.block === block)) {
      const got = entries.subarray(256 * table.slot, 256 * table.slot + 256);
      if (Buffer.compare(got, bytes.subarray(table.at, table.at + 256)) !== 0)
        throw new Error(`group ${index} came before the table in slot ${table.slot}`);
    }
    const parameters = bytes.subarray(at, at + 12 * shape.Pk);
    const stays = isKept(index);
    const isBehind = index >= kept.before + kept.groups;
    const record = index - (stays ? kept.before : isBehind ? kept.groups : 0);
    if (
      Buffer.compare(params[stays ? shape.ParamDepth + record : record % shape.ParamDepth]!, parameters) !== 0
    )
      throw new Error(`parameters of group ${index} are wrong`);
    for (let word = 0; word < segment.words; word += 1) {
      const number = firstWord + word - (stays ? wordsBefore : isBehind ? kept.words : 0);
      const got = weights[stays ? shape.WeightDepth + number : number % shape.WeightDepth]!;
      const from = at + 12 * shape.Pk + word * got.length;
      const want = Int16Array.from(got, (_, i) => {
        const place = word * got.length + i;
        if (words?.full[place] === 0) return 0;
        const weight = words ? words.weights[place]! : bytes[from + i]!;
        return ((weight << 24) >> 24) - segment.zero;
      });
      if (got.some((value, i) => value !== want[i]))
        throw new Error(`word ${word} of group ${index} is wrong`);
      const places = beside[stays ? shape.WeightDepth + number : number % shape.WeightDepth]!;
      const isRight = (selector: number, i: number): boolean =>
        selector === (words?.full[word * got.length + i] === 1 ? words.selectors[word * got.length + i] : 0);
      if (!places.selectors.every(isRight) || (words && places.position !== words.positions[word]))
        throw new Error(`selectors or position of word ${word} of group ${index} are wrong`);
    }
  };
  const actor: Actor = {
    drive() {
      dut.poke("free_valid_i", 0);
      dut.poke("free_words_i", random.bits(16));
      dut.poke("free_groups_i", random.bits(16));
      dut.poke("result_valid_i", 0);
      dut.poke("result_block_i", random.bits(8));
    },
    observe() {
      const loaded = dut.peekNumber("groups_loaded_o");
      if (loaded > now.freed && !now.asleep && !random.chance(busy)) {
        // some groups at once, as the sequencer does at the end of a tile
        const ends = [kept.before, kept.before + kept.groups].filter((end) => end > now.freed);
        const most = Math.min(loaded, ...ends);
        const count = 1 + random.below(most - now.freed);
        let words = 0;
        for (let i = 0; i < count; i += 1) {
          check(now.freed + i, now.word + words);
          words += groups[now.freed + i]!.segment.words;
        }
        const frees = !isKept(now.freed);
        now.freed += count;
        now.word += words;
        dut.poke("free_valid_i", Number(frees));
        dut.poke("free_words_i", words);
        dut.poke("free_groups_i", count);
        // a result of the last of them leaves
        now.passed = groups[now.freed - 1]!.block;
        dut.poke("result_valid_i", 1);
        dut.poke("result_block_i", now.passed);
      }
      if (dut.peekNumber("table_we_o") === 1) {
        const table = tables[Math.floor(now.tableBytes / 256)]!;
        const at = dut.peekNumber("table_addr_o");
        if (at !== 256 * table.slot + (now.tableBytes % 256)) throw new Error(`byte ${at} comes out of turn`);
        if (now.passed < table.after) throw new Error(`slot ${table.slot} is still needed`);
        entries[at] = dut.peekNumber("table_data_o");
        now.tableBytes += 1;
      }
      if (dut.peekNumber("param_we_o") === 1) {
        const data = dut.peek("param_data_o");
        const part = dut.peekNumber("param_part_o") * shape.BusBytes;
        const at = dut.peekNumber("param_field_o") * 4 * shape.Pk + part;
        const ring = params[dut.peekNumber("param_addr_o")]!;
        for (let i = 0; i < shape.BusBytes; i += 1) ring[at + i] = Number((data >> BigInt(8 * i)) & 255n);
      }
      if (dut.peekNumber("weight_we_o") === 1) {
        const data = dut.peek("weight_data_o");
        const at = dut.peekNumber("weight_part_o") * shape.BusBytes;
        const ring = weights[dut.peekNumber("weight_addr_o")]!;
        const places = beside[dut.peekNumber("weight_addr_o")]!;
        const selectors = dut.peek("weight_selectors_o");
        for (let i = 0; i < shape.BusBytes; i += 1) {
          ring[at + i] = Number(BigInt.asIntN(9, data >> BigInt(9 * i)));
          places.selectors[at + i] = Number((selectors >> BigInt(3 * i)) & 7n);
        }
        places.position = dut.peekNumber("weight_position_o");
      }
    },
  };
  /** The next image finds what the stores hold. */
  const again = () => Object.assign(now, { freed: 0, word: 0 });
  return { actor, now, again };
}

/** With a decoder, a coded segment. */
export function mapped({ PatchWords }: Shape): Pick<Segment, "coding"> {
  return PatchWords === 0 ? {} : { coding: { codeBits: 8, table: null, maps: true, selectors: true } };
}

/** How many of these groups the rings hold. */
export function fitting(groups: readonly Group[], shape: Shape): number {
  let count = 0;
  for (let words = 0; count < Math.min(shape.ParamDepth, groups.length); count += 1) {
    words += groups[count]!.segment.words;
    if (words > shape.WeightDepth) break;
  }
  return count;
}

/** Looks that every burst is told to be for the block whose group or table lies at its address. */
export function blocksAsked(
  dut: Dut,
  { BusBytes }: Shape,
  groups: readonly Group[],
  tables: readonly Table[] = [],
): Actor {
  return observer(() => {
    if (dut.peekNumber("req_valid_o") === 0 || dut.peekNumber("req_ready_i") === 0) return;
    const from = (dut.peekNumber("req_addr_o") - base) >>> 0;
    const isThere = (at: number, size: number): boolean => from >= at - BusBytes && from < at + size;
    const blocks = [
      ...groups.filter(({ at, size }) => isThere(at, size)),
      ...tables.filter(({ at }) => isThere(at, TABLE_BYTES)),
    ].map(({ block }) => block);
    expect(blocks).toContain(dut.peekNumber("req_block_o"));
  });
}
