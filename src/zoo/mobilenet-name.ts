/** Widths and sizes that the names of MobileNets may have: others are slips more often than wishes. */

/** For messages. */
export const mobilenetNumbers = "alpha 0.05 to 2 in steps of 0.05, resolution 32 to 1024 in steps of 32";

interface MobilenetNumbers {
  readonly alpha: number;
  readonly resolution: number;
}

/**
 * ALPHA and RESOLUTION of `mobilenet-VERSION-ALPHA-RESOLUTION`; undefined for other names. The networks halve their maps
 * five times, so that a size is a whole number of 32 pixels, as all of the papers' are.
 */
export function parseMobilenetName(version: "v1" | "v2", name: string): MobilenetNumbers | undefined {
  const match = /^mobilenet-(v\d)-(.*)$/.exec(name);
  return match?.[1] === version ? parseMobilenetNumbers(match[2]) : undefined;
}

/** ALPHA and RESOLUTION of `ALPHA-RESOLUTION`. */
export function parseMobilenetNumbers(text = ""): MobilenetNumbers | undefined {
  const match = /^(\d*\.?\d+)-(\d+)$/.exec(text);
  const [alpha, resolution] = [Number(match?.[1]), Number(match?.[2])];
  const inSteps = Math.abs(alpha * 20 - Math.round(alpha * 20)) < 1e-9 && resolution % 32 === 0;
  const known = alpha > 0 && alpha <= 2 && resolution >= 32 && resolution <= 1024;
  return inSteps && known ? { alpha, resolution } : undefined;
}

/** Whole widths keep one decimal: `1.0`, `0.35`. */
export function showAlpha(alpha: number): string {
  return Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
}
