/** `npm run sweeps`: docs/sweeps.md, what the networks' parameters cost, from our counts and the cycle model. */
import { mkdirSync, writeFileSync } from "node:fs";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { buildNetwork, countNetwork, type Network } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { packagePath } from "../../src/platform/package.ts";
import { loadModel } from "../../src/load.ts";
import { describeZoo } from "../../src/zoo/index.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { markdownTable } from "./markdown.ts";
import { picture } from "./picture.ts";

const MEMORY = { bytes: 16, latency: 40, outstanding: 16 };

/** Cycles of an image on 16 x 16 multipliers, by the cycle model. */
function cyclesOf(graph: IntGraph): number {
  return predict(schedule(graph, { pk: 16, pc: 16, busBytes: 16 }), MEMORY).cycles;
}

interface Point {
  /** The swept parameter. */
  readonly x: number;
  readonly megabytes: number;
  readonly cycles: number;
}

/** A SqueezeNet family by name; float32 sizes in units of 2^20 bytes, as the paper has them. */
function family(xs: readonly number[], nameOf: (x: number) => string): Point[] {
  return xs.map((x) => {
    const megabytes = (4 * countNetwork(describeZoo(nameOf(x))).parameters) / 2 ** 20;
    return { x, megabytes, cycles: cyclesOf(loadModel(nameOf(x))) };
  });
}

export interface Cost {
  /** Channels in and out. */
  readonly channels: number;
  /** Of depthwise and pointwise together over those of the 3x3 convolution. */
  readonly macs: number;
  readonly cycles: number;
  /** 1/N + 1/9. */
  readonly formula: number;
}

/** A 3x3 convolution against a depthwise one and a pointwise one, N to N channels on a map of 14x14. */
export function separableCost(channels: number): Cost {
  const side = { height: 14, width: 14, channels };
  const build = (kind: "full" | "separable"): Network => {
    const b = buildNetwork(`${kind}-${channels}`, side);
    const x = kind === "full" ? b.input : b.depthwise("depthwise", b.input, { kernel: 3 });
    b.conv("conv", x, channels, { kernel: kind === "full" ? 3 : 1 });
    return b.finish();
  };
  const [full, separable] = [build("full"), build("separable")];
  const ratio = (of: (network: Network) => number): number => of(separable) / of(full);
  return {
    channels,
    macs: ratio((network) => countNetwork(network).macs),
    cycles: ratio((network) => cyclesOf(lower(runPasses(seededGraph(network, 1))))),
    formula: 1 / channels + 1 / 9,
  };
}

function tableOf(head: string, points: readonly Point[]): string {
  return markdownTable(
    [head, "size, MB", "million cycles"],
    points.map(({ cycles, megabytes, x }) => [String(x), megabytes.toFixed(2), (cycles / 1e6).toFixed(2)]),
  );
}

/** Takes two minutes: each network gets seeded weights first. */
export function writeSweeps(): void {
  const ratios = family([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1], (x) => `squeezenet-1.0-sr${x}-224`);
  const shares = family(
    [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875],
    (x) => `squeezenet-1.0-pct${x}-sr0.5-224`,
  );
  const costs = [16, 32, 64, 128, 256, 512].map(separableCost);
  const folder = packagePath("docs", "images");
  mkdirSync(folder, { recursive: true });
  const save = (name: string, text: string): void => {
    writeFileSync(packagePath("docs", "images", `sweep-${name}.svg`), text);
  };
  const both = (points: readonly Point[]) =>
    [
      ["size, MB", points.map(({ megabytes, x }) => [x, megabytes] as const)],
      ["million cycles on 16x16", points.map(({ cycles, x }) => [x, cycles / 1e6] as const)],
    ] as const;
  save("sr", picture("sr", "SqueezeNet by squeeze ratio", "squeeze ratio SR", false, both(ratios)));
  save("pct", picture("pct", "SqueezeNet by share of 3x3 filters", "pct3x3", false, both(shares)));
  save(
    "cost",
    picture("cost", "Depthwise separable against full 3x3 convolution", "channels N", true, [
      ["1/N + 1/9", costs.map(({ channels, formula }) => [channels, formula])],
      ["multiply-accumulates", costs.map(({ channels, macs }) => [channels, macs])],
      ["cycles on 16x16", costs.map(({ channels, cycles }) => [channels, cycles])],
    ]),
  );
  writeFileSync(
    packagePath("docs", "sweeps.md"),
    `# What the networks' parameters cost

Written by \`npm run sweeps\`: sizes counted, cycles by the cycle model on 16x16 multipliers with 16 bytes a cycle. The SqueezeNet paper's
figure 3 shows the same parameters against accuracy and size; accuracy needs training and is not here.

## Squeeze ratio

SqueezeNet 1.0 at 224x224, 50 % 3x3 filters. The paper's sizes are 4.8 MB at 0.125 and 19 MB at 0.75.

![Size and cycles by squeeze ratio](images/sweep-sr.svg)

${tableOf("SR", ratios)}
## Share of 3x3 filters

SqueezeNet 1.0 at 224x224, SR 0.5. The paper's size at 50 % is 13 MB.

![Size and cycles by share of 3x3 filters](images/sweep-pct.svg)

${tableOf("pct3x3", shares)}
## Depthwise separable convolution

A 3x3 convolution of N to N channels on a 14x14 map against a depthwise 3x3 and a pointwise one. Counts follow 1/N + 1/9 exactly; cycles lie
above where the image of so few layers has to be fetched, and where the depthwise layer cannot keep all multipliers busy.

![Cost of depthwise separable convolution](images/sweep-cost.svg)

${markdownTable(
  ["N", "1/N + 1/9", "MACs", "cycles"],
  costs.map((cost) => [
    String(cost.channels),
    ...[cost.formula, cost.macs, cost.cycles].map((share) => share.toFixed(4)),
  ]),
)}`,
  );
}
