/** The modules of src/platform and sim/ that a browser gets in place of those for Node. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import * as browserBreathe from "../../src/platform/browser/breathe.ts";
import * as browserCache from "../../src/platform/browser/cache.ts";
import * as browserCompression from "../../src/platform/browser/compression.ts";
import * as browserFiles from "../../src/platform/browser/files.ts";
import * as browserHash from "../../src/platform/browser/hash.ts";
import * as browserLibrary from "../../src/platform/browser/library.ts";
import * as browserPaths from "../../src/platform/browser/paths.ts";
import * as browserRoot from "../../src/platform/browser/root.ts";
import * as browserThreads from "../../src/platform/browser/threads.ts";
import * as browserTypescript from "../../src/platform/browser/typescript.ts";
import * as breathe from "../../src/platform/breathe.ts";
import * as cache from "../../src/platform/cache.ts";
import * as compression from "../../src/platform/compression.ts";
import * as files from "../../src/platform/files.ts";
import * as hash from "../../src/platform/hash.ts";
import * as library from "../../src/platform/library.ts";
import { packagePath } from "../../src/platform/package.ts";
import * as paths from "../../src/platform/paths.ts";
import * as root from "../../src/platform/root.ts";
import * as threads from "../../src/platform/threads.ts";
import * as typescript from "../../src/platform/typescript.ts";
import { UnavailableError } from "../../src/platform/unavailable.ts";
import * as simUnavailable from "../../sim/unavailable.ts";

/** Names of what two twins export; the type checker compares the types. */
function twin<Exports extends object>(node: Exports, browser: Exports): [string[], string[]] {
  return [Object.keys(node), Object.keys(browser)];
}

const twins: Readonly<Record<string, [string[], string[]]>> = {
  breathe: twin(breathe, browserBreathe),
  cache: twin(cache, browserCache),
  compression: twin(compression, browserCompression),
  files: twin(files, browserFiles),
  hash: twin(hash, browserHash),
  library: twin(library, browserLibrary),
  paths: twin(paths, browserPaths),
  root: twin(root, browserRoot),
  threads: twin(threads, browserThreads),
  typescript: twin(typescript, browserTypescript),
};

const { browser: map } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as {
  readonly browser: Readonly<Record<string, string>>;
};

describe("twins for browsers", () => {
  it.each(Object.entries(twins))("%s exports what its twin does", (_, [node, browser]) => {
    expect(browser.sort()).toEqual(node.sort());
  });

  it("are all there, and package.json names them to bundlers", () => {
    const own = new Set(["given.ts", "index.ts"]);
    const names = readdirSync(packagePath("src", "platform", "browser"))
      .filter((file) => !own.has(file))
      .map((file) => file.replace(/\.ts$/, ""));
    expect(Object.keys(twins)).toEqual(names);
    const path = "./dist/src/platform";
    expect(Object.entries(map).filter(([from]) => from.startsWith(path))).toEqual(
      names.map((name) => [`${path}/${name}.js`, `${path}/browser/${name}.js`]),
    );
  });

  it("stand for every module that uses Node", () => {
    const usesNode = (file: string) =>
      readFileSync(packagePath("src", "platform", file), "utf8").includes('"node:');
    const all = readdirSync(packagePath("src", "platform")).filter((file) => file.endsWith(".ts"));
    expect(all.filter(usesNode).filter((file) => !(file.replace(/\.ts$/, "") in twins))).toEqual([]);
  });

  it("are there for all that the core takes of sim/", () => {
    const core = ["index.ts", "targets/array/index.ts", "targets/array/simulate.ts"].concat([
      "targets/small/index.ts",
      "targets/small/simulate.ts",
    ]);
    const text = core.map((file) => readFileSync(packagePath("src", file), "utf8")).join("");
    const taken = [
      ...text.matchAll(/const (?:\{ (\w+) \}|runner) = await import\("[./]*(sim\/[^"]+)\.ts"\)/g),
    ].filter(([, , module]) => module !== "sim/memory-options");
    expect(taken.length).toBeGreaterThan(6);
    for (const [, name = "smallRunner", module = ""] of taken) {
      expect([module, map[`./dist/${module}.js`]]).toEqual([module, "./dist/sim/unavailable.js"]);
      expect(Object.keys(simUnavailable)).toContain(name);
    }
  });

  it("say what is not there", async () => {
    await expect(simUnavailable.simulate()).rejects.toThrow(UnavailableError);
    await expect(simUnavailable.synthesise()).rejects.toThrow("Yosys is not there in a browser");
    expect(() => browserLibrary.library("sharp")).toThrow("give an input's values");
    expect(() => browserCompression.unpackBrotli(Uint8Array.of(0), 1)).toThrow("Brotli is not there");
  });
});

describe("paths in a browser", () => {
  const some = [
    "",
    ".",
    "..",
    "a",
    "a/b.c",
    "/a/b.tar.gz",
    "../a",
    "a/../../b",
    "/a//b/./c/..",
    ".hidden",
    "/../x",
  ];

  it.each(some)("%j is read as Node reads it", (path) => {
    const { basename, dirname, extname, isAbsolute, join, resolve } = browserPaths;
    const plain = !path.includes("//");
    expect([join(path), join("/x", path), join("x", path, "y"), isAbsolute(path), extname(path)]).toEqual([
      posix.join(path),
      posix.join("/x", path),
      posix.join("x", path, "y"),
      posix.isAbsolute(path),
      posix.extname(path),
    ]);
    expect(resolve("/w", path, "z")).toBe(posix.resolve("/w", path, "z"));
    if (!plain) return;
    expect([dirname(path), basename(path), basename(path, ".c")]).toEqual([
      posix.dirname(path),
      posix.basename(path),
      posix.basename(path, ".c"),
    ]);
  });

  it("are shown from the root, where a page works", () => {
    expect(browserPaths.shownPath("/a/../b.ts")).toBe("b.ts");
  });
});

describe("files in a browser", () => {
  const { exists, kindOf, listFolder, readFile, readText, removeFile, writeFile } = browserFiles;

  it("lie in memory", () => {
    writeFile("some/text.txt", "ä");
    writeFile("/some/deep/bytes.bin", Uint8Array.of(0x68, 0x69));
    expect([readText("/some/text.txt"), [...readFile("some/text.txt")]]).toEqual(["ä", [0xc3, 0xa4]]);
    expect(readText("some/deep/bytes.bin")).toBe("hi");
    expect(listFolder("some")).toEqual(["deep", "text.txt"]);
    expect(["some", "some/text.txt", "som"].map(kindOf)).toEqual(["folder", "file", "nothing"]);
    removeFile("some/deep/bytes.bin");
    expect([exists("some/deep"), exists("some")]).toEqual([false, true]);
    removeFile("some/text.txt");
  });

  it("that are missing are told as Node tells them", () => {
    const codeOf = (call: (path: string) => unknown) => {
      try {
        return call("/no/such");
      } catch (error) {
        return Reflect.get(error as object, "code") as unknown;
      }
    };
    for (const call of [readFile, readText, listFolder]) expect(codeOf(call)).toBe(codeOf(files.readFile));
  });

  it("are hashed alike", () => {
    const parts = ["a", Uint8Array.of(0, 255), "ö", new Uint8Array(1000).fill(7)];
    expect([...browserHash.sha256(parts)]).toEqual([...hash.sha256(parts)]);
    expect(browserHash.sha256([])).toHaveLength(32);
  });
});
