/** Mutants that tests have noticed in this checkout: a campaign that was stopped, or runs again behind a new test, goes on with the others. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { sha256Hex } from "../../../src/platform/content-hash.ts";

export class Noticed {
  readonly #file: string;
  readonly #known: Set<string>;

  /** `file`: a line for each; it may be missing. */
  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, "");
    this.#known = new Set(readFileSync(file, "utf8").split("\n"));
  }

  /** `text`: of the whole file with the mutant in it, so that a file that changed is judged again. */
  has(text: string): boolean {
    return this.#known.has(sha256Hex(text));
  }

  add(text: string): void {
    this.#known.add(sha256Hex(text));
    appendFileSync(this.#file, `${sha256Hex(text)}\n`);
  }
}
