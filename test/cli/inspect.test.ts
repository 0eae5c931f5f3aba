import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { crc16 } from "../../src/format/check.ts";
import { HEADER_BYTES, HEADER_READ_BYTES, headerWords } from "../../src/format/program.ts";
import { placeOf } from "../../src/format/fields.ts";
import { sequencerWords, firstWordOf } from "../../src/format/descriptor.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

it("inspect prints the layers of a zoo network", async () => {
  const { status, stdout, stderr } = await firebrick("inspect", "mobilenet-v1-0.25-128");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("467,593 parameters, 13,570,304 multiply-accumulates");
});

it("inspect --json gives parameters, macs, layers and problems", async () => {
  const { status, stdout } = await firebrick("inspect", "mobilenet-v1-0.25-128", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ parameters: 467593, macs: 13570304, problems: [] });
});

it.each([
  ["an empty file", "empty.tflite", (file: string) => writeFileSync(file, "")],
  ["a text file", "text.tflite", (file: string) => writeFileSync(file, "hello")],
  ["a folder", "dir.tflite", (file: string) => mkdirSync(file)],
  ["nothing", "none.tflite", () => undefined],
])("inspect refuses %s with one message", (_what, name, make) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, name);
    make(file);
    const { status, stdout, stderr } = await firebrick("inspect", file);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^firebrick: [a-z-]+: .*; supported: .*; fix: .*\n$/);
    expect(stderr).toContain(name);
  }),
);

const image = (folder: string) => join(folder, "build", "memory", "model.bin");

/** Compiles a network with a residual and three phases a block into `folder`. */
async function compileInto(folder: string): Promise<Buffer> {
  const { status } = await firebrick("compile", "mobilenet-v2-0.35-96", "-o", join(folder, "build"));
  expect(status).toBe(0);
  return readFileSync(image(folder));
}

it("inspect --program shows a program in words, and says what is wrong with one that is none", () =>
  inTemporaryFolder(async (folder) => {
    const bytes = await compileInto(folder);
    const { status, stdout, stderr } = await firebrick("inspect", "--program", image(folder));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(
      "20 blocks of up to three phases\nfor 8 lanes of 8 multipliers on a bus of 16 bytes",
    );
    expect(stdout.match(/^block \d+$/gm)).toHaveLength(20);
    expect(stdout).toContain("\n  phase 0\n    kind pack\n    output rows 48, output width 48\n");
    expect(stdout).toMatch(/ {2}phase 2\n {4}kind conv/);
    expect(stdout).toContain("    residual region workspace, residual, groups ");
    expect(stdout).toMatch(/producer block 0\n/);

    const json = JSON.parse((await firebrick("inspect", "--program", image(folder), "--json")).stdout) as {
      header: object;
      blocks: object[];
    };
    expect(json.header).toMatchObject({ blocks: 20, lanes: 8, multipliers: 8, busBytes: 16, third: 1 });
    expect(json.blocks).toHaveLength(20);
    expect(json.blocks[0]).toMatchObject({
      rowReader: { region: 1, rows: 96 },
      sequencer: { phases: 2, streamed: 0 },
      phases: [
        { kind: 3, rows: 48 },
        { kind: 0, groups: 2 },
      ],
    });

    const place = (name: "magic" | "blocks" | "busBytes" | "check") => 4 * placeOf(headerWords, name).word;
    const phases = HEADER_BYTES + 4 * (firstWordOf("sequencer") + placeOf(sequencerWords, "phases").word);
    const file = join(folder, "changed.bin");
    const found = async (change: (copy: Buffer) => Buffer) => {
      writeFileSync(file, change(Buffer.from(bytes)));
      const refused = await firebrick("inspect", "--program", file);
      expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: "" });
      expect(refused.stderr).toMatch(/^firebrick: [a-z-]+: .*; supported: .*; fix: .*\n/);
      return refused.stderr;
    };
    const set = (at: number, value: number) => (copy: Buffer) => {
      copy[at] = value;
      return copy;
    };
    const checked = (copy: Buffer) => {
      copy.writeUInt16LE(0, place("check"));
      const header = crc16(copy.subarray(0, HEADER_READ_BYTES));
      copy.writeUInt16LE(crc16(copy.subarray(HEADER_BYTES, 10496), header), place("check"));
      return copy;
    };
    expect(await found(set(place("magic"), 0))).toContain("not-a-program");
    expect(await found((copy) => copy.subarray(0, 3))).toContain("not-a-program");
    expect(await found((copy) => copy.subarray(0, 8))).toContain("a header cut off at 8 bytes");
    expect(await found((copy) => copy.subarray(0, 1000))).toContain("1000 bytes of a program of 10496");
    expect(await found(set(place("blocks"), 0))).toContain("no blocks");
    expect(await found(set(place("blocks"), 3))).toContain(
      "a program that does not have the check of its header",
    );
    expect(await found(set(place("blocks") + 3, 1))).toContain("bits that mean nothing");
    expect(await found(set(phases, 0))).toContain("a program that does not have the check of its header");
    expect(await found((copy) => checked(set(phases, 0)(copy)))).toContain(
      "0 phases in block 0, of at most 3",
    );
  }));

it.each([
  ["neither a model nor a program", []],
  ["both", ["net.tflite", "--program", "model.bin"]],
])("inspect refuses %s", async (_what, args) => {
  const { status, stderr } = await firebrick("inspect", ...args);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "firebrick: say which model to inspect, or which file with --program\n",
  });
});
