import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { labelledFiles } from "../../src/labels/labelled-files.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

it("reads names and classes, and counts the background in front of 1000 classes", () =>
  inTemporaryFolder((folder) => {
    const csv = join(folder, "labels.csv");
    for (const name of ["a.jpg", "b.png"]) writeFileSync(join(folder, name), "");
    writeFileSync(csv, 'file,class,name\r\na.jpg,2,"shark, white"\r\n# no\r\n\r\n"b.png", 999\r\n');
    const [a, b] = [join(folder, "a.jpg"), join(folder, "b.png")];
    expect(labelledFiles(folder, csv, 1000)).toEqual([
      { file: a, label: 2 },
      { file: b, label: 999 },
    ]);
    expect(labelledFiles(folder, csv, 1001).map(({ label }) => label)).toEqual([3, 1000]);
  }));

it("names every bad line at once", () =>
  inTemporaryFolder((folder) => {
    const csv = join(folder, "labels.csv");
    writeFileSync(join(folder, "a.jpg"), "");
    writeFileSync(csv, "a.jpg,1\na.jpg,1000\na.jpg,cat\ngone.jpg,1\n");
    expect(() => labelledFiles(folder, csv, 1000)).toThrow(
      /bad-label: \S+:2: .*\n?.*bad-label: \S+:3: .*\n?.*missing-file: \S+gone\.jpg/s,
    );
    writeFileSync(csv, "file,class\n");
    expect(() => labelledFiles(folder, csv, 1000)).toThrow(/no-pictures/);
    expect(() => labelledFiles(folder, join(folder, "none.csv"), 1000)).toThrow(/unreadable-file/);
  }));
