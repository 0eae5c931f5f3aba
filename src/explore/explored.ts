import type { Exploration, Point } from "./explore.ts";
import type { Resources } from "../resources/family.ts";
import type { WeightSize } from "./weight-sizes.ts";

/** What `explore --json` prints of one network. */
export interface Explored extends Exploration {
  readonly model: string;
  readonly board: string;
  readonly clockMHz: number;
  readonly parameters: number;
  readonly macs: number;
  /** The fastest that fits. */
  readonly best: Point;
  /** What makes its Verilog. */
  readonly command: string;
  /** The same for every point of the front, in its order. */
  readonly commands: readonly string[];
  /** What the board has; null without a board, and where its file has no figure. */
  readonly limits: {
    readonly luts: number | null;
    readonly dsps: number | null;
    readonly ramBits: number | null;
  };
  readonly weightSizes: readonly WeightSize[];
  /** What synthesis makes of the first of the front, in its order; empty without `--synth`. */
  readonly synthesis: readonly Resources[];
}
