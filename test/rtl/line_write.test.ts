import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

describe.each([
  { Pk: 4, Bytes: 32, AddrW: 6, BankW: 2 },
  { Pk: 32, Bytes: 32, AddrW: 10, BankW: 1 },
])("line_write of $Pk lanes into words of $Bytes bytes", (shape) => {
  const { Pk, Bytes, AddrW, BankW } = shape;

  it("writes a group into its bytes, or a packed word into its bank", () =>
    withModule("line_write", shape, (dut) => {
      const random = benchRandom(9);
      const parts = new Set<number>();
      for (let i = 0; i < 2000; i += 1) {
        const group = random.chance(50);
        const packed = !group && random.chance(50);
        const bank = random.below(2 ** BankW);
        const addr = random.below(2 ** AddrW);
        const offset = Pk * random.below((Bytes * 2 ** AddrW) / Pk);
        const data = randomInt8(random, Pk);
        const packBank = random.below(2 ** BankW);
        const packAddr = random.below(2 ** AddrW);
        const word = randomInt8(random, Bytes);
        dut.poke("valid_i", group);
        dut.poke("bank_i", bank);
        dut.poke("addr_i", addr);
        dut.poke("offset_i", offset);
        dut.poke("data_i", packBytes(data));
        dut.poke("pack_we_i", packed);
        dut.poke("pack_bank_i", packBank);
        dut.poke("pack_addr_i", packAddr);
        dut.poke("pack_data_i", packBytes(word));
        dut.eval();
        expect(dut.peekNumber("we_o")).toBe(Number(group || packed));
        if (!group && !packed) continue;
        const got = unpackInt8(dut.peek("data_o"), Bytes);
        const place = [dut.peekNumber("bank_o"), dut.peekNumber("addr_o"), dut.peekNumber("strb_o")];
        if (packed) {
          expect(place).toEqual([packBank, packAddr, 2 ** (Bytes / Pk) - 1]);
          expect(got).toEqual(word);
          continue;
        }
        const at = offset % Bytes;
        parts.add(at / Pk);
        expect(place).toEqual([bank, (addr + Math.floor(offset / Bytes)) % 2 ** AddrW, 1 << (at / Pk)]);
        expect(got.slice(at, at + Pk)).toEqual(data);
      }
      expect(parts.size).toBe(Bytes / Pk);
    }));
});
