import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rules } from "../../codegen/hls/diagnostics.ts";
import { packagePath } from "../../src/platform/package.ts";

it("docs/hls.md lists exactly the diagnostics that the compiler has", () => {
  const page = readFileSync(packagePath("docs", "hls.md"), "utf8");
  const listed = [...page.matchAll(/^\| `(HLS\d+)` \| (.*?) \|$/gm)].map(([, rule, text]) => [rule, text]);
  expect(listed).toEqual(Object.entries(rules).map(([rule, [what]]) => [rule, what]));
});
