/** Blocks before they have sizes and places: what `fuse` makes and the steps behind it read. */
import type { PhaseKind } from "../format/descriptor.ts";
import type { IntBinary, IntPool, MapId } from "../ir/integer.ts";
import type { Operator } from "./plan.ts";
import type { SparsePhase } from "./sparse/steps.ts";

/** A phase with its geometry; `kernel`, `stride` and paddings are those of the source that it walks. */
export interface PhaseShape {
  readonly kind: PhaseKind;
  readonly operator: Operator | null;
  /** A 1 x 1 convolution of the same source whose channels come first. */
  readonly centreTap: Operator | null;
  readonly readsPatches: boolean;
  /** Steps of a convolution that leaves zeros out; null: one word of the patch a step. */
  readonly sparse: SparsePhase | null;
  readonly kernel: readonly [number, number];
  /** Rows and columns of the window that holds the kernel: the depthwise engine's may have more than the kernel. */
  readonly window: readonly [height: number, width: number];
  readonly stride: readonly [number, number];
  /** Columns of a depthwise window that a step takes. */
  readonly columns: 1 | 2;
  readonly padTop: number;
  readonly padLeft: number;
  readonly inputRows: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputRows: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  /** Whether pixels of results fill whole beats of the bus in memory, since the map is read in another shape. */
  readonly wholeBeats: boolean;
}

export interface Draft {
  readonly phases: readonly PhaseShape[];
  readonly source: MapId;
  /** The map in memory: behind residual and pool. */
  readonly output: MapId;
  /** What is computed of the result and a map from memory, `residual`. */
  readonly add: { readonly node: IntBinary; readonly residual: MapId; readonly resultFirst: boolean } | null;
  readonly pool: IntPool | null;
}
