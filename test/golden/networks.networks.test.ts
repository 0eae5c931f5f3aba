import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ownType } from "../../src/golden/logits.ts";
import { mapOf } from "../../src/golden/maps.ts";
import type { GoldenResult } from "../../src/golden/run.ts";
import type { MapId } from "../../src/ir/integer.ts";
import { expectPacked, load, models, modelsExist, networks, run } from "./packed.ts";

/** SHA-256 of every operator's output, by operator; a reshape that a later operator took in has its input's bytes. */
function hashes(result: GoldenResult): Map<number, string> {
  const hash = (id: MapId): string =>
    createHash("sha256")
      .update(ownType(mapOf(result.graph, id), result.maps.get(id)!))
      .digest("hex");
  const found = new Map<number, string>();
  for (const node of result.graph.nodes) {
    for (const source of node.sources.slice(0, -1)) found.set(source, hash(node.inputs[0]!));
    found.set(node.sources.at(-1)!, hash(node.output));
  }
  return found;
}

describe.runIf(modelsExist)("the golden model equals TFLite's reference kernels", () => {
  // The other inputs: networks.campaign.test.ts.
  it.each(networks)(
    "$name: every operator's output of the first packed input, and the logits, byte for byte",
    async ({ name }) => {
      const result = await run(load(name), `${name}/inputs/00.bin`);
      expectPacked(result, name, "00.bin");
      const found = hashes(result);
      const layers = JSON.parse(readFileSync(new URL(`${name}/layers.json`, models), "utf8")) as {
        readonly index: number;
        readonly output: string;
        readonly sha256: string;
      }[];
      expect(layers.length).toBeGreaterThan(10);
      const different = layers.filter(({ index, sha256 }) => found.get(index) !== sha256);
      expect(different.map(({ output }) => output)).toEqual([]);
    },
  );
});
