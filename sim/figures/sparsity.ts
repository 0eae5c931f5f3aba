/** `npm run sparsity`: docs/sparsity.md, what pruning gains in cycles. */
import { mkdirSync, writeFileSync } from "node:fs";
import { compressGraph } from "../../src/compress/compress.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { item } from "../../src/ir/known.ts";
import { loadGraph } from "../../src/load.ts";
import { packagePath } from "../../src/platform/package.ts";
import { markdownTable } from "./markdown.ts";
import { picture } from "./picture.ts";

const MEMORY = { bytes: 16, latency: 40, outstanding: 16 };
const NETWORKS = ["squeezenet-1.0", "mobilenet-v1-1.0-224", "mobilenet-v2-1.0-224"] as const;
const DENSITIES = [1, 0.8, 0.6, 0.4, 0.2] as const;

/** Pruned by magnitude alone, and so that steps come out full. */
const KINDS = ["magnitude", "balanced"] as const;
type Kind = (typeof KINDS)[number];

/** Cycles of an image at a density. */
interface Point {
  readonly density: number;
  readonly cycles: number;
}

function cyclesOf(graph: Graph, size: number): number {
  const plan = schedule(lower(runPasses(graph)), { pk: size, pc: size, busBytes: 16, sparse: true });
  return predict(plan, MEMORY).cycles;
}

/** A network whose convolutions, but depthwise ones, keep a share of their weights. */
function pruned(graph: Graph, density: number, kind: Kind, size: number): Graph {
  const convolutions = new Set(graph.nodes.filter((node) => node.kind === "conv").map(({ name }) => name));
  return compressGraph(graph, {
    bits: 8,
    density: (name) => (convolutions.has(name) ? density : undefined),
    balanced: kind === "balanced" ? size : undefined,
  }).graph;
}

function curve(name: string, kind: Kind, size: number): Point[] {
  const graph = loadGraph(name, {});
  return DENSITIES.map((density) => ({
    density,
    cycles: cyclesOf(pruned(graph, density, kind, size), size),
  }));
}

/** Takes some minutes: every network is pruned and packed ten times. */
export function writeSparsity(): void {
  const curves = NETWORKS.map((name) => ({ name, of: KINDS.map((kind) => curve(name, kind, 16)) }));
  const speedUp = (points: readonly Point[]) =>
    points.map(({ cycles, density }) => [density, item(points, 0).cycles / cycles] as const);
  const lines = curves.flatMap(({ name, of }) =>
    of.map((points, i) => [`${name}, ${item(KINDS, i)}`, speedUp(points)] as const),
  );
  const chart = picture(
    "sparsity",
    "Speed-up of an image by density of the weights",
    "density",
    false,
    lines,
  );
  mkdirSync(packagePath("docs", "images"), { recursive: true });
  writeFileSync(packagePath("docs", "images", "sparsity-cycles.svg"), chart);
  writeFileSync(packagePath("docs", "sparsity.md"), page(curves));
}

function page(
  curves: readonly { readonly name: string; readonly of: readonly (readonly Point[])[] }[],
): string {
  const rows = DENSITIES.map((density, i) => [
    String(density),
    ...curves.flatMap(({ of }) => of.map((points) => (item(points, i).cycles / 1e6).toFixed(3))),
  ]);
  return `# What pruning gains in cycles

Written by \`npm run sparsity\`, by the cycle model with 16 bytes a cycle. A density is the share of weights that stay: the largest of each layer (*magnitude*), or those that
fill [sparse steps](hardware.md#sparse-steps) (*balanced*, \`firebrick compress --balanced\`, [compressed-models.md](compressed-models.md)).

Million cycles of an image on 16x16 multipliers. Of SqueezeNet all convolutions are pruned, of MobileNets the first and the pointwise ones; depthwise layers, and layers whose patches
are packed, stay as they are. Weights are the zoo's seeded ones: what a network loses by it is in [pruned-accuracy.md](pruned-accuracy.md), for the embedded one.

![Speed-up by density](images/sparsity-cycles.svg)

${markdownTable(["density", ...curves.flatMap(({ name }) => KINDS.map((kind) => `${name}, ${kind}`))], rows)}`;
}
