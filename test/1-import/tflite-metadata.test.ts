/** What TensorFlow Lite's metadata say of pictures and classes. */
import { existsSync, readFileSync } from "node:fs";
import { Builder, type Offset } from "flatbuffers";
import { describe, expect, it } from "vitest";
import { readTfliteFile } from "../../src/1-import/tflite/file.ts";
import { importTflite } from "../../src/1-import/tflite/import.ts";
import { describedBy } from "../../src/1-import/tflite/metadata.ts";
import { OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { storedMember } from "../../src/1-import/tflite/zip.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { packagePath } from "../../src/platform/package.ts";
import { Draft } from "../support/tflite-draft.ts";

/** A ZIP archive of stored members, behind so many bytes of something else. */
function archive(front: number, members: Readonly<Record<string, string>>, method = 0): Uint8Array {
  const parts: Buffer[] = [Buffer.alloc(front, 7)];
  const entries: Buffer[] = [];
  let at = front;
  for (const [name, text] of Object.entries(members)) {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(2, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(text.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    entries.push(entry, Buffer.from(name));
    const member = Buffer.concat([header, Buffer.from(name), Buffer.alloc(2), Buffer.from(text)]);
    parts.push(member);
    at += member.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...entries, end]);
}

/** Metadata of one input with a normalisation and one output with a file of names. */
function metadata(mean: readonly number[], std: readonly number[], file = "names.txt"): Uint8Array {
  const builder = new Builder();
  const floats = (list: readonly number[]) => {
    builder.startVector(4, list.length, 4);
    for (const value of list.toReversed()) builder.addFloat32(value);
    return builder.endVector();
  };
  const list = (table: Offset) => {
    builder.startVector(4, 1, 4);
    builder.addOffset(table);
    return builder.endVector();
  };
  const table = (fields: Readonly<Record<number, Offset>>, bytes: Readonly<Record<number, number>> = {}) => {
    builder.startObject(7);
    for (const [slot, offset] of Object.entries(fields)) builder.addFieldOffset(Number(slot), offset, 0);
    for (const [slot, value] of Object.entries(bytes)) builder.addFieldInt8(Number(slot), value, 0);
    return builder.endObject();
  };
  const normalization = table({ 0: floats(mean), 1: floats(std) });
  const input = table({ 4: list(table({ 1: normalization }, { 0: 1 })) });
  const output = table({ 6: list(table({ 0: builder.createString(file) }, { 2: 2 })) });
  const graph = table({ 2: list(input), 3: list(output) });
  builder.finish(table({ 3: list(graph) }), "M001");
  return builder.asUint8Array();
}

describe("stored members of an archive behind a model", () => {
  it("are found by name", () => {
    const bytes = archive(11, { "a.txt": "cat\n", "b.txt": "dog\n" });
    const text = (name: string) => {
      const found = storedMember(bytes, name);
      return found && Buffer.from(found).toString();
    };
    expect([text("a.txt"), text("b.txt"), text("c.txt")]).toEqual(["cat\n", "dog\n", undefined]);
    expect(storedMember(archive(0, { "a.txt": "packed" }, 8), "a.txt")).toBeUndefined();
  });

  it("are none where the archive is damaged", () => {
    const bytes = archive(11, { "a.txt": "cat\n", "b.txt": "dog\n" });
    for (let cut = 0; cut < bytes.length; cut++) storedMember(bytes.subarray(0, cut), "b.txt");
    for (let at = 0; at < bytes.length; at++) {
      const broken = Uint8Array.from(bytes, (byte, i) => (i === at ? 255 : byte));
      const found = storedMember(broken, "b.txt");
      expect(found === undefined || found.length <= bytes.length).toBe(true);
    }
  });
});

describe("metadata", () => {
  it("tell mean, scale and names", () => {
    const file = archive(5, { "names.txt": "cat\r\ndog\r\n" });
    const said = metadata([10, 20, 30], [2, 4, 8]);
    const preprocess = { mean: [10, 20, 30], std: [2, 4, 8], channelOrder: "rgb" };
    expect(describedBy(said, file, 3)).toEqual({ preprocess, labels: ["cat", "dog"] });
    expect(describedBy(metadata([0.5], [1]), new Uint8Array(), 1)).toEqual({
      preprocess: { mean: [0.5], std: [1], channelOrder: "grey" },
    });
  });

  it("tell nothing that does not fit, or where they are damaged", () => {
    for (const [mean, std] of [
      [[1, 2], [1]],
      [[1], [0]],
      [[NaN], [1]],
      [[], []],
    ])
      expect(describedBy(metadata(mean ?? [], std ?? []), new Uint8Array(), 3)).toEqual({});
    const said = metadata([1], [1]);
    expect(describedBy(said.subarray(0, 40), new Uint8Array(), 3)).toEqual({});
    expect(describedBy(new Uint8Array(3), new Uint8Array(), 3)).toEqual({});
  });

  it("are the network's rule, or pixels as they are where both agree within a step", () => {
    const draft = new Draft("uint8");
    const x = draft.map("x", [1, 2, 2, 3], 1 / 128, 128);
    const y = draft.operator(OperatorCode.RELU, [x], draft.map("y", [1, 2, 2, 3], 1 / 128, 128));
    const file = readTfliteFile(draft.write([x], [y]));
    const ruled = (mean: readonly number[], std: readonly number[]) => {
      const preprocess = { mean, std, channelOrder: "rgb" } as const;
      const { graph } = importTflite("net", { ...file, described: { preprocess, labels: ["a", "b"] } });
      return graph && lower(graph);
    };
    expect(ruled([127.5], [127.5])?.preprocess).toEqual({
      mean: [128, 128, 128],
      std: [128, 128, 128],
      channelOrder: "rgb",
    });
    const own = { mean: [120, 127.5, 127.5], std: [127.5], channelOrder: "rgb" };
    expect(ruled(own.mean, own.std)?.preprocess).toEqual(own);
    expect(ruled([0], [255])).toMatchObject({ preprocess: { mean: [0], std: [255] }, labels: ["a", "b"] });
  });
});

const real = packagePath("..", "shared", "models", "mobilenet_v1_0.25_128", "model.tflite");

it.runIf(existsSync(real))("are read from a real file", () => {
  const { described } = readTfliteFile(readFileSync(real));
  expect(described?.preprocess).toEqual({ mean: [127.5], std: [127.5], channelOrder: "rgb" });
  expect(described?.labels).toHaveLength(1001);
  expect(described?.labels?.slice(0, 2)).toEqual(["background", "tench, Tinca tinca"]);
});
