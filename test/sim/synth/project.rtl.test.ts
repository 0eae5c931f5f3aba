/** How buildProject runs its tools, with stand-ins for them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { buildProject } from "../../../sim/synth/project.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { MissingToolError } from "../../../src/ir/errors.ts";
import { standInTools } from "../../support/small-tools.ts";

const board = boardByName("icebreaker");
const files = new Map([
  ["board/files.f", "rtl/small.v\nboard/icebreaker.v\n"],
  ["rtl/small.v", "// the engine"],
  ["board/icebreaker.v", "// the top"],
  ["board/icebreaker.pcf", "set_io clk 35"],
]);
let folder = "";
let calls: () => readonly string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-project-"));
  vi.stubEnv("FIREBRICK_CACHE", join(folder, "cache"));
  // The stand-ins alone; they note how they are called.
  vi.stubEnv("PATH", folder);
  calls = standInTools(folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it("calls the tools as the Makefile does, and only for what is new", async () => {
  const steps: string[] = [];
  const onProgress = (done: number, total: number, tool: string) =>
    void steps.push(`${done}/${total} ${tool}`);
  const { placement, synthesis } = await buildProject(files, board, { onProgress });
  const [yosys, nextpnr] = calls();
  expect(yosys).toBe(
    "yosys -q -p read_verilog rtl/small.v board/icebreaker.v; synth_ice40 -top icebreaker; delete t:*scopeinfo; write_json netlist.json",
  );
  expect(nextpnr).toMatch(
    /^nextpnr-ice40 --up5k --package sg48 --freq 24 --seed 1 --pcf pins.pcf --json \S+netlist.json --timing-allow-fail /,
  );
  expect(steps).toEqual(["0/2 Yosys", "1/2 nextpnr-ice40"]);
  expect([synthesis.tool, placement.tool]).toEqual(["Yosys 1.2 (stand-in)", "nextpnr-ice40 3.4"]);
  expect(placement.fmaxMHz).toBeCloseTo(30.786, 3);
  expect(await buildProject(files, board, { onProgress })).toEqual({ placement, synthesis });
  expect(calls()).toHaveLength(2);
  // other pins: the netlist stays
  await buildProject(new Map([...files, ["board/icebreaker.pcf", "set_io clk 20"]]), board, { onProgress });
  expect(steps.slice(2)).toEqual(["1/2 nextpnr-ice40"]);
});

it("counts by part: what Yosys named after a neighbour belongs to what it feeds", async () => {
  const { synthesis } = await buildProject(files, board, {});
  const none = { lut: 0, lutRam: 0, ff: 0, dsp: 0, blockRam: 0, singlePortRam: 0 };
  expect(synthesis.units).toEqual([
    { ...none, unit: "loader", lut: 2, ff: 1 },
    { ...none, unit: "board" },
    { ...none, unit: "maps", singlePortRam: 1 },
    { ...none, unit: "scaler multipliers", blockRam: 1 },
  ]);
  expect(synthesis.total).toEqual({ ...none, lut: 2, ff: 1, blockRam: 1, singlePortRam: 1 });
});

it("says at once how to get nextpnr", async () => {
  rmSync(join(folder, "nextpnr-ice40"));
  const missing = await buildProject(files, board, {}).catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(MissingToolError);
  expect(String(missing)).toContain("sudo apt-get install nextpnr-ice40");
  expect(() => calls()).toThrow("ENOENT");
});

it("stops when asked to, and keeps nothing half done", async () => {
  const abort = new AbortController();
  const onProgress = (done: number) => {
    if (done === 1) abort.abort(new Error("stopped"));
  };
  await expect(buildProject(files, board, { signal: abort.signal, onProgress })).rejects.toThrow("stopped");
  expect(calls()).toHaveLength(1);
  expect(readdirSync(join(folder, "cache"))).toEqual([expect.stringMatching(/^netlist-/)]);
});
