/** The section of docs/figures.md on the larger networks of the zoo. */
import { describeZoo } from "../../src/zoo/index.ts";
import { seeded, type FigureCase } from "./cases.ts";
import { markdownRows } from "./markdown.ts";
import type { Figures } from "./measure.ts";
import type { Column, Measurement } from "./measurement.ts";

export const zooHeading = "## Networks of the zoo";

const NETWORKS = [
  "mobilenet-v3-small-1.0-224",
  "mobilenet-v3-small-minimalistic-1.0-224",
  "mobilenet-v3-large-1.0-224",
  "mobilenet-v3-large-minimalistic-1.0-224",
  "efficientnet-lite0-224",
  "ssd-mobilenet-v2-300",
  "alexnet",
  "googlenet",
  "vgg-16",
];

export const zooCases = (): readonly FigureCase[] =>
  NETWORKS.map((name) => seeded(name, { array: "16x16", bytes: 16 }));

/**
 * Utilisation in the layers whose results have more than one pixel. The others use a weight once a picture: memory, which
 * brings 16 of them a cycle, is what they wait for, whatever the array.
 */
export const overPixels: Column = {
  head: "utilisation where weights are used again",
  of: ({ model }, { layers, multipliers }: Figures) => {
    const once = new Set(
      describeZoo(model)
        .layers.filter(({ kind, output }) => kind === "conv" && output.height * output.width === 1)
        .map(({ name }) => name),
    );
    const again = layers.filter(({ name }) => !once.has(name));
    const macs = again.reduce((sum, layer) => sum + layer.macs, 0);
    const cycles = again.reduce((sum, layer) => sum + layer.cycles, 0);
    return (macs / (multipliers * cycles)).toFixed(3);
  },
};

export function zooSection({ head, rows }: Measurement, commands: string): string {
  return `${zooHeading}
The larger networks of the zoo ([zoo.md](zoo.md)) with seeded weights, every result equal to the golden model's; written by \`npm run bench -- zoo\`.
Fully connected layers, also those of a gate, use each weight once a picture and wait for memory: the last column leaves them out.

${markdownRows(head, rows)}
\`\`\`
${commands}\`\`\`
`;
}
