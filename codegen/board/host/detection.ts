/** TFLite_Detection_PostProcess as one call of `detect` for its four results. */
import { item } from "../../../src/ir/known.ts";
import { detectionShape, elements } from "../../../src/ir/shapes.ts";
import type { TailDetection, TailNode } from "../../../src/ir/tail.ts";
import { joined, type Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import type { HostMemory, Values } from "./memory.ts";
import type { Held } from "./moves.ts";

const RESULTS = ["boxes", "classes", "scores", "number"] as const;

/** The nodes of one operator: its results. */
function siblings(node: TailDetection, tail: readonly TailNode[]): readonly TailDetection[] {
  return tail.filter(
    (other): other is TailDetection =>
      other.kind === "detection" &&
      other.rule === node.rule &&
      other.inputs.every((id, i) => id === node.inputs[i]),
  );
}

/** Of the first of the results; the others find theirs in memory. */
export function detectionCalls(
  node: TailDetection,
  tail: readonly TailNode[],
  [encodings, scores]: readonly [Held, Held],
  memory: HostMemory,
): Code<"c">[] {
  if (memory.has(node.output)) return [];
  const { anchors, rule } = node;
  const count = anchors.length / 4;
  const results = RESULTS.map((result): Values => {
    const size = elements(detectionShape(rule, result));
    const own = siblings(node, tail).find((other) => other.result === result);
    return own ? memory.add(own.output, "float", size) : memory.room("float", size);
  });
  const [y, x, height, width] = rule.scales;
  const numbers = joined(
    c,
    [
      c`${encodings.map.scale}, ${scores.map.scale}`,
      c`{ ${y}, ${x}, ${height}, ${width} }, ${rule.scoreThreshold}, ${rule.overlapThreshold}`,
      c`${encodings.map.zeroPoint}, ${scores.map.zeroPoint}, ${rule.isRegular ? 1 : 0}`,
      c`${count}, ${encodings.map.channels}, ${scores.map.channels}, ${rule.classes}`,
      c`${rule.detections}, ${rule.classesPerDetection}, ${rule.detectionsPerClass}`,
    ],
    c`, `,
  );
  const rooms = (["corners", "uint8_t", "float", "uint32_t"] as const).map((type) =>
    memory.room(type, count),
  );
  const made = joined(
    c,
    [...rooms, ...results].map(({ code }) => code),
    c`, `,
  );
  const read = c`${encodings.values.code}, ${scores.values.code}, ${memory.table(anchors)}`;
  return [c`detect(&(const detection_rule){ ${numbers} }, ${read}, ${made})`];
}

/** Scales and zero points are those of the maps. */
export function heldPair(inputs: readonly Held[]): readonly [Held, Held] {
  return [item(inputs, 0), item(inputs, 1)];
}
