/** Scores of a network over labelled pictures. */

/** What the network said of one picture. */
export interface Judged {
  readonly file: string;
  readonly label: number;
  /** The five best classes, best first. */
  readonly top: readonly number[];
  /** The same of the float network, when there is one. */
  readonly floatTop?: readonly number[] | undefined;
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

/** The integer network beside the float one that it was made from. */
export interface FloatComparison {
  readonly top1: number;
  readonly top5: number;
  /** Share of the pictures with the same best class, 0 to 1. */
  readonly agreement: number;
  /** In the order of the pictures. */
  readonly disagreements: readonly {
    readonly file: string;
    readonly label: number;
    readonly integer: number;
    readonly float: number;
  }[];
}

export function scoresOf(judged: readonly Judged[]): Scores {
  const cells = new Map<string, ConfusionCell>();
  for (const { label: expected, top } of judged) {
    const predicted = top[0] ?? -1;
    const key = `${expected} ${predicted}`;
    cells.set(key, { expected, predicted, images: (cells.get(key)?.images ?? 0) + 1 });
  }
  return {
    images: judged.length,
    top1: share(judged, ({ label, top }) => top[0] === label),
    top5: share(judged, ({ label, top }) => isAmongFive(top, label)),
    confusion: [...cells.values()].sort(
      (a, b) => b.images - a.images || a.expected - b.expected || a.predicted - b.predicted,
    ),
  };
}

/** null unless every picture was shown to a float network too. */
export function compareWithFloat(judged: readonly Judged[]): FloatComparison | null {
  if (judged.some(({ floatTop }) => floatTop === undefined)) return null;
  const same = ({ floatTop, top }: Judged): boolean => floatTop?.[0] === top[0];
  return {
    top1: share(judged, ({ label, floatTop }) => floatTop?.[0] === label),
    top5: share(judged, ({ label, floatTop = [] }) => isAmongFive(floatTop, label)),
    agreement: share(judged, same),
    disagreements: judged
      .filter((image) => !same(image))
      .map(({ file, floatTop, label, top }) => ({
        file,
        label,
        integer: top[0] ?? -1,
        float: floatTop?.[0] ?? -1,
      })),
  };
}

function isAmongFive(top: readonly number[], label: number): boolean {
  return top.slice(0, 5).includes(label);
}

function share(judged: readonly Judged[], of: (image: Judged) => boolean): number {
  return judged.length === 0 ? 0 : judged.filter(of).length / judged.length;
}
