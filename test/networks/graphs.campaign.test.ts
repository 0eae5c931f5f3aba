/**
 * Random graphs of all shapes from 1 to 40 in the golden model, a fifth of them, of smaller ones, through the hardware:
 * `npm run fuzz:graphs -- --seed S --runs N`.
 */
import { describe, expect, it } from "vitest";
import { describeGraphs, differences } from "./graphs.ts";

const [seed, runs] = (process.env["FIREBRICK_FUZZ"] ?? "1,300").split(",").map(Number) as [number, number];
const part = Math.ceil(runs / 20);

it.each(Array.from({ length: runs }, (_, i) => seed + i))("graph %i", (one) => {
  expect(differences(one, one % 4 === 0 ? 40 : 14)).toEqual([]);
});

describe("through the hardware", () => {
  describeGraphs(seed, part, 12, "8x8", "bytes=16,latency=40", false);
  describeGraphs(seed + part, part, 12, "4x4", "bytes=8,latency=25", false);
  describeGraphs(seed + 2 * part, part, 12, "8x4", "bytes=8,latency=60", true);
  describeGraphs(seed + 3 * part, part, 12, "16x16", "bytes=16,latency=40", true);
});
