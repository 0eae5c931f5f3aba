/** The plan of the small engine (hw/rtl/small_engine.v): layers, their tiles and the moves of its walker. docs/icebreaker.md. */
import type { IntGraph, IntNode, MapId } from "../../ir/integer.ts";
import type { Operator } from "../plan.ts";

/** What one step of the walker adds to the address, in words, and to column and row. */
export interface Move {
  readonly address: number;
  readonly column: number;
  readonly row: number;
}

/** A map in a bank: words of four channels, [height][width][words]. */
export interface SmallMap {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly words: number;
}

export interface SmallLayer {
  readonly operator: Operator;
  readonly engine: "conv" | "depthwise" | "pool";
  /** Whether lane k takes channel k alone: depthwise convolutions and averages. */
  readonly diagonal: boolean;
  readonly source: SmallMap;
  readonly result: SmallMap;
  /** Words of a tap: those of a source pixel, or 1. */
  readonly wordsPerTap: number;
  /**
   * How often the walker's three inner loops run: words of a tap, columns and rows of the kernel. Of an average, whose weights are
   * all alike, the first goes through the rows: it is the longest, and there is one word a tap.
   */
  readonly loops: { readonly words: number; readonly columns: number; readonly rows: number };
  /** Rows of 16 weights, and steps, of a group of four output channels. */
  readonly rowsPerGroup: number;
  /** Groups of each tile; all alike but for the last. */
  readonly tiles: readonly number[];
  /** First position; next word, column, row, group, pixel, line, tile. */
  readonly moves: readonly Move[];
  /** One entry an output channel; `shift` is a right shift. */
  readonly bias: Int32Array;
  readonly multiplier: Int32Array;
  readonly shift: Uint8Array;
  /** As in `Operator`, int8. */
  readonly weights: Int8Array;
  readonly outputZeroPoint: number;
}

export interface SmallPlan {
  readonly graph: IntGraph;
  readonly layers: readonly SmallLayer[];
  readonly input: SmallMap;
  /** The map of the last layer, which the host reads. */
  readonly output: MapId;
  readonly multipliers: number;
  /** Nodes that the host computes when the engine is done, in order. */
  readonly hostNodes: readonly IntNode[];
}

/** Fixed in the hardware. */
export const SMALL = {
  lanes: 4,
  channels: 4,
  /** Words of four bytes in a bank of maps. */
  bankWords: 16384,
  /** Rows of 16 weights in the ring. */
  weightRows: 256,
  /** Groups of a tile; four tiles are in flight. */
  tileGroups: 16,
  tilesAhead: 4,
  /** Fields of the descriptor. */
  maxSide: 256,
  maxKernel: 16,
  maxWords: 255,
  maxTiles: 256,
} as const;
