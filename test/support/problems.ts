import { InputError } from "../../src/ir/errors.ts";
import type { Problem } from "../../src/ir/errors.ts";

/** The problems that `run` throws; fails when it succeeds or throws anything else. */
export function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error("no problem was reported");
}

export function codesOf(run: () => unknown): string[] {
  return problemsOf(run).map((problem) => problem.code);
}
