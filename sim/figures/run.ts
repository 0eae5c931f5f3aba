/** `npm run bench`: measures the networks of cases.ts, prints two tables and writes docs/figures.md. */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import Table from "cli-table3";
import { boardByName } from "../../src/boards/index.ts";
import { packagePath } from "../../src/platform/package.ts";
import { boardCases, figureCases, type FigureCase } from "./cases.ts";
import { markdownRows } from "./markdown.ts";
import { commandOf, measure, type Figures } from "./measure.ts";
import { item } from "../../src/ir/known.ts";

interface Column {
  readonly head: string;
  readonly of: (figure: FigureCase, figures: Figures) => string;
}

const seconds = (value: number): string => value.toFixed(1);

/** Of what was measured, on an array as on a board. */
const common: readonly Column[] = [
  { head: "utilisation", of: (_, { utilization }) => utilization.toFixed(3) },
  { head: "cycles", of: (_, { cycles }) => String(cycles) },
  {
    head: "predicted / simulated",
    of: (_, { cycles, predictedCycles }) => (predictedCycles / cycles).toFixed(4),
  },
];

const onArrays: readonly Column[] = [
  { head: "array", of: (_, { array }) => array },
  { head: "bytes a cycle", of: ({ hardware }) => ("bytes" in hardware ? String(hardware.bytes) : "") },
  ...common,
  { head: "cycles a second", of: (_, { cyclesPerSecond }) => `${Math.round(cyclesPerSecond / 1000)} k` },
  { head: "compile s", of: (_, { compileSeconds }) => seconds(compileSeconds) },
  { head: "golden s", of: (_, { goldenSeconds }) => seconds(goldenSeconds) },
  { head: "report s", of: (_, { reportSeconds }) => seconds(reportSeconds) },
  { head: "build s", of: (_, { buildSeconds }) => seconds(buildSeconds) },
];

const onBoards: readonly Column[] = [
  { head: "board", of: ({ hardware }) => ("board" in hardware ? hardware.board : "") },
  { head: "array", of: (_, { array }) => array },
  ...common,
  {
    head: "pictures a second",
    of: ({ hardware }, { cycles }) =>
      "board" in hardware ? ((boardByName(hardware.board).clock.target * 1e6) / cycles).toFixed(1) : "",
  },
];

interface Measurement {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Why there are no figures, in the first column, where there are none. */
async function cellsOf(figure: FigureCase, columns: readonly Column[]): Promise<readonly string[]> {
  const without = (why: string): readonly string[] => columns.map((_, i) => (i === 0 ? why : ""));
  if (figure.missing !== null) return without(figure.missing);
  const figures = await measure(figure);
  if (!figures.bitExact) return without("DIFFERS from the golden model");
  return columns.map(({ of }) => of(figure, figures));
}

async function measureAll(cases: readonly FigureCase[], columns: readonly Column[]): Promise<Measurement> {
  const rows: (readonly string[])[] = [];
  for (const figure of cases) {
    process.stderr.write(`measuring: ${commandOf(figure)}\n`);
    rows.push([figure.name, ...(await cellsOf(figure, columns))]);
  }
  return { head: ["network", ...columns.map(({ head }) => head)], rows };
}

function print({ head, rows }: Measurement): void {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString()}\n`);
}

const commands = (cases: readonly FigureCase[]): string =>
  cases.map((figure) => `${commandOf(figure)}\n`).join("");

const load = item(loadavg(), 0).toFixed(1);
const [cases, boards] = [figureCases(), boardCases()];
const arrays = await measureAll(cases, onArrays);
const projects = await measureAll(boards, onBoards);
print(arrays);
print(projects);
const processor = `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`;
const page = `# Measured figures

Written by \`npm run bench\` on ${processor}, Node ${process.version}, load average ${load} when it began. One image, image and weights fetched from
memory; utilisation is all MACs of the network / (all 8-bit multipliers * cycles from start to done). Cycles and
utilisation are the same on every machine; seconds and speeds suffer from other load. Compile, golden and report (its page) are whole commands, Node's start included; build is
the Verilator build from an empty cache, without waveforms. Every row is bit exact.

${markdownRows(arrays.head, arrays.rows)}
A row of the table is a command and, for compile, golden and report, the same with another word; a zoo network's input \`grey.bin\`
holds zeros:

\`\`\`
${commands(cases)}\`\`\`

## On boards
Array, two products a DSP block or one, bus and memory are what \`--board\` picks; the pictures a second are those of the board's design clock, which is a
target and no result of place and route. Nothing ran on a board.

${markdownRows(projects.head, projects.rows)}
\`\`\`
${commands(boards)}\`\`\`
`;
if ([...cases, ...boards].some(({ missing }) => missing !== null)) {
  process.stdout.write("docs/figures.md is left as it was: it shows all networks or none\n");
} else writeFileSync(packagePath("docs", "figures.md"), page);
