/** Dilated pools as pools of every so many rows and columns, whose results are woven together. */
import type { IntGraph, IntMap, IntPool } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { Expansion } from "./expansion.ts";
import { greatestDivisor } from "../ir/greatest-divisor.ts";

/**
 * before: a dilated pool. after: a pool of neighbours for each set of outputs whose windows lie on the same rows and columns, and
 * an interleaving of all.
 */
export function withSplitDilations(graph: IntGraph): IntGraph {
  if (!graph.nodes.some(isDilated)) return graph;
  const draft = new Expansion(graph);
  for (const node of graph.nodes) {
    if (isDilated(node)) split(draft, node, node.dilation);
    else draft.nodes.push(node);
  }
  return { ...graph, maps: draft.maps, nodes: draft.nodes };
}

type Dilated = IntPool & { readonly dilation: readonly [number, number] };

function isDilated(node: IntGraph["nodes"][number]): node is Dilated {
  return (node.kind === "average-pool" || node.kind === "max-pool") && node.dilation !== undefined;
}

/** Outputs whose windows take the same elements of an axis: from `begin` on, every `dilation`-th. */
interface Phase {
  readonly begin: number;
  /** Outputs, and elements of the map. */
  readonly made: number;
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

interface Along {
  readonly phases: readonly Phase[];
  readonly stride: number;
}

/** Windows of `kernel` elements over `size` with `pads` in front become `made` outputs. */
function along(
  { dilation, kernel, pads, stride }: Readonly<Record<"dilation" | "kernel" | "pads" | "stride", number>>,
  size: number,
  made: number,
): Along {
  const divisor = greatestDivisor(dilation, stride);
  const [count, step] = [dilation / divisor, stride / divisor];
  const phases = Array.from({ length: Math.min(count, made) }, (_, i): Phase => {
    const first = i * stride - pads;
    const begin = first < 0 ? first + dilation * Math.ceil(-first / dilation) : first;
    const outputs = Math.ceil((made - i) / count);
    const before = (begin - first) / dilation;
    const reach = (outputs - 1) * step + kernel - before;
    const length = Math.min(reach, Math.ceil((size - begin) / dilation));
    return { begin, made: outputs, size: length, before, after: reach - length };
  });
  return { phases, stride: step };
}

function split(draft: Expansion, node: Dilated, dilation: readonly [number, number]): void {
  const [input, output] = [draft.mapOf(item(node.inputs, 0)), draft.mapOf(node.output)];
  const { kernel, padding, stride } = node;
  const window = (axis: 0 | 1, pads: number) => ({
    dilation: dilation[axis],
    kernel: kernel[axis],
    stride: stride[axis],
    pads,
  });
  const rows = along(window(0, padding.top), input.height, output.height);
  const columns = along(window(1, padding.left), input.width, output.width);
  const [tall, wide] = [item(rows.phases, 0).made, item(columns.phases, 0).made];
  const parts = rows.phases.flatMap((down, y) =>
    columns.phases.map((across, x): IntMap => {
      const name = `${node.name}/${y}_${x}`;
      const taken = draft.everyOf(name, input, dilation, down, across);
      const part = draft.map(output, `/${y}_${x}`, { height: down.made, width: across.made });
      const { dilation: _, ...plain } = node;
      draft.nodes.push({
        ...plain,
        name,
        sources: [],
        inputs: [taken.id],
        output: part.id,
        macs: 0,
        stride: [rows.stride, columns.stride],
        padding: { top: down.before, bottom: down.after, left: across.before, right: across.after },
      } satisfies IntPool);
      // all are woven as if they had the size of the first; what is too much lies behind the others
      const high = draft.bordered(`${name}/rows`, part, 0, [0, tall - down.made]);
      return draft.bordered(`${name}/columns`, high, 1, [0, wide - across.made]);
    }),
  );
  draft.weave(node, parts, [rows.phases.length, columns.phases.length]);
}
