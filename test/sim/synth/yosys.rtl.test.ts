/** Where Yosys comes from: the system, else the npm package, else a message. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mapCommands } from "../../../codegen/small/flow.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { findYosys } from "../../../sim/synth/yosys.ts";
import { ToolError } from "../../../sim/tools/run-tool.ts";
import { MissingToolError } from "../../../src/ir/errors.ts";
import { counter, hierarchy } from "./counter.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-yosys-"));
  vi.stubEnv("FIREBRICK_CACHE", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it("takes the system's", async () => {
  expect((await findYosys()).version).toMatch(/^Yosys \d+\.\d+/);
  expect((await findYosys({ preferPackage: true })).version).toMatch(/^@yowasp/);
  const nowhere = [pathToFileURL(join(folder, "package.json")).href];
  expect((await findYosys({ preferPackage: true, roots: nowhere })).version).toMatch(/^Yosys \d+\.\d+/);
});

it("takes the npm package where the system has none: it reads, writes, fails, and leaves nextpnr cells of the device alone", async () => {
  vi.stubEnv("PATH", "");
  const yosys = await findYosys();
  expect(yosys.version).toMatch(/^@yowasp\/yosys \d+\.\d+/);
  writeFileSync(join(folder, "counter.v"), counter.replace("module top", "module counter"));
  writeFileSync(join(folder, "top.v"), hierarchy.replace("module top", "module icebreaker"));
  const script = [
    "read_verilog counter.v top.v",
    ...mapCommands(boardByName("icebreaker")),
    "write_json netlist.json",
  ];
  await yosys.run(script.join("; "), folder);
  const netlist = JSON.parse(readFileSync(join(folder, "netlist.json"), "utf8")) as {
    modules: { icebreaker: { cells: Record<string, { type: string }> } };
  };
  const types = Object.values(netlist.modules.icebreaker.cells).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("SB_DFF"))).toHaveLength(7);
  expect(types).toContain("SB_DFFSR");
  expect(types.filter((type) => !type.startsWith("SB_"))).toEqual([]);
  const wrong = await yosys.run("read_verilog none.v", folder).catch((error: unknown) => error);
  expect(wrong).toBeInstanceOf(ToolError);
  expect(String(wrong)).toContain("none.v");
});

it("says how to get it where there is none", async () => {
  vi.stubEnv("PATH", "");
  const nowhere = [pathToFileURL(join(folder, "package.json")).href];
  const missing = await findYosys({ roots: nowhere }).catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(MissingToolError);
  expect(String(missing)).toContain("sudo apt-get install yosys");
  expect(String(missing)).toContain("npm install @yowasp/yosys");
});
