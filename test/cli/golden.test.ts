import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "mobilenet-v1-0.25-32";
const vww = packagePath("..", "shared", "models", "vww_96_int8");

interface Report {
  readonly model: string;
  readonly inputs: readonly {
    readonly file: string;
    readonly top: readonly { readonly index: number; readonly label: string; readonly score: number }[];
    readonly logitsSha256: string;
  }[];
}

/** Writes a raw input tensor of the small network. */
function tensor(folder: string, name: string, value: number): string {
  const file = join(folder, name);
  writeFileSync(file, new Uint8Array(32 * 32 * 3).fill(value));
  return file;
}

describe("golden", () => {
  it("reports every input in order and writes its logits", () =>
    inTemporaryFolder(async (folder) => {
      const files = [tensor(folder, "b.bin", 1), tensor(folder, "a.bin", 200)];
      const out = join(folder, "new", "logits");
      const { status, stdout } = await firebrick(
        "golden",
        small,
        "--input",
        ...files,
        "--dump-logits",
        out,
        "--json",
      );
      expect(status).toBe(0);
      const report = JSON.parse(stdout) as Report;
      expect(report.model).toBe(small);
      expect(report.inputs.map((input) => input.file)).toEqual(files);
      expect(readdirSync(out).sort()).toEqual(["a.bin", "b.bin"]);
      for (const [name, input] of [["b", report.inputs[0]] as const, ["a", report.inputs[1]] as const]) {
        const logits = readFileSync(join(out, `${name}.bin`));
        expect(logits.length).toBe(1001);
        expect(input?.logitsSha256).toBe(createHash("sha256").update(logits).digest("hex"));
        expect(input?.top).toHaveLength(5);
      }
    }));

  it("prints the classes as text and takes --input more than once", () =>
    inTemporaryFolder(async (folder) => {
      const [a, b] = [tensor(folder, "a.bin", 1), tensor(folder, "b.bin", 2)];
      const { status, stdout } = await firebrick("golden", small, "--input", a, "--input", b);
      expect(status).toBe(0);
      expect(stdout.match(/^ +\d+\.\d % {2}\S+ \(\d+\)$/gm)).toHaveLength(10);
      expect(stdout.startsWith(`${a}\n`)).toBe(true);
    }));

  it("names all bad inputs at once, with nothing on stdout and nothing written", () =>
    inTemporaryFolder(async (folder) => {
      const short = join(folder, "short.bin");
      writeFileSync(short, "123");
      const files = [tensor(folder, "good.bin", 1), short, join(folder, "none.png")];
      const out = join(folder, "logits");
      const result = await firebrick("golden", small, "--input", ...files, "--dump-logits", out, "--json");
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain("input-size: ");
      expect(result.stderr).toContain("missing-file: ");
      expect(existsSync(out)).toBe(false);
    }));

  it("refuses two inputs whose logits would have one name", () =>
    inTemporaryFolder(async (folder) => {
      mkdirSync(join(folder, "x"));
      const files = [tensor(folder, "a.bin", 1), tensor(join(folder, "x"), "a.bin", 2)];
      const out = join(folder, "logits");
      const result = await firebrick("golden", small, "--input", ...files, "--dump-logits", out);
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain("same-input-name: ");
    }));

  it.each([
    ["no input", ["golden", small], "Missing required argument: input"],
    ["no model", ["golden"], "Not enough non-option arguments"],
    ["an input without a value", ["golden", small, "--input"], "Not enough arguments following: input"],
    [
      "an option twice",
      ["golden", small, "--input", "a", "--seed", "1", "--seed", "2"],
      "repeated-option: --seed",
    ],
    ["an unknown network", ["golden", "mobilenet", "--input", "a"], "unknown-network: mobilenet"],
    ["an unknown stage", ["golden", small, "--input", "a", "--dump-after", "x"], "bad-option: --dump-after"],
  ])("refuses %s with status 2", async (_what, args, message) => {
    const { status, stdout, stderr } = await firebrick(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it("prints the graph after a stage on stderr", () =>
    inTemporaryFolder(async (folder) => {
      const input = tensor(folder, "a.bin", 1);
      const { stderr } = await firebrick("golden", small, "--input", input, "--dump-after", "import");
      expect(stderr).toContain("graph mobilenet");
    }));
});

describe.runIf(existsSync(vww))("golden on visual wake words", () => {
  it("equals TensorFlow Lite's logits byte for byte and names the classes", () =>
    inTemporaryFolder(async (folder) => {
      const names = readdirSync(join(vww, "inputs")).sort();
      const files = names.map((name) => join(vww, "inputs", name));
      const model = join(vww, "model.tflite");
      const { stdout } = await firebrick(
        "golden",
        model,
        "--input",
        ...files,
        "--dump-logits",
        folder,
        "--json",
      );
      const labels = new Set((JSON.parse(stdout) as Report).inputs.map((input) => input.top[0]?.label));
      expect(labels).toEqual(new Set(["person", "no person"]));
      expect(names.length).toBe(12);
      for (const name of names) {
        expect(readFileSync(join(folder, name)).equals(readFileSync(join(vww, "logits", name))), name).toBe(
          true,
        );
      }
    }));
});
