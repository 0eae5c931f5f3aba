/** One of the best classes; `score`: softmax probability, 0 to 1. */
export interface ClassScore {
  readonly index: number;
  readonly label: string;
  readonly score: number;
}

/** Operators that make shares of scores: what they read rates the classes. */
export function makesShares({ kind }: { readonly kind: string }): boolean {
  return kind === "softmax" || kind === "log-softmax";
}

/** What a network says of an input. */
export interface Answer {
  /** The best classes; empty for a network that has none. */
  readonly top: readonly ClassScore[];
  /** The output's real values, [H, W, C]; empty for a network that has classes. */
  readonly values: readonly number[];
}
