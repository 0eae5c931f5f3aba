import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fieldsOf } from "../../src/labels/csv.ts";
import { givenClassNames, namesInList, readClassNames } from "../../src/labels/class-names.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

/** What a file of this name and text makes of so many classes. */
const read = (name: string, text: string, classes = 2) =>
  inTemporaryFolder((folder) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return readClassNames(path, classes);
  });

it("splits a line of a CSV at commas outside quotes", () => {
  expect(fieldsOf('a.jpg, 2 ,"shark, ""great"" white"')).toEqual(["a.jpg", "2", 'shark, "great" white']);
  expect(fieldsOf("a,,b,")).toEqual(["a", "", "b", ""]);
  expect(fieldsOf("")).toEqual([""]);
});

it.each([
  ["names.txt", "cat\r\ndog\n"],
  ["names.json", '["cat", "dog"]'],
  ["names.json", '{"class_names": ["cat", "dog"]}'],
  ["names.json", '{"1": "dog", "0": "cat"}'],
  ["names.json", '{"0": ["n01", "cat"], "1": ["n02", "dog"]}'],
  ["names.csv", "class,name\n1,dog\n0,cat\n"],
  ["names.csv", "file,class,name\n# no\na.jpg,0,cat\nb.jpg,1,dog\nc.jpg,1,dog\n"],
])("reads the names in %s: %s", async (name, text) => {
  expect(await read(name, text)).toEqual(["cat", "dog"]);
});

it("calls classes that a list leaves out by their number, and counts a background", async () => {
  expect(await read("l.csv", "a.jpg,2,owl\n", 4)).toEqual(["0", "1", "owl", "3"]);
  const thousand = Array.from({ length: 1000 }, (_, i) => `name ${i}`);
  const shifted = givenClassNames(thousand, 1001);
  expect([shifted.length, shifted[0], shifted[1], shifted[1000]]).toEqual([
    1001,
    "background",
    "name 0",
    "name 999",
  ]);
  expect((await read("l.csv", "a.jpg,2,owl\n", 1001)).slice(2, 4)).toEqual(["2", "owl"]);
  const whole = ["background", ...thousand];
  expect(givenClassNames(whole, 1001)).toEqual(whole);
});

it("refuses names of another number of classes, and files of other forms", async () => {
  await expect(read("n.txt", "cat\n")).rejects.toThrow(
    /label-count: \S+n\.txt: found 1 names; supported: .*, 2;/,
  );
  await expect(read("n.txt", "a\nb\nc\n")).rejects.toThrow(/found 3 names/);
  await expect(read("n.csv", "a.jpg,7,owl\n")).rejects.toThrow(/found a name of class 7/);
  await expect(read("n.csv", "a.jpg,0\n")).rejects.toThrow(/found 0 names/);
  await expect(read("n.json", "[")).rejects.toThrow(/broken-labels/);
  await expect(read("n.json", '{"a": "cat"}')).rejects.toThrow(/broken-labels/);
  expect(() => readClassNames("/nowhere/n.txt", 2)).toThrow(/unreadable-file/);
});

it("takes names of a list of pictures where there are any", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "labels.csv");
    writeFileSync(path, "file,class\na.jpg,0\n");
    expect(namesInList(path, 2)).toBeUndefined();
    writeFileSync(path, "file,class,name\na.jpg,1,dog\n");
    expect(namesInList(path, 2)).toEqual(["0", "dog"]);
  }));
