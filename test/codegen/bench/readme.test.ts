/** The READMEs of a project as a reader sees them. */
import { expect, it } from "vitest";
import type { OutputFiles } from "../../../codegen/generate.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { loadModel } from "../../../src/load.ts";
import { compileModel, compileSmall } from "../../support/compiled.ts";

const graph = () => loadModel("pictures");
const projects: readonly (readonly [string, () => OutputFiles])[] = [
  ["an array", () => compileModel(graph(), { array: { pk: 4, pc: 4 }, busBytes: 8 }).files],
  [
    "a board",
    () =>
      compileModel(graph(), { array: { pk: 4, pc: 4 }, busBytes: 8, board: boardByName("arty-a7-100t") })
        .files,
  ],
  ["the small engine", () => compileSmall(graph(), boardByName("icebreaker")).files],
];

it.each(projects)("show no escaped quotes of code in the project for %s", (_name, project) => {
  const pages = [...project()].filter(([path]) => path.endsWith(".md"));
  expect(pages.map(([path]) => path)).toContain("sim/README.md");
  for (const [path, page] of pages) expect(String(page), path).not.toContain("\\`");
});
