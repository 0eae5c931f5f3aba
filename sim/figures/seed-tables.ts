/**
 * Tables 1, 2, 3 of the SqueezeNet paper (arXiv 1602.07360) and 8, 9 of MobileNet's (arXiv 1704.04861) as the project's survey
 * prints them, each cell with our own count beside it.
 */
import { compressGraph } from "../../src/compress/compress.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { countLayer, countNetwork, type Network } from "../../src/ir/builder.ts";
import { describeZoo } from "../../src/zoo/index.ts";
import { markdownTable as table } from "./markdown.ts";
import { item, lastItem } from "../../src/ir/known.ts";
import { thousands } from "../../src/ir/thousands.ts";

/** One row of table 1: filters squeeze, expand1x1, expand3x3 and the printed shares and counts. */
interface FireRow {
  readonly name: string;
  readonly printed: {
    readonly size: string;
    readonly filters?: string;
    readonly shares?: string;
    readonly before?: number;
    readonly after?: number;
  };
}

const row = (
  name: string,
  size: string,
  before?: number,
  after?: number,
  filters?: string,
  shares?: string,
) =>
  ({
    name,
    printed: {
      size,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...(filters !== undefined && { filters }),
      ...(shares !== undefined && { shares }),
    },
  }) satisfies FireRow;

const TABLE_1: readonly FireRow[] = [
  row("conv1", "111x111x96", 14_208, 14_208, undefined, "100"),
  row("maxpool1", "55x55x96"),
  row("fire2", "55x55x128", 11_920, 5_746, "16, 64, 64", "100, 100, 33"),
  row("fire3", "55x55x128", 12_432, 6_258, "16, 64, 64", "100, 100, 33"),
  row("fire4", "55x55x256", 45_344, 20_646, "32, 128, 128", "100, 100, 33"),
  row("maxpool4", "27x27x256"),
  row("fire5", "27x27x256", 49_440, 24_742, "32, 128, 128", "100, 100, 33"),
  row("fire6", "27x27x384", 104_880, 44_700, "48, 192, 192", "100, 50, 33"),
  row("fire7", "27x27x384", 111_024, 46_236, "48, 192, 192", "50, 100, 33"),
  row("fire8", "27x27x512", 188_992, 77_581, "64, 256, 256", "100, 50, 33"),
  row("maxpool8", "13x12x512"),
  row("fire9", "13x13x512", 197_184, 77_581, "64, 256, 256", "50, 100, 30"),
  row("conv10", "13x13x1000", 513_000, 103_400, undefined, "20"),
  row("avgpool10", "1x1x1000"),
];

const beside = (ours: string, printed: string): string =>
  printed === "" && ours === "" ? "" : `${ours} / ${printed}`;
