import type { ResourceUse } from "./model-report.ts";

/** Whether the resources suffice, and which is the tightest; null without any. */
export function fitSentence(board: string, resources: readonly ResourceUse[]): string | null {
  const share = ({ available, needed }: ResourceUse): number =>
    needed === 0 ? 0 : available === 0 ? Infinity : needed / available;
  const [tightest] = [...resources].sort((a, b) => share(b) - share(a));
  if (tightest === undefined) return null;
  const { available, needed, resource } = tightest;
  const how = `${needed} of ${available}${available === 0 ? "" : ` (${(100 * share(tightest)).toFixed(1)} %)`}`;
  return `${needed > available ? "Does not fit" : "Fits"} ${board}; the tightest is ${resource}: ${how}.`;
}
