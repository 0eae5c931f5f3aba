import type { Exploration, Point } from "./explore.ts";
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
  readonly weightSizes: readonly WeightSize[];
}
