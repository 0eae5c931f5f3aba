/** ARG_MAX and ARG_MIN, and CAST of what they choose. */
import type { ArgNode, DType } from "../../../ir/graph.ts";
import { integersOf, nodeBase, requireConstant, typesAdvice } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType } from "../schema.ts";

const MAPS: readonly DType[] = ["float32", "int8", "uint8"];
const PLACES: readonly DType[] = ["int32", "int64"];

/** inputs = [map, axis]. */
function arg(operator: number, options: number, kind: ArgNode["kind"]): OperatorReader {
  return {
    code: operator,
    options,
    inputs: [2, 2],
    read(op): ArgNode | undefined {
      const [map, stated] = op.inputs;
      if (!map || !stated || !requireConstant(op, "an axis", stated)) return undefined;
      if (!requireTypes(op, map.dtype, MAPS, PLACES)) return undefined;
      const rank = map.shape.length;
      const axes = integersOf(stated)?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? [];
      const [axis = -1] = axes;
      if (axes.length === 1 && axis < rank && (axis > 0 || (axis === 0 && rank === 1)))
        return { kind, ...nodeBase(op, [map]), axis };
      op.report(
        "unsupported-attribute",
        `${op.operator} over axis ${axes.join(", ") || "of another type"}`,
        "one axis behind the batch",
        "choose along rows, columns or channels",
      );
      return undefined;
    },
  };
}

export const argMax = arg(OperatorCode.ARG_MAX, OptionsType.ArgMaxOptions, "arg-max");
export const argMin = arg(OperatorCode.ARG_MIN, OptionsType.ArgMinOptions, "arg-min");

export const cast: OperatorReader = {
  code: OperatorCode.CAST,
  options: OptionsType.CastOptions,
  inputs: [1, 1],
  read(op) {
    const [map] = op.inputs;
    if (!map || !requireTypes(op, map.dtype, PLACES, [...PLACES, "float32"])) return undefined;
    return { kind: "cast", ...nodeBase(op, [map]) };
  },
};

function requireTypes(op: OperatorContext, from: DType, known: readonly DType[], made: readonly DType[]) {
  const to = op.output.dtype;
  if (known.includes(from) && made.includes(to)) return true;
  const supported = `from ${known.join(", ")} to ${made.join(", ")}`;
  op.report("unsupported-type", `${op.operator} from ${from} to ${to}`, supported, typesAdvice([from, to]));
  return false;
}
