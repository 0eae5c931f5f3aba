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
 * Seconds that the tests of one mutant may take; what takes longer hangs, and that is noticed. One test alone may take as long: on
 * a machine that does something else too, slowness must not look like a mutant that was noticed.
 */
const SECONDS = 600;

export class Copy {
  readonly #folder = mkdtempSync(join(tmpdir(), "firebrick-mutate-"));

  constructor() {
    for (const name of [...FOLDERS, ...FILES])
      cpSync(packagePath(name), join(this.#folder, name), { recursive: true });
    symlinkSync(packagePath("node_modules"), join(this.#folder, "node_modules"));
  }

  /** Whether the tests of the subject fail with this text of it, or do not end. */
  async notices({ file, project, source, tests }: Subject, text: string): Promise<boolean> {
    const path = join(this.#folder, file);
    writeFileSync(path, text);
    const patience = ["--testTimeout", "--hookTimeout"].flatMap((option) => [option, String(1000 * SECONDS)]);
    const run = ["node_modules/vitest/vitest.mjs", "run", "--project", project, "--bail", "1"];
    const args = [...run, ...patience, ...tests];
    const { exitCode, timedOut } = await execa(process.execPath, args, {
      cwd: this.#folder,
      reject: false,
      timeout: 1000 * SECONDS,
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
