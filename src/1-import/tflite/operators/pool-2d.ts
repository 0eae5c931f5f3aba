import type { PoolNode } from "../../../ir/graph.ts";
import { int32Field } from "../../flatbuffer.ts";
import { nodeBase, readActivation, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, Pool2DField } from "../schema.ts";
import { readWindow } from "../window.ts";

function pool(code: number, kind: PoolNode["kind"]): OperatorReader {
  return {
    code,
    options: OptionsType.Pool2DOptions,
    inputs: [1, 1],
    read(op): PoolNode | undefined {
      const map = op.inputs[0];
      const activation = readActivation(op, Pool2DField.activation);
      if (!map || !activation || !requireRank(op, "input", map, 4) || !requireMapTypes(op, [map]))
        return undefined;
      const size = (slot: number) => (op.options ? int32Field(op.options, slot, 0) : 0);
      const kernel = [size(Pool2DField.filterHeight), size(Pool2DField.filterWidth)] as const;
      const window = readWindow(op, Pool2DField, kernel, map);
      // TFLite divides by the positions that lie inside the map.
      return window && { kind, ...nodeBase(op, [map]), ...window, activation, countPadding: false };
    },
  };
}

export const averagePool2d = pool(OperatorCode.AVERAGE_POOL_2D, "average-pool");
export const maxPool2d = pool(OperatorCode.MAX_POOL_2D, "max-pool");
