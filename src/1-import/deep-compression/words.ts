/** What docs/operators.md says of each layer of Caffe, by name: a line for every entry of the readers' table; a test compares the two. */
import type { OperatorWords } from "../words.ts";

export const LAYER_WORDS: Readonly<Record<string, OperatorWords>> = {
  Convolution: {
    node: "`conv`",
    options: "num_output, group, kernel, stride, pad, dilation",
    refused: "without a bias; axes other than channels",
  },
  ReLU: { node: "`relu`", refused: "a negative slope" },
  Pooling: {
    node: "`max-pool`, `average-pool`",
    options: "pool, kernel, stride, pad, global_pooling, round_mode",
    refused: "stochastic pooling",
  },
  Concat: { node: "`concat`", options: "axis", refused: "axes other than channels" },
  Dropout: { node: "`identity`" },
  Eltwise: { node: "`add`", refused: "other than sums with factors 1" },
  Softmax: { node: "`softmax`", options: "axis", refused: "axes other than channels" },
};
