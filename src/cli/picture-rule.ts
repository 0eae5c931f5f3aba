import { assert, InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";
import type { Graph, Preprocess } from "../ir/graph.ts";
import type { IntGraph } from "../ir/integer.ts";
import { unknownPreprocess } from "../images/unknown-preprocess.ts";
import { single } from "./options.ts";

const text = { type: "string", requiresArg: true } as const;

/** For yargs. */
export const pictureOptions = {
  mean: { ...text, describe: "mean of R,G,B that the network wants subtracted, pixels 0..255" },
  std: { ...text, describe: "what R,G,B are divided by afterwards" },
  channels: { ...text, describe: "order of the network's channels: rgb, bgr" },
  resize: { ...text, describe: "shorter side of a picture before its centre is cut out" },
  crop: { ...text, describe: "pixels of the centre: the network's input size, checked" },
} as const;

/** The options that say how the network wants its pictures, as text. */
export interface PictureOptions {
  readonly mean?: string | undefined;
  readonly std?: string | undefined;
  readonly channels?: string | undefined;
  readonly resize?: string | undefined;
  readonly crop?: string | undefined;
}

/** What the rule is for. */
interface PictureNetwork {
  readonly name: string;
  /** [H, W, C]. */
  readonly size: readonly [number, number, number];
  /** What the model says. */
  readonly stated: Preprocess | undefined;
}

/** How a network in the framework's numbers wants its pictures: as `ruleOf`. */
export function pictureRule(graph: Graph, options: PictureOptions): Preprocess {
  const [, height = 0, width = 0, channels = 0] = graph.tensors.get(graph.inputs[0] ?? -1)?.shape ?? [];
  return ruleOf({ name: graph.name, size: [height, width, channels], stated: graph.preprocess }, options);
}

/** The integer graph with the rule that the options make, when there are any. Throws InputError as `ruleOf`. */
export function withPictureRule(graph: IntGraph, options: PictureOptions): IntGraph {
  const { channels, crop, mean, resize, std } = options;
  if ([channels, crop, mean, resize, std].every((option) => option === undefined)) return graph;
  const map = graph.maps.get(graph.input);
  assert(map !== undefined, `the graph has no input map ${graph.input}`);
  const size = [map.height, map.width, map.channels] as const;
  return { ...graph, preprocess: ruleOf({ name: graph.name, size, stated: graph.preprocess }, options) };
}

/**
 * How pictures become inputs: what the model states, changed by the options. `--mean` and `--std` are in the order R, G, B
 * whatever the network's. Throws InputError with all problems, and where neither model nor options say anything.
 */
function ruleOf({ name, size, stated }: PictureNetwork, options: PictureOptions): Preprocess {
  const [height, width, channels] = size;
  const problems: Problem[] = [];
  const bad = (option: string, found: string, supported: string) => {
    problems.push({ code: "bad-option", node: option, found, supported, fix: `mend ${option}` });
  };
  const numbers = (option: string, value: string | undefined): number[] | undefined => {
    if (value === undefined) return undefined;
    const list = single(option, value).split(",");
    const known = list.map((part) => (part.trim() === "" ? NaN : Number(part)));
    const sound = known.every(Number.isFinite) && (known.length === 1 || known.length === channels);
    if (sound) return known;
    bad(option, `"${value}"`, `one number, or ${channels} with commas between them`);
    return undefined;
  };
  const whole = (option: string, value: string | undefined): number | undefined => {
    if (value === undefined) return undefined;
    const text = single(option, value);
    if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
    bad(option, `"${text}"`, "a number of pixels");
    return undefined;
  };
  const mean = numbers("--mean", options.mean);
  const std = numbers("--std", options.std);
  if (std?.some((s) => s <= 0)) bad("--std", `"${options.std}"`, "numbers above 0");
  const resize = whole("--resize", options.resize);
  const crop = whole("--crop", options.crop);
  if (crop !== undefined && (crop !== height || crop !== width)) {
    bad("--crop", `${crop}`, `the network's input, ${height}x${width}`);
  }
  const order = options.channels === undefined ? undefined : single("--channels", options.channels);
  if (order !== undefined && order !== "rgb" && order !== "bgr") bad("--channels", `"${order}"`, "rgb, bgr");
  if (stated === undefined && mean === undefined && problems.length === 0) {
    problems.push(unknownPreprocess(name));
  }
  if (problems.length > 0) throw new InputError(problems);

  const channelOrder =
    channels === 1
      ? "grey"
      : order === "bgr"
        ? "bgr"
        : order === "rgb"
          ? "rgb"
          : (stated?.channelOrder ?? "rgb");
  const inOrder = (list: readonly number[], from: Preprocess["channelOrder"]) =>
    (from === "bgr") === (channelOrder === "bgr") ? list : list.toReversed();
  const side = resize ?? stated?.resize;
  return {
    mean: mean ? inOrder(mean, "rgb") : inOrder(stated?.mean ?? [0], stated?.channelOrder ?? "rgb"),
    std: std ? inOrder(std, "rgb") : inOrder(stated?.std ?? [1], stated?.channelOrder ?? "rgb"),
    channelOrder,
    ...(side !== undefined && { resize: side }),
  };
}
