/** The larger or smaller values of maps, and of maps and numbers. */
import { elements } from "../../../ir/shapes.ts";
import type { OperatorReader } from "../context.ts";
import { clamped } from "./clip.ts";
import { binary, ofAny } from "./elementwise.ts";

/** A number is a limit of the map. */
function extreme(
  kind: "maximum" | "minimum",
  limits: (number: number) => readonly [low: number, high: number],
): OperatorReader {
  const pair = binary(kind);
  return ofAny({
    inputs: [2, 2],
    read(op) {
      const [map, other] = op.inputs;
      const number = other?.kind === "constant" && elements(other.shape) === 1 ? Number(other.data[0]) : NaN;
      return map?.kind !== "map" || Number.isNaN(number)
        ? pair.read(op)
        : clamped(op, map, ...limits(number));
    },
  });
}

export const max = extreme("maximum", (number) => [number, Infinity]);
export const min = extreme("minimum", (number) => [-Infinity, number]);
