import { describe, expect, it } from "vitest";
import type { Dut } from "../../sim/bench/index.ts";
import { pulse, withModule } from "./helper.ts";

/** Whether an image that starts now may use what the last one left. */
function mayKeep(dut: Dut): boolean {
  dut.poke("keep_i", 1);
  dut.poke("base_i", 0x4000);
  dut.poke("last_base_i", 0x4000);
  dut.eval();
  return dut.peekNumber("keep_o") === 1;
}

function image(dut: Dut, ...during: readonly string[]): void {
  pulse(dut, "start_i");
  expect(mayKeep(dut)).toBe(false);
  for (const port of during) pulse(dut, port);
  dut.step();
}

describe("image_keep", () => {
  it("keeps what an image without errors has left", () =>
    withModule("image_keep", {}, (dut) => {
      expect(mayKeep(dut)).toBe(false);
      image(dut, "over_i");
      expect(mayKeep(dut)).toBe(true);
      image(dut, "over_i");
      expect(mayKeep(dut)).toBe(true);
    }));

  it.each(["error_i", "bad_program_i"])(
    "not behind an image with %s, in its course or in its last cycle",
    (port) =>
      withModule("image_keep", {}, (dut) => {
        image(dut, "over_i");
        image(dut, port, "over_i");
        expect(mayKeep(dut)).toBe(false);
        pulse(dut, "start_i");
        dut.poke(port, 1);
        pulse(dut, "over_i");
        dut.poke(port, 0);
        expect(mayKeep(dut)).toBe(false);
        image(dut, "over_i");
        expect(mayKeep(dut)).toBe(true);
      }),
  );

  it("not when the host says nothing, with another base, behind a reset or an image that never ended", () =>
    withModule("image_keep", {}, (dut) => {
      image(dut, "over_i");
      expect(mayKeep(dut)).toBe(true);
      dut.poke("keep_i", 0);
      dut.eval();
      expect(dut.peekNumber("keep_o")).toBe(0);
      dut.poke("keep_i", 1);
      dut.poke("base_i", 0x5000);
      dut.eval();
      expect(dut.peekNumber("keep_o")).toBe(0);
      image(dut);
      expect(mayKeep(dut)).toBe(false);
      image(dut, "over_i");
      dut.reset();
      expect(mayKeep(dut)).toBe(false);
    }));
});
