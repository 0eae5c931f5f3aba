/** What compiles networks, as one script for browsers, run where Node's own modules and globals are not. */
import { readFileSync } from "node:fs";
import { createContext, runInContext, type Context } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, explore, golden, load, report } from "../../src/index.ts";
import { packageRoot } from "../../src/platform/package.ts";
import { build } from "../../src/setup/build.mjs";
import { isBuildStale } from "../../src/setup/stale.mjs";
import { examplePictures, picturesLabelsPath, picturesModelPath } from "../../src/zoo/pictures/files.ts";
import { readInput } from "../../src/images/read-input.ts";
import { bundle, packageFiles } from "./bundle.ts";

/** Everything that a page's script finds there, beside the language. */
const web = { AbortSignal, TextDecoder, TextEncoder, URL, clearTimeout, performance, setTimeout };

let script: string;
let page: Context;

beforeAll(async () => {
  if (isBuildStale(packageRoot())) await build(packageRoot());
  const chunk = await bundle(["src/index", "src/platform/browser/index"]);
  expect(chunk.imports).toEqual([]);
  script = chunk.code;
  const model = readFileSync(picturesModelPath());
  page = createContext({
    ...web,
    given: { model, labels: readFileSync(picturesLabelsPath()), packageFiles: packageFiles() },
  });
  runInContext(script, page);
  await inPage(`
    firebrick.setUp(given);
    firebrick.writeFile("net/pictures.tflite", Uint8Array.from(given.model));
    firebrick.writeFile("net/labels.json", Uint8Array.from(given.labels));
    graph = await firebrick.load("net/pictures.tflite");
  `);
});

/** Runs statements in the page; what they return comes back. */
async function inPage(statements: string): Promise<unknown> {
  return (await runInContext(`(async () => { ${statements} })()`, page)) as unknown;
}

describe("a page", () => {
  it("is seen to ask for Node where it does", async () => {
    expect((await bundle(["codegen/format/write"])).imports).toContain("node:fs");
  });

  it("has no globals of Node", () => {
    const found = runInContext(
      "[typeof process, typeof require, typeof Buffer, typeof setImmediate]",
      page,
    ) as string[];
    expect([...found]).toEqual(Array(4).fill("undefined"));
  });

  it("gets the golden model's answer", async () => {
    const graph = await load("pictures");
    const picture = examplePictures()[0]!.path;
    const { values } = await readInput(picture, graph);
    const { logits, top } = await golden(graph, values);
    page["values"] = [...values];
    const answer = await inPage(`
      const { logits, top } = await firebrick.golden(graph, Int8Array.from(values));
      return JSON.stringify({ logits: [...logits], top });
    `);
    expect(JSON.parse(answer as string)).toEqual({ logits: [...logits], top });
  });

  it.each([
    "{ array: { pk: 4, pc: 4 } }",
    '{ board: "pynq-z2" }',
    '{ board: "tang-nano-20k" }',
    '{ board: "icebreaker" }',
  ])("compiles for %s to the same files", async (hardware) => {
    const own = await compile(await load("pictures"), runInContext(`(${hardware})`, page) as object);
    const files = (await inPage(`
        accelerator = await firebrick.compile(graph, ${hardware});
        return [...accelerator.project()].map(([path, content]) =>
          [path, typeof content === "string" ? content : [...content].join()]);
      `)) as [string, string][];
    const expected = [...own.project()].map(([path, content]) => [
      path,
      typeof content === "string" ? content : [...content].join(),
    ]);
    expect(files.length).toBeGreaterThan(10);
    expect(Array.from(files, (file) => Array.from(file))).toEqual(expected);
    const reported = await inPage("return JSON.stringify(await firebrick.report(accelerator));");
    expect(JSON.parse(reported as string)).toEqual(JSON.parse(JSON.stringify(await report(own))));
  });

  it("explores", async () => {
    const options = { memories: [{ bytes: 8 }] };
    const { front } = await explore(await load("pictures"), options);
    const found = await inPage(`
      const { front } = await firebrick.explore(graph, ${JSON.stringify(options)});
      return JSON.stringify(front);
    `);
    expect(JSON.parse(found as string)).toEqual(front);
  });

  it("is told what is not there", async () => {
    const refused = (await inPage(`
      const said = [];
      firebrick.writeFile("a.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a));
      const tries = [
        () => firebrick.simulate(accelerator, { inputs: [Int8Array.from(values)] }),
        () => firebrick.golden(graph, "a.png"),
        () => firebrick.load("none.tflite"),
      ];
      for (const attempt of tries) await attempt().catch((error) => said.push(error.name + ": " + error.message));
      return said;
    `)) as string[];
    expect([...refused]).toEqual([
      expect.stringContaining("UnavailableError: Verilator is not there in a browser"),
      expect.stringContaining("UnavailableError: sharp is not there in a browser"),
      expect.stringContaining("InputError: missing-file: none.tflite"),
    ]);
  });
});
