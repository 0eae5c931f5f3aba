import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { compressGraph } from "../compress/compress.ts";
import type { Compressed } from "../compress/compress.ts";
import { parseDensities } from "../compress/densities.ts";
import { describeInNet, NET_CODE_BITS, writeNet } from "../compress/net.ts";
import { writePrototxt } from "../compress/prototxt.ts";
import { weightTensors } from "../compress/weights.ts";
import { InputError } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { loadGraph } from "../load.ts";
import { command } from "./command.ts";
import { compressTotals, formatCompressed } from "./compress-report.ts";
import type { Written } from "./compress-report.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { option, optional, parseSeed, single } from "./options.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { item } from "../ir/known.ts";

const text = { type: "string", requiresArg: true } as const;

export const compressCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("bits", { ...text, describe: "bits of a weight's code, 2 to 8", default: "8" })
      .option("prune", {
        ...text,
        describe: "share of every layer's weights to keep, or a JSON file of shares by layer",
      })
      .option("balanced", {
        ...text,
        describe: "prune so that sparse steps come out full on arrays of so many multipliers a lane",
      })
      .option("out", {
        ...text,
        alias: "o",
        describe: "file to write; NAME.net: Deep Compression's own format, with NAME.prototxt",
        demandOption: true,
      })
      .option("seed", option.seed)
      .option("json", option.json)
      .example("$0 compress net.onnx --bits 6 --prune 0.33 -o net.small", "")
      .example("$0 simulate net.small --input cat.jpg", "a compressed model is a MODEL"),
  (args, io) => runCompress(args, io),
);

interface Args {
  readonly model: string;
  readonly bits: string;
  readonly prune?: string | undefined;
  readonly balanced?: string | undefined;
  readonly out: string;
  readonly seed: string;
  readonly json: boolean;
}

function runCompress(args: Args, io: Io): void {
  const target = single("--out", args.out);
  const bits = parseBits(args.bits);
  const seed = parseSeed(args.seed);
  const prune = optional((value) => single("--prune", value), args.prune);
  const balanced = optional(parseMultipliers, args.balanced);
  if (balanced !== undefined && prune === undefined) throw new InputError(nothingToBalance);
  checkOutputFile(target);
  const graph = loadGraph(args.model, { seed });
  // What Caffe lacks is refused before the work.
  const prototxt = /\.net$/i.test(target) ? writePrototxt(graph) : undefined;
  const compressed = compressGraph(graph, { bits, balanced, density: densityOf(prune, graph) });
  const written = writeModel(target, prototxt, compressed, bits);
  if (args.json) printJson(io, jsonOf(args.model, target, bits, written));
  else io.out(formatCompressed(graph.name, bits, written) + `wrote ${target}\n`);
}

/** With a prototxt, the authors' own pair of files, without Huffman codes. */
function writeModel(
  target: string,
  prototxt: string | undefined,
  compressed: Compressed,
  bits: number,
): Written {
  const { file, layers, stored } = compressed;
  if (prototxt === undefined) {
    writeOutputFile(target, file);
    return { file, layers, codeBits: bits, huffman: true };
  }
  const description = target.replace(/\.net$/i, ".prototxt");
  checkOutputFile(description);
  const net = writeNet(stored);
  writeOutputFile(target, net);
  writeOutputFile(description, Buffer.from(prototxt));
  const inNet = layers.map((layer, index) => describeInNet(layer, item(stored, index)));
  return { file: net, layers: inNet, codeBits: NET_CODE_BITS, huffman: false };
}

function jsonOf(model: string, target: string, bits: number, { codeBits, file, layers }: Written) {
  return {
    model,
    file: target,
    sha256: createHash("sha256").update(file).digest("hex"),
    bits,
    codeBits,
    ...compressTotals(layers, file),
    layers: layers.map((layer) => ({ ...layer, density: layer.nonzeroWeights / layer.weights })),
  };
}

function parseBits(value: unknown): number {
  const given = single("--bits", value);
  if (/^[2-8]$/.test(given)) return Number(given);
  throw new InputError({
    code: "bad-option",
    node: "--bits",
    found: `"${given}"`,
    supported: "2 to 8",
    fix: "write for example --bits 6",
  });
}

const nothingToBalance = {
  code: "bad-option",
  node: "--balanced",
  found: "no --prune",
  supported: "--balanced beside --prune",
  fix: "say what share of the weights stays, for example --prune 0.33",
} as const;

function parseMultipliers(value: unknown): number {
  const given = single("--balanced", value);
  if (["4", "8", "16", "32"].includes(given)) return Number(given);
  throw new InputError({
    code: "bad-option",
    node: "--balanced",
    found: `"${given}"`,
    supported: "4, 8, 16 or 32 multipliers a lane, the second number of --array",
    fix: "write for example --balanced 16",
  });
}

/** A number holds for every layer; anything else is a file. */
function densityOf(prune: string | undefined, graph: Graph): (layer: string) => number | undefined {
  if (prune === undefined) return () => undefined;
  const share = Number(prune);
  if (prune.trim() === "" || Number.isNaN(share)) {
    const layers = weightTensors(graph).map(({ node }) => node.name);
    const densities = parseDensities(prune, readText(prune), layers);
    return (layer) => densities.get(layer);
  }
  if (share > 0 && share <= 1) return () => share;
  throw new InputError({
    code: "bad-option",
    node: "--prune",
    found: `"${prune}"`,
    supported: "a share above 0 up to 1, or a JSON file",
    fix: "write for example --prune 0.33",
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InputError({
      code: "prune-file",
      node: path,
      found: error instanceof Error ? error.message : String(error),
      supported: "a share above 0 up to 1, or a JSON file of shares by layer",
      fix: "write for example --prune 0.33",
    });
  }
}
