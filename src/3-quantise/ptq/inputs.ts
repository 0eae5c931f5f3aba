/** What a network is calibrated with: pictures that are folded into its first layer, or real values of its input. */
import type { Graph, Preprocess } from "../../ir/graph.ts";
import { known } from "../../ir/known.ts";
import type { InputScale } from "./build.ts";
import { samplesOf, type Histogram } from "./histogram.ts";
import { foldPictures } from "./pictures.ts";
import { searchRange } from "./range.ts";

/** [H, W, C]: pixels, R, G, B or grey, of the network's size; or the real values of its input. */
export type CalibrationInput = Uint8Array | Float32Array;

/** The network as it reads what it is calibrated with. */
export interface Calibration {
  readonly graph: Graph;
  /** Pixel steps between what padding of the first layer stands for and the mean; 0 where the folding is exact. */
  readonly paddingError: number;
  /** What is taken from every value to make it the graph's input. */
  readonly zeroPoint: number;
  /** How the input is quantised, by what calibration saw of it. */
  scale(histogram: Histogram | undefined): InputScale;
}

/** `preprocess`: how the float network wants its pictures. */
export function withPictures(float: Graph, preprocess: Preprocess): Calibration {
  const { graph, paddingError, zeroPoint } = foldPictures(float, preprocess);
  return {
    graph,
    paddingError,
    zeroPoint,
    scale: () => ({ dtype: "uint8", scale: 1, zeroPoint: zeroPoint - 128 }),
  };
}

/** The network with int8 values of the whole range that its input has. */
export function withTensors(graph: Graph): Calibration {
  return {
    graph,
    paddingError: 0,
    zeroPoint: 0,
    scale(histogram) {
      const seen = known(histogram, "calibration saw the input");
      const { scale, zeroPoint } = searchRange(samplesOf([{ histogram: seen, factors: undefined }]), true);
      return { dtype: "int8", scale, zeroPoint };
    },
  };
}

/** What the quantised network reads, re-centred int8. */
export function integersOf(real: Float32Array, { scale, zeroPoint }: InputScale): Int8Array {
  const result = new Int8Array(real.length);
  for (let i = 0; i < real.length; i++)
    result[i] = Math.min(127, Math.max(-128, Math.round(real[i]! / scale) + zeroPoint));
  return result;
}
