import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { withOutputFolder } from "../../src/cli/output-folder.ts";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/platform/package.ts";
import { inTemporaryFolder } from "./helper.ts";

/** Writes what compile writes, in little. */
function writeResult(text: string): (folder: string) => void {
  return (folder) => {
    mkdirSync(join(folder, "rtl"));
    writeFileSync(join(folder, "rtl", "top.v"), text);
    writeFileSync(
      join(folder, "manifest.json"),
      JSON.stringify({ top: "top", files: { "rtl/top.v": "hash" } }),
    );
  };
}

describe("withOutputFolder", () => {
  it("makes the folder and its parents", () =>
    inTemporaryFolder(async (root) => {
      await withOutputFolder(join(root, "a", "b"), writeResult("1"));
      expect(readFileSync(join(root, "a", "b", "rtl", "top.v"), "utf8")).toBe("1");
      expect(readdirSync(join(root, "a"))).toEqual(["b"]);
    }));

  it("leaves nothing behind on a failure, not even the parents", () =>
    inTemporaryFolder(async (root) => {
      const failing = withOutputFolder(join(root, "a", "b"), (folder) => {
        writeFileSync(join(folder, "half.v"), "");
        throw new Error("no room");
      });
      await expect(failing).rejects.toThrow("no room");
      expect(readdirSync(root)).toEqual([]);
    }));

  it("keeps the older result when the new one fails", () =>
    inTemporaryFolder(async (root) => {
      const target = join(root, "out");
      await withOutputFolder(target, writeResult("1"));
      await expect(withOutputFolder(target, () => Promise.reject(new Error("bad")))).rejects.toThrow("bad");
      expect(readFileSync(join(target, "rtl", "top.v"), "utf8")).toBe("1");
      expect(readdirSync(root)).toEqual(["out"]);
    }));

  it("fills an empty folder and replaces its own result", () =>
    inTemporaryFolder(async (root) => {
      const target = join(root, "out");
      mkdirSync(target);
      await withOutputFolder(target, writeResult("1"));
      await withOutputFolder(target, writeResult("2"));
      expect(readFileSync(join(target, "rtl", "top.v"), "utf8")).toBe("2");
    }));

  /** What the rules and `clean` of the Makefiles and the Tcl name as theirs. */
  const templates = ["board", "board-small"].flatMap((folder) =>
    readdirSync(packagePath("templates", folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [packagePath("templates", folder, entry.name)] : [],
    ),
  );
  const made = templates.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    if (path.endsWith(".tcl.hbs"))
      return [...text.matchAll(/(?:-file|-force|-bit -force) \[file join \$root vivado (\S+)\]/g)].map(
        (m) => `vivado/${m[1]}`,
      );
    if (!path.includes("makefile")) return [];
    const cleaned = /rm -rf (.*)/.exec(text)?.[1]?.split(" ") ?? [];
    const rules = [...text.matchAll(/^([\w/.]+\/[\w.]+):/gm)].map((m) => m[1]!);
    return [
      ...rules,
      ...cleaned.flatMap((path) => (path.endsWith(".o") ? [] : [`${path}/any`])),
      "build/cells.txt",
    ];
  });

  it.each([
    ...new Set(made),
    "vivado.log",
    "vivado.jou",
    "pynq/firebrick.bit",
    "pynq/firebrick.hwh",
    "pynq/model.bin",
  ])("replaces a project whose build made %s", (path) =>
    inTemporaryFolder(async (root) => {
      const target = join(root, "out");
      await withOutputFolder(target, writeResult("1"));
      mkdirSync(dirname(join(target, path)), { recursive: true });
      writeFileSync(join(target, path), "");
      await withOutputFolder(target, writeResult("2"));
      expect(readFileSync(join(target, "rtl", "top.v"), "utf8")).toBe("2");
    }),
  );

  it.each([
    ["a stranger's file", (target: string) => writeFileSync(join(target, "thesis.txt"), "")],
    [
      "another tool's manifest",
      (target: string) => writeFileSync(join(target, "manifest.json"), '{"name":"app"}'),
    ],
    ["a broken manifest", (target: string) => writeFileSync(join(target, "manifest.json"), "{")],
    [
      "a file added to a result",
      (target: string) => {
        writeResult("1")(target);
        writeFileSync(join(target, "rtl", "mine.v"), "");
      },
    ],
  ])("refuses a folder with %s", (_what, fill) =>
    inTemporaryFolder(async (root) => {
      const target = join(root, "out");
      mkdirSync(target);
      fill(target);
      const before = readdirSync(target, { recursive: true });
      await expect(withOutputFolder(target, writeResult("2"))).rejects.toThrow(InputError);
      expect(readdirSync(target, { recursive: true })).toEqual(before);
    }),
  );

  it("refuses a file, and a folder below a file", () =>
    inTemporaryFolder(async (root) => {
      const file = join(root, "file");
      writeFileSync(file, "x");
      await expect(withOutputFolder(file, writeResult("1"))).rejects.toThrow(InputError);
      await expect(withOutputFolder(join(file, "out"), writeResult("1"))).rejects.toThrow(InputError);
      expect(existsSync(file)).toBe(true);
    }));
});
