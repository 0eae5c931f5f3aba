import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { WINDOW_WORDS } from "../../src/format/places.ts";
import { withModule } from "./helper.ts";
import { packBytes, randomInt8 } from "./support/bytes.ts";

const ADDRESSES = 32;

describe.each([
  { Pc: 4, PatchWords: 16 },
  { Pc: 16, PatchWords: 256 },
])("patch_store of $PatchWords words of $Pc bytes", ({ Pc, PatchWords }) => {
  it("shows each step four words of its patch from where its weights say, while the next patch comes", () =>
    withModule("patch_store", { Pc, PatchWords, WeightDepth: ADDRESSES, WeightW: 5 }, (dut) => {
      const random = benchRandom(Pc, "patches");
      const patches = Array.from({ length: 30 }, () =>
        Array.from({ length: 1 + random.below(PatchWords) }, () => randomInt8(random, Pc)),
      );
      const positions = Array.from({ length: ADDRESSES }, () => 0);
      const idle = (): void => {
        for (const port of ["weight_we_i", "fetch_valid_i", "step_last_i"]) dut.poke(port, 0);
        dut.poke("fetch_word_i", random.bits(8 * Pc));
        dut.poke("weight_position_i", random.bits(8));
      };
      const fetch = (patch: (typeof patches)[number], word: number): void => {
        dut.poke("fetch_valid_i", 1);
        dut.poke("fetch_first_i", Number(word === 0));
        dut.poke("fetch_last_i", Number(word === patch.length - 1));
        dut.poke("fetch_word_i", packBytes(patch[word]!));
      };
      for (let word = 0; word < patches[0]!.length; word++) {
        idle();
        fetch(patches[0]!, word);
        dut.step();
      }
      let seen = 0;
      for (const [index, patch] of patches.entries()) {
        // positions of some weight words change between patches, as the ring fills
        for (let address = 0; address < ADDRESSES; address++) {
          idle();
          positions[address] = random.below(patch.length);
          dut.poke("weight_we_i", 1);
          dut.poke("weight_addr_i", address);
          dut.poke("weight_position_i", positions[address]!);
          dut.step();
        }
        const next = patches[index + 1] ?? [];
        const steps = Math.max(next.length, 1 + random.below(20));
        let address = random.below(ADDRESSES);
        idle();
        dut.poke("weight_raddr_i", address);
        dut.step();
        for (let step = 0; step < steps; step++) {
          const from = positions[address]!;
          address = random.below(ADDRESSES);
          idle();
          dut.poke("weight_raddr_i", address);
          if (step < next.length) fetch(next, step);
          dut.poke("step_last_i", Number(step === steps - 1));
          dut.eval();
          const window = dut.peek("window_o");
          for (let word = 0; word < WINDOW_WORDS && from + word < patch.length; word++) {
            const got = BigInt.asUintN(8 * Pc, window >> BigInt(8 * Pc * word));
            expect([index, step, word, got]).toEqual([index, step, word, packBytes(patch[from + word]!)]);
            seen++;
          }
          dut.step();
        }
      }
      expect(seen).toBeGreaterThan(500);
    }));
});
