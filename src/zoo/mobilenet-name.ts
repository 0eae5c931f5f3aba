/** Widths and sizes that the names of MobileNets may have: others are slips more often than wishes. */

/** For messages. */
export const mobilenetNumbers = "alpha 0.05 to 2 in steps of 0.05, resolution 32 to 1024 in steps of 32";

/**
 * ALPHA and RESOLUTION of `mobilenet-VERSION-ALPHA-RESOLUTION`; undefined for other names. The networks halve their maps
 * five times, so that a size is a whole number of 32 pixels, as all of the papers' are.
 */
export function parseMobilenetName(
  version: "v1" | "v2",
  name: string,
): { readonly alpha: number; readonly resolution: number } | undefined {
  const match = /^mobilenet-(v\d)-(\d*\.?\d+)-(\d+)$/.exec(name);
  if (match?.[1] !== version) return undefined;
  const [alpha, resolution] = [Number(match[2]), Number(match[3])];
  const inSteps = Math.abs(alpha * 20 - Math.round(alpha * 20)) < 1e-9 && resolution % 32 === 0;
  const known = alpha > 0 && alpha <= 2 && resolution >= 32 && resolution <= 1024;
  return inSteps && known ? { alpha, resolution } : undefined;
}
