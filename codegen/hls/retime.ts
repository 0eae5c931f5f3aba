/** Moves nodes between the stages of a schedule so that fewer bits cross the stages' ends. */
import { depthOf, type Schedule } from "./schedule.ts";
import { isBlockRom, type SsaNode } from "./ssa.ts";
import { item, known } from "../../src/ir/known.ts";

export interface RetimeOptions {
  /** Levels of logic that a stage may have; a deeper node begins its stage. */
  readonly maxDepth: number;
  readonly results: readonly SsaNode[];
  /** Bits that are kept of each node. */
  readonly widths: ReadonlyMap<SsaNode, number>;
}

/** Passes over all nodes; most kernels come to rest after four. */
const rounds = 8;

/** The same number of stages with the fewest bits of registers that a local search finds. `nodes` have operands first. */
export function retime(nodes: readonly SsaNode[], plan: Schedule, options: RetimeOptions): Schedule {
  const graph = graphOf(nodes, plan.stages, options);
  const early = graph.nodes.map((node) => known(plan.stageOf.get(node), "every node has a stage"));
  const starts = [early, latest(graph, early)].filter((stages) => stages !== null);
  const found = starts.map((stages) => improve(graph, stages));
  const best = found.reduce((a, b) => (total(graph, b) < total(graph, a) ? b : a));
  const { depths } = depthsOf(graph, best);
  return { ...plan, stageOf: new Map(graph.nodes.map((node, i) => [node, item(best, i)])), depths };
}

interface Graph {
  readonly nodes: readonly SsaNode[];
  readonly operands: readonly (readonly number[])[];
  readonly users: readonly (readonly number[])[];
  readonly isResult: readonly boolean[];
  readonly depth: readonly number[];
  readonly width: readonly number[];
  /** Reads of block RAM: each begins its stage and ends it. */
  readonly isBlock: readonly boolean[];
  readonly stages: number;
  readonly maxDepth: number;
}

function graphOf(all: readonly SsaNode[], stages: number, options: RetimeOptions): Graph {
  const nodes = all.filter(({ operation }) => operation !== "const");
  const place = new Map(nodes.map((node, i) => [node, i]));
  const operands = nodes.map((node) => node.operands.flatMap((operand) => place.get(operand) ?? []));
  const users: number[][] = nodes.map(() => []);
  for (const [i, list] of operands.entries()) for (const operand of list) item(users, operand).push(i);
  return {
    nodes,
    operands,
    users,
    stages,
    maxDepth: options.maxDepth,
    isResult: nodes.map((node) => options.results.includes(node)),
    depth: nodes.map(depthOf),
    isBlock: nodes.map(isBlockRom),
    width: nodes.map((node) => options.widths.get(node) ?? 1),
  };
}

/** Where each path ends within its stage, and whether every stage keeps to the depth. */
function depthsOf(graph: Graph, stage: readonly number[]) {
  const ends: number[] = [];
  const depths = Array.from({ length: graph.stages }, () => 0);
  let fits = true;
  for (const [i, own] of graph.depth.entries()) {
    let start = 0;
    for (const operand of item(graph.operands, i)) {
      if (stage[operand] !== stage[i]) continue;
      start = Math.max(start, item(ends, operand));
      if (graph.isBlock[operand]) fits = false;
    }
    ends.push(start + own);
    if (start > 0 && (start + own > graph.maxDepth || graph.isBlock[i])) fits = false;
    depths[item(stage, i) - 1] = Math.max(item(depths, item(stage, i) - 1), start + own);
  }
  return { depths, fits };
}

/**
 * Bits of registers behind a node. Those before and after a product lie in the multiplier's own cell, those behind a block
 * RAM in the RAM.
 */
function registerBits(
  { nodes, users, isResult, isBlock, width, stages }: Graph,
  stage: readonly number[],
  i: number,
) {
  let last = isResult[i] ? stages + 1 : item(stage, i);
  for (const user of item(users, i)) last = Math.max(last, item(stage, user));
  const crossed = last - item(stage, i);
  if (crossed === 0) return 0;
  const ownsRegister = item(nodes, i).operation === "mul" || item(isBlock, i);
  const feedsProducts =
    !isResult[i] &&
    item(users, i).every((user) => item(stage, user) < last || item(nodes, user).operation === "mul");
  const free = Math.min(crossed, (ownsRegister ? 1 : 0) + (feedsProducts ? 1 : 0));
  return (crossed - free) * item(width, i);
}

function total(graph: Graph, stage: readonly number[]): number {
  return graph.nodes.reduce((sum, _, i) => sum + registerBits(graph, stage, i), 0);
}

/** Every node as late as its users allow; null when that does not fit. */
function latest(graph: Graph, early: readonly number[]): number[] | null {
  const stage = [...early];
  const tails: number[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i -= 1) {
    const users = item(graph.users, i);
    let last = graph.isResult[i] || users.length === 0 ? graph.stages : Infinity;
    // What a block RAM gives is there a stage later.
    for (const user of users) last = Math.min(last, item(stage, user) - (graph.isBlock[i] ? 1 : 0));
    let tail = 0;
    for (const user of users) {
      if (stage[user] !== last) continue;
      tail = Math.max(
        tail,
        graph.isBlock[user] ? graph.maxDepth : item(tails, user) + item(graph.depth, user),
      );
    }
    if (tail > 0 && tail + item(graph.depth, i) > graph.maxDepth) [last, tail] = [last - 1, 0];
    if (item(graph.nodes, i).operation === "input") last = item(early, i);
    if (last < item(early, i)) return null;
    stage[i] = last;
    tails[i] = tail;
  }
  return depthsOf(graph, stage).fits ? stage : null;
}

/** Moves single nodes and cones of them as long as that saves bits; moves that cost nothing make room for others. */
function improve(graph: Graph, start: readonly number[]): number[] {
  let best = [...start];
  let stage = [...start];
  for (let round = 0; round < rounds; round += 1) {
    const [mostLater, mostEarlier] = round % 2 === 0 ? [0, -1] : [-1, 0];
    for (let i = graph.nodes.length - 1; i >= 0; i -= 1) stage = moved(graph, stage, i, 1, mostLater);
    for (const i of graph.nodes.keys()) stage = moved(graph, stage, i, -1, mostEarlier);
    if (total(graph, stage) < total(graph, best)) best = stage;
  }
  return best;
}

/**
 * A node one stage later or earlier, as often as that changes the bits by `most` at the most; what its stage must do after
 * it, or before it, goes along.
 */
function moved(graph: Graph, from: number[], i: number, by: 1 | -1, most: number): number[] {
  const cone = new Set<number>();
  const open = [i];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (item(graph.nodes, next).operation === "input") return from;
    cone.add(next);
    const along = by === 1 ? item(graph.users, next) : item(graph.operands, next);
    open.push(...along.filter((other) => from[other] === from[next]));
  }
  const to = item(from, i) + by;
  if (to < 1 || to > graph.stages) return from;
  const stage = from.map((own, node) => (cone.has(node) ? to : own));
  const touched = new Set([...cone].flatMap((node) => [node, ...item(graph.operands, node)]));
  let change = 0;
  for (const node of touched) {
    change += registerBits(graph, stage, node) - registerBits(graph, from, node);
  }
  if (change > most || !depthsOf(graph, stage).fits) return from;
  return moved(graph, stage, i, by, most);
}
