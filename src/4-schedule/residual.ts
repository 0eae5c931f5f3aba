/** What stands behind the array for an operator of two maps: constants, and where the map from memory lies. */
import type { ResidualOperation } from "../format/descriptor.ts";
import { assert } from "../ir/errors.ts";
import type { IntAdd, IntBinary, IntGraph, IntMul, MapId } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import type { Draft } from "./draft.ts";
import type { Hardware, MapPlace, Residual, Scale } from "./plan.ts";
import { ceilDiv } from "./size.ts";
import type { BlockSize } from "./strips.ts";

/** What a block knows of its residual before it is made. */
export interface ResidualOf {
  readonly add: NonNullable<Draft["add"]>;
  /** Of the map in memory, and the block that writes it. */
  readonly place: MapPlace;
  readonly producer: number | null;
  readonly size: BlockSize;
}

/** A map of one row or column is read again for each row of the result, and for each of its pixels. */
export function makeResidual(
  graph: IntGraph,
  { add, place, producer, size }: ResidualOf,
  hw: Hardware,
): Residual {
  const { node, resultFirst } = add;
  const output = known(graph.maps.get(node.output), "the result is a map");
  const rowWords = ceilDiv(place.width * place.pixelPitch, hw.lbBytes);
  const { rows } = known(size.strips.at(-1), "a block has phases");
  // a few rows ahead are enough: more would keep the bus from the source rows that the phases wait for
  const slots = Math.min(Math.floor(hw.residualDepth / rowWords), size.streamed ? rows + 1 : 3);
  assert(slots >= (size.streamed ? Math.min(rows, output.height) : 1), "a strip of residual rows fits");
  return {
    node,
    operation: operationOf(node, resultFirst),
    place: place.rows === output.height ? place : { ...place, rows: output.height, rowPitch: 0 },
    pixelStep: place.width === output.width ? place.pixelPitch : 0,
    producer,
    rowWords,
    slots,
    lastBank: (slots - 1) * rowWords,
    ...constantsOf(graph, node, resultFirst),
  };
}

function operationOf({ kind }: IntBinary, resultFirst: boolean): ResidualOperation {
  return kind === "sub" && !resultFirst ? "sub-from" : kind;
}

/** The value as it is, on 20 places more, and back. */
const UP: Scale = { multiplier: 2 ** 30, right: 0, zeroPoint: 0 };
const DOWN: Scale = { multiplier: 2 ** 30, right: 18, zeroPoint: 0 };

type Constants = Pick<Residual, "result" | "residual" | "sum" | "min" | "max">;

function constantsOf(graph: IntGraph, node: IntBinary, resultFirst: boolean): Constants {
  switch (node.kind) {
    case "maximum":
    case "minimum":
      return { result: UP, residual: UP, sum: DOWN, min: -128, max: 127 };
    case "mul": {
      const left = { multiplier: 0, exponent: -node.leftShift };
      return constants(graph, node, [left, left], resultFirst);
    }
    case "add":
    case "sub":
      assert(node.leftShift === 20, "sums are shifted left by 20");
      return constants(graph, node, [node.input1, node.input2], resultFirst);
  }
}

function constants(
  graph: IntGraph,
  { inputs, max, min, output, result }: IntAdd | IntMul,
  factors: readonly [IntAdd["input1"], IntAdd["input2"]],
  resultFirst: boolean,
): Constants {
  const scale = ({ exponent, multiplier }: IntAdd["result"], id: MapId): Scale => {
    const { zeroPoint } = known(graph.maps.get(id), "an operand is a map");
    return { multiplier, right: -exponent, zeroPoint };
  };
  const operand = (i: 0 | 1) => scale(factors[i], item(inputs, i));
  const [whole, other] = resultFirst ? ([0, 1] as const) : ([1, 0] as const);
  return { result: operand(whole), residual: operand(other), sum: scale(result, output), min, max };
}
