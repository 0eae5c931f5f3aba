import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { quantise } from "../../../src/3-quantise/ptq/index.ts";
import { runGolden, runNode } from "../../../src/golden/run.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { loadGraph } from "../../../src/load.ts";

const folder = packagePath("..", "shared", "models", "squeezenet_v1.0_deep_compression");
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

describe.runIf(existsSync(folder))("the real SqueezeNet", () => {
  it("quantised on four pictures, agrees with the float network on ten", async () => {
    const float = runPasses(loadGraph(join(folder, "compressed_SqueezeNet.net")));
    const inputs = Array.from({ length: 10 }, (_, i) => bytes(`inputs/0${i}.bin`));
    const { graph, summary } = await quantise(
      float,
      [1, 4, 6, 9].map((i) => inputs[i]!),
      {
        preprocess: float.preprocess!,
        runNode,
      },
    );
    expect(summary.logitsSnrDb).toBeGreaterThan(25);
    const integer = lower(graph);
    const map = integer.maps.get(integer.logits)!;
    expect(map).toMatchObject({ height: 1, width: 1, channels: 1000, zeroPoint: -128 });
    const best = (values: ArrayLike<number>) =>
      Array.from(values).reduce((top, x, i, all) => (x > all[top]! ? i : top), 0);
    let agreed = 0;
    let [signal, noise] = [0, 0];
    inputs.forEach((pixels, i) => {
      const stored = bytes(`float_logits/0${i}.f32`);
      const wanted = new Float32Array(stored.buffer, stored.byteOffset, 1000);
      const found = runGolden(
        integer,
        Int8Array.from(pixels, (p) => p - 128),
      ).maps.get(integer.logits)!;
      if (best(wanted) === best(found)) agreed++;
      wanted.forEach((x, c) => {
        signal += x * x;
        noise += (x - map.scale * (found[c]! - map.zeroPoint)) ** 2;
      });
    });
    expect(agreed).toBeGreaterThanOrEqual(9);
    // Against ONNX Runtime's logits, on pictures of which six were not calibrated on.
    expect(10 * Math.log10(signal / noise)).toBeGreaterThan(22);
  });
});
