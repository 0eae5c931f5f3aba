/** Scores of a network over labelled pictures. */

/** What the network said of one picture. */
export interface Judged {
  readonly file: string;
  readonly label: number;
  /** The five best classes, best first. */
  readonly top: readonly number[];
}

/** Pictures of one class that the network took for another, or for the same. */
export interface ConfusionCell {
  readonly expected: number;
  readonly predicted: number;
  readonly images: number;
}

export interface Scores {
  readonly images: number;
  /** Share of the pictures whose class came first, and among the first five: 0 to 1. */
  readonly top1: number;
  readonly top5: number;
  /** The confusion matrix without its zeros: most pictures first, then by expected and predicted class. */
  readonly confusion: readonly ConfusionCell[];
}

export function scoresOf(judged: readonly Judged[]): Scores {
  const share = (of: (image: Judged) => boolean): number =>
    judged.length === 0 ? 0 : judged.filter(of).length / judged.length;
  const cells = new Map<string, ConfusionCell>();
  for (const { label: expected, top } of judged) {
    const predicted = top[0] ?? -1;
    const key = `${expected} ${predicted}`;
    cells.set(key, { expected, predicted, images: (cells.get(key)?.images ?? 0) + 1 });
  }
  return {
    images: judged.length,
    top1: share(({ label, top }) => top[0] === label),
    top5: share(({ label, top }) => top.slice(0, 5).includes(label)),
    confusion: [...cells.values()].sort(
      (a, b) => b.images - a.images || a.expected - b.expected || a.predicted - b.predicted,
    ),
  };
}
