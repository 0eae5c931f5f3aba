/** The options of every command that reads pictures: how they become the network's input. */
import {
  preprocessOf,
  ruleProblems,
  withPictureRule,
  type InputSize,
  type PictureRule,
} from "../images/picture-rule.ts";
import { InputError, type Problem } from "../ir/errors.ts";
import type { Graph, PictureSize, Preprocess } from "../ir/graph.ts";
import type { IntGraph } from "../ir/integer.ts";
import { known } from "../ir/known.ts";
import { inputSizeOf } from "../quantise.ts";
import type { Io } from "./io.ts";
import { optional, single } from "./options.ts";

const text = { type: "string", requiresArg: true } as const;
const stated = "what the model says";

/** For yargs. */
export const pictureOptions = {
  mean: {
    ...text,
    describe: "R,G,B that the network wants subtracted from pixels of 0..255, or one number for all",
    defaultDescription: `${stated}; 0 with --std`,
  },
  std: {
    ...text,
    describe: "what R,G,B are divided by afterwards",
    defaultDescription: `${stated}; 1 with --mean`,
  },
  channels: {
    ...text,
    describe: "order of the network's channels: rgb, bgr",
    defaultDescription: `${stated}, or rgb`,
  },
  resize: {
    ...text,
    describe:
      "N: shorter side before the centre is cut out; WxH: stretched to that before the cut; stretch: to the input's size",
    defaultDescription: `${stated}, or what just covers the input`,
  },
  crop: { ...text, describe: "pixels of the centre: the network's input size, checked" },
} as const;

/** The options as text. */
export interface PictureOptions {
  readonly mean?: string | undefined;
  readonly std?: string | undefined;
  readonly channels?: string | undefined;
  readonly resize?: string | undefined;
  readonly crop?: string | undefined;
}

/** The same options for the command line of a job, in one order. */
export function pictureWords({ channels, crop, mean, resize, std }: PictureOptions) {
  return { mean, std, channels, resize, crop };
}

/** A network in the framework's numbers that reads its pictures by the options. Throws InputError. */
export function withFloatPictureOptions(graph: Graph, options: PictureOptions, io: Pick<Io, "err">): Graph {
  const size = inputSizeOf(graph);
  const preprocess = preprocessOf(size, graph.preprocess, parseRule(options, size));
  noteReplaced(graph.name, graph.preprocess, preprocess, io);
  return preprocess === undefined ? graph : { ...graph, preprocess };
}

/** The integer graph with the rule that the options make, when there are any. Throws InputError. */
export function withPictureOptions(graph: IntGraph, options: PictureOptions, io: Pick<Io, "err">): IntGraph {
  const input = known(graph.maps.get(graph.input), "a network has an input");
  const told = withPictureRule(graph, parseRule(options, input));
  noteReplaced(graph.name, graph.preprocess, told.preprocess, io);
  return told;
}

/** An option wins over the model; who gives one by habit shall see it. */
function noteReplaced(
  network: string,
  model: Preprocess | undefined,
  used: Preprocess | undefined,
  io: Pick<Io, "err">,
): void {
  if (model === undefined || used === undefined) return;
  const [before, after] = [shown(model), shown(used)];
  if (before !== after) io.err(`note: pictures by ${after}; ${network} itself says ${before}\n`);
}

/** As the options would say it. */
function shown({ channelOrder, mean, resize, std }: Preprocess): string {
  const list = (values: readonly number[]) => {
    const rounded = (channelOrder === "bgr" ? values.toReversed() : values).map((x) =>
      Number(x.toPrecision(6)),
    );
    return (new Set(rounded).size === 1 ? rounded.slice(0, 1) : rounded).join(",");
  };
  const order = channelOrder === "grey" ? "" : ` --channels ${channelOrder}`;
  const size = resize === undefined ? "" : ` --resize ${[resize].flat().join("x")}`;
  return `--mean ${list(mean)} --std ${list(std)}${order}${size}`;
}

/** Throws InputError with every option that cannot be read or does not fit the input. */
function parseRule({ channels, crop, mean, resize, std }: PictureOptions, size: InputSize): PictureRule {
  const problems: Problem[] = [];
  const read = <T>(
    option: string,
    value: string | undefined,
    parse: (written: string) => T | undefined,
    supported: string,
  ): T | undefined => {
    const written = optional((given) => single(option, given), value);
    const parsed = written === undefined ? undefined : parse(written);
    if (written === undefined || parsed !== undefined) return parsed;
    problems.push({
      code: "bad-option",
      node: option,
      found: `"${written}"`,
      supported,
      fix: `mend ${option}`,
    });
    return undefined;
  };
  const counts = "one number, or as many as the input has channels with commas between them";
  const rule = {
    mean: read("--mean", mean, parseNumbers, counts),
    std: read("--std", std, parseNumbers, counts),
    channelOrder: read("--channels", channels, parseOrder, "rgb, bgr"),
    resize: read("--resize", resize, parseSize, "a number of pixels, WIDTHxHEIGHT, stretch"),
  };
  const { height, width } = size;
  const isWhole = (written: string) => Number(written) === height && height === width;
  read("--crop", crop, (written) => isWhole(written) || undefined, `the network's input, ${height}x${width}`);
  problems.push(...ruleProblems(size, rule));
  if (problems.length > 0) throw new InputError(problems);
  return rule;
}

function parseNumbers(written: string): readonly number[] | undefined {
  const numbers = written.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

function parseOrder(written: string): "rgb" | "bgr" | undefined {
  return written === "rgb" || written === "bgr" ? written : undefined;
}

function parseSize(written: string): PictureSize | "stretch" | undefined {
  if (written === "stretch") return written;
  if (/^\d{1,5}$/.test(written)) return Number(written);
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(written) ?? [];
  return width === undefined || height === undefined ? undefined : [Number(width), Number(height)];
}
