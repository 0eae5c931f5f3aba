/** Layers along one axis, of maps [1, C, L], as layers of maps of one row, [1, C, 1, L]. */
import type { OperatorContext, OperatorReader } from "../context.ts";
import { asMap, settle } from "../layout.ts";
import { CHANNELS_FIRST } from "../values.ts";
import type { MapValue, Value } from "../values.ts";

/** The reader of maps [1, C, H, W], for [1, C, L] too. */
export function alsoOfOneAxis(reader: OperatorReader): OperatorReader {
  return {
    ...reader,
    read(op) {
      const [map, ...others] = op.inputs;
      if (map?.kind !== "map" || map.shape.length !== 3) return reader.read(op);
      const inputs = [rowOf(op, map), ...others.map(widened)];
      const made = reader.read({ ...op, inputs, attributes: op.attributes.ofRows() });
      return made?.kind === "map" ? settle(op, made, made.shape.toSpliced(2, 1)) : undefined;
    },
  };
}

function rowOf(op: OperatorContext, value: MapValue): MapValue {
  const map = asMap(value)?.map;
  const isRow = map?.shape[2] === 1 && CHANNELS_FIRST.every((place, axis) => place === map.axes[axis]);
  if (isRow) return map;
  const at = { ...op, name: `${op.name}/row`, outputName: `${op.outputName}/row` };
  return settle(at, value, value.shape.toSpliced(2, 0, 1));
}

/** Weights [K, C / group, k] as [K, C / group, 1, k]. */
function widened(value: Value | undefined): Value | undefined {
  const isWeights = value?.kind === "constant" && value.shape.length === 3;
  return isWeights ? { ...value, shape: value.shape.toSpliced(2, 0, 1) } : value;
}
