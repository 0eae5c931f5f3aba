/** Names that came with a model, made fit for Verilog: the only place where they are cleaned. */
import { packageVersion } from "../src/platform/package.ts";
import { isReserved } from "./keywords.ts";

/** Longer names make waveforms and reports unreadable. */
const longest = 48;

/**
 * A legal, unique identifier for each name, in order. Unique without regard to case: some tools and file systems have none.
 * `isTaken` says whether a name, in lower case, stands for something else where these will be.
 */
export function verilogNames(
  names: readonly string[],
  isTaken: (name: string) => boolean = () => false,
): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = legalName(name);
    let candidate = base;
    const isFree = () => !taken.has(candidate.toLowerCase()) && !isTaken(candidate.toLowerCase());
    for (let number = 2; !isFree(); number += 1) candidate = `${base}_${number}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

function legalName(name: string): string {
  const clean = name
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(-longest)
    .replace(/^_+/, "");
  if (clean === "") return "unnamed";
  return /^[0-9]/.test(clean) || isReserved(clean) ? `n_${clean}` : clean;
}

/** True for what every tool takes for a name. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !isReserved(text);
}

/** Vendor, library, name and version of what FuseSoC knows an accelerator for `board` by. */
export function coreName(board: string): string {
  return `firebrick:accelerator:${board}:${packageVersion()}`;
}
