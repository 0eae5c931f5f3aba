/**
 * `npm run bench`: measures the networks of cases.ts, zoo-networks.ts and mlperf-tiny.ts, prints the tables and writes
 * docs/figures.md. `npm run bench -- zoo` and `npm run bench -- mlperf-tiny` do so with that section alone.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { boardByName } from "../../src/boards/index.ts";
import { assert } from "../../src/ir/errors.ts";
import { item } from "../../src/ir/known.ts";
import { packagePath } from "../../src/platform/package.ts";
import { boardCases, figureCases } from "./cases.ts";
import { markdownRows } from "./markdown.ts";
import { commandsOf, measureAll, printTable, type Column, type HardwareColumn } from "./measurement.ts";
import { inferencesASecond, mlperfCases, mlperfHeading, mlperfSection } from "./mlperf-tiny.ts";
import { overPixels, zooCases, zooHeading, zooSection } from "./zoo-networks.ts";

const seconds = (value: number): string => value.toFixed(1);

const array: Column = { head: "array", of: (_, figures) => figures.array };

/** Of what was measured, on an array as on a board. */
const common: readonly Column[] = [
  { head: "utilisation", of: (_, { utilization }) => utilization.toFixed(3) },
  { head: "cycles", of: (_, { cycles }) => String(cycles) },
  {
    head: "predicted / simulated",
    of: (_, { cycles, predictedCycles }) => (predictedCycles / cycles).toFixed(4),
  },
];

const arrayAsked: readonly HardwareColumn[] = [
  { head: "array", of: ({ hardware }) => ("array" in hardware ? hardware.array : "") },
  { head: "bytes a cycle", of: ({ hardware }) => ("bytes" in hardware ? String(hardware.bytes) : "") },
];

const onArrays: readonly Column[] = [
  ...common,
  { head: "cycles a second", of: (_, { cyclesPerSecond }) => `${Math.round(cyclesPerSecond / 1000)} k` },
  { head: "compile s", of: (_, { compileSeconds }) => seconds(compileSeconds) },
  { head: "golden s", of: (_, { goldenSeconds }) => seconds(goldenSeconds) },
  { head: "report s", of: (_, { reportSeconds }) => seconds(reportSeconds) },
  { head: "build s", of: (_, { buildSeconds }) => seconds(buildSeconds) },
];

const boardAsked: readonly HardwareColumn[] = [
  { head: "board", of: ({ hardware }) => ("board" in hardware ? hardware.board : "") },
];

const onBoards: readonly Column[] = [
  array,
  ...common,
  { head: "next image: utilisation", of: (_, { last }) => last.utilization.toFixed(3) },
  { head: "next image: cycles", of: (_, { last }) => String(last.cycles) },
  {
    head: "pictures a second",
    of: ({ hardware }, { last }) =>
      "board" in hardware ? ((boardByName(hardware.board).clock.target * 1e6) / last.cycles).toFixed(1) : "",
  },
];

const page = packagePath("docs", "figures.md");

async function measureMlperf(): Promise<string> {
  const cases = mlperfCases();
  const place: HardwareColumn = {
    head: "asked for",
    of: ({ hardware }) => ("board" in hardware ? hardware.board : hardware.array),
  };
  const rate: Column = {
    head: "inferences a second",
    of: (figure, { cycles }) => inferencesASecond(figure, cycles),
  };
  const measured = await measureAll(cases, [place], [array, ...common, rate]);
  printTable(measured);
  return mlperfSection(measured, commandsOf(cases));
}

async function measureZoo(): Promise<string> {
  const cases = zooCases();
  const measured = await measureAll(cases, [], [...common, overPixels]);
  printTable(measured);
  return zooSection(measured, commandsOf(cases));
}

/** Sections that can be measured alone, in the page's order. */
const sections = [
  { name: "zoo", heading: zooHeading, measure: measureZoo },
  { name: "mlperf-tiny", heading: mlperfHeading, measure: measureMlperf },
] as const;

async function measureEverything(): Promise<void> {
  const load = item(loadavg(), 0).toFixed(1);
  const [cases, boards] = [figureCases(), boardCases()];
  const arrays = await measureAll(cases, arrayAsked, onArrays);
  const projects = await measureAll(boards, boardAsked, onBoards);
  printTable(arrays);
  printTable(projects);
  const others: string[] = [];
  for (const { measure } of sections) others.push(await measure());
  const processor = `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`;
  const text = `# Measured figures

Written by \`npm run bench\` on ${processor}, Node ${process.version}, load average ${load} when it began. One image, image and weights fetched from
memory; utilisation is all MACs of the network / (all 8-bit multipliers * cycles from start to done). Cycles and
utilisation are the same on every machine; seconds and speeds suffer from other load. Compile, golden and report (its page) are whole commands, Node's start included; build is
the Verilator build from an empty cache, without waveforms. Every row is bit exact.

${markdownRows(arrays.head, arrays.rows)}
A row of the table is a command and, for compile, golden and report, the same with another word; a zoo network's input \`grey.bin\`
holds zeros:

\`\`\`
${commandsOf(cases)}\`\`\`

## On boards
Array, two products a DSP block or one, bus and memory are what \`--board\` picks. The first image loads all; the next one finds the program and the weights that stay on the chip.
The pictures a second are of next images at the board's design clock, which is a target and no result of place and route. Nothing ran on a board.

${markdownRows(projects.head, projects.rows)}
\`\`\`
${commandsOf(boards)}\`\`\`

${others.join("\n")}`;
  if ([...cases, ...boards].some(({ missing }) => missing !== null)) {
    process.stdout.write("docs/figures.md is left as it was: it shows all networks or none\n");
  } else writeFileSync(page, text);
}

/** `name`: of one of the sections, or undefined for the whole page. Throws for another name. */
export async function bench(name?: string): Promise<void> {
  if (name === undefined) return measureEverything();
  const section = sections.find((known) => known.name === name);
  if (section === undefined)
    throw new Error(`${name}: no section; there are ${sections.map((known) => known.name).join(", ")}`);
  const text = await section.measure();
  const parts = readFileSync(page, "utf8").split(/\n(?=## )/);
  const at = parts.findIndex((part) => part.startsWith(`${section.heading}\n`));
  assert(at >= 0, `docs/figures.md has no section ${section.heading}`);
  writeFileSync(page, parts.with(at, text).join("\n"));
}
