/** Names that came with a model, made fit for Verilog: the only place where they are cleaned. */
import { isReserved } from "./keywords.ts";

/** Longer names make waveforms and reports unreadable. */
const longest = 48;

/** A legal, unique identifier for each name, in order. Unique without regard to case: some tools and file systems have none. */
export function verilogNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = legalName(name);
    let candidate = base;
    for (let number = 2; taken.has(candidate.toLowerCase()); number += 1) candidate = `${base}_${number}`;
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
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !reserved.has(text.toLowerCase());
}
