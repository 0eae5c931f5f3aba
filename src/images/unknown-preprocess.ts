import type { Problem } from "../ir/errors.ts";

/** A picture for a network that neither says nor was told how pictures become its input; `node`: the picture or network. */
export function unknownPreprocess(node: string): Problem {
  return {
    code: "unknown-preprocess",
    node,
    found: "a model that does not say how pictures become its input",
    supported: "--mean R,G,B, --std R,G,B, --channels rgb|bgr, --resize N",
    fix: "state what the network was trained with, such as --mean 123.7,116.3,103.5 --std 58.4,57.1,57.4, or give raw tensors (*.bin)",
  };
}
