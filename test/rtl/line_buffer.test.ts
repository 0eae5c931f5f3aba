import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

describe.each([
  { Bytes: 16, PartBytes: 4, Banks: 4, Depth: 13, PairDepth: 9, AddrW: 5, BankW: 2 },
  { Bytes: 32, PartBytes: 32, Banks: 1, Depth: 64, PairDepth: 0, AddrW: 6, BankW: 1 },
])("line_buffer of $Banks banks, words of $Bytes bytes in parts of $PartBytes", (shape) => {
  const { Bytes, PartBytes, Banks, Depth, PairDepth, AddrW } = shape;
  const parts = Bytes / PartBytes;

  it("writes parts of a word in one bank and reads all banks and their copies, old words while they are written", () =>
    withModule("line_buffer", shape, (dut) => {
      const random = benchRandom(2);
      const banks = Array.from({ length: Banks }, () =>
        Array.from({ length: Depth }, () => randomInt8(random, Bytes)),
      );
      const write = (bank: number, address: number, strobes: number, data: readonly number[]): void => {
        dut.poke("we_i", 1);
        dut.poke("wbank_i", bank);
        dut.poke("waddr_i", address);
        dut.poke("wstrb_i", strobes);
        dut.poke("wdata_i", packBytes(data));
      };
      banks.forEach((words, bank) =>
        words.forEach((word, address) => {
          write(bank, address, 2 ** parts - 1, word);
          dut.step();
        }),
      );
      for (let i = 0; i < 1500; i += 1) {
        const bank = random.below(Banks);
        const address = random.below(Depth);
        const strobes = random.below(2 ** parts);
        const data = randomInt8(random, Bytes);
        const enabled = random.chance(70);
        write(bank, address, strobes, data);
        dut.poke("we_i", enabled);
        const reads = banks.map(() => (random.chance(40) ? address : random.below(Depth)));
        const pairReads = banks.map(() => random.below(PairDepth || Depth));
        dut.poke("raddr_i", packFields(reads, AddrW));
        dut.poke("pair_raddr_i", packFields(pairReads, AddrW));
        dut.step();
        expect(unpackInt8(dut.peek("rdata_o"), Banks * Bytes)).toEqual(
          reads.flatMap((read, at) => banks[at]![read]!),
        );
        expect(unpackInt8(dut.peek("pair_rdata_o"), Banks * Bytes)).toEqual(
          pairReads.flatMap((read, at) =>
            PairDepth > 0 ? banks[at]![read]! : new Array<number>(Bytes).fill(0),
          ),
        );
        if (!enabled) continue;
        const word = banks[bank]![address]!;
        data.forEach((byte, at) => {
          if ((strobes >> Math.floor(at / PartBytes)) & 1) word[at] = byte;
        });
      }
    }));
});
