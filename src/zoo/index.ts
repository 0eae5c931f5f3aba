/** Networks by name, with seeded weights. To add one: a file beside this one, and its entry in FAMILIES. */
import { countNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";
import { InputError } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { item } from "../ir/known.ts";
import { withActivation } from "./activation.ts";
import { COMPARED } from "./compared.ts";
import { efficientnetFamily } from "./efficientnet-lite.ts";
import type { Family } from "./family.ts";
import { MLPERF_TINY } from "./mlperf-tiny.ts";
import { mobilenetV1Family } from "./mobilenet-v1.ts";
import { mobilenetV2Family } from "./mobilenet-v2.ts";
import { mobilenetV3Family } from "./mobilenet-v3.ts";
import { nearest } from "../ir/nearest.ts";
import { seededGraph } from "./seeded/graph.ts";
import { squeezenetFamily } from "./squeezenet-names.ts";
import { ssdFamilies } from "./ssd-mobilenet-v2.ts";

/** A line of `firebrick models`. */
export interface ZooEntry {
  readonly name: string;
  /** Kind, input size and results in a few words. */
  readonly description: string;
  readonly parameters: number;
  readonly macs: number;
  readonly source: string;
}

const DEFAULT_SEED = 1;

export interface WeightOptions {
  readonly seed?: number;
  /** A kernel in place of every activation: an ActivationName, its file absolute. */
  readonly activation?: string | undefined;
}

const FAMILIES: readonly Family[] = [
  squeezenetFamily,
  mobilenetV1Family,
  mobilenetV2Family,
  mobilenetV3Family,
  efficientnetFamily,
  ...MLPERF_TINY,
  ...ssdFamilies,
  ...COMPARED,
];

/** True when `name` is a network of the zoo. */
export function isZooName(name: string): boolean {
  return FAMILIES.some((family) => family.describe(name));
}

/**
 * The network of that name as an int8 graph with seeded weights; another seed gives other weights.
 * Throws InputError `unknown-network` with the nearest names.
 */
export function zoo(name: string, options: WeightOptions = {}): Graph {
  return withSeededWeights(describeZoo(name), options);
}

/** A described network as an int8 graph with seeded weights. */
export function withSeededWeights(network: Network, { activation, seed }: WeightOptions = {}): Graph {
  const activated = activation === undefined ? network : withActivation(network, activation);
  return seededGraph(activated, seed ?? DEFAULT_SEED);
}

/** Layers and shapes of the network of that name. Throws InputError `unknown-network`. */
export function describeZoo(name: string): Network {
  for (const family of FAMILIES) {
    const network = family.describe(name);
    if (network) return network;
  }
  const names = FAMILIES.flatMap((family) => family.names);
  throw new InputError({
    code: "unknown-network",
    node: name,
    found: "a name that the zoo does not have",
    supported: FAMILIES.map((family) => family.pattern).join(", "),
    fix: `did you mean ${nearest(name, names, 3).join(", ")}? \`firebrick models\` lists all`,
  });
}

/** The networks that `firebrick models` lists. */
export function listZoo(): ZooEntry[] {
  return FAMILIES.flatMap(({ names, title, source }) =>
    names.map((name) => {
      const network = describeZoo(name);
      const { height, width, channels } = network.input;
      const description = `${title}, ${height}x${width}x${channels} to ${resultsOf(network)}`;
      return { name, description, ...countNetwork(network), source };
    }),
  );
}

/** `1001 classes`, `640 values`, `6 maps`. */
function resultsOf({ layers, outputs }: Network): string {
  if (outputs.length > 1) return `${outputs.length} maps`;
  const { channels } = item(outputs, 0);
  return `${channels} ${layers.at(-1)?.kind === "softmax" ? "classes" : "values"}`;
}
