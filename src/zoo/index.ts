/** Networks by name, with seeded weights. To add one: a file beside this one, and its entry in FAMILIES. */
import { countNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";
import { InputError } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { mobilenetV1, mobilenetV1Name } from "./mobilenet-v1.ts";
import { nearest } from "./nearest.ts";
import { seededGraph } from "./seeded/graph.ts";

/** A line of `firebrick models`. */
export interface ZooEntry {
  readonly name: string;
  /** Kind, input size and classes in a few words. */
  readonly description: string;
  readonly parameters: number;
  readonly macs: number;
  readonly source: string;
}

interface Family {
  /** How to write a name of this family, for messages. */
  readonly pattern: string;
  readonly title: string;
  readonly source: string;
  /** The names that are listed; `describe` may know more. */
  readonly names: readonly string[];
  /** The network of that name, undefined when the name belongs to no network of the family. */
  readonly describe: (name: string) => Network | undefined;
}

const DEFAULT_SEED = 1;

const FAMILIES: readonly Family[] = [
  {
    pattern: "mobilenet-v1-ALPHA-RESOLUTION (alpha above 0 to 2, resolution 32 to 1024)",
    title: "MobileNet v1",
    source: "arXiv 1704.04861, seeded weights",
    names: [1, 0.75, 0.5, 0.25].flatMap((alpha) =>
      [224, 192, 160, 128].map((resolution) => mobilenetV1Name(alpha, resolution)),
    ),
    describe(name) {
      const match = /^mobilenet-v1-(\d*\.?\d+)-(\d+)$/.exec(name);
      const [alpha, resolution] = [Number(match?.[1]), Number(match?.[2])];
      const known = alpha > 0 && alpha <= 2 && resolution >= 32 && resolution <= 1024;
      return known ? mobilenetV1({ alpha, resolution }) : undefined;
    },
  },
];

/** True when `name` is a network of the zoo. */
export function isZooName(name: string): boolean {
  return FAMILIES.some((family) => family.describe(name));
}

/**
 * The network of that name as an int8 graph with seeded weights; another seed gives other weights.
 * Throws InputError `unknown-network` with the nearest names.
 */
export function zoo(name: string, options: { readonly seed?: number } = {}): Graph {
  return seededGraph(describeZoo(name), options.seed ?? DEFAULT_SEED);
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
    fix: `use for example ${nearest(name, names, 3).join(", ")}; \`firebrick models\` lists all`,
  });
}

/** The networks that `firebrick models` lists. */
export function listZoo(): ZooEntry[] {
  return FAMILIES.flatMap(({ names, title, source }) =>
    names.map((name) => {
      const network = describeZoo(name);
      const { height, width, channels } = network.input;
      const classes = network.maps.at(-1)?.channels ?? 0;
      const description = `${title}, ${height}x${width}x${channels} to ${classes} classes`;
      return { name, description, ...countNetwork(network), source };
    }),
  );
}
