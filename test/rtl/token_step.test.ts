import { describe, expect, it } from "vitest";
import { tokenBits } from "../../src/format/token.ts";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { openModule, withModule } from "./helper.ts";

/** Modules that take the token apart. */
const readers = ["token_release", "token_activation", "token_residual", "token_result"];

describe.each([
  { AddrW: 10, BankW: 2, Activations: 0 },
  { AddrW: 1, BankW: 1, Activations: 0 },
  { AddrW: 13, BankW: 3, Activations: 1 },
])("token of $AddrW and $BankW bits, kernels: $Activations", (shape) => {
  it("is as wide as the fields that it holds", () =>
    withModule("token_step", shape, (dut) => {
      const { Activations, AddrW, BankW } = shape;
      expect(dut.ports.get("token_o")?.width).toBe(tokenBits(AddrW, BankW, Activations === 1));
    }));

  it.each(readers.filter((name) => name !== "token_activation" || shape.Activations === 1))(
    "%s finds in it what it was made of",
    async (name) => {
      const [step, reader] = [await openModule("token_step", shape), await openModule(name, shape)];
      const random = benchRandom(5);
      for (let i = 0; i < 100; i += 1) {
        for (const { direction, name: field, width } of step.ports.values())
          if (direction === "input") step.poke(field, random.bits(width));
        step.eval();
        reader.poke("token_i", step.peek("token_o"));
        reader.eval();
        const found = fieldsOf(reader);
        expect(Object.keys(found).length).toBeGreaterThan(0);
        expect(fieldsOf(step)).toMatchObject(found);
      }
      step.close();
      reader.close();
    },
  );
});

/** Values of a module's fields. */
function fieldsOf(dut: Dut): Record<string, bigint> {
  return Object.fromEntries(
    [...dut.ports.keys()]
      .filter((port) => !port.startsWith("token"))
      .map((port) => [port.replace(/_[io]$/, ""), dut.peek(port)]),
  );
}
