/** Bilinear resizes as layers: the pixels that lie equally between those around them are one layer's results, woven together. */
import { greatestDivisor } from "../ir/greatest-divisor.ts";
import type { IntGraph, IntMap, IntResize } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { exactSteps, linearSteps } from "../ir/linear.ts";
import type { LinearSteps } from "../ir/linear.ts";
import { meanOf } from "./blend.ts";
import { sameQuantization } from "../3-quantise/context.ts";
import { Expansion } from "./expansion.ts";
import { divide } from "./host.ts";

/**
 * before: a bilinear resize that the accelerator computes. after: the map with its edges repeated, a weighted mean of windows
 * for each phase, and all woven together. A resize of too many phases stays.
 */
export function withSplitResizes(graph: IntGraph): IntGraph {
  if (!graph.nodes.some(({ kind }) => kind === "resize-bilinear")) return graph;
  const { hostNodes } = divide(graph);
  const draft = new Expansion(graph);
  for (const node of graph.nodes)
    if (node.kind !== "resize-bilinear" || hostNodes.includes(node) || !split(draft, node, graph.rounding))
      draft.nodes.push(node);
  return { ...graph, maps: draft.maps, nodes: draft.nodes };
}

/** Every so many-th element along an axis: element q lies `weights` between elements `first` + q * stride and those behind it. */
interface Phase {
  readonly first: number;
  readonly weights: readonly number[];
}

interface Along {
  readonly phases: readonly Phase[];
  readonly stride: number;
  /** Elements of each phase. */
  readonly count: number;
  /** Elements in front of the map and behind it that phases read. */
  readonly border: readonly [number, number];
}

/** Weights are 9 bits wide; their products along both axes have to be. */
const MOST_WEIGHT = 255;
/** Each pair of phases is a layer. */
const MOST_PHASES = 16;

function along({ offset, one, step }: LinearSteps, size: number, made: number): Along | undefined {
  const period = one / greatestDivisor(one, step);
  const stride = (period * step) / one;
  const count = Math.ceil(made / period);
  if (period > MOST_PHASES || step === 0) return undefined;
  const phases = Array.from({ length: period }, (_, i): Phase => {
    const at = offset + i * step;
    const first = Math.floor(at / one);
    const weight = at - first * one;
    const unit = greatestDivisor(one, weight);
    return { first, weights: weight === 0 ? [1] : [(one - weight) / unit, weight / unit] };
  });
  const before = Math.max(0, ...phases.map(({ first }) => -first));
  const end = Math.max(...phases.map(({ first, weights }) => first + (count - 1) * stride + weights.length));
  return { phases, stride, count, border: [before, Math.max(0, end - size)] };
}

/** The elements that a phase reads, of those with borders. */
function readBy(
  { first, weights }: Phase,
  { border, count, stride }: Along,
): { begin: number; count: number } {
  return { begin: first + border[0], count: (count - 1) * stride + weights.length };
}

/** False where the array cannot compute it. */
function split(draft: Expansion, node: IntResize, rounding: IntGraph["rounding"]): boolean {
  const [input, output] = [draft.mapOf(item(node.inputs, 0)), draft.mapOf(node.output)];
  const stepsOf = rounding === "float32" ? exactSteps : linearSteps;
  const sized = (size: number, made: number) => along(stepsOf(size, made, node.alignment), size, made);
  const [rows, columns] = [sized(input.height, output.height), sized(input.width, output.width)];
  if (!rows || !columns || !sameQuantization(input, output)) return false;
  const most = [rows, columns].map(({ phases }) => Math.max(...phases.flatMap(({ weights }) => weights)));
  if (item(most, 0) * item(most, 1) > MOST_WEIGHT) return false;
  const wide = draft.bordered(`${node.name}/columns`, input, 1, columns.border);
  const whole = draft.bordered(`${node.name}/rows`, wide, 0, rows.border);
  const sides = { height: rows.count, width: columns.count };
  const parts = rows.phases.flatMap((down, y) =>
    columns.phases.map((across, x): IntMap => {
      const name = `${node.name}/${y}_${x}`;
      const kernel = [down.weights.length, across.weights.length] as const;
      const stride = [rows.stride, columns.stride] as const;
      const tall = draft.part(`${name}/rows`, whole, 0, readBy(down, rows));
      const window = draft.part(`${name}/columns`, tall, 1, readBy(across, columns));
      const part = draft.map(output, `/${y}_${x}`, sides);
      const weights = down.weights.flatMap((a) => across.weights.map((b) => a * b));
      const macs = sides.height * sides.width * output.channels * weights.length;
      const base = { name, sources: [], inputs: [window.id], output: part.id, macs };
      draft.nodes.push(meanOf({ ...base, kernel, stride, weights }, part, rounding));
      return part;
    }),
  );
  const factor = [rows.phases.length, columns.phases.length] as const;
  draft.weave(node, parts, factor);
  return true;
}
