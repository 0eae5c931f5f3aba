/** Damaged files: a problem or a graph that verifies, never another error, never seconds. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openWith } from "../../src/1-import/importer.ts";
import { tflite } from "../../src/1-import/tflite/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { InputError } from "../../src/ir/errors.ts";
import { OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
import { Draft } from "../support/tflite-draft.ts";

const vww = new URL("../../../shared/models/vww_96_int8/model.tflite", import.meta.url);

/** Whether the bytes lower to an integer graph; throws what is not an InputError. */
function lowers(bytes: Uint8Array): boolean {
  try {
    lower(runPasses(openWith(tflite, { path: "damaged.tflite", bytes })));
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    return false;
  }
}

/** Xorshift32: the same damage on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function small(): Uint8Array {
  const draft = new Draft();
  const [input, conv] = [draft.map("in", [1, 8, 8, 3]), draft.map("conv", [1, 4, 4, 8])];
  const [pool, flat, logits] = [
    draft.map("pool", [1, 1, 1, 8]),
    draft.map("flat", [1, 8]),
    draft.map("logits", [1, 4]),
  ];
  const soft = draft.map("soft", [1, 4], 1 / 256, -128);
  draft.conv(input, conv, [8, 3, 3, 3], { stride: [2, 2], activation: "RELU6" });
  draft.pool(OperatorCode.AVERAGE_POOL_2D, conv, pool, [4, 4], { padding: "VALID", stride: [4, 4] });
  draft.operator(OperatorCode.RESHAPE, [pool, draft.ints("shape", [2], [1, 8])], flat);
  draft.dense(flat, logits, [4, 8]);
  const beta = [{ slot: 0, kind: "float" as const, value: 1 }];
  draft.operator(OperatorCode.SOFTMAX, [logits], soft, OptionsType.SoftmaxOptions, beta);
  return draft.write([input], [soft]);
}

describe("a small network", () => {
  const bytes = small();

  it("is sound undamaged", () => expect(lowers(bytes)).toBe(true));

  it("is refused when cut anywhere", () => {
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.slice(0, length);
      // The file may end in padding or in the last bytes of a name.
      if (lowers(cut)) expect(bytes.length - length).toBeLessThan(16);
    }
  });

  it("survives each byte set to 0, 127, 128 or 255", () => {
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = [0, 127, 128, 255][at % 4]!;
      if (!lowers(damaged)) refused++;
    }
    expect(refused).toBeGreaterThan(bytes.length / 4);
  });
});

describe.runIf(existsSync(vww))("a real network", () => {
  const bytes = existsSync(vww) ? new Uint8Array(readFileSync(vww)) : new Uint8Array();

  it("is refused when cut at any percent", () => {
    for (let percent = 0; percent < 100; percent++) {
      expect(lowers(bytes.slice(0, Math.floor((bytes.length * percent) / 100))), `${percent} %`).toBe(false);
    }
  });

  it("survives a random byte among its structure, 150 times", () => {
    const next = random(12345);
    // Offsets and names lie around the 210 KB of weights: damage where bytes are not weights, and anywhere.
    for (let run = 0; run < 150; run++) {
      const damaged = bytes.slice();
      for (let flips = next(4) + 1; flips > 0; flips--) {
        const tail = bytes.length - 60_000;
        const at = run % 3 === 0 ? next(bytes.length) : run % 3 === 1 ? next(2000) : tail + next(60_000);
        damaged[at] = next(256);
      }
      lowers(damaged);
    }
  });

  it("is refused or read when a block of it is overwritten", () => {
    for (let start = 0; start + 400 <= bytes.length; start += 16_000) {
      lowers(bytes.slice().fill(255, start, start + 400));
    }
  });
});
