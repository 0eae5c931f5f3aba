import { expect, it } from "vitest";
import { Random } from "../random.ts";
import { damagedFiles } from "./damage.ts";
import { alone, textOf, treeOf, type Seed } from "./reader.ts";
import { damageText, nudgeText } from "./text.ts";
import { damageTree, nudgeTree, type Tree } from "./tree.ts";

const tree = {
  name: "net",
  shape: [1, 8, 8, 3],
  scale: 0.5,
  weights: Uint8Array.of(1, 2, 3),
  nodes: [{ inputs: [0] }],
};
const write = (value: Tree) => new TextEncoder().encode(JSON.stringify(value));
const seed: Seed = alone("net.json", treeOf(tree, write));
const many = Array.from({ length: 300 }, (_, i) => i);

it("does the same damage for the same numbers, other damage for others", () => {
  const file = (...words: number[]) => damagedFiles(seed, words, [0, 1]).get("net.json");
  expect(file(1, 2)).toEqual(file(1, 2));
  const all = new Set(many.map((i) => String(file(1, i))));
  expect(all.size).toBeGreaterThan(200);
});

it("leaves out the damages that are not kept", () => {
  expect(damagedFiles(seed, [1], []).get("net.json")).toEqual(write(tree));
});

it("damages only the file that is to be damaged, the others stay beside it", () => {
  const files = [
    { name: "a", content: textOf("1 2 3") },
    { name: "b", content: textOf("4 5 6") },
  ];
  for (const i of many) {
    const made = damagedFiles({ files, damage: "b" }, [i], [0]);
    expect(made.get("a")).toEqual(new TextEncoder().encode("1 2 3"));
  }
});

it("brings every kind of damage to a tree, which itself stays", () => {
  const before = structuredClone(tree);
  const texts = many.map((i) => JSON.stringify([damageTree(tree, new Random(i))]));
  expect(tree).toEqual(before);
  for (const sign of ["null", "2147483647", "-1", "__proto__", "[[[[[[[", '"shape":[]', '"nodes":[]'])
    expect(
      texts.some((text) => text.includes(sign)),
      sign,
    ).toBe(true);
});

it("nudges a tree without touching its names and lengths", () => {
  for (const i of many) {
    const nudged = nudgeTree(tree, new Random(i)) as typeof tree;
    expect([nudged.name, nudged.shape.length, nudged.weights.length, nudged.nodes.length]).toEqual([
      "net",
      4,
      3,
      1,
    ]);
  }
});

it("damages words, brackets and lines of text, and nudges nothing but numbers", () => {
  const text = "layer { size: 12 }\nlayer { size: 34 }\n";
  const texts = many.map((i) => damageText(text, new Random(i)));
  expect(texts.filter((one) => one !== text).length).toBeGreaterThan(250);
  for (const sign of ["{{{{{{{{", "__proto__", "2147483648"])
    expect(
      texts.some((one) => one.includes(sign)),
      sign,
    ).toBe(true);
  for (const i of many)
    expect(nudgeText(text, new Random(i)).replace(/\d+/g, "N")).toBe(text.replace(/\d+/g, "N"));
});
