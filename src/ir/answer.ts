/** One of the best classes; `score`: softmax probability, 0 to 1. */
export interface ClassScore {
  readonly index: number;
  readonly label: string;
  readonly score: number;
}

/** What a network says of an input. */
export interface Answer {
  /** The best classes; empty for a network that has none. */
  readonly top: readonly ClassScore[];
  /** The output's real values, [H, W, C]; empty for a network that has classes. */
  readonly values: readonly number[];
}
