import { visible } from "../ir/visible.ts";
import type { LayerReport } from "../compress/layer-report.ts";
import { thousands } from "../ir/thousands.ts";
import { numbers, textTable } from "../report/text-table.ts";

/** AlexNet as float32, as the SqueezeNet paper's table 2 has it. */
export const ALEXNET_BYTES = 240e6;

/** The file, and its layers in the sizes that they have in it. */
export interface Written {
  readonly file: Uint8Array;
  readonly layers: readonly LayerReport[];
  /** Of a stored code: in a `.net` more than were asked for. */
  readonly codeBits: number;
  readonly huffman: boolean;
}

export interface CompressTotals {
  /** Weights and biases of the compressed layers. */
  readonly parameters: number;
  readonly nonzeroWeights: number;
  /** Non-zero weights, and biases. */
  readonly parametersAfterPruning: number;
  readonly storedEntries: number;
  readonly floatBytes: number;
  /** With codes and gaps of fixed length. */
  readonly fixedBytes: number;
  readonly bytes: number;
  /** The whole file: also names, shapes, scales and everything else of the network. */
  readonly fileBytes: number;
  /** Float32 / file. */
  readonly ratio: number;
  readonly ratioToAlexnet: number;
}

/** `file`: what was written. */
export function compressTotals(layers: readonly LayerReport[], file: Uint8Array): CompressTotals {
  const sum = (of: (layer: LayerReport) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const floatBytes = sum((layer) => layer.floatBytes);
  return {
    parameters: sum(({ weights, biases }) => weights + biases),
    nonzeroWeights: sum((layer) => layer.nonzeroWeights),
    parametersAfterPruning: sum(({ nonzeroWeights, biases }) => nonzeroWeights + biases),
    storedEntries: sum((layer) => layer.storedEntries),
    floatBytes,
    fixedBytes: sum((layer) => layer.fixedBytes),
    bytes: sum((layer) => layer.bytes),
    fileBytes: file.length,
    ratio: floatBytes / file.length,
    ratioToAlexnet: ALEXNET_BYTES / file.length,
  };
}

/** Tables 1 and 2 of the SqueezeNet paper for this network: a row a layer, then the whole. `bits`: asked for. */
export function formatCompressed(
  name: string,
  bits: number,
  { codeBits, file, huffman, layers }: Written,
): string {
  const storage = ["parameters", "density", "bits", "after pruning", "entries", "KB before", "KB after"];
  const rows = layers.map((layer) => {
    const { weights, biases, nonzeroWeights, storedEntries, floatBytes, bytes, snrDb } = layer;
    return [
      visible(layer.name),
      thousands(weights + biases),
      percent(nonzeroWeights / weights),
      String(codeBits),
      thousands(nonzeroWeights + biases),
      thousands(storedEntries),
      kilo(floatBytes),
      kilo(bytes),
      snrDb === null ? "exact" : snrDb.toFixed(1),
    ];
  });
  const t = compressTotals(layers, file);
  const density = t.nonzeroWeights / layers.reduce((sum, { weights }) => sum + weights, 0);
  rows.push([
    "total",
    thousands(t.parameters),
    percent(density),
    String(codeBits),
    thousands(t.parametersAfterPruning),
    thousands(t.storedEntries),
    kilo(t.floatBytes),
    kilo(t.bytes),
    "",
  ]);
  return [
    textTable(["layer", ...storage.map(numbers), numbers("SNR dB")], rows),
    `${visible(name)}: 32 bit ${mega(t.floatBytes)} -> ${codeBits} bit ${mega(t.fixedBytes)}` +
      (huffman ? `, with Huffman codes ${mega(t.bytes)}` : ""),
    ...(codeBits === bits
      ? []
      : [`--bits ${bits} changed the values; a .net stores ${codeBits} bits a code`]),
    `file ${thousands(t.fileBytes)} bytes: ${t.ratio.toFixed(1)}x smaller than float32, ` +
      `${Math.round(t.ratioToAlexnet)}x smaller than AlexNet (240 MB)`,
    "",
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** 1000 bytes. */
function kilo(bytes: number): string {
  return (bytes / 1e3).toFixed(2);
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(3)} MB`;
}
