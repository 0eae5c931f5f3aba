/** Each way in which a flatbuffer can point outside itself. */
import { Builder } from "flatbuffers";
import { describe, expect, it } from "vitest";
import {
  boolField,
  CorruptFileError,
  float32Field,
  hasField,
  int32Field,
  int32sOf,
  rootTable,
  stringField,
  tableField,
  tablesOf,
  vectorField,
} from "../../src/1-import/flatbuffer.ts";

/** Slots: 0 int 7, 1 vector [1, -2], 2 string "name", 3 a table with int 9 in slot 0, 4 absent, 5 true, 6 float 0.5. */
function file(): Uint8Array {
  const builder = new Builder(64);
  builder.startVector(4, 2, 4);
  builder.addInt32(-2);
  builder.addInt32(1);
  const vector = builder.endVector();
  const name = builder.createString("name");
  builder.startObject(1);
  builder.addFieldInt32(0, 9, 0);
  const inner = builder.endObject();
  builder.startObject(7);
  builder.addFieldInt32(0, 7, 0);
  builder.addFieldOffset(1, vector, 0);
  builder.addFieldOffset(2, name, 0);
  builder.addFieldOffset(3, inner, 0);
  builder.addFieldInt8(5, 1, 0);
  builder.addFieldFloat32(6, 0.5, 0);
  builder.finish(builder.endObject(), "TEST");
  return builder.asUint8Array().slice();
}

/** The file with a 32-bit (or 16-bit) number at a byte position. */
function patched(at: number, value: number, bits: 16 | 32 = 32): Uint8Array {
  const bytes = file();
  const view = new DataView(bytes.buffer);
  if (bits === 16) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return bytes;
}

const sound = rootTable(file(), "TEST");
/** Byte position of a field of the root table. */
const at = (slot: number) =>
  sound.position + new DataView(file().buffer).getUint16(sound.vtable + 4 + 2 * slot, true);
/** Byte position that a field of the root table refers to. */
const target = (slot: number) => at(slot) + new DataView(file().buffer).getUint32(at(slot), true);

describe("a sound file", () => {
  it("gives its values, and defaults for what it leaves out", () => {
    expect(int32Field(sound, 0, -1)).toBe(7);
    expect(int32sOf(vectorField(sound, 1, 4, "vector"))).toEqual([1, -2]);
    expect(stringField(sound, 2)).toBe("name");
    expect(stringField(sound, 2, 2)).toBe("na");
    const inner = tableField(sound, 3, "inner");
    expect(inner && int32Field(inner, 0, 0)).toBe(9);
    expect([int32Field(sound, 4, -1), int32Field(sound, 50, -1)]).toEqual([-1, -1]);
    expect([hasField(sound, 4), hasField(sound, 5), boolField(sound, 5)]).toEqual([false, true, true]);
    expect(float32Field(sound, 6, 0)).toBe(0.5);
    expect(vectorField(sound, 4, 4, "nothing")).toBeUndefined();
  });
});

describe("a damaged file is refused when", () => {
  const refuses = (run: () => unknown) => expect(run).toThrow(CorruptFileError);

  it("it ends in its header, or is of another kind", () => {
    refuses(() => rootTable(file().slice(0, 7), "TEST"));
    refuses(() => rootTable(file(), "TFL3"));
  });
  it("its root lies outside", () => refuses(() => rootTable(patched(0, 1 << 20), "TEST")));
  it("a field list lies outside", () => {
    refuses(() => rootTable(patched(sound.position, 0x7fffffff), "TEST"));
    refuses(() => rootTable(patched(sound.position, 0x80000000), "TEST"));
  });
  it("a field list is shorter than its header or longer than the file", () => {
    refuses(() => rootTable(patched(sound.vtable, 2, 16), "TEST"));
    refuses(() => rootTable(patched(sound.vtable, 60_000, 16), "TEST"));
  });
  it("a table is longer than the file", () => {
    refuses(() => rootTable(patched(sound.vtable + 2, 60_000, 16), "TEST"));
  });
  it("a field lies outside its table", () => {
    const bytes = patched(sound.vtable + 4, sound.tableBytes - 2, 16);
    refuses(() => int32Field(rootTable(bytes, "TEST"), 0, 0));
  });
  it("a vector starts outside", () => {
    refuses(() => vectorField(rootTable(patched(at(1), 1 << 20), "TEST"), 1, 4, "vector"));
  });
  it("a vector is longer than the file", () => {
    for (const length of [1000, 0x7fffffff, 0xffffffff]) {
      refuses(() => vectorField(rootTable(patched(target(1), length), "TEST"), 1, 4, "vector"));
      refuses(() => stringField(rootTable(patched(target(2), length), "TEST"), 2));
    }
  });
  it("a table of a list lies outside", () => {
    const list = vectorField(rootTable(patched(target(1) + 4, 1 << 20), "TEST"), 1, 4, "list");
    refuses(() => [...tablesOf(list, "entry")]);
  });
});
