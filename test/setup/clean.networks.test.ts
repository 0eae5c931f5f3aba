/** Which checks `npm test` leaves out: those that were clean on the same files. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fingerprint, noteClean, wasClean } from "../../src/setup/clean.mjs";
import { inTemporaryFolder } from "../cli/helper.ts";

it("remembers the checks of these files, and of no others", () =>
  inTemporaryFolder(async (root) => {
    const put = (name: string, text: string): void => {
      writeFileSync(join(root, name), text);
    };
    execFileSync("git", ["init", "-q"], { cwd: root });
    mkdirSync(join(root, "node_modules"));
    put(".gitignore", "node_modules/\nignored\n");
    put("a.ts", "1");
    const print = await fingerprint(root);
    expect(print).toMatch(/^[0-9a-f]{64}$/);
    expect(wasClean(root, "lint", print)).toBe(false);
    noteClean(root, "lint", print);
    expect(wasClean(root, "lint", print)).toBe(true);
    expect(wasClean(root, "types", print)).toBe(false);

    put("ignored", "1");
    expect(await fingerprint(root)).toBe(print);
    for (const change of [
      () => {
        put("a.ts", "2");
      },
      () => {
        put("b.ts", "");
      },
      () => {
        rmSync(join(root, "b.ts"));
        put("a.ts", "12");
      },
      () => {
        put("node_modules/.package-lock.json", "{}");
      },
    ]) {
      const before = await fingerprint(root);
      change();
      const after = await fingerprint(root);
      expect(after).not.toBe(before);
      expect(wasClean(root, "lint", after)).toBe(false);
    }
    put("a.ts", "1");
    rmSync(join(root, "node_modules", ".package-lock.json"));
    expect(wasClean(root, "lint", await fingerprint(root))).toBe(true);
  }));

it("knows nothing of a folder that git does not keep", () =>
  inTemporaryFolder(async (root) => {
    const print = await fingerprint(root);
    expect(print).toBeNull();
    noteClean(root, "lint", print);
    expect(wasClean(root, "lint", print)).toBe(false);
  }));
