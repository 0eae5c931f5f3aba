/** Large max pools as two: a maximum is that of its rows' maxima, which a window's neighbours share. */
import { assert } from "../ir/errors.ts";
import type { IntGraph, IntMap, IntNode, IntPool } from "../ir/integer.ts";
import { type ArrayOptions, ceilDiv, roundUp } from "./size.ts";
import { lineBudget } from "./strips.ts";

/** Cycles that a row of a phase takes beside its taps. */
const ROW_CYCLES = 8;
/** Share of a pool's cycles below which two are worth it: a 1 x 1 convolution behind one joins its block, behind two not. */
const WORTH = 0.75;
/** Rows between the two in their line buffer. */
const LINE_ROWS = 4;

/**
 * before: a max pool of kh x kw. after: one of kh x 1, one of 1 x kw, where they take far fewer cycles of the array and the rows
 * between them fit a line buffer. The map between them is called after the pool's, `/columns`.
 */
export function withSplitPools(graph: IntGraph, o: ArrayOptions): IntGraph {
  const maps = new Map(graph.maps);
  const nodes = graph.nodes.flatMap((node): readonly IntNode[] => {
    if (node.kind !== "max-pool") return [node];
    const [input, output] = [maps.get(node.inputs[0] ?? -1), maps.get(node.output)];
    assert(input && output, "a pool has its maps");
    if (!pays(node, input, output, o)) return [node];
    const { left, right, ...ends } = node.padding;
    const id = Math.max(...maps.keys()) + 1;
    const name = (of: string) => `${of}/columns`;
    maps.set(id, { ...input, id, name: name(output.name), height: output.height });
    return [
      {
        ...node,
        name: name(node.name),
        output: id,
        min: -128,
        max: 127,
        kernel: [node.kernel[0], 1],
        stride: [node.stride[0], 1],
        padding: { ...ends, left: 0, right: 0 },
      },
      {
        ...node,
        inputs: [id],
        kernel: [1, node.kernel[1]],
        stride: [1, node.stride[1]],
        padding: { top: 0, left, bottom: 0, right },
      },
    ];
  });
  return { ...graph, maps, nodes };
}

function pays({ kernel: [kh, kw] }: IntPool, input: IntMap, output: IntMap, o: ArrayOptions): boolean {
  const { height, width } = output;
  const tap = ceilDiv(input.channels, o.pk) * (o.packed ? 2 : 1);
  const one = height * width * kh * kw * tap;
  const two = height * (input.width * kh + width * kw) * tap + height * ROW_CYCLES;
  const row = input.width * roundUp(input.channels, Math.max(o.pk, o.pc));
  return two <= WORTH * one && LINE_ROWS * row <= lineBudget(o);
}
