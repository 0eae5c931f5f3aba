/** Node names out of a framework's tensor names. */

/** First of the names that a converter joined with `;`, which is the last operator that was fused. */
export function shortName(tensorName: string, fallback: string): string {
  return tensorName.split(";", 1)[0]?.trim() || fallback;
}

/** Hands every name out once: `relu`, `relu_2`, `relu_3`. */
export class NameList {
  readonly #taken = new Set<string>();
  /** Last number given to a name, so that thousands of equal names cost no search. */
  readonly #numbers = new Map<string, number>();

  unique(wanted: string): string {
    let name = wanted;
    let number = this.#numbers.get(wanted) ?? 1;
    while (this.#taken.has(name)) name = `${wanted}_${++number}`;
    this.#numbers.set(wanted, number);
    this.#taken.add(name);
    return name;
  }
}
