/** Reads a coded segment bit by bit, as src/format/coded-segment.ts describes it. */

export interface DecodedWord {
  readonly position: number;
  /** By place: the weight as a byte and its selector; null where there is none. */
  readonly places: readonly ({ readonly weight: number; readonly selector: number } | null)[];
}

interface Shape {
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: number;
}

/** The words of each record of the segment at byte `at`, and the bytes of all. */
export function decodeSegment(memory: Uint8Array, at: number, { busBytes, pc, pk }: Shape) {
  let next = 8 * at;
  const bits = (count: number): number => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, next++)
      value += ((memory[next >> 3]! >> (next & 7)) & 1) * 2 ** bit;
    return value;
  };
  const toBeat = (): void => {
    next = Math.ceil(next / (8 * busBytes)) * 8 * busBytes;
  };
  const words = bits(16);
  const records = bits(16);
  const codeBits = bits(4);
  const maps = bits(1) === 1;
  const planes = codeBits + (bits(1) === 1 ? 3 : 0);
  const hasTable = bits(1) === 1;
  toBeat();
  const table = hasTable ? Array.from({ length: 2 ** codeBits }, () => bits(8)) : null;
  toBeat();
  const decoded = Array.from({ length: records }, () => {
    next += 8 * 12 * pk;
    const present: number[] = [];
    const record = Array.from({ length: words }, () => {
      const position = bits(8);
      const blocks = bits(8);
      const isEmpty = blocks === 255;
      const full = Array.from({ length: pk * pc }, () => !isEmpty && (!maps || bits(1) === 1));
      for (let block = 0; block < (isEmpty ? 0 : blocks); block++) {
        const weights = new Array<number>(busBytes).fill(0);
        for (let plane = 0; plane < planes; plane++)
          for (let i = 0; i < busBytes; i++) weights[i]! += bits(1) << plane;
        present.push(...weights);
      }
      const places = full.map((isFull) => {
        if (!isFull) return null;
        const bits = present.shift()!;
        const selectorBits = planes - codeBits;
        const code = bits >> selectorBits;
        return { weight: table ? table[code]! : code, selector: bits & (2 ** selectorBits - 1) };
      });
      return { position, places };
    });
    if (present.length >= busBytes) throw new Error("a block that no word of its record needs");
    toBeat();
    return record;
  });
  return { words: decoded, bytes: next / 8 - at };
}
