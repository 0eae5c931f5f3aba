/** Integer graph -> plan of the small engine. */
import type { Problem } from "../../ir/errors.ts";
import { InputError, assert } from "../../ir/errors.ts";
import type { IntGraph, IntNode, MapId } from "../../ir/integer.ts";
import { unsupported } from "../operator-parts.ts";
import type { Operator } from "../plan.ts";
import { stepsOf, type Chain, type Step } from "../steps.ts";
import { withImageAsRead } from "../views.ts";
import { movesOf } from "./moves.ts";
import { parametersOf } from "./parameters.ts";
import { SMALL, type SmallLayer, type SmallMap, type SmallPlan } from "./plan.ts";

/** What a network has too much of. */
interface Shortage {
  readonly what: string;
  readonly node: string;
  readonly needed: number;
  readonly most: number;
}

/**
 * Throws InputError with everything in the network that the small engine cannot run (`no-hardware`) or has no room for
 * (`does-not-fit`). `board`: its name, for messages; `larger`: says which board would do.
 */
export function scheduleSmall(
  given: IntGraph,
  board: string,
  larger: () => string = () => "a board with a larger device",
): SmallPlan {
  const graph = withImageAsRead(given);
  const chain = stepsOf(graph, SMALL.lanes, SMALL.channels);
  const problems: Problem[] = [];
  const short: Shortage[] = [];
  const layers: SmallLayer[] = [];
  let before: MapId = graph.input;
  for (const step of chain.steps) {
    const operator = plainOperator(step, problems);
    if (operator === null) {
      before = step.kind === "operator" ? step.operator.output : step.node.output;
      continue;
    }
    if (chain.storage(operator.input) !== before || chain.uses(operator.input) > 1)
      problems.push({
        ...unsupported(operator.node, "a map that is read again later"),
        supported: "on a small engine: each layer reads the result of the one before it alone",
      });
    before = operator.output;
    layers.push(layerOf(graph, chain, operator, problems, short));
  }
  for (const { node } of chain.layouts)
    problems.push({
      ...unsupported(node, `operator ${node.kind}`),
      supported: "on a small engine: layers behind each other",
      fix: "choose a board with a larger device, see `firebrick boards`",
    });
  problems.push(...severalOutputs(graph, chain, before));
  const first = layers[0];
  if (first !== undefined) checkMap(first.source, "the picture", short);
  if (short.length > 0) problems.unshift(...doesNotFit(board, short, larger()));
  assert(first !== undefined || problems.length > 0, "a network has a layer");
  if (problems.length > 0 || first === undefined) throw new InputError(problems);
  return {
    graph,
    layers,
    input: first.source,
    output: before,
    multipliers: SMALL.lanes * SMALL.channels,
    hostNodes: chain.hostNodes,
  };
}

/** The engine hands over what its last layer makes. */
function severalOutputs(graph: IntGraph, { handedOver, storage }: Chain, last: MapId): Problem[] {
  return graph.nodes
    .filter(({ output }) => handedOver.includes(output) && storage(output) !== last)
    .map((node) => ({
      ...unsupported(node, "an output of the network that is not its last layer's"),
      supported: "on a small engine: the result of the last layer",
      fix: "choose a board with a larger device, see `firebrick boards`",
    }));
}

function plainOperator(step: Step, problems: Problem[]): Operator | null {
  const refused = refusedNode(step);
  if (refused !== null) {
    const [node, found] = refused;
    problems.push({
      ...unsupported(node, found),
      supported: "on a small engine: conv, depthwise, fully connected, average pool without padding, mean",
      fix: "choose a board with a larger device, see `firebrick boards`",
    });
  }
  return refused === null && step.kind === "operator" ? step.operator : null;
}

/** The node that the small engine does not take, and what it is; null for a plain operator. */
function refusedNode(step: Step): readonly [node: IntNode, found: string] | null {
  if (step.kind === "binary") return [step.node, `${step.node.kind} of two maps`];
  if (step.kind === "max-pool") return [step.node, "a max pool"];
  const { activation, bias, lookup, node, weights } = step.operator;
  if (activation) return [activation, "a kernel as activation"];
  if (lookup) return [lookup.node, "a function of single values"];
  if (step.centreTap) return [node, "a concatenation"];
  if (node.kind === "rescale") return [node, "a change of scale"];
  if (node.kind === "pad") return [node, "padding that no layer takes in"];
  // one divisor for each number of values in a window
  if (weights === null && bias.length > 1) return [node, "an average pool with padding"];
  return null;
}

