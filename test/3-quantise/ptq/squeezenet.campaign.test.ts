/** The real SqueezeNet quantised, against the logits that ONNX Runtime made of the float network; of a small network: quantise.test.ts. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { quantise } from "../../../src/3-quantise/ptq/index.ts";
import { runGolden, runNode } from "../../../src/golden/run.ts";
import { loadGraph } from "../../../src/load.ts";
import { squeezenetFile, squeezenetFolder } from "../../support/squeezenet.ts";

const bytes = (name: string) => new Uint8Array(readFileSync(squeezenetFile(name)));

interface Agreement {
  /** Of the pictures that it was calibrated on, as quantising measures it, in dB. */
  readonly quantisedSnrDb: number | null;
  /** Of the judged pictures, in dB. */
  readonly snrDb: number;
  /** How many of them have the same best class. */
  readonly agreed: number;
}

/** Quantises on the packed inputs of the numbers `calibrated` and judges those of `judged`. */
async function quantisedAgreement(
  calibrated: readonly number[],
  judged: readonly number[],
): Promise<Agreement> {
  const float = runPasses(loadGraph(squeezenetFile("compressed_SqueezeNet.net")));
  const pictures = calibrated.map((i) => bytes(`inputs/0${i}.bin`));
  const { graph, summary } = await quantise(float, pictures, { preprocess: float.preprocess!, runNode });
  const integer = lower(graph);
  const map = integer.maps.get(integer.logits)!;
  expect(map).toMatchObject({ height: 1, width: 1, channels: 1000, zeroPoint: -128 });
  let [agreed, signal, noise] = [0, 0, 0];
  for (const i of judged) {
    const stored = bytes(`float_logits/0${i}.f32`);
    const wanted = new Float32Array(stored.buffer, stored.byteOffset, 1000);
    const input = Int8Array.from(bytes(`inputs/0${i}.bin`), (p) => p - 128);
    const found = runGolden(integer, input).maps.get(integer.logits)!;
    if (best(wanted) === best(found)) agreed++;
    wanted.forEach((x, c) => {
      signal += x * x;
      noise += (x - map.scale * (found[c]! - map.zeroPoint)) ** 2;
    });
  }
  return { quantisedSnrDb: summary.logitsSnrDb, snrDb: 10 * Math.log10(signal / noise), agreed };
}

function best(values: ArrayLike<number>): number {
  return Array.from(values).reduce((top, x, i, all) => (x > all[top]! ? i : top), 0);
}

describe.runIf(existsSync(squeezenetFolder))("the real SqueezeNet", () => {
  it("quantised on four pictures, agrees with the float network on ten", async () => {
    const all = Array.from({ length: 10 }, (_, i) => i);
    const { agreed, quantisedSnrDb, snrDb } = await quantisedAgreement([1, 4, 6, 9], all);
    expect(quantisedSnrDb).toBeGreaterThan(25);
    expect(agreed).toBeGreaterThanOrEqual(9);
    // Against ONNX Runtime's logits, on pictures of which six were not calibrated on.
    expect(snrDb).toBeGreaterThan(22);
  });
});
