/** Visual wake words (MLPerf Tiny) on the small engine: every layer, the packed logits, cycles. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { networkStream } from "../../../codegen/small/stream.ts";
import { smallRunner } from "../../../sim/small/run.ts";
import { predictSmall } from "../../../src/4-schedule/small/cycles.ts";
import { scheduleSmall } from "../../../src/4-schedule/small/schedule.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { loadModel } from "../../../src/load.ts";
import { withModule } from "../../rtl/helper.ts";

export const model = fileURLToPath(new URL("../../../../shared/models/vww_96_int8/", import.meta.url));
const address = 0x100000;

/** The packed inputs of these names, one after the other. */
export async function expectAsGolden(names: readonly string[]): Promise<void> {
  const graph = loadModel(`${model}model.tflite`);
  const plan = scheduleSmall(graph, "icebreaker");
  const network = networkStream(plan);
  await withModule("small_engine", {}, (dut) => {
    const run = smallRunner(dut, network, address);
    for (const name of names) {
      const input = new Int8Array(readFileSync(`${model}inputs/${name}.bin`));
      const golden = runGolden(graph, input);
      const expected = plan.layers.map(({ operator }) => golden.maps.get(operator.output)!);
      const image = run({ plan, input, expected });
      const logits = readFileSync(`${model}logits/${name}.bin`);
      expect({ failure: image.failure, first: image.divergence, wrong: image.mismatches }).toEqual({
        failure: null,
        first: null,
        wrong: 0,
      });
      expect(Buffer.from(image.output)).toEqual(logits);
      const best = logits.readInt8(1) > logits.readInt8(0) ? 1 : 0;
      expect([image.class, image.score]).toEqual([best, logits.readInt8(best)]);
      // 24 MHz / 12 pictures a second would be 2,000,000
      expect(image.cycles).toBe(874_802);
      const predicted = predictSmall(plan);
      for (const [index, { cycles }] of image.layers.entries())
        expect(Math.abs(predicted[index]!.cycles - cycles), `layer ${index}`).toBeLessThan(
          Math.max(cycles / 100, 50),
        );
    }
  });
}
