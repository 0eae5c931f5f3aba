import { showShape } from "../../../ir/shapes.ts";
import { integersOf } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType } from "../schema.ts";

/** What the order of axes (layout.ts) could not take over. inputs = [map, order]. */
export const transpose: OperatorReader = {
  code: OperatorCode.TRANSPOSE,
  options: OptionsType.TransposeOptions,
  inputs: [1, 2],
  read(op): undefined {
    const [map, order] = op.inputs;
    const axes = op.axes ?? (order && integersOf(order));
    op.report(
      "unsupported-attribute",
      `values of ${showShape(map?.shape ?? [])} moved to axes ${axes?.join(", ") ?? "that the network computes"}`,
      "transpositions that a later one undoes, with operators in between that treat every value on its own, or before a mean or a fully connected layer",
      "convert the network with channels last throughout",
    );
    return undefined;
  },
};
