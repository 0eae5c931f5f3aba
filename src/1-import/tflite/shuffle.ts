/**
 * Shuffles of channels. before: r = RESHAPE(map) to [1, H, W, G, C / G], t = TRANSPOSE(r), RESHAPE(t) to the map's shape.
 * after: one operator that takes the channels in another order.
 */
import { item } from "../../ir/known.ts";
import { placesOf, stridesOf } from "../../ir/places.ts";
import { sameShape } from "../../ir/shapes.ts";
import { keepsScale, numbersAt, soleMaker } from "./dilated.ts";
import type { FileOperator, TfliteFile } from "./file.ts";
import { OperatorCode } from "./schema.ts";

/** The operators with such shuffles as one, in the place of the last of the three; the others are `absorbed`. */
export function joinShuffles(file: TfliteFile): {
  readonly operators: readonly FileOperator[];
  readonly absorbed: readonly FileOperator[];
} {
  const absorbed = new Set<FileOperator>();
  const operators = file.operators.map((last) => {
    const middle = last.operator === "RESHAPE" ? soleMaker(file, last) : undefined;
    const first = middle?.operator === "TRANSPOSE" ? soleMaker(file, middle) : undefined;
    if (!middle || first?.operator !== "RESHAPE") return last;
    const shuffled = orderOf(file, first, middle, last);
    if (!shuffled) return last;
    absorbed.add(first).add(middle);
    const inputs = first.inputs.slice(0, 1);
    const { index, outputs } = last;
    const code = { code: OperatorCode.GATHER, operator: "GATHER", optionsType: 0, options: undefined };
    return { ...code, index, inputs, outputs, shuffled };
  });
  return {
    operators: operators.filter((operator) => !absorbed.has(operator)),
    absorbed: [...absorbed],
  };
}

/** Which channel each becomes; undefined where rows or columns would move. */
function orderOf(
  file: TfliteFile,
  first: FileOperator,
  middle: FileOperator,
  last: FileOperator,
): readonly number[] | undefined {
  const shapeOf = (id: number | undefined) => file.tensors[id ?? -1]?.shape ?? [];
  const [from, split, to] = [shapeOf(first.inputs[0]), shapeOf(first.outputs[0]), shapeOf(last.outputs[0])];
  const order = numbersAt(file, middle.inputs[1]) ?? [];
  const isSplit = from.length === 4 && split.length > 4 && sameShape(split.slice(0, 3), from.slice(0, 3));
  const keepsPlaces = order.length === split.length && order.slice(0, 3).every((axis, i) => axis === i);
  if (!isSplit || !keepsPlaces || !sameShape(from, to)) return undefined;
  if (![first, middle, last].every((operator) => keepsScale(file, operator))) return undefined;
  const [sizes, moved] = [split.slice(3), order.slice(3).map((axis) => axis - 3)];
  const strides = stridesOf(sizes);
  return placesOf(
    moved.map((axis) => item(sizes, axis)),
    moved.map((axis) => item(strides, axis)),
  );
}
