import Table from "cli-table3";
import type { Argv } from "yargs";
import { boardByName } from "../boards/index.ts";
import { busOf, memoryText } from "../boards/memory.ts";
import { InputError } from "../ir/errors.ts";
import { allConfigurations, arraysWith, explore, type Exploration, type Point } from "../explore/explore.ts";
import { breathe, printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { busBytesFor, option, optional, parseMemory, single } from "./options.ts";
import { startProgress } from "./progress.ts";

export function addExplore(parser: Argv, io: Io): void {
  parser.command(
    "explore <models..>",
    "try arrays and memories with the cycle model and list those that nothing beats",
    (yargs) =>
      yargs
        .positional("models", {
          ...{ describe: "model files or zoo names", type: "string", array: true, demandOption: true },
        })
        .option("board", option.board)
        .option("memory", {
          ...{ ...option.boardMemory, array: true, nargs: 1 },
          describe: `${option.boardMemory.describe}; repeat it to try several`,
          defaultDescription: "several, or the board's",
        })
        .option("dump-after", option.dumpAfter)
        .option("seed", option.seed)
        .option("json", option.json)
        .example("$0 explore net.tflite --board pynq-z2", "the fastest that fits, by estimate")
        .example(
          "$0 explore mobilenet-v1-{0.25,0.5,1.0}-{128,224}",
          "a family: the fastest for each network",
        ),
    async (args) => runExplore(args, io),
  );
}

interface Args extends Omit<ModelArgs, "model"> {
  readonly models: readonly string[];
  readonly board?: string | undefined;
  readonly memory?: readonly string[] | undefined;
  readonly json: boolean;
}

/** What --json prints of one network. */
interface Explored extends Exploration {
  readonly model: string;
  readonly board: string;
  readonly clockMHz: number;
  readonly parameters: number;
  readonly macs: number;
  /** The fastest that fits. */
  readonly best: Point;
  /** What makes its Verilog. */
  readonly command: string;
}

const DEFAULT_CLOCK = 100;
const DEFAULT_LATENCY = 40;

async function runExplore(args: Args, io: Io): Promise<void> {
  const board = optional((value) => boardByName(single("--board", value)), args.board) ?? null;
  const given = args.memory?.map(parseMemory);
  const memories = given ?? (board === null ? [] : [parseMemory(memoryText(board))]);
  const bus = board === null ? undefined : busOf(board);
  const configurations =
    memories.length === 0
      ? allConfigurations(DEFAULT_LATENCY)
      : memories.flatMap((memory) =>
          arraysWith(bus ?? busBytesFor(memory), {
            bytes: memory.bytes,
            latency: memory.latency,
            outstanding: memory.outstanding,
          }),
        );
  const clockMHz = board?.clock.target ?? DEFAULT_CLOCK;
  const total = args.models.length * configurations.length;
  const progress = startProgress(io, "explore");
  const explored: Explored[] = [];
  try {
    for (const [index, model] of args.models.entries()) {
      const graph = loadForCommand({ ...args, model }, io);
      const result = await explore(graph, {
        ...{ configurations, clockMHz, board },
        async onStep(done) {
          progress.update(index * configurations.length + done, total, model);
          await breathe(io.signal);
        },
      });
      const [best] = result.front;
      if (best === undefined) throw nothingFits(model, board?.name ?? "none");
      const { macs, parameters } = graph;
      const command = commandFor(model, args, best);
      const name = board?.name ?? "none";
      explored.push({ model, board: name, clockMHz, parameters, macs, best, command, ...result });
    }
  } finally {
    progress.stop();
  }
  const [only] = explored;
  if (args.json) printJson(io, explored.length === 1 ? only : { networks: explored });
  else io.out(explored.length === 1 ? format(only!) : formatFamily(explored));
}

function nothingFits(model: string, board: string): InputError {
  return new InputError({
    code: "does-not-fit",
    node: board,
    found: `no array for ${model} that fits by estimate`,
    supported: "boards with enough DSP blocks, block RAM and memory",
    fix: "try a larger board or a smaller network",
  });
}

/** What makes the Verilog of a point. */
function commandFor(model: string, { board, memory: stated, seed }: Args, { array, memory }: Point): string {
  const words = ["firebrick", "compile", quoted(model), "-o", "out", "--array", `${array.pk}x${array.pc}`];
  if (board !== undefined) words.push("--board", quoted(board));
  // What the board does not say; without a board --memory chooses the bus too.
  if (board === undefined || stated !== undefined)
    words.push("--memory", `bytes=${memory.bytes},latency=${memory.latency}`);
  if (seed !== option.seed.default) words.push("--seed", seed);
  return words.join(" ");
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A line a network, with the fastest accelerator that it can have. */
function formatFamily(explored: readonly Explored[]): string {
  const table = new Table({
    head: [
      "network",
      "parameters",
      "MACs",
      "array",
      "bytes a cycle",
      "cycles",
      "frames/s",
      "used",
      "DSP (est.)",
    ],
    colAligns: ["left", ...new Array<"right">(8).fill("right")],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { best, macs, model, parameters } of explored) {
    const { array, cycles, dsps, framesPerSecond, memory, utilization } = best;
    table.push([
      ...[model, parameters, macs, `${array.pk}x${array.pc}`, memory.bytes, cycles],
      ...[framesPerSecond.toFixed(1), utilization.toFixed(3), dsps],
    ]);
  }
  const count = explored.reduce((sum, { configurations }) => sum + configurations, 0);
  const clock = explored[0]?.clockMHz ?? DEFAULT_CLOCK;
  return `${count} configurations at ${clock} MHz, the fastest for each network:\n${table.toString()}\n`;
}

function format({ clockMHz: clock, command, configurations, front, points, refused }: Explored): string {
  const table = new Table({
    head: ["array", "bus", "bytes a cycle", "cycles", "frames/s", "used", "DSP (est.)", "RAM kbit (est.)"],
    colAligns: ["left", ...new Array<"right">(7).fill("right")],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { array, busBytes, cycles, memory, ...point } of front) {
    table.push([
      ...[`${array.pk}x${array.pc}`, busBytes * 8, memory.bytes, cycles],
      ...[point.framesPerSecond.toFixed(1), point.utilization.toFixed(3), point.dsps],
      (point.ramBits / 1024).toFixed(0),
    ]);
  }
  const unfit = points.filter((point) => !point.fits).length;
  return [
    `${configurations} configurations at ${clock} MHz: ${front.length} that nothing beats, ${unfit} too large, ` +
      `${refused.length} that the network cannot have`,
    table.toString(),
    `fastest: ${command}`,
    "",
  ].join("\n");
}
