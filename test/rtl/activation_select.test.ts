import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

it("lets the value pass, as late as the kernels, or takes the chosen kernel's result", () =>
  withModule("activation_select", { Count: 3, Stages: 4 }, (dut) => {
    const random = benchRandom(3);
    const values: number[] = [];
    let compared = 0;
    for (let cycle = 0; cycle < 2000; cycle += 1) {
      const value = Number(random.bits(8));
      const choice = Number(random.bits(2));
      const results = random.bits(24);
      dut.poke("data_i", value);
      dut.poke("choice_i", choice);
      dut.poke("results_i", results);
      dut.eval();
      const late = values[3];
      if (late !== undefined) {
        const wanted = choice === 0 ? late : Number((results >> BigInt(8 * (choice - 1))) & 255n);
        expect(dut.peekNumber("data_o"), `choice ${choice}`).toBe(wanted);
        compared += 1;
      }
      dut.step();
      values.unshift(value);
    }
    expect(compared).toBe(1996);
  }));
