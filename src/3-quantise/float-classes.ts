/** A float network as a classifier of plain pictures: what its integer form is compared with. */
import { makesShares } from "../ir/answer.ts";
import { assert } from "../ir/errors.ts";
import type { Graph, Preprocess } from "../ir/graph.ts";
import { runFloat } from "./float-run.ts";
import { bodyOf } from "./ptq/body.ts";
import { foldPictures, realInput } from "./ptq/pictures.ts";
import { prepare } from "./ptq/prepare.ts";

export interface FloatClassifier {
  /** Of the pictures that it reads. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The logits (input of the final softmax) of pixels [H, W, C], R, G, B or grey. */
  logits(pixels: Uint8Array): Float32Array;
}

/** `graph`: float32, after the passes. Throws InputError where pictures cannot be folded into its first layers. */
export function floatClassifier(graph: Graph, preprocess: Preprocess): FloatClassifier {
  const { graph: folded, zeroPoint } = foldPictures(prepare(bodyOf(graph)), preprocess);
  const [, height = 0, width = 0, channels = 0] = folded.tensors.get(folded.inputs[0] ?? -1)?.shape ?? [];
  const output = folded.outputs[0] ?? -1;
  const softmax = folded.nodes.find((node) => makesShares(node) && node.output === output);
  const id = softmax?.inputs[0] ?? output;
  return {
    height,
    width,
    channels,
    logits(pixels) {
      const logits = runFloat(folded, realInput(pixels, zeroPoint)).get(id);
      assert(logits, `${folded.name} computes its logits`);
      return logits;
    },
  };
}
