import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectPacked, load, models, modelsExist, networks, run } from "./packed.ts";

describe.runIf(modelsExist)("the golden model equals TFLite's reference kernels", () => {
  it.each(networks)(
    "$name: the logits of the other packed inputs, byte for byte",
    async ({ name, packed }) => {
      const graph = load(name);
      const files = readdirSync(new URL(`${name}/inputs/`, models)).sort();
      expect(files.length).toBe(packed);
      for (const file of files.slice(1)) expectPacked(await run(graph, `${name}/inputs/${file}`), name, file);
    },
  );
});
