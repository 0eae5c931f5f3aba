/** What commands read beside models: boards, lists of labels, densities, programs. */
import { readFileSync } from "node:fs";
import { parseDensities } from "../../../../src/compress/densities.ts";
import { boardNames, boardByName } from "../../../../src/boards/load.ts";
import { readProgram } from "../../../../src/format/read-program.ts";
import { InputError } from "../../../../src/ir/errors.ts";
import { readClassNames } from "../../../../src/labels/class-names.ts";
import { labelledFiles } from "../../../../src/labels/labelled-files.ts";
import { packagePath } from "../../../../src/platform/package.ts";
import { dirname } from "../../../../src/platform/paths.ts";
import { planAccelerator } from "../../../../src/targets/index.ts";
import { compile, load } from "../../../../src/index.ts";
import type { IntGraph } from "../../../../src/ir/integer.ts";
import { once } from "../../../../src/targets/once.ts";
import { alone, bytesOf, textOf, treeOf, type Content, type Reader } from "../reader.ts";

const pictures = once(() => load("pictures"));

const json = (tree: unknown): Content =>
  treeOf(tree, (damaged) => new TextEncoder().encode(JSON.stringify(damaged)));

export const boardReader: Reader = {
  name: "board",
  share: 8,
  seeds: () => {
    const texts = boardNames().map((name) =>
      readFileSync(packagePath("hw", "boards", `${name}.json`), "utf8"),
    );
    const contents = texts.flatMap((text) => [json(JSON.parse(text)), textOf(text)]);
    return Promise.resolve(contents.map((content) => alone("board.json", content)));
  },
  read: async (path, reading) => {
    const board = boardByName(path);
    if (!reading.draw.chance(10)) return;
    reading.begin("compile");
    planFor(await pictures(), board);
  },
};

/** The board's memory and resources have to serve a plan, or to refuse one. */
function planFor(graph: IntGraph, board: ReturnType<typeof boardByName>): void {
  const accelerator = planAccelerator(graph, { board });
  accelerator.predict();
  accelerator.files();
}

const CLASSES = 5;
const NAMES = ["cat", "dog", "bird, small", 'a "quoted" name', "élan"];

export const labelReader: Reader = {
  name: "labels",
  share: 5,
  seeds: () => {
    const rows = NAMES.map((name, i) => `picture${i}.png,${i},"${name.replaceAll('"', '""')}"`);
    const byClass = Object.fromEntries(NAMES.map((name, i) => [String(i), [`n0${i}`, name]]));
    return Promise.resolve([
      alone("labels.txt", textOf(`${NAMES.join("\n")}\n`)),
      alone("labels.csv", textOf(["file,class,name", "# comment", ...rows, ""].join("\r\n"))),
      alone("labels.json", json(NAMES)),
      alone("labels.json", json({ class_names: NAMES })),
      alone("labels.json", json(byClass)),
    ]);
  },
  read: (path) => {
    if (path.endsWith(".csv")) expectRefusal(() => labelledFiles(dirname(path), path, CLASSES));
    readClassNames(path, CLASSES);
    return Promise.resolve();
  },
};

/** The pictures are not there. */
function expectRefusal(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return;
    throw error;
  }
}

const LAYERS = ["conv1", "fire2/expand3x3", "__proto__"];

export const densityReader: Reader = {
  name: "densities",
  share: 2,
  seeds: () => {
    const densities = { conv1: 0.2, "fire2/expand3x3": 1 };
    return Promise.resolve(
      [json(densities), textOf(JSON.stringify(densities))].map((c) => alone("d.json", c)),
    );
  },
  read: (path) => {
    parseDensities(path, readFileSync(path, "utf8"), LAYERS);
    return Promise.resolve();
  },
};

export const programReader: Reader = {
  name: "program",
  share: 5,
  seeds: async () => {
    const accelerator = await compile(await pictures(), { array: { pk: 4, pc: 4 } });
    const image = accelerator.files().get("memory/model.bin");
    if (!(image instanceof Uint8Array)) throw new Error("compile writes memory/model.bin");
    return [alone("model.bin", bytesOf(image.subarray(0, 4096)))];
  },
  read: (path) => {
    readProgram(path, readFileSync(path));
    return Promise.resolve();
  },
};
