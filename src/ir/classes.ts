/** Whether what a network hands over rates classes. */
import { makesShares } from "./answer.ts";
import type { IntGraph, IntMap, MapId } from "./integer.ts";
import { item } from "./known.ts";
import { keepsValues, type Tail } from "./tail.ts";

/** Sizes of the vectors that ImageNet's classes make, without and with a background. */
export const IMAGENET = [1000, 1001];

/**
 * A file does not say what its output means. A network classifies when its only output is a vector of shares, or the best of a vector's
 * places, or a vector whose values are logits by their names or ImageNet's number. Maps, boxes, pictures, several outputs and the values of a
 * function such as the logistic, each a probability of its own, are no classes.
 */
export function hasClasses({ labels, logits, maps, nodes, outputs, tail }: IntGraph): boolean {
  const [output, ...others] = outputs;
  if (output === undefined || others.length > 0) return false;
  if (tail?.values.has(output)) return ratesClasses(tail, output, maps.get(logits));
  const map = maps.get(output);
  if (map?.height !== 1 || map.width !== 1 || map.channels < 2) return false;
  const maker = nodes.find((node) => node.output === output);
  if (maker && makesShares(maker)) return true;
  return maker?.kind !== "lookup" && (labels?.length === map.channels || IMAGENET.includes(map.channels));
}

/** Whether an output is the number of the best of a vector's values, or their shares. */
function ratesClasses(tail: Tail, output: MapId, scores: IntMap | undefined): boolean {
  const maker = tail.nodes.find((node) => node.output === output);
  if (maker && keepsValues(maker)) return ratesClasses(tail, item(maker.inputs, 0), scores);
  const isOfClasses =
    maker?.kind === "arg-max" ||
    maker?.kind === "softmax" ||
    (maker?.kind === "real-softmax" && isDequantised(tail, item(maker.inputs, 0)));
  return isOfClasses && scores?.height === 1 && scores.width === 1;
}

/** Whether real values are those of a map as they are. */
function isDequantised({ nodes }: Pick<Tail, "nodes">, id: MapId): boolean {
  const maker = nodes.find((node) => node.output === id);
  if (maker?.kind === "copy") return isDequantised({ nodes }, item(maker.inputs, 0));
  return maker?.kind === "dequantize";
}
