/** What is read of the package in a folder without the file: test/setup/installed.ts. */
import { expect, it } from "vitest";
import { exampleFile } from "../../src/platform/example-file.ts";

it.each([
  "star.png",
  "src/zoo/pictures/examples/none.png",
  "src/zoo/pictures/examples/../labels.json",
  "hw/kernels/none.ts",
  "/src/zoo/pictures/examples/star.png",
])("%s is no example, and stays what it is", (path) => {
  expect(exampleFile(path)).toBe(path);
});
