import { InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";

/**
 * A file of densities by layer, JSON: `{ "conv10": 0.2, "fire2/expand3x3": 0.33 }`. Layers that it does not name keep all
 * their weights. `layers`: the names that the network has.
 * @throws InputError `prune-file` with everything that is wrong in it.
 */
export function parseDensities(path: string, text: string, layers: readonly string[]): Map<string, number> {
  const supported = `an object of densities from 0 to 1 by layer: ${layers.slice(0, 3).join(", ")}, ...`;
  const problem = (node: string, found: string, fix: string): Problem => ({
    code: "prune-file",
    node,
    found,
    supported,
    fix,
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new InputError(problem(path, found, "write JSON"));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new InputError(problem(path, "JSON without names", "write an object"));
  const densities = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [layer, value] of Object.entries(parsed)) {
    const density: unknown = value;
    if (!layers.includes(layer)) {
      problems.push(problem(`${path}, ${layer}`, "no layer with weights of that name", "name a layer"));
    } else if (typeof density !== "number" || !(density >= 0 && density <= 1)) {
      problems.push(problem(`${path}, ${layer}`, JSON.stringify(density), "give a share of 0 to 1"));
    } else densities.set(layer, density);
  }
  if (problems.length > 0) throw new InputError(problems);
  return densities;
}
