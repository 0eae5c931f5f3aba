import { describe, expect, it } from "vitest";
import { codeLengths, countSymbols, decodeSymbols, encodeSymbols } from "../../src/compress/huffman.ts";
import { createRandom } from "../../src/zoo/pictures/random.ts";

/** Bits that the code takes for symbols of those counts. */
const cost = (counts: readonly number[]): number => {
  const lengths = codeLengths(counts);
  return counts.reduce((sum, count, symbol) => sum + count * lengths[symbol]!, 0);
};

describe("Huffman's code", () => {
  it("gives the textbook's lengths (Cormen et al., figure 16.3: 224 bits in all)", () => {
    expect([...codeLengths([45, 13, 12, 16, 9, 5])]).toEqual([1, 3, 3, 3, 4, 4]);
    expect(cost([45, 13, 12, 16, 9, 5])).toBe(224);
  });

  it("gives symbols that do not occur no code", () => {
    expect([...codeLengths([0, 3, 0, 5])]).toEqual([0, 1, 0, 1]);
    expect([...codeLengths([0, 0, 9])]).toEqual([0, 0, 1]);
    expect([...codeLengths([0, 0])]).toEqual([0, 0]);
  });

  it("stays within 15 bits, and a complete code, where Huffman's would need 29", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    const lengths = codeLengths(fibonacci);
    expect(Math.max(...lengths)).toBe(15);
    expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
  });

  it("writes canonical codes, the highest bit first", () => {
    // codes: 0 -> 0, 1 -> 10, 2 -> 110, 3 -> 111; 0 1 2 3 0 = 0 10 110 11|1 0
    const bytes = encodeSymbols(Uint8Array.of(0, 1, 2, 3, 0), Uint8Array.of(1, 2, 3, 3));
    expect([...bytes]).toEqual([0b01011011, 0b10000000]);
    expect(decodeSymbols(bytes, Uint8Array.of(1, 2, 3, 3), 5)).toEqual(Uint8Array.of(0, 1, 2, 3, 0));
  });

  it.each([1, 2, 3, 17, 200, 256])("reads back what it wrote, %i symbols", (alphabet) => {
    const random = createRandom(alphabet);
    // small symbols far more often than large ones
    const symbols = Uint8Array.from({ length: 5000 }, () => Math.floor(alphabet * random() ** 4));
    const lengths = codeLengths(countSymbols(symbols, alphabet));
    const bytes = encodeSymbols(symbols, lengths);
    expect(decodeSymbols(bytes, lengths, symbols.length)).toEqual(symbols);
    // never above 1 bit a symbol more than the entropy, never below it
    const entropy = countSymbols(symbols, alphabet)
      .filter((n) => n > 0)
      .reduce((sum, n) => sum - n * Math.log2(n / symbols.length), 0);
    expect(8 * bytes.length).toBeGreaterThanOrEqual(entropy);
    expect(8 * bytes.length).toBeLessThan(entropy + symbols.length + 8);
  });

  it("takes no bits for a single symbol", () => {
    const lengths = codeLengths([0, 4]);
    expect(encodeSymbols(Uint8Array.of(1, 1, 1, 1), lengths).length).toBe(0);
    expect(decodeSymbols(new Uint8Array(0), lengths, 4)).toEqual(Uint8Array.of(1, 1, 1, 1));
  });

  it("refuses incomplete codes, and bytes that hold less or more", () => {
    const lengths = Uint8Array.of(1, 2, 3, 3);
    expect(decodeSymbols(Uint8Array.of(0b01011011), lengths, 5)).toBeUndefined();
    expect(decodeSymbols(Uint8Array.of(0b01011011, 0b10000000, 0), lengths, 5)).toBeUndefined();
    expect(decodeSymbols(Uint8Array.of(255), Uint8Array.of(1, 2, 3), 2)).toBeUndefined();
    expect(decodeSymbols(Uint8Array.of(255), Uint8Array.of(1, 1, 1), 2)).toBeUndefined();
    expect(decodeSymbols(new Uint8Array(0), Uint8Array.of(0, 0), 3)).toBeUndefined();
  });
});
