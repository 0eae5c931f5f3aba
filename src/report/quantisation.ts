/** What the integers of each map can hold, and how far they are from float, as far as anyone can know. */
import type { IntGraph, IntMap, MapId } from "../ir/integer.ts";
import { computedMaps } from "./computed-maps.ts";

export interface QuantisationRow {
  readonly layer: string;
  readonly operator: string;
  /** real = scale * (q - zeroPoint), q from -128 to 127. */
  readonly scale: number;
  readonly zeroPoint: number;
  /** Smallest and largest real value that the integers cover. */
  readonly low: number;
  readonly high: number;
  /**
   * Against the float network, as `firebrick quantize` measured it: signal to noise ratio in dB (null: equal), and the
   * share of float values outside the range. null for a network that came as integers: its float values are not known.
   */
  readonly error: { readonly snrDb: number | null; readonly saturated: number } | null;
  /** Of the one input that the golden model ran; null without one. */
  readonly input: InputFigures | null;
}

export interface InputFigures {
  /**
   * The best signal to noise ratio, dB, that this step allows for these values: their power over that of rounding,
   * scale^2 / 12. null where every value is zero.
   */
  readonly roundingSnrDb: number | null;
  /** Share of the values at an end of the range that does not stand for zero: they may be clipped. */
  readonly atEnds: number;
}

/** In the order of the network. `maps`: what the golden model makes of one input; null without one. */
export function quantisationRows(
  graph: IntGraph,
  maps: ReadonlyMap<MapId, Int8Array> | null,
): readonly QuantisationRow[] {
  const known = new Map((graph.quantisationErrors ?? []).map((error) => [error.name, error]));
  return computedMaps(graph).map(({ map, node }) => {
    const error = known.get(node.name);
    const values = maps?.get(map.id);
    return {
      layer: node.name,
      operator: node.kind,
      scale: map.scale,
      zeroPoint: map.zeroPoint,
      low: map.scale * (-128 - map.zeroPoint),
      high: map.scale * (127 - map.zeroPoint),
      error: error === undefined ? null : { snrDb: error.snrDb, saturated: error.saturated },
      input: values === undefined ? null : inputFigures(map, values),
    };
  });
}

function inputFigures({ zeroPoint }: IntMap, values: Int8Array): InputFigures {
  let power = 0;
  let ends = 0;
  for (const value of values) {
    power += (value - zeroPoint) ** 2;
    if (value !== zeroPoint && (value === -128 || value === 127)) ends++;
  }
  return {
    roundingSnrDb: power === 0 ? null : 10 * Math.log10((12 * power) / values.length),
    atEnds: values.length === 0 ? 0 : ends / values.length,
  };
}

/** The whole in one sentence. */
export function quantisationSentence(rows: readonly QuantisationRow[]): string {
  const measured = rows.flatMap(({ error, layer }) =>
    error?.snrDb == null ? [] : [{ layer, snrDb: error.snrDb }],
  );
  const last = measured.at(-1);
  if (last === undefined)
    return "The network came as integers: no float values are known, so only steps and ranges are shown.";
  const worst = measured.reduce((low, row) => (row.snrDb < low.snrDb ? row : low));
  return (
    `Against the float network, measured by firebrick quantize: ${last.snrDb.toFixed(1)} dB in ${last.layer}, ` +
    `the least ${worst.snrDb.toFixed(1)} dB in ${worst.layer}.`
  );
}
