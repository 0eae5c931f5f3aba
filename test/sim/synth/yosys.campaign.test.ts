/** The npm package and the system's Yosys on the same design. */
import { afterEach, expect, it, vi } from "vitest";
import { synthesise } from "../../../sim/synth/synthesise.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { counter, hierarchy } from "./counter.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each(["ice40", "xc7"] as const)("count the same for %s", (family) =>
  inTemporaryFolder(async (cache) => {
    vi.stubEnv("FIREBRICK_CACHE", cache);
    const files = new Map([
      ["files.f", "rtl/counter.v\nrtl/top.v\n"],
      ["rtl/counter.v", counter.replace("module top", "module counter")],
      ["rtl/top.v", hierarchy],
    ]);
    const native = await synthesise(files, { family });
    vi.stubEnv("PATH", "");
    const packaged = await synthesise(files, { family });
    expect(packaged.tool).toMatch(/^@yowasp/);
    expect(packaged.total.ff).toBe(7);
    expect(native.total.ff).toBe(7);
    expect(packaged.units.map(({ unit }) => unit)).toEqual(["sequencer"]);
  }),
);