function layerOf(
  graph: IntGraph,
  { storage }: Chain,
  operator: Operator,
  problems: Problem[],
  short: Shortage[],
): SmallLayer {
  const { node } = operator;
  const engine = node.kind === "conv" || node.kind === "depthwise" ? node.kind : "pool";
  const diagonal = operator.kind !== "conv";
  const result = mapOf(graph, operator.output);
  const source = sourceOf(
    mapOf(graph, storage(operator.input)),
    mapOf(graph, operator.input),
    node,
    problems,
  );
  const wordsPerTap = diagonal ? 1 : source.words;
  const [rows, columns] = operator.kernel;
  const loops = engine === "pool" ? { words: rows, columns, rows: 1 } : { words: wordsPerTap, columns, rows };
  const rowsPerGroup = rows * columns * wordsPerTap;
  const tiles = tilesOf(result.words, rowsPerGroup, diagonal);
  checkMap(result, `the result of ${node.name}`, short);
  limit(short, node.name, [
    ["rows of 16 weights for four outputs", rowsPerGroup, SMALL.weightRows],
    ["kernel rows", rows, engine === "pool" ? SMALL.maxSide : SMALL.maxKernel],
    ["kernel columns", columns, SMALL.maxKernel],
    ["tiles of output channels", tiles.length, SMALL.maxTiles],
  ]);
  const shape = {
    operator,
    engine,
    diagonal,
    source,
    result,
    wordsPerTap,
    loops,
    rowsPerGroup,
    tiles,
  } as const;
  return {
    ...shape,
    moves: movesOf(shape),
    ...parametersOf(graph, operator, result.channels, problems),
  };
}

/** The map as the layer reads it: fully connected layers take a map of whole words as one pixel. */
function sourceOf(stored: SmallMap, read: SmallMap, node: IntNode, problems: Problem[]): SmallMap {
  const isFlat = read.height === 1 && read.width === 1;
  const isSame = read.height === stored.height && read.width === stored.width;
  if (!isSame && !(isFlat && stored.channels % SMALL.channels === 0))
    problems.push({
      ...unsupported(node, `a map of ${stored.channels} channels that is read in another shape`),
      supported: "on a small engine: flattened maps of a multiple of 4 channels",
    });
  return read;
}

function mapOf(graph: IntGraph, id: MapId): SmallMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  const { channels, height, width } = map;
  return { height, width, channels, words: Math.ceil(channels / SMALL.channels) };
}

/** Two tiles and more fit in the ring, so that one loads while another computes. Diagonal ones are of one size. */
function tilesOf(groups: number, rowsPerGroup: number, diagonal: boolean): readonly number[] {
  const room = Math.floor(SMALL.weightRows / 2 / rowsPerGroup);
  const most = Math.max(1, Math.min(groups, SMALL.tileGroups, room));
  let size = most;
  // The walker's way back from a pixel's last group is one constant.
  while (diagonal && groups % size > 0) size -= 1;
  return Array.from({ length: Math.ceil(groups / size) }, (_, i) => Math.min(size, groups - i * size));
}

function checkMap(map: SmallMap, node: string, short: Shortage[]): void {
  limit(short, node, [
    ["bytes of a feature map", 4 * map.height * map.width * map.words, 4 * SMALL.bankWords],
    ["rows", map.height, SMALL.maxSide],
    ["columns", map.width, SMALL.maxSide],
    ["channels", map.words * SMALL.channels, SMALL.maxWords * SMALL.channels],
  ]);
}

function limit(
  short: Shortage[],
  node: string,
  needs: readonly (readonly [what: string, needed: number, most: number])[],
): void {
  for (const [what, needed, most] of needs) if (needed > most) short.push({ what, node, needed, most });
}

/** A problem a resource, with the layer that exceeds it most; what is exceeded most, in proportion to what there is, comes first. */
function doesNotFit(board: string, short: readonly Shortage[], larger: string): readonly Problem[] {
  const ratio = ({ most, needed }: Shortage): number => needed / most;
  const byResource = new Map<string, Shortage[]>();
  for (const one of [...short].sort((a, b) => ratio(b) - ratio(a)))
    byResource.set(one.what, [...(byResource.get(one.what) ?? []), one]);
  return [...byResource.values()].map(([worst, ...others], i): Problem => {
    assert(worst, "a resource that is short has a layer");
    const { most, needed, node, what } = worst;
    const more = others.length === 0 ? "" : `; too many for ${others.length} more`;
    return {
      code: "does-not-fit",
      node: board,
      found: `${needed} ${what} needed for ${node}${i === 0 ? " (the binding resource)" : ""}${more}`,
      supported: `${most} ${what}`,
      fix: `a narrower network or smaller pictures; ${larger}`,
    };
  });
}
