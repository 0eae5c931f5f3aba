import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";
import { packBytes, randomInt8, randomSigned } from "./support/bytes.ts";

it.each([0, 30])("sums each lane's products from its bias on, idle %i percent", (idle) =>
  withModule("small_array", {}, (dut) => {
    const random = benchRandom(idle + 1);
    const sums = [0, 0, 0, 0];
    /** What stands at the outputs, by cycle: nothing where a step was not. */
    const expected: ({ takesBias: boolean; sums: number[] } | null)[] = [];
    const biases: number[][] = [];
    let left = 0;
    dut.step(4);
    for (let now = 0; now < 3000; now += 1) {
      const valid = now < 2990 && !random.chance(idle);
      const channels = randomInt8(random, 4);
      const weights = randomInt8(random, 16);
      const first = valid ? left === 0 : random.chance(50);
      const bias = Array.from({ length: 4 }, () => randomSigned(random, 32));
      dut.poke("valid_i", valid);
      dut.poke("first_i", first);
      dut.poke("channels_i", packBytes(channels));
      dut.poke("weights_i", packBytes(weights));
      if (valid) {
        left = first ? random.below(40) : left - 1;
        for (let lane = 0; lane < 4; lane += 1) {
          const products = channels.map((value, c) => value * weights[4 * lane + c]!);
          sums[lane] = ((first ? bias[lane]! : sums[lane]!) + products.reduce((a, b) => a + b)) | 0;
        }
      }
      biases.push(bias);
      expected.push(valid ? { takesBias: first, sums: [...sums] } : null);
      // the bias of this step is wanted three cycles later
      const taken = expected[now - 3];
      dut.poke("bias_i", packFields(biases[now - 3] ?? bias, 32));
      dut.eval();
      expect(dut.peekNumber("take_bias_o")).toBe(now >= 3 && taken?.takesBias === true ? 1 : 0);
      const done = expected[now - 4];
      if (done) expect(dut.peek("sums_o"), `cycle ${now}`).toBe(packFields(done.sums, 32));
      dut.step();
    }
    expect(expected.filter((step) => step?.takesBias).length).toBeGreaterThan(50);
  }),
);
