/** Coefficients of the estimator from measured accelerators: for each part the fewest quantities that explain its cells. */
import { Matrix, QrDecomposition } from "ml-matrix";
import { dot, multiplexersOf, type Coefficients } from "../../../src/resources/estimate.ts";
import type { Family, Resources } from "../../../src/resources/family.ts";
import { partsOf, type Part } from "../../../src/resources/parts.ts";
import type { LaneCount, Measured } from "./measure.ts";
import { item } from "../../../src/ir/known.ts";

type Known = Coefficients["families"][string];

/** A family takes what its own runs do not tell from a relative's, scaled to those that it has. */
const relatives: readonly (readonly [Family, Family | null])[] = [
  ["xc7", null],
  ["xcup", "xc7"],
  ["ecp5", null],
  ["gowin", "ecp5"],
  ["ice40", "ecp5"],
];

interface Sample {
  readonly part: Part;
  readonly taken: Resources;
}

/** `floatModes`: a requantiser with a float mode, `kernels`: activations, each of one lane and by family. */
export function fitCoefficients(
  measured: readonly Measured[],
  floatModes: readonly LaneCount[],
  kernels: readonly LaneCount[],
): Coefficients {
  const families: Record<string, Known> = {};
  for (const [family, relative] of relatives) {
    const samples = samplesOf(measured.filter((one) => one.family === family));
    const base = relative === null ? {} : (families[relative] ?? {});
    const keys = new Set([...Object.keys(base), ...samples.keys()]);
    families[family] = Object.fromEntries(
      [...keys].sort().map((key) => [key, fitPart(samples.get(key) ?? [], base[key])]),
    );
    for (const key of keys) {
      // another kind of a part that only the relative has: as the kind that both have
      const [plain = ""] = key.split(", ");
      const [own, other, kind] = [families[family][plain], base[plain], base[key]];
      if (samples.has(key) || plain === key || !own || !other || !kind) continue;
      const ratio = (of: "logic" | "flipFlops"): number => item(own[of], 0) / item(other[of], 0);
      families[family][key] = {
        logic: kind.logic.map((value) => rounded(value * ratio("logic"))),
        flipFlops: kind.flipFlops.map((value) => rounded(value * ratio("flipFlops"))),
        memory: kind.memory,
      };
    }
    const mode = floatModes.find((one) => one.family === family);
    if (mode)
      families[family]["requantisers, float mode"] = {
        logic: [mode.lut - mode.lutRam],
        flipFlops: [mode.ff],
        memory: mode.lutRam,
      };
  }
  const activations: Coefficients["activations"] = {};
  for (const { blockRam, dsp, family, ff, lut, lutRam, name } of kernels)
    (activations[family] ??= {})[name] = { lut, lutRam, ff, dsp, blockRam };
  return { activations, families };
}

function samplesOf(measured: readonly Measured[]): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const { family, hardware, units } of measured) {
    for (const part of partsOf(hardware, family)) {
      const taken = units.find(({ unit }) => unit === part.unit);
      if (taken !== undefined) samples.set(part.key, [...(samples.get(part.key) ?? []), { part, taken }]);
    }
  }
  return samples;
}

function fitPart(samples: readonly Sample[], base: Known[string] | undefined): Known[string] {
  const fit = (
    of: (part: Part) => readonly number[],
    to: (s: Sample) => number,
    known?: readonly number[],
  ) => {
    const rows = samples.map(({ part }) => of(part));
    const targets = samples.map(to);
    return known === undefined ? leastSquares(rows, targets) : scaled(known, rows, targets);
  };
  const logic = fit(
    (part) => part.logic,
    ({ part, taken }) => Math.max(0, taken.lut - taken.lutRam - multiplexersOf(part, taken.lutRam)),
    base?.logic,
  );
  const flipFlops = fit(
    (part) => part.flipFlops,
    ({ taken }) => taken.ff,
    base?.flipFlops,
  );
  const [memory = 0] = fit(
    (part) => [part.memory],
    ({ taken }) => taken.lutRam,
    base && [base.memory],
  );
  return { logic, flipFlops, memory };
}

/** A relative's coefficients times one factor. */
function scaled(
  known: readonly number[],
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] {
  const [factor = 1] =
    targets.length === 0
      ? [1]
      : leastSquares(
          rows.map((row) => [dot(row, known)]),
          targets,
        );
  return known.map((value) => rounded(value * factor));
}

/**
 * Not negative, with the least sum of squared shares; of equal ones the fewest quantities. No more quantities than samples:
 * parts have three at most, so that every choice among them is tried.
 */
export function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const columns = rows[0]?.length ?? 0;
  let best = { error: Infinity, values: new Array<number>(columns).fill(0) };
  for (let choice = 0; choice < 2 ** columns; choice++) {
    const chosen = Array.from({ length: columns }, (_, c) => c).filter((c) => choice & (1 << c));
    if (chosen.length > rows.length) continue;
    const solved = solve(
      rows.map((row) => chosen.map((c) => item(row, c))),
      targets,
    );
    if (solved === null || solved.some((value) => value < 0)) continue;
    const values = new Array<number>(columns).fill(0);
    chosen.forEach((c, i) => (values[c] = item(solved, i)));
    const error = rows.reduce((sum, row, i) => {
      const target = item(targets, i);
      return sum + ((dot(row, values) - target) / Math.max(1, target)) ** 2;
    }, 0);
    // a thousandth of a share is no reason for another quantity
    if (error < best.error - 1e-3) best = { error, values };
  }
  return best.values.map(rounded);
}

/** Least squares of the rows' errors, each as a share of its target; null where the quantities are not independent. */
function solve(rows: readonly (readonly number[])[], targets: readonly number[]): number[] | null {
  if (rows[0]?.length === 0) return [];
  const share = (i: number): number => 1 / Math.max(1, item(targets, i));
  const matrix = new Matrix(rows.map((row, i) => row.map((value) => value * share(i))));
  const qr = new QrDecomposition(matrix);
  return qr.isFullRank()
    ? qr.solve(Matrix.columnVector(targets.map((t, i) => t * share(i)))).to1DArray()
    : null;
}

/** Four digits: the file stays the same on every machine. */
const rounded = (value: number): number => Number(value.toPrecision(4));
