import { expect, it } from "vitest";
import { bytesOf, hex, joinBytes, sameBytes, textOf, viewOf } from "../../src/platform/bytes.ts";
import { contentHash, sha256Hex } from "../../src/platform/content-hash.ts";

it("reads and writes the part of a buffer that an array lies on", () => {
  const numbers = Int16Array.of(1, 2, 3).subarray(1);
  expect([...bytesOf(numbers)]).toEqual([2, 0, 3, 0]);
  const bytes = Uint8Array.of(9, 1, 2).subarray(1);
  expect(viewOf(bytes).getUint16(0, true)).toBe(0x201);
  expect([hex(bytes), [...joinBytes([bytes, new Uint8Array(1), bytes])]]).toEqual(["0102", [1, 2, 0, 1, 2]]);
});

it("compares lengths and bytes", () => {
  const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3)];
  expect([sameBytes(a, Uint8Array.of(1, 2)), sameBytes(a, b), sameBytes(a, a.subarray(1))]).toEqual([
    true,
    false,
    false,
  ]);
});

it("keeps a byte order mark", () => {
  expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
});

it("hashes parts: all in a row, or with their borders", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([sha256Hex("abc"), sha256Hex("a", Uint8Array.of(0x62), "c")]).toEqual([abc, abc]);
  expect(contentHash(["abc"])).toBe(sha256Hex("3:abc").slice(0, 32));
  expect(contentHash(["ab", "c"])).not.toBe(contentHash(["a", "bc"]));
});
