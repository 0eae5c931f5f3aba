import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";

const page = readFileSync(packagePath("docs", "architecture.md"), "utf8");

/** Name and place in the rows of the walks; a row of hw/rtl may have several. */
const stations = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| `([\w./-]+)` \|/gm)].flatMap(
  ([, names, place]) => [...names!.matchAll(/\w+/g)].map(([name]) => [name, place!] as const),
);

function isThere(name: string, place: string): boolean {
  if (place === "hw/rtl") return existsSync(packagePath("hw", "rtl", `${name}.v`));
  const text = readFileSync(packagePath(place), "utf8");
  return new RegExp(`\\bfunction ${name}\\b`).test(text);
}

describe("the walks through the code", () => {
  it("are three, each long", () => {
    expect(page.match(/^### An? /gm)).toHaveLength(3);
    expect(stations.length).toBeGreaterThan(30);
  });

  it.each(stations)("%s is in %s", (name, place) => {
    expect(isThere(name, place)).toBe(true);
  });
});
