/** Bits in a row, the highest of each byte first. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #pending = 0;
  #count = 0;

  /** Appends the lowest `length` bits of `value`, at most 24. */
  write(value: number, length: number): void {
    this.#pending = ((this.#pending << length) | value) >>> 0;
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#bytes.push((this.#pending >>> this.#count) & 255);
    }
    this.#pending &= (1 << this.#count) - 1;
  }

  /** Everything written, filled up with zeros to a whole byte. */
  finish(): Uint8Array {
    const rest = this.#count > 0 ? [(this.#pending << (8 - this.#count)) & 255] : [];
    return Uint8Array.from([...this.#bytes, ...rest]);
  }
}

/** Reads what BitWriter wrote; zeros behind the end. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3] ?? 0;
    return (byte >> (7 - (this.#at++ & 7))) & 1;
  }

  /** Whole bytes that were read, the last one perhaps in part. */
  get used(): number {
    return Math.ceil(this.#at / 8);
  }
}
