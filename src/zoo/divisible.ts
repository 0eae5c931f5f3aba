/** The nearest multiple of 8, at least 8, never more than a tenth below: TF-slim's make_divisible. */
export function divisible(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
