import type { Quantised } from "../3-quantise/ptq/index.ts";
import { item } from "../ir/known.ts";

/** The table of errors of every layer, and what was chosen for the whole network. */
export function formatErrors({ layers, summary }: Quantised): string {
  const rows = layers.map(({ name, operator, scale, zeroPoint, snrDb, saturated, range }) => [
    name,
    operator,
    scale.toPrecision(4),
    String(zeroPoint),
    decibels(snrDb),
    `${(100 * saturated).toFixed(4)} %`,
    range,
  ]);
  const head = ["layer", "operator", "scale", "zero point", "SNR dB", "saturated", "range"];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => item(row, i).length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i < 2 || i > 5 ? cell.padEnd(item(widths, i)) : cell.padStart(item(widths, i))))
      .join("  ")
      .trimEnd();
  const { pictures, measured, agreement, equalised, plainLogitsSnrDb, equalisedLogitsSnrDb } = summary;
  const tried =
    equalisedLogitsSnrDb === null
      ? "no map can be equalised"
      : `logits ${decibels(equalisedLogitsSnrDb)} dB with, ${decibels(plainLogitsSnrDb)} dB without it`;
  return [
    line(head),
    ...rows.map(line),
    "",
    `calibrated on ${pictures} pictures, errors measured on ${measured} of them`,
    `cross-layer equalisation: ${equalised ? "used" : "not used"} (${tried})`,
    `best class as in float: ${(100 * agreement).toFixed(1)} % of the measured pictures`,
    ...(summary.paddingError > 0
      ? [`padding of the first layer is off the mean colour by up to ${summary.paddingError} pixel steps`]
      : []),
    "",
  ].join("\n");
}

function decibels(value: number | null): string {
  return value === null ? "exact" : value.toFixed(2);
}
