import { describe, expect, it, test } from "vitest";
import { decode, encode, gap, placeOf, placesOf, signed, unsigned, zeros } from "../../src/format/fields.ts";
import { maskOf, registerList, registers, type RegisterName } from "../../src/format/registers.ts";
import { placeRegions, regions } from "../../src/format/regions.ts";

const words = [
  { low: unsigned(8, "low"), zero: signed(8, "zero point"), high: unsigned(16, "rows") },
  { whole: unsigned(32, "offset") },
  {},
  { kind: unsigned(4, "kind"), gap: gap(4), lead: unsigned(8, "lead") },
] as const;
const values = { low: 0x12, zero: -1, high: 0xabcd, whole: 0xffffffff, kind: 3, lead: 255 };

describe("encode", () => {
  it("puts the fields of a word from bit 0 up, and leaves zero what no field holds", () => {
    expect(encode(words, values)).toEqual([0xabcdff12, 0xffffffff, 0, 0xff03]);
  });

  it("names the field that does not fit", () => {
    const wrong = (change: Partial<typeof values>) => () =>
      encode(words, { ...values, ...change }, (label) => `layer: ${label}`);
    expect(wrong({ high: 65536 })).toThrow(
      "internal error: layer: rows is 65536, its field holds 0 to 65535",
    );
    expect(wrong({ zero: -129 })).toThrow("zero point is -129, its field holds -128 to 127");
    expect(wrong({ kind: 1.5 })).toThrow("kind is 1.5");
    expect(wrong({ kind: NaN })).toThrow("kind is NaN");
  });
});

describe("decode", () => {
  it("gives back what was encoded, from any place in memory", () => {
    expect(decode(words, Uint32Array.from(encode(words, values)))).toEqual(values);
    expect(decode(words, [7, 7, ...encode(words, values)], 2)).toEqual(values);
    expect(decode(words, Int32Array.from(encode(words, values)))).toEqual(values);
  });

  it("asks for all words", () => {
    expect(() => decode(words, [0, 0, 0])).toThrow("word 3 of 3");
  });
});

test("places follow from the order of the rows", () => {
  expect(placeOf(words, "lead")).toMatchObject({ word: 3, lsb: 8 });
  expect(placesOf(words).map(({ name }) => name)).toEqual(["low", "zero", "high", "whole", "kind", "lead"]);
  expect(() => placesOf([{ a: unsigned(30, "a"), b: unsigned(3, "b") }])).toThrow(
    "b ends in bit 32 of a word",
  );
  expect(zeros(words)).toEqual({ low: 0, zero: 0, high: 0, whole: 0, kind: 0, lead: 0 });
});

test("registers lie on words of their own, in order, within the 256 bytes of the slave", () => {
  const addresses = registerList.map(({ address }) => address);
  expect(addresses).toEqual([...new Set(addresses)].sort((a, b) => a - b));
  expect(addresses.every((address) => address % 4 === 0 && address < 256)).toBe(true);
});

// Everything else is made of the table: hosts that were written for an accelerator of yesterday hold these numbers themselves.
test("the addresses and bits that hosts rely on, the first of them Vitis' ap_ctrl", () => {
  expect(Object.fromEntries(registerList.map(({ address, name }) => [name, address]))).toEqual({
    control: 0x00,
    globalEnable: 0x04,
    enable: 0x08,
    status: 0x0c,
    model: 0x10,
    input: 0x1c,
    output: 0x28,
    workspace: 0x34,
    cycles: 0x40,
    steps: 0x44,
    rowsWait: 0x48,
    weightsWait: 0x4c,
    outputWait: 0x50,
    other: 0x54,
    error: 0x60,
    stop: 0x64,
    keep: 0x68,
    watchdog: 0x6c,
    errorPlace: 0x70,
    errorAddress: 0x74,
  });
  const masks = (name: RegisterName) =>
    Object.fromEntries(
      placesOf([registers[name].bits]).map((place) => [place.name, maskOf(name, place.name)]),
    );
  expect(masks("control")).toEqual({ start: 1, done: 2, idle: 4, ready: 8, autoRestart: 128 });
  expect([masks("globalEnable"), masks("enable"), masks("status")]).toEqual([
    { all: 1 },
    { done: 1 },
    { done: 1 },
  ]);
  expect(masks("error")).toEqual({
    read: 1,
    write: 2,
    program: 4,
    base: 8,
    stopped: 16,
    weights: 32,
    watchdog: 64,
    outside: 128,
  });
  expect(masks("stop")).toEqual({ stop: 1 });
});

test("regions lie one behind the other on 4096 bytes", () => {
  const { places, totalBytes } = placeRegions({ model: 4097, input: 4096, output: 1, workspace: 0 });
  expect(places.map(({ offset }) => offset)).toEqual([0, 8192, 12288, 16384]);
  expect(places.map(({ register }) => register)).toEqual(regions.map((name) => registers[name].address));
  expect(totalBytes).toBe(16384);
});
