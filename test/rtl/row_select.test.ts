import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

describe.each([
  { Pk: 4, Pc: 16, LbBytes: 16, lineBuffers: [4, 1, 1], BankW: 2 },
  { Pk: 32, Pc: 4, LbBytes: 32, lineBuffers: [8, 2, 4], BankW: 3 },
])("row_select of $Pk lanes, $Pc multipliers, banks $lineBuffers", ({ lineBuffers, ...sizes }) => {
  const { Pk, Pc, LbBytes } = sizes;
  const Banks = lineBuffers.reduce((sum, banks) => sum + banks);
  const LbBanks = lineBuffers.reduceRight((code, banks) => code * 256 + banks);

  it("picks the patch word and a tap a lane from every bank, or padding", () =>
    withModule("row_select", { ...sizes, Banks, LbBanks }, (dut) => {
      const random = benchRandom(5);
      const seen = new Set<string>();
      for (let i = 0; i < 3000; i += 1) {
        const words = Array.from({ length: Banks }, () => randomInt8(random, LbBytes));
        const buffer = random.below(3);
        const firstBank = lineBuffers.slice(0, buffer).reduce((sum, n) => sum + n, 0);
        const bank = random.below(lineBuffers[buffer]!);
        const pad = random.chance(20);
        const zero = randomInt8(random, 1)[0]!;
        const at = Math.min(Pk, Pc) * random.below(LbBytes / Math.min(Pk, Pc));
        dut.poke("buffer_i", buffer);
        dut.poke("bank_i", bank);
        dut.step();
        dut.poke("words_i", packBytes(words.flat()));
        dut.poke("offset_i", LbBytes * random.below(1000) + at);
        dut.poke("pad_i", pad);
        dut.poke("zero_i", zero);
        dut.step();
        const piece = (count: number): number[] =>
          pad ? new Array<number>(count).fill(zero) : words[firstBank + bank]!.slice(at, at + count);
        if (at % Pc === 0) expect(unpackInt8(dut.peek("patch_o"), Pc)).toEqual(piece(Pc));
        if (at % Pk !== 0) continue;
        expect(unpackInt8(dut.peek("taps_o"), Pk)).toEqual(piece(Pk));
        if (!pad) seen.add(`${buffer}.${bank}.${at}`);
      }
      expect(seen.size).toBe((Banks * LbBytes) / Pk);
    }));
});
