/** What a user says of how pictures become the input, over what the model says. */
import { InputError, type Problem } from "../ir/errors.ts";
import type { PictureSize, Preprocess } from "../ir/graph.ts";
import { item, known } from "../ir/known.ts";
import type { IntGraph } from "../ir/integer.ts";

/** What is left out is the model's; without any, mean 0, scale 1, R, G, B and a picture that just covers the input. */
export interface PictureRule {
  /** Subtracted from pixels of 0 to 255: one number, or one for each of R, G, B, whatever the network's order. */
  readonly mean?: readonly number[] | undefined;
  /** What they are divided by afterwards. */
  readonly std?: readonly number[] | undefined;
  /** The order in which the network has its channels. */
  readonly channelOrder?: "rgb" | "bgr" | undefined;
  /** What a picture is resized to before its centre is cut out; "stretch": to the input's size, whatever the aspect. */
  readonly resize?: PictureSize | "stretch" | undefined;
}

/** Pixels of a network's input. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * How pictures become the input; undefined where neither the model nor the rule has a mean or a scale.
 * `stated`: what the model says. Throws InputError with every part of the rule that does not fit the input.
 */
export function preprocessOf(
  size: InputSize,
  stated: Preprocess | undefined,
  rule: PictureRule,
): Preprocess | undefined {
  const problems = ruleProblems(size, rule);
  if (problems.length > 0) throw new InputError(problems);
  const { channelOrder: order, mean, std } = rule;
  if (stated === undefined && mean === undefined && std === undefined) return undefined;
  const from = stated?.channelOrder ?? "rgb";
  const channelOrder = size.channels === 1 ? "grey" : (order ?? from);
  const inOrder = (list: readonly number[], own: Preprocess["channelOrder"]) =>
    (own === "bgr") === (channelOrder === "bgr") ? list : list.toReversed();
  const resize =
    rule.resize === "stretch" ? ([size.width, size.height] as const) : (rule.resize ?? stated?.resize);
  return {
    mean: mean ? inOrder(mean, "rgb") : inOrder(stated?.mean ?? [0], from),
    std: std ? inOrder(std, "rgb") : inOrder(stated?.std ?? [1], from),
    channelOrder,
    ...(resize !== undefined && { resize }),
  };
}

/** The integer graph that reads its pictures by the rule. Throws InputError as `preprocessOf`. */
export function withPictureRule(graph: IntGraph, rule: PictureRule): IntGraph {
  if (Object.values(rule).every((part) => part === undefined)) return graph;
  const map = known(graph.maps.get(graph.input), "a network has an input");
  const preprocess = preprocessOf(map, graph.preprocess, rule);
  return preprocess === undefined ? graph : { ...graph, preprocess };
}

/** Every part of a rule that does not fit the input. */
export function ruleProblems(
  { channels, height, width }: InputSize,
  { mean, resize, std }: PictureRule,
): readonly Problem[] {
  const problems: Problem[] = [];
  const bad = (node: string, found: string, supported: string) => {
    problems.push({ code: "bad-option", node, found, supported, fix: `mend ${node}` });
  };
  const fits = (list: readonly number[]) =>
    list.every(Number.isFinite) && (list.length === 1 || list.length === channels);
  const counts = channels === 1 ? "one number" : `one number, or ${channels} with commas between them`;
  if (mean && !fits(mean)) bad("--mean", mean.join(","), counts);
  if (std && !(fits(std) && std.every((s) => s > 0))) bad("--std", std.join(","), `${counts}, above 0`);
  const sides = resize === undefined || resize === "stretch" ? [] : [resize].flat();
  const [least, shown] = sides.length === 2 ? [[width, height], `${width}x${height}`] : [[1], "1"];
  const isSound = (side: number, i: number) =>
    Number.isInteger(side) && side >= item(least, i) && side <= MAX_SIDE;
  if (!sides.every(isSound))
    bad("--resize", sides.join("x"), `${shown} pixels or more, up to ${MAX_SIDE} a side`);
  return problems;
}

/** More than any picture has. */
const MAX_SIDE = 65_535;
