import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { boardNames } from "../../src/boards/index.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "mobilenet-v1-0.25-32";

describe("boards", () => {
  it("lists every board", async () => {
    const { status, stdout } = await firebrick("boards");
    expect(status).toBe(0);
    for (const name of boardNames()) expect(stdout).toContain(name);
    expect(stdout).toMatch(/icebreaker .* 5280 .* 8 .*30 x 4 kbit/);
  });

  it("prints every figure of one with its source", async () => {
    const { stdout } = await firebrick("boards", "tang-nano-20k");
    expect(stdout).toContain("resources.dsp: 48 (Sipeed wiki, Tang Nano 20K, Parameters");
    expect(stdout).toContain("memory.widthBits: 32 (");
    const { stdout: json } = await firebrick("boards", "tang-nano-20k", "--json");
    expect(JSON.parse(json)).toMatchObject({ boards: [{ name: "tang-nano-20k", vendor: "gowin" }] });
  });

  it("refuses an unknown one", async () => {
    const { status, stderr } = await firebrick("boards", "zedboard");
    expect(status).toBe(2);
    expect(stderr).toContain("unknown-board: ");
  });
});

describe("compile --board", () => {
  it("writes a project and says why it looks so", () =>
    inTemporaryFolder(async (root) => {
      const out = join(root, "out");
      const result = await firebrick("compile", small, "--board", "pynq-z2", "-o", out, "--json");
      expect(result).toMatchObject({ status: 0, stderr: "" });
      expect(JSON.parse(result.stdout)).toMatchObject({ board: "pynq-z2", multipliers: 64, busBytes: 8 });
      expect(readFileSync(join(out, "vivado", "build.tcl"), "utf8")).toContain("-part xc7z020clg400-1");
      expect(existsSync(join(out, "component.xml"))).toBe(true);
      // its own output: replaced without complaint
      const again = await firebrick("compile", small, "--board", "pynq-z2", "--memory", "bytes=4", "-o", out);
      expect(again.stdout).toContain("memory: as --memory says");
      expect(again.stdout).toMatch(/DSP blocks: 36 of 220\n/);
    }));

  it("refuses a network that does not fit and leaves nothing behind", () =>
    inTemporaryFolder(async (root) => {
      const out = join(root, "new", "out");
      const large = "mobilenet-v1-0.25-160";
      const result = await firebrick("compile", large, "--board", "icebreaker", "-o", out);
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain("does-not-fit: icebreaker: ");
      expect(result.stderr).toContain("(the binding resource)");
      expect(result.stderr).toContain("the smallest known board with enough");
      expect(readdirSync(root)).toEqual([]);
    }));

  it("refuses an operator that a small engine lacks once, however many nodes have it", () =>
    inTemporaryFolder(async (root) => {
      const out = join(root, "out");
      const result = await firebrick("compile", "squeezenet-1.1", "--board", "icebreaker", "-o", out);
      expect(result).toMatchObject({ status: 2, stdout: "" });
      const lines = result.stderr.trimEnd().split("\n");
      expect(lines.map((line) => /^(?:firebrick: )?([a-z-]+: .*?): found/.exec(line)?.[1])).toEqual([
        "does-not-fit: icebreaker",
        "no-hardware: maxpool1, maxpool3, maxpool5",
        "no-hardware: fire2/expand3x3, fire3/expand3x3, fire4/expand3x3 and 5 more",
      ]);
    }));

  it("writes a project for a board with a small engine, which takes no array", () =>
    inTemporaryFolder(async (root) => {
      const out = join(root, "out");
      const result = await firebrick("compile", "pictures", "--board", "icebreaker", "-o", out, "--json");
      expect(result).toMatchObject({ status: 0, stderr: "" });
      const summary = JSON.parse(result.stdout) as { files: string[] };
      expect(summary).toMatchObject({ board: "icebreaker", multipliers: 16, array: { pk: 4, pc: 4 } });
      for (const path of summary.files) expect(existsSync(join(out, path)), path).toBe(true);
      const given = ["--array", "8x8", "--memory", "bytes=8", "--buffers", "weights=256"];
      const arrays = await firebrick("compile", small, "--board", "icebreaker", ...given, "-o", out);
      expect(arrays.status).toBe(2);
      for (const name of ["--array", "--memory", "--buffers"])
        expect(arrays.stderr).toContain(`bad-option: ${name}: found ${name} with --board icebreaker`);
    }));
});
