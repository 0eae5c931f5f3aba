import { buildNetwork } from "../ir/builder.ts";
import type { Network, NetworkBuilder, NetworkMap } from "../ir/builder.ts";

/** Fire modules, called fire2 to fire9. */
const FIRES = 8;

/** First layer, and the layers that a max pool follows. */
const VERSIONS = {
  "1.0": { filters: 96, kernel: 7, pooled: [1, 4, 8], resolution: 227 },
  "1.1": { filters: 64, kernel: 3, pooled: [1, 3, 5], resolution: 224 },
} as const;

export interface SqueezenetOptions {
  readonly version: keyof typeof VERSIONS;
  /** Default `none`. */
  readonly bypass?: "none" | "simple" | "complex";
  /** base_e: filters of the first expand layers; default 128. */
  readonly baseExpand?: number;
  /** incr_e: filters that each group of `frequency` modules has more than the one before; default 128. */
  readonly expandIncrement?: number;
  /** freq: fire modules of one width; default 2. */
  readonly frequency?: number;
  /** pct3x3: share of an expand layer's filters that are 3x3, 0 to 1; default 0.5. */
  readonly share3x3?: number;
  /** SR: squeeze filters / expand filters; default 0.125. */
  readonly squeezeRatio?: number;
  /** Side of the square input in pixels; default 227 for version 1.0, 224 for 1.1. */
  readonly resolution?: number;
  /** Default 3. */
  readonly channels?: number;
  /** Default 1000. */
  readonly classes?: number;
}

/** Every option of `squeezenet`, with the paper's values where none was given. */
export function squeezenetDefaults(options: SqueezenetOptions): Required<SqueezenetOptions> {
  const { resolution } = VERSIONS[options.version];
  const paper = { baseExpand: 128, expandIncrement: 128, frequency: 2, share3x3: 0.5, squeezeRatio: 0.125 };
  return { bypass: "none", ...paper, resolution, channels: 3, classes: 1000, ...options };
}

/**
 * SqueezeNet, [resolution, resolution, channels] -> [1, 1, classes] with softmax.
 * Source: Iandola et al., SqueezeNet, arXiv 1602.07360, tables 1 and 3, sections 5.1 and 6; version 1.1 from the
 * authors' repository. Fire module i (0 to 7) has e = base_e + incr_e * floor(i / freq) expand filters, of which
 * pct3x3 are 3x3, behind SR * e squeeze filters. Convolution 1 has no padding and pools round up, as in the authors'
 * Caffe files: table 1's map of 111x111 needs 227 pixels, not the 224 that are printed there (224 give 109x109; from
 * the second pool on, both have 27x27 and 13x13).
 *
 * Bypasses go round a fire module, from its input to behind its concatenation: `simple` where the channels are equal
 * (fire3, 5, 7, 9), `complex` also where a 1x1 convolution without activation has to change their number.
 */
export function squeezenet(options: SqueezenetOptions): Network {
  const all = squeezenetDefaults(options);
  const { version, resolution, channels, classes } = all;
  const { filters, kernel, pooled } = VERSIONS[version];
  const b = buildNetwork(squeezenetName(all), { height: resolution, width: resolution, channels });
  const pool = (layer: number, map: NetworkMap): NetworkMap =>
    (pooled as readonly number[]).includes(layer)
      ? b.maxPool(`maxpool${layer}`, map, { kernel: 3, stride: 2 })
      : map;
  let x = b.conv("conv1", b.input, filters, { kernel, stride: 2, padding: "valid", activation: "relu" });
  x = pool(1, x);
  for (let i = 0; i < FIRES; i++) {
    const layer = i + 2;
    x = pool(layer, bypassed(b, `fire${layer}`, x, fire(b, `fire${layer}`, x, fireFilters(all, i)), all));
  }
  x = b.conv("conv10", x, classes, { kernel: 1, activation: "relu" });
  b.softmax("prob", b.globalAverage("avgpool10", x));
  return b.finish();
}

interface FireFilters {
  readonly squeeze: number;
  readonly expand1x1: number;
  readonly expand3x3: number;
}

/** Filters of fire module `index` (0: fire2), each rounded to a whole number. */
export function fireFilters(options: SqueezenetOptions, index: number): FireFilters {
  const { baseExpand, expandIncrement, frequency, share3x3, squeezeRatio } = squeezenetDefaults(options);
  const expand = baseExpand + expandIncrement * Math.floor(index / frequency);
  const expand3x3 = Math.round(expand * share3x3);
  const squeeze = Math.max(Math.round(expand * squeezeRatio), 1);
  return { squeeze, expand1x1: expand - expand3x3, expand3x3 };
}

/** A share of 0 or 1 leaves one of the two expand layers out, and the concatenation with it. */
function fire(b: NetworkBuilder, name: string, input: NetworkMap, filters: FireFilters): NetworkMap {
  const relu = "relu";
  const squeezed = b.conv(`${name}/squeeze1x1`, input, filters.squeeze, { kernel: 1, activation: relu });
  const expanded = ([1, 3] as const).flatMap((kernel) => {
    const count = kernel === 1 ? filters.expand1x1 : filters.expand3x3;
    const layer = `${name}/expand${kernel}x${kernel}`;
    return count > 0 ? [b.conv(layer, squeezed, count, { kernel, activation: relu })] : [];
  });
  const [first] = expanded;
  return first && expanded.length === 1 ? first : b.concat(`${name}/concat`, expanded);
}

function bypassed(
  b: NetworkBuilder,
  name: string,
  input: NetworkMap,
  output: NetworkMap,
  { bypass }: Required<SqueezenetOptions>,
): NetworkMap {
  if (bypass === "none") return output;
  if (input.channels === output.channels) return b.add(`${name}/add`, input, output);
  if (bypass === "simple") return output;
  return b.add(`${name}/add`, b.conv(`${name}/bypass`, input, output.channels, { kernel: 1 }), output);
}

/** `squeezenet-1.0-simple-bypass-sr0.25-224`: what differs from the defaults, in this order. */
export function squeezenetName(options: SqueezenetOptions): string {
  const all = squeezenetDefaults(options);
  const usual = squeezenetDefaults({ version: options.version });
  const parts = [`squeezenet-${all.version}`];
  if (all.bypass !== "none") parts.push(`${all.bypass}-bypass`);
  const numbers = [
    ["base", "baseExpand"],
    ["incr", "expandIncrement"],
    ["freq", "frequency"],
    ["pct", "share3x3"],
    ["sr", "squeezeRatio"],
    ["", "resolution"],
  ] as const;
  for (const [letters, key] of numbers) if (all[key] !== usual[key]) parts.push(`${letters}${all[key]}`);
  return parts.join("-");
}
