/** Random choices that a seed decides, the same on every machine. */
export class Random {
  #state: number;

  /** `words`: what the choices depend on, such as the campaign's seed and the number of the case. */
  constructor(...words: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const word of words) {
      this.#state = (this.#state ^ word) >>> 0;
      // mixed: words that are neighbours lead far apart, so campaigns of two seeds share no cases
      this.#state = this.below(2 ** 32);
    }
  }

  /** A whole number from 0 on. Mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** Both ends belong to it. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `percent` of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to choose from");
    return list[this.below(list.length)] as T;
  }
}
