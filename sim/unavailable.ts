/** What a browser has in place of the modules of sim/ that start programs; `browser` in package.json names those. */
import { UnavailableError } from "../src/platform/unavailable.ts";

/** Rejects, as its twin for Node does when it fails. */
function unavailable(what: string): () => Promise<never> {
  return () => Promise.reject(new UnavailableError(what, "do this with the firebrick command"));
}

export const simulate = unavailable("Verilator");
export const buildSimulator = simulate;
export const inTemporaryFolder = simulate;
export const smallRunner = simulate;
export const verilateModule = simulate;
export const synthesise = unavailable("Yosys");
export const buildProject = synthesise;
export const timeAccelerator = synthesise;
