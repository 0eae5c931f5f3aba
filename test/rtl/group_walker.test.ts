import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, type Actor, type Dut } from "../../sim/bench/index.ts";
import { phaseKinds, phaseWords } from "../../src/format/descriptor.ts";
import { encode } from "../../src/format/fields.ts";
import { packWords, resetInTheMiddle, withModule } from "./helper.ts";
import { lastBank, phaseFields, plainPhase, rowPlace, type PhaseWords } from "./support/phase.ts";
import { stripRows, type Rows } from "./support/walk.ts";

const PK = 8;

interface Strip {
  readonly phase: PhaseWords;
  readonly centreSteps: number;
  readonly y: number;
  /** null: results go to memory. */
  readonly destination: Rows | null;
  readonly words: number;
  readonly groups: number;
  readonly free: "tiles" | "all" | "none";
}

type Step = Readonly<Record<string, number>>;
const u16 = (n: number): number => n & 0xffff;

/** The steps of the strip as plain loops; those that a step has no meaning for are left out. */
function walk({ centreSteps, destination, free, phase, y: first, ...base }: Strip): Step[] {
  const steps: Step[] = [];
  let { groups, words } = base;
  const end = first + stripRows(phase, first);
  for (let tile = 0; tile < phase.groups; tile += phase.tileGroups) {
    const count = Math.min(phase.tileGroups, phase.groups - tile);
    const isLastTile = tile + count === phase.groups;
    let tileWords = 0;
    for (let y = first; y < end; y++) {
      const place = destination ? rowPlace(y, destination) : null;
      for (let x = 0; x < phase.width; x++) {
        tileWords = 0;
        for (let g = 0; g < count; g++) {
          const length = tile + g < phase.centreGroups ? centreSteps : phase.wordsPerGroup;
          for (let s = 0; s < length; s++, tileWords++) {
            const isGroupEnd = s === length - 1;
            const isPixelEnd = isGroupEnd && g === count - 1;
            const isRowEnd = isPixelEnd && x === phase.width - 1;
            const isTileEnd = isRowEnd && y === end - 1;
            const isFree = isTileEnd && (free === "tiles" || (free === "all" && isLastTile));
            steps.push({
              ...{ first: Number(s === 0), last: Number(isGroupEnd), patch_last: Number(isPixelEnd) },
              ...{ words: u16(words + tileWords), group: u16(groups + g), free: Number(isFree) },
              ...(isFree ? { free_words: u16(words + tileWords + 1), free_groups: u16(groups + g + 1) } : {}),
              ...(place ? { dst_bank: place.bank, dst_addr: place.addr } : {}),
              dst_offset: x * phase.dstPitch + (tile + g) * PK,
              row_last: Number(isRowEnd && isLastTile),
              chunk_last: Number(isPixelEnd && (x === phase.width - 1 || phase.groups > phase.tileGroups)),
              ...{ x_last: Number(x === phase.width - 1), y_last: Number(y === phase.rows - 1) },
              ...{ pixel_last: Number(g === count - 1), y, x, channel_group: tile + g },
            });
          }
        }
      }
    }
    words += tileWords;
    groups += count;
  }
  return steps;
}

