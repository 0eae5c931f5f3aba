/** A copy of the project in which files can be changed while tests run in it. */
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { packagePath } from "../../../src/platform/package.ts";
import type { Subject } from "./subjects.ts";

const FOLDERS = ["src", "codegen", "sim", "hw", "templates", "test"];
const FILES = ["package.json", "tsconfig.json", "vitest.config.ts"];

/**
 * Seconds of a processor that one process of a mutant's tests may take; what takes longer hangs, and that is noticed. Not
 * seconds of a clock: on a busy machine those would notice mutants that no test does.
 */
const SECONDS = 120;
/** Seconds of a clock, for what waits and does nothing. */
const PATIENCE = 1800;

export class Copy {
  readonly #folder = mkdtempSync(join(tmpdir(), "firebrick-mutate-"));

  readonly #seconds: number;

  constructor(seconds = SECONDS) {
    this.#seconds = seconds;
    for (const name of [...FOLDERS, ...FILES])
      cpSync(packagePath(name), join(this.#folder, name), { recursive: true });
    symlinkSync(packagePath("node_modules"), join(this.#folder, "node_modules"));
  }

  /** Whether the tests of the subject fail with this text of it, or do not end. */
  async notices({ file, project, source, tests }: Subject, text: string): Promise<boolean> {
    const path = join(this.#folder, file);
    writeFileSync(path, text);
    // what vitest makes of a source is kept beside the benches: most sources are the same for every mutant
    const kept = ["--experimental.fsModuleCache", "--experimental.fsModuleCachePath", "cache/modules"];
    const limits = ["--testTimeout", String(1000 * PATIENCE), "--hookTimeout", String(1000 * PATIENCE)];
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", project, "--bail", "1"];
    const limited = ["-c", `ulimit -t ${this.#seconds}; exec "$0" "$@"`, process.execPath];
    const { exitCode, timedOut } = await execa("sh", [...limited, ...vitest, ...kept, ...limits, ...tests], {
      cwd: this.#folder,
      reject: false,
      timeout: 1000 * PATIENCE,
      env: { FIREBRICK_CACHE: join(this.#folder, "cache") },
      stdio: "ignore",
    });
    writeFileSync(path, source);
    return timedOut || exitCode !== 0;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
