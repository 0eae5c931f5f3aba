import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

describe.each([
  { Pk: 4, DwKh: 3, LbBytes: 16, lineBuffers: [4, 1, 1], BankW: 2 },
  { Pk: 32, DwKh: 5, LbBytes: 32, lineBuffers: [8, 2, 4], BankW: 3 },
])("column_select of $Pk lanes, banks $lineBuffers", ({ lineBuffers, ...sizes }) => {
  const { DwKh, LbBytes, Pk } = sizes;
  const Banks = lineBuffers.reduce((sum, banks) => sum + banks);
  const LbBanks = lineBuffers.reduceRight((code, banks) => code * 256 + banks);
  // windows come from line buffers with a bank a row
  const buffers = lineBuffers.flatMap((banks, buffer) => (banks >= DwKh ? [buffer] : []));

  it("picks a window column a lane from every bank, or padding", () =>
    withModule("column_select", { ...sizes, Banks, LbBanks }, (dut) => {
      const random = benchRandom(5);
      const seen = new Set<string>();
      for (let i = 0; i < 2000; i += 1) {
        const words = Array.from({ length: Banks }, () => randomInt8(random, LbBytes));
        const buffer = buffers[random.below(buffers.length)]!;
        const banks = lineBuffers[buffer]!;
        const firstBank = lineBuffers.slice(0, buffer).reduce((sum, n) => sum + n, 0);
        const bank = random.below(banks);
        const pad = random.chance(20);
        const rowPad = random.chance(50) ? 0 : random.below(2 ** DwKh);
        const zero = randomInt8(random, 1)[0]!;
        const at = Pk * random.below(LbBytes / Pk);
        dut.poke("buffer_i", buffer);
        dut.poke("bank_i", bank);
        dut.step();
        dut.poke("words_i", packBytes(words.flat()));
        dut.poke("offset_i", LbBytes * random.below(1000) + at);
        dut.poke("pad_i", pad);
        dut.poke("row_pad_i", rowPad);
        dut.poke("zero_i", zero);
        dut.step();
        const rows = Array.from({ length: DwKh }, (_, row) =>
          pad || ((rowPad >> row) & 1) === 1
            ? new Array<number>(Pk).fill(zero)
            : words[firstBank + ((bank + row) % banks)]!.slice(at, at + Pk),
        );
        const lanes = Array.from({ length: Pk }, (_, lane) => rows.map((row) => row[lane]!));
        expect(unpackInt8(dut.peek("column_o"), Pk * DwKh)).toEqual(lanes.flat());
        if (!pad) seen.add(`${buffer}.${bank}.${at}`);
      }
      const windows = buffers.reduce((sum, buffer) => sum + lineBuffers[buffer]!, 0);
      expect(seen.size).toBe((windows * LbBytes) / Pk);
    }));
});
