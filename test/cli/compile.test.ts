import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lint, lintTools } from "../../hw/lint/lint.ts";
import { readInput } from "../../src/images/read-input.ts";
import { loadModel } from "../../src/load.ts";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "mobilenet-v1-0.25-32";

/** Every file below the folder with its content. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path, "base64")]));
}

describe("compile", () => {
  it("writes the same bytes twice, and Verilog that every lint tool takes", () =>
    inTemporaryFolder(async (root) => {
      const [a, b] = [join(root, "a"), join(root, "b")];
      expect((await firebrick("compile", small, "-o", a)).stderr).toBe("");
      const { status, stdout } = await firebrick("compile", small, "-o", b, "--json");
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ array: { pk: 8, pc: 8 }, busBytes: 16, multipliers: 64 });
      expect(contents(a)).toEqual(contents(b));

      const { top } = JSON.parse(readFileSync(join(a, "manifest.json"), "utf8")) as { top: string };
      const listed = readFileSync(join(a, "files.f"), "utf8").trim().split("\n");
      expect(listed.every((path) => path.startsWith("rtl/"))).toBe(true);
      const files = listed.map((path) => join(a, path));
      for (const tool of lintTools) expect(await lint(tool, top, files), tool).toBe("");
    }));

  it("gives the testbench the picture of --input", () =>
    inTemporaryFolder(async (root) => {
      const out = join(root, "out");
      const star = packagePath("src", "zoo", "pictures", "examples", "star.png");
      const compiled = await firebrick("compile", "pictures", "-o", out, "--array", "4x4", "--input", star);
      expect(compiled).toMatchObject({ status: 0, stderr: "" });
      const { values } = await readInput(star, loadModel("pictures"));
      // A word of the bus is a line, its lowest byte last; pixels lie there as they are, [H, W, C].
      const [first] = readFileSync(join(out, "sim", "input.hex"), "utf8").split("\n");
      const pixel = Buffer.from(first!, "hex").reverse().subarray(0, 3);
      expect([...Int8Array.from(pixel)]).toEqual([...values.subarray(0, 3)]);
      expect(readFileSync(join(out, "sim", "labels.txt"), "utf8")).toContain("star\n");
      const twice = await firebrick("compile", "pictures", "-o", out, "--input", star, "--input", star);
      expect(twice.stderr).toContain("repeated-option: --input");
    }));

  it("replaces its own result and takes the bus from --memory", () =>
    inTemporaryFolder(async (root) => {
      const out = join(root, "out");
      await firebrick("compile", small, "-o", out);
      const { stdout } = await firebrick(
        "compile",
        small,
        "-o",
        out,
        "--array",
        "4x4",
        "--memory",
        "bytes=8",
      );
      expect(stdout).toContain("16 multipliers, 64-bit memory bus");
      expect(readdirSync(root)).toEqual(["out"]);
    }));

  it.each([
    ["a missing model", ["none.tflite"], "missing-file: "],
    ["an array that there is not", [small, "--array", "5x8"], "array-size: "],
    ["a malformed array", [small, "--array", "8"], "bad-option: --array"],
    ["a malformed memory", [small, "--memory", "width=8"], "memory-option: "],
  ])("refuses %s and leaves nothing behind", (_what, args, message) =>
    inTemporaryFolder(async (root) => {
      const result = await firebrick("compile", ...args, "-o", join(root, "new", "out"));
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain(message);
      expect(readdirSync(root)).toEqual([]);
    }),
  );

  it("does not touch a folder that holds other files", () =>
    inTemporaryFolder(async (root) => {
      writeFileSync(join(root, "thesis.txt"), "");
      const result = await firebrick("compile", small, "-o", root);
      expect(result.stderr).toContain("output-folder: ");
      expect(result.status).toBe(2);
      expect(existsSync(join(root, "thesis.txt"))).toBe(true);
    }));

  it("asks for -o", async () => {
    expect((await firebrick("compile", small)).stderr).toContain("Missing required argument: out");
  });
});
