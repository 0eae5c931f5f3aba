/** `npm run bench`: measures the networks of cases.ts, prints a table and writes docs/figures.md. */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import Table from "cli-table3";
import { packagePath } from "../../src/ir/package-root.ts";
import { figureCases, type FigureCase } from "./cases.ts";
import { commandOf, measure, type Figures } from "./measure.ts";

const head = [
  ...["network", "array", "bytes a cycle", "utilisation", "cycles", "predicted / simulated"],
  ...["cycles a second", "compile s", "golden s", "build s"],
];

function rowOf({ array, bytes, missing, name }: FigureCase, figures: Figures | null): readonly string[] {
  const start = [name, array, String(bytes)];
  if (figures === null) return [...start, missing ?? "", ...Array.from({ length: 6 }, () => "")];
  if (!figures.bitExact)
    return [...start, "DIFFERS from the golden model", ...Array.from({ length: 6 }, () => "")];
  return [
    ...start,
    figures.utilization.toFixed(3),
    String(figures.cycles),
    (figures.predictedCycles / figures.cycles).toFixed(4),
    `${Math.round(figures.cyclesPerSecond / 1000)} k`,
    ...[figures.compileSeconds, figures.goldenSeconds, figures.buildSeconds].map((seconds) =>
      seconds.toFixed(1),
    ),
  ];
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;

function page(rows: readonly (readonly string[])[], cases: readonly FigureCase[]): string {
  const table = [head, head.map(() => "---"), ...rows].map(line).join("");
  const processor = `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`;
  const commands = cases.map((figure) => `${commandOf(figure)}\n`).join("");
  return `# Measured figures

Written by \`npm run bench\` on ${processor}, Node ${process.version}, load average ${load} when it began. One image, image and weights fetched from
memory; utilisation is all MACs of the network / (all 8-bit multipliers * cycles from start to done). Cycles and
utilisation are the same on every machine; seconds and speeds suffer from other load. Compile and golden are whole commands, Node's start included; build is
the Verilator build from an empty cache, without waveforms.

${table}
A row of the table is a command and, for compile and golden, the same with another word; a zoo network's input \`grey.bin\`
holds zeros:

\`\`\`
${commands}\`\`\`
`;
}

const load = loadavg()[0]!.toFixed(1);
const cases = figureCases();
const rows: (readonly string[])[] = [];
for (const figure of cases) {
  process.stderr.write(`measuring ${figure.name} on ${figure.array}, ${figure.bytes} bytes a cycle\n`);
  rows.push(rowOf(figure, figure.missing === null ? await measure(figure) : null));
}
const table = new Table({ head, style: { head: [], border: [] } });
table.push(...rows.map((row) => [...row]));
process.stdout.write(`${table.toString()}\n`);
if (cases.some(({ missing }) => missing !== null)) {
  process.stdout.write("docs/figures.md is left as it was: it shows all networks or none\n");
} else writeFileSync(packagePath("docs", "figures.md"), page(rows, cases));
