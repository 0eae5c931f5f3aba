/** Pareto fronts: what nothing else beats in every respect. */

/** `costs`: less is better in each. Keeps the order; of equal ones all stay. */
export function paretoFront<T>(points: readonly T[], costs: (point: T) => readonly number[]): T[] {
  const rated = points.map((point) => ({ point, cost: costs(point) }));
  return rated
    .filter(({ cost }) => !rated.some((other) => dominates(other.cost, cost)))
    .map(({ point }) => point);
}

/** Nowhere worse and somewhere better. */
function dominates(a: readonly number[], b: readonly number[]): boolean {
  return a.every((x, i) => x <= (b[i] ?? Infinity)) && a.some((x, i) => x < (b[i] ?? Infinity));
}
