import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isBuildStale, isInstallStale } from "../../src/setup/stale.mjs";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firebrick-stale-"));
  mkdirSync(join(root, "src", "ir"), { recursive: true });
  mkdirSync(join(root, "node_modules"));
  for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"])
    put(name, 100);
  put("src/ir/graph.ts", 100);
  age("src/ir", 100);
  age("src", 100);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes a file as of `seconds` after 1970. */
function put(name: string, seconds: number): void {
  writeFileSync(join(root, name), "");
  age(name, seconds);
}

function age(name: string, seconds: number): void {
  utimesSync(join(root, name), seconds, seconds);
}

describe("isInstallStale", () => {
  it("is true without node_modules", () => {
    expect(isInstallStale(root)).toBe(true);
  });

  it("is true when the lock file is newer, false when it is older", () => {
    put("node_modules/.package-lock.json", 99);
    expect(isInstallStale(root)).toBe(true);
    put("node_modules/.package-lock.json", 101);
    expect(isInstallStale(root)).toBe(false);
  });
});

describe("isBuildStale", () => {
  beforeEach(() => {
    mkdirSync(join(root, "dist"));
    put("dist/.built", 200);
  });

  it("is false when nothing is newer than the build", () => {
    expect(isBuildStale(root)).toBe(false);
  });

  it("is true without dist", () => {
    rmSync(join(root, "dist"), { recursive: true });
    expect(isBuildStale(root)).toBe(true);
  });

  it("is true after an edit in a source", () => {
    put("src/ir/graph.ts", 201);
    age("src/ir", 100);
    expect(isBuildStale(root)).toBe(true);
  });

  it("is true after a source was removed", () => {
    rmSync(join(root, "src/ir/graph.ts"));
    expect(isBuildStale(root)).toBe(true);
  });

  it("ignores files that the compiler does not read", () => {
    put("src/ir/notes.md", 201);
    age("src/ir", 100);
    expect(isBuildStale(root)).toBe(false);
  });
});
