import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formatFiles } from "../../../codegen/format/files.ts";
import { packagePath } from "../../../src/ir/package-root.ts";

it.each([...formatFiles()])("%s is what `npm run formats` makes of the tables", (path, text) => {
  expect(readFileSync(packagePath(path), "utf8")).toBe(text);
});
