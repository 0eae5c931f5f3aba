/** The section of docs/figures.md on MLPerf Tiny: the zoo's four networks, and what others have published of the same. */
import { boardByName } from "../../src/boards/index.ts";
import { seeded, type FigureCase } from "./cases.ts";
import { markdownRows } from "./markdown.ts";
import type { Measurement } from "./measurement.ts";

export const mlperfHeading = "## MLPerf Tiny";

/** The benchmark's tasks, as its results call them. */
const TASKS = [
  ["vww", "visual wake words"],
  ["ic", "image classification"],
  ["kws", "keyword spotting"],
  ["ad", "anomaly detection"],
] as const;

type Task = (typeof TASKS)[number][0];

/** Of 100 MHz, as `firebrick compile` says it of an array without a board. */
const arrayMegahertz = 100;

/** On 8x8 multipliers, on the smallest board, and on one with the device of the ZedBoard, which others' figures are of. */
export const mlperfCases = (): readonly FigureCase[] =>
  [{ array: "8x8", bytes: 16 } as const, { board: "icebreaker" }, { board: "pynq-z2" }].flatMap((hardware) =>
    TASKS.map(([task]) => seeded(`mlperf-tiny-${task}`, hardware)),
  );

/** Inferences a second at the clock that the hardware is made for. */
export function inferencesASecond({ hardware }: FigureCase, cycles: number): string {
  const megahertz = "board" in hardware ? boardByName(hardware.board).clock.target : arrayMegahertz;
  return ((megahertz * 1e6) / cycles).toFixed(1);
}

interface Published {
  readonly task: Task;
  readonly entry: string;
  readonly device: string;
  readonly dsp: string;
  readonly rate: string;
  readonly round: string;
}

/** Results of the benchmark's rounds on FPGAs, of the repositories mlcommons/tiny_results_vROUND. */
const PUBLISHED: readonly Published[] = [
  { task: "vww", entry: "ANPU, 320 MHz", device: "VCU128", dsp: "994", rate: "4,625 to 4,638", round: "1.3" },
  { task: "vww", entry: "fpgaConvNet", device: "ZC706", dsp: "564", rate: "1,388", round: "1.1" },
  { task: "vww", entry: "fpgaConvNet", device: "ZedBoard", dsp: "189", rate: "105", round: "1.1" },
  { task: "ic", entry: "fpgaConvNet", device: "ZC706", dsp: "not known", rate: "6,790", round: "1.1" },
  { task: "ic", entry: "fpgaConvNet, 143 MHz", device: "ZedBoard", dsp: "211", rate: "2,431", round: "1.1" },
  { task: "kws", entry: "fpgaConvNet, 143 MHz", device: "ZedBoard", dsp: "188", rate: "3,088", round: "1.1" },
  {
    task: "kws",
    entry: "open division: a network of its own, few bits",
    device: "PYNQ-Z2",
    dsp: "not known",
    rate: "57,268",
    round: "0.7",
  },
];

export function mlperfSection({ head, rows }: Measurement, commands: string): string {
  const tasks = new Map<Task, string>(TASKS);
  const published = PUBLISHED.map(({ task, entry, device, dsp, rate, round }) => [
    tasks.get(task) ?? task,
    entry,
    device,
    dsp,
    rate,
    round,
  ]);
  return `${mlperfHeading}
The benchmark's four networks ([zoo.md](zoo.md)), every result equal to the golden model's; written by \`npm run bench -- mlperf-tiny\`. Inferences a second are
cycles at ${arrayMegahertz} MHz for the array, at the board's design clock on a board; nothing ran on a board, and none of it is a submission. The benchmark's own int8 files
take the same cycles as these with their seeded weights. Of what the small engine refuses, the row has the reason.

${markdownRows(head, rows)}
What others published of FPGAs in the benchmark's rounds, inferences a second of one input after another. The ZedBoard has the PYNQ-Z2's device, with 220 DSP blocks;
of anomaly detection none is known to us:

${markdownRows(["task", "entry", "device", "DSP blocks", "inferences a second", "round"], published)}
\`\`\`
${commands}\`\`\`
`;
}
