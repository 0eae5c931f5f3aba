import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cached } from "../../../sim/tools/cache.ts";
import { noteGroup, ownedFolder } from "../../../sim/tools/owned-folder.ts";
import { FileSystemError } from "../../../src/ir/errors.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firebrick-cache-"));
  vi.stubEnv("FIREBRICK_CACHE", root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

let builds = 0;
const use = () =>
  cached("tool", "key", async (folder) => {
    builds++;
    writeFileSync(join(folder, "program"), "#!/bin/sh\necho whole\n", { mode: 0o755 });
    return Promise.resolve();
  });

describe("a build in the cache", () => {
  it.each<[string, (folder: string) => void]>([
    [
      "is empty",
      (folder) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      },
    ],
    ["is cut off", (folder) => writeFileSync(join(folder, "program"), "#!/bin/sh\n")],
    ["cannot be run", (folder) => chmodSync(join(folder, "program"), 0o644)],
    [
      "has another value of the same length",
      (folder) => writeFileSync(join(folder, "program"), "#!/bin/sh\necho wrong\n"),
    ],
    [
      "is a file",
      (folder) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
    ],
  ])("is made again where it %s, and used where it is whole", async (_, damage) => {
    const folder = await use();
    damage(folder);
    builds = 0;
    expect(await use()).toBe(folder);
    expect(builds).toBe(1);
    expect(readFileSync(join(folder, "program"), "utf8")).toContain("whole");
    await use();
    expect(builds).toBe(1);
  });

  it("is removed when it failed", async () => {
    const failing = cached("tool", "key", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(readdirSync(root)).toEqual([]);
  });

  it("that was killed is cleared away by the next use, with what still works for it", async () => {
    const orphan = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    try {
      const folder = await ownedFolder(root, "partial-tool-");
      noteGroup(folder, orphan.pid!);
      // The number of a group that has ended may belong to another process by now.
      const groups = join(folder, ".groups");
      writeFileSync(groups, `${readFileSync(groups, "utf8")}${stranger.pid} 1\n`);
      writeFileSync(join(folder, ".owner"), `${hostname()}\n${process.pid} 1\n`);
      const ended = once(orphan, "exit");
      await use();
      expect(await ended).toEqual([null, "SIGKILL"]);
      expect(existsSync(folder)).toBe(false);
      expect(stranger.exitCode ?? stranger.signalCode).toBe(null);
    } finally {
      for (const child of [orphan, stranger]) child.kill("SIGKILL");
    }
  });

  it("is made by one of those who want it at the same time, and by the next where the first fails", async () => {
    builds = 0;
    const folders = await Promise.all([use(), use(), use()]);
    expect([new Set(folders).size, builds]).toEqual([1, 1]);
    rmSync(folders[0], { recursive: true });
    const failing = cached("tool", "key", async () => {
      await sleep(300);
      throw new Error("no");
    });
    await sleep(50);
    const waiting = use();
    await expect(failing).rejects.toThrow("no");
    expect(await waiting).toBe(folders[0]);
    expect([builds, readdirSync(root)]).toEqual([2, [basename(folders[0])]]);
  });

  it("is waited for until the signal", async () => {
    const end = new AbortController();
    const making = cached("tool", "key", async (folder) => {
      await sleep(600);
      writeFileSync(join(folder, "program"), "");
    });
    await sleep(50);
    const waiting = cached("tool", "key", () => Promise.resolve(), end.signal);
    end.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await making;
  });

  it("that others work on stays: of this machine, and of another that shares the cache", async () => {
    const here = await ownedFolder(root, "partial-tool-");
    const elsewhere = await ownedFolder(root, "partial-tool-");
    writeFileSync(join(elsewhere, ".owner"), "another machine\n1 1\n");
    await use();
    expect([existsSync(here), existsSync(elsewhere)]).toEqual([true, true]);
  });

  it("is refused by name where the cache is no folder", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    vi.stubEnv("FIREBRICK_CACHE", file);
    await expect(use()).rejects.toThrow(FileSystemError);
    await expect(use()).rejects.toThrow(file);
  });
});
