import type { ActivationNode } from "../../../ir/graph.ts";
import { hasInput, requireConstant, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { constantOf } from "../fold/arrays.ts";
import type { MapValue } from "../values.ts";
import { add, binary, mul, sameLayout, sub } from "./elementwise.ts";

/** Largest float32: what exporters write for "no limit". */
const NO_LIMIT = 3.4e38;

/** The limits are attributes before opset 11, inputs since. */
export const clip: OperatorReader = {
  inputs: [1, 3],
  read(op) {
    const limit = (index: number, name: string, fallback: number): number => {
      if (op.opset < 11) return op.attributes.float(name, fallback);
      const constant = hasInput(op, index) ? requireConstant(op, index, name) : undefined;
      return constant ? Number(constant.data[0] ?? fallback) : fallback;
    };
    const low = limit(1, "min", -Infinity);
    const high = limit(2, "max", Infinity);
    const map = requireMap(op, 0);
    if (!(low < high)) {
      const found = `Clip to ${low} .. ${high}`;
      op.report(
        "unsupported-activation",
        found,
        "limits of which the first is lower",
        "use a ReLU activation",
      );
      return undefined;
    }
    return map && clamped(op, map, low, high);
  },
};

/** A map between limits of which the first is lower. */
export function clamped(op: OperatorContext, map: MapValue, low: number, high: number): MapValue | undefined {
  const kind = clipKind(low, high);
  if (kind) return sameLayout(op, map, kind);
  const isQuantised = op.builder.nodes.some((node) => node.kind === "dequantize");
  return isQuantised ? limited(op, map, low, high) : shiftedClip(op, map, low, high);
}

/** By constants, in a quantised network. */
function limited(op: OperatorContext, map: MapValue, low: number, high: number): MapValue | undefined {
  if (low <= -NO_LIMIT) return withNumber(op, binary("minimum"), map, high);
  if (high >= NO_LIMIT) return withNumber(op, binary("maximum"), map, low);
  const above = withNumber(partOf(op, "min"), binary("maximum"), map, low);
  return above && withNumber(op, binary("minimum"), above, high);
}

function clipKind(low: number, high: number): ActivationNode["kind"] | undefined {
  if (low === 0 && high === 6) return "relu6";
  if (low === 0 && high >= NO_LIMIT) return "relu";
  if (low === -1 && high === 1) return "relu-n1-to-1";
  return low <= -NO_LIMIT && high >= NO_LIMIT ? "identity" : undefined;
}

type Step = readonly [what: string, apply: (op: OperatorContext, map: MapValue) => MapValue | undefined];

/** A map with one number: map op number, or number op map where it comes first. */
export function withNumber(
  op: OperatorContext,
  reader: OperatorReader,
  map: MapValue,
  number: number,
  isFirst = false,
): MapValue | undefined {
  const constant = constantOf(op, [], map.tensor.dtype, [number]);
  const result = reader.read({ ...op, inputs: isFirst ? [constant, map] : [map, constant] });
  return result?.kind === "map" ? result : undefined;
}

/** The operator under a name of its own, for one of the nodes that it becomes. */
export function partOf(op: OperatorContext, what: string): OperatorContext {
  return { ...op, name: `${op.name}/${what}`, outputName: `${op.outputName}/${what}` };
}

/** Other limits by a shift and a factor before and behind a clamp that has a kind: layers beside it take those. */
function shiftedClip(op: OperatorContext, map: MapValue, low: number, high: number): MapValue | undefined {
  const clamp = (kind: "relu" | "relu6"): Step => [kind, (at, value) => sameLayout(at, value, kind)];
  const by = (what: string, reader: OperatorReader, number: number, isFirst = false): Step => [
    what,
    (at, value) => withNumber(at, reader, value, number, isFirst),
  ];
  const steps = (): Step[] => {
    if (high >= NO_LIMIT) return [by("shift", sub, low), clamp("relu"), by("shift back", add, low)];
    if (low <= -NO_LIMIT)
      return [by("turn", sub, high, true), clamp("relu"), by("turn back", sub, high, true)];
    const factor = 6 / (high - low);
    const shift = low === 0 ? [] : [by("shift", sub, low)];
    const back = low === 0 ? [] : [by("shift back", add, low)];
    return [...shift, by("scale", mul, factor), clamp("relu6"), by("scale back", mul, 1 / factor), ...back];
  };
  let value: MapValue | undefined = map;
  const all = steps();
  for (const [i, [what, apply]] of all.entries()) {
    const isLast = i === all.length - 1;
    value = value && apply(isLast ? op : partOf(op, what), value);
  }
  return value;
}
