import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

/** Few enough for writes to be read back, at both ends of the RAMs. */
const addresses = [0, 1, 2, 63, 64, 8191, 8192, 16381, 16382, 16383];

it("reads words of one bank while bytes go into the other, and turns the banks round", () =>
  withModule("small_maps", {}, (dut) => {
    const random = benchRandom(7);
    const address = (): number => addresses[random.below(addresses.length)]!;
    const banks = [0, 1].map(() => new Map<number, number[]>());
    let reads = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      const source = turn & 1;
      dut.poke("source_i", source);
      dut.poke("read_i", 0);
      let word: readonly number[] | undefined;
      for (let i = 0; i < 300; i += 1) {
        const write = {
          on: random.chance(70),
          at: address(),
          byte: random.below(4),
          value: random.below(256),
        };
        const read = { on: random.chance(70), at: address() };
        dut.poke("write_i", write.on);
        dut.poke("write_addr_i", write.at);
        dut.poke("write_byte_i", write.byte);
        dut.poke("write_data_i", write.value);
        dut.poke("read_i", read.on);
        dut.poke("read_addr_i", read.at);
        dut.step();
        // without a read the word stays
        if (read.on) word = banks[source]!.get(read.at)?.slice();
        if (write.on) {
          const target = banks[1 - source]!;
          if (!target.has(write.at)) target.set(write.at, [NaN, NaN, NaN, NaN]);
          target.get(write.at)![write.byte] = write.value;
        }
        const got = dut.peekNumber("read_data_o");
        for (const [byte, value] of (word ?? []).entries()) {
          if (Number.isNaN(value)) continue;
          reads += 1;
          expect((got >>> (8 * byte)) & 255, `turn ${turn}, byte ${byte} of ${read.at}`).toBe(value);
        }
      }
    }
    expect(reads).toBeGreaterThan(20_000);
  }));