const mebi = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MB`;
const million = (n: number): string => (n / 1e6).toFixed(n < 1e8 ? 2 : 0);
const NONE = "not ours";

/** Stored weights and biases of a trained layer of table 1, by its squeeze, expand1x1 and expand3x3 parts. */
interface TrainedPart {
  readonly weights: number;
  readonly nonzero: number;
  readonly biases: number;
}

/** Parts by the layer names of table 1; `trained`: the authors' Deep Compression file after the passes. */
function trainedParts(trained: Graph): Map<string, TrainedPart[]> {
  const parts = new Map<string, TrainedPart[]>();
  for (const node of trained.nodes) {
    if (node.kind !== "conv") continue;
    const data = trained.tensors.get(node.inputs[1] ?? -1)?.data ?? new Float32Array();
    const biases = trained.tensors.get(node.inputs[2] ?? -1)?.data?.length ?? 0;
    const nonzero = Array.from(data as Float32Array).filter((w) => w !== 0).length;
    const name = node.name.replace(/^relu_conv_final$/, "conv10").replace(/^relu_conv1$/, "conv1");
    const layer = item(name.split("/"), 0);
    parts.set(layer, [...(parts.get(layer) ?? []), { weights: data.length, nonzero, biases }]);
  }
  return parts;
}

function table1(trained: Graph): string {
  const network = describeZoo("squeezenet-1.0");
  const parts = trainedParts(trained);
  const of = (name: string) => network.layers.filter((l) => l.name === name || l.name.startsWith(`${name}/`));
  const rows = TABLE_1.map(({ name, printed }) => {
    const layers = of(name);
    const { height, width, channels } = lastItem(layers).output;
    const filters = layers.filter(({ kind }) => kind === "conv").map(({ output }) => output.channels);
    const before = layers.reduce((sum, layer) => sum + countLayer(layer).parameters, 0);
    const found = parts.get(name) ?? [];
    const after = found.reduce((sum, { biases, nonzero }) => sum + nonzero + biases, 0);
    const shares = found.map(({ nonzero, weights }) => Math.round((100 * nonzero) / weights)).join(", ");
    return [
      name,
      beside(`${height}x${width}x${channels}`, printed.size),
      printed.filters === undefined ? "" : beside(filters.join(", "), printed.filters),
      printed.shares === undefined ? "" : beside(shares, printed.shares),
      printed.before === undefined ? "" : beside(thousands(before), thousands(printed.before)),
      printed.after === undefined ? "" : beside(thousands(after), thousands(printed.after)),
    ];
  });
  const all = [...parts.values()].flat();
  const total = all.reduce((sum, { biases, nonzero }) => sum + nonzero + biases, 0);
  rows.push([
    "total",
    "",
    "",
    "",
    beside(thousands(countNetwork(network).parameters), "1,248,424"),
    beside(thousands(total), "421,098"),
  ]);
  return table(
    ["layer", "output", "squeeze, expand1x1, expand3x3", "% left by pruning", "parameters", "after pruning"],
    rows,
  );
}

/** Bytes of the trained network with codes of so many bits, gaps of 4, nothing of variable length. */
function fixedBytes(trained: Graph, bits: number): number {
  const { layers } = compressGraph(trained, { bits, density: () => undefined });
  return layers.reduce((sum, layer) => sum + layer.fixedBytes, 0);
}

function table2(trained: Graph): string {
  const alexnet = 4 * countNetwork(describeZoo("alexnet")).parameters;
  const plain = 4 * countNetwork(describeZoo("squeezenet-1.0")).parameters;
  // The paper divides 240 MB of 10^6 bytes.
  const ratio = (bytes: number): string => `${Math.round(240e6 / bytes)}x`;
  const ours = (name: string, how: string, type: string, bytes: number, size: string, reduction: string) => [
    name,
    how,
    type,
    beside(mebi(bytes), size),
    beside(ratio(bytes), reduction),
  ];
  const others = (how: string, type: string, size: string, reduction: string) => [
    "AlexNet",
    how,
    type,
    beside(NONE, size),
    beside(NONE, reduction),
  ];
  const [eight, six] = [fixedBytes(trained, 8), fixedBytes(trained, 6)];
  return table(
    ["network", "compression", "data type", "size", "against AlexNet"],
    [
      ["AlexNet", "none", "32 bit", beside(`${(alexnet / 1e6).toFixed(1)} MB`, "240 MB"), beside("1x", "1x")],
      others("SVD (Denton et al. 2014)", "32 bit", "48 MB", "5x"),
      others("pruning (Han et al. 2015b)", "32 bit", "27 MB", "9x"),
      others("Deep Compression (Han et al. 2015a)", "5-8 bit", "6.9 MB", "35x"),
      ours("SqueezeNet", "none", "32 bit", plain, "4.8 MB", "50x"),
      ours("SqueezeNet", "Deep Compression", "8 bit", eight, "0.66 MB", "363x"),
      ours("SqueezeNet", "Deep Compression", "6 bit", six, "0.47 MB", "510x"),
    ],
  );
}

function table3(): string {
  const size = (name: string, printed: string) => [
    beside(mebi(4 * countNetwork(describeZoo(name)).parameters), printed),
  ];
  return table(
    ["architecture", "size"],
    [
      ["SqueezeNet", ...size("squeezenet-1.0", "4.8 MB")],
      ["SqueezeNet with simple bypass", ...size("squeezenet-1.0-simple-bypass", "4.8 MB")],
      ["SqueezeNet with complex bypass", ...size("squeezenet-1.0-complex-bypass", "7.7 MB")],
    ],
  );
}

function comparison(rows: readonly (readonly [string, string, string, string])[]): string {
  return table(
    ["model", "million mult-adds", "million parameters"],
    rows.map(([title, name, macs, parameters]) => {
      const counts = countNetwork(describeZoo(name) satisfies Network);
      return [title, beside(million(counts.macs), macs), beside(million(counts.parameters), parameters)];
    }),
  );
}

/** `trained`: the authors' Deep Compression SqueezeNet as imported. */
export function seedTables(trained: Graph): string {
  const graph = runPasses(trained);
  return `# The survey's tables

Written by \`npm run tables\`; a test holds it current. Every cell is ours / printed. [zoo.md](zoo.md) says where the two differ and why.
Accuracies on ImageNet are not in these tables: they need its 50,000 pictures; [squeezenet.md](squeezenet.md) has what 200 of them give.

## Table 1: SqueezeNet's layers

Ours: \`squeezenet-1.0\` at 227x227 for sizes and counts; the authors' trained file for what pruning left (weights that are not zero, and
biases). The printed input is 224x224 and "13x12" a misprint for 13x13. Weights after pruning differ by up to 1.5 % a layer because the
trained file also has zeros among the weights that pruning kept.

${table1(graph)}
## Table 2: model compression

Ours: the trained file written again with codes of 8 and 6 bits, gaps of 4, without Huffman codes; 1 MB = 2^20 bytes as in the paper, ratios to
240 million bytes (the paper's 50x is 240 / 4.8). Huffman codes make the 6-bit file 447,011 bytes ([compressed-models.md](compressed-models.md)). Other authors' methods on AlexNet
were not repeated.

${table2(graph)}
## Table 3: bypasses

The four 1x1 convolutions of the complex bypass have 341,248 parameters, 1.3 MB; what else the printed 7.7 MB hold is not said.

${table3()}
## Table 8: MobileNet and popular models

VGG's printed mult-adds are those of its convolutions alone; GoogLeNet's parameters fit 6826 times 1024, and its printed mult-adds are 2 % below ours.

${comparison([
  ["1.0 MobileNet-224", "mobilenet-v1-1.0-224", "569", "4.2"],
  ["GoogLeNet", "googlenet", "1550", "6.8"],
  ["VGG 16", "vgg-16", "15300", "138"],
])}
## Table 9: smaller models

SqueezeNet's printed 1700 million count a multiplication and an addition as two.

${comparison([
  ["0.50 MobileNet-160", "mobilenet-v1-0.5-160", "76", "1.32"],
  ["SqueezeNet", "squeezenet-1.0", "1700", "1.25"],
  ["AlexNet", "alexnet", "720", "60"],
])}`;
}
