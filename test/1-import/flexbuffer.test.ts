import { encode } from "flatbuffers/js/flexbuffers.js";
import { expect, it } from "vitest";
import { flexNumbers } from "../../src/1-import/tflite/flexbuffer.ts";

it.each([
  { a: 1, bc: 0.5, third: true },
  { a: 300, b: -2, c: false, d: 1.25 },
  { a: 70000, b: -70000, c: 0 },
  { wide: 0.1, other: 7, more: -123456.7 },
])("reads the numbers of %o at every width", (object) => {
  const wanted = Object.entries(object).map(([key, value]): [string, number] => [key, Number(value)]);
  expect([...flexNumbers(encode(object))!].toSorted()).toEqual(wanted.toSorted());
});

it("leaves out what is no number, and reads what stands beside it", () => {
  expect([...flexNumbers(encode({ list: [1, 2], map: { a: 1 }, n: 3, text: "x" }))!]).toEqual([["n", 3]]);
});

it("finds no map in other values, nor in bytes that lead outside", () => {
  const sound = encode({ a: 1, b: 0.1 });
  expect(flexNumbers(encode([1, 2]))).toBeUndefined();
  for (let length = 0; length < sound.length; length++) flexNumbers(sound.slice(0, length));
  expect(flexNumbers(new Uint8Array())).toBeUndefined();
  for (let at = 0; at < sound.length; at++)
    for (const value of [0, 1, 127, 255]) flexNumbers(sound.with(at, value));
  expect(flexNumbers(Uint8Array.of(0, 255, 36, 1))).toBeUndefined();
});