/** What stands around it: patches that are fetched where there is room, weights and output that come now and then. */
function surroundings(dut: Dut, strip: Strip, slow: number) {
  const random = benchRandom(slow, "walker");
  const steps = walk(strip);
  const { destination, phase } = strip;
  const now = {
    step: 0,
    issued: 0,
    loaded: 0,
    rows: 0,
    ended: false,
    started: false,
    fetching: 0,
    patches: 0,
  };
  const all = Math.ceil(phase.groups / phase.tileGroups) * stripRows(phase, strip.y) * phase.width;
  const fields = {
    ...phaseFields(phase),
    kind: phaseKinds.indexOf("sparse"),
    centreSteps: strip.centreSteps,
  };
  dut.poke("cfg_i", packWords(encode(phaseWords, fields)));
  dut.poke("to_memory_i", Number(destination === null));
  dut.poke("y_i", strip.y);
  dut.poke("words_base_i", u16(strip.words));
  dut.poke("groups_base_i", u16(strip.groups));
  dut.poke("free_tiles_i", Number(strip.free === "tiles"));
  dut.poke("free_all_i", Number(strip.free === "all"));
  if (destination) {
    const { addr, bank } = rowPlace(strip.y, destination);
    dut.poke("dst_banks_i", destination.banks);
    dut.poke("dst_bank_i", bank);
    dut.poke("dst_addr_i", addr);
    dut.poke("dst_row_words_i", destination.rowWords);
    dut.poke("dst_last_i", lastBank(destination));
  }
  let isReady = false;
  const actor: Actor = {
    drive() {
      dut.poke("start_i", Number(!now.started));
      now.started = true;
      if (now.loaded < phase.groups && !random.chance(slow)) now.loaded++;
      dut.poke("groups_loaded_i", u16(strip.groups + now.loaded));
      isReady = !random.chance(slow);
      dut.poke("output_ready_i", Number(isReady));
      dut.poke("fetch_start_i", 0);
      dut.poke("fetch_end_i", 0);
      dut.eval();
      if (now.fetching > 0) {
        now.fetching--;
        dut.poke("fetch_end_i", Number(now.fetching === 0));
      } else if (now.patches < all && dut.peekNumber("patch_room_o") === 1 && !random.chance(slow)) {
        now.patches++;
        now.fetching = 1 + random.below(4);
        dut.poke("fetch_start_i", 1);
      }
    },
    observe() {
      if (dut.peekNumber("step_valid_o") === 1) {
        const want = steps[now.step++]!;
        const got = Object.fromEntries(
          Object.keys(want).map((name) => [name, dut.peekNumber(`step_${name}_o`)]),
        );
        expect([now.step, got]).toEqual([now.step, want]);
      }
      if (dut.peekNumber("group_start_o") === 1) {
        // the first step of a group goes only with weights, and with room where results leave
        const { channel_group: group } = steps[now.issued]!;
        if (group! >= now.loaded || (destination === null && !isReady))
          throw new Error(`group ${group} begins with ${now.loaded} groups there, ready ${isReady}`);
        now.issued += group! < phase.centreGroups ? strip.centreSteps : phase.wordsPerGroup;
      }
      if (dut.peekNumber("row_end_o") === 1) now.rows++;
      if (dut.peekNumber("strip_end_o") === 1) now.ended = true;
    },
  };
  return { actor, now, steps };
}

const base: PhaseWords = { ...plainPhase, rows: 7, width: 5, groups: 6, tileGroups: 6, wordsPerGroup: 4 };
const strips: readonly Strip[] = [
  {
    phase: { ...base, stripRows: 3, haloRows: 1, dstPitch: 48 },
    ...{ centreSteps: 0, y: 0, destination: null, words: 65530, groups: 65533, free: "all" },
  },
  {
    phase: { ...base, groups: 7, tileGroups: 3, stripRows: 2, centreGroups: 4, dstPitch: 56 },
    ...{ centreSteps: 2, y: 4, destination: null, words: 100, groups: 9, free: "tiles" },
  },
  {
    phase: { ...base, groups: 3, tileGroups: 3, width: 1, stripRows: 6, wordsPerGroup: 1, dstPitch: 24 },
    ...{
      centreSteps: 0,
      y: 2,
      destination: { rowWords: 5, slots: 6, banks: 2 },
      words: 7,
      groups: 1,
      free: "none",
    },
  },
];

describe.each(strips)("group_walker from row $y, freeing $free", (strip) => {
  it.each([0, 60])("walks tiles, rows, pixels, groups and steps, others slow for %d percent", (slow) =>
    withModule("group_walker", { PhaseW: 384, Pk: PK, AddrW: 10, BankW: 2 }, (dut) => {
      resetInTheMiddle(dut, [surroundings(dut, strip, slow).actor], 33);
      for (const round of [1, 2]) {
        const { actor, now, steps } = surroundings(dut, strip, slow + round);
        runCycles(dut, [actor], { until: () => now.ended && dut.peekNumber("busy_o") === 0 });
        runCycles(dut, [actor], { until: () => now.step === steps.length });
        expect([round, now.rows, now.issued]).toEqual([round, stripRows(strip.phase, strip.y), steps.length]);
      }
    }),
  );
});
