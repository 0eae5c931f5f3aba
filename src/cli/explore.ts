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
    "explore <model>",
    "try arrays and memories with the cycle model and list those that nothing beats",
    (yargs) =>
      yargs
        .positional("model", option.model)
        .option("board", option.board)
        .option("memory", { ...option.boardMemory, defaultDescription: "several, or the board's" })
        .option("dump-after", option.dumpAfter)
        .option("seed", option.seed)
        .option("json", option.json)
        .example("$0 explore net.tflite --board pynq-z2", "the fastest that fits, by estimate"),
    async (args) => runExplore(args, io),
  );
}

interface Args extends ModelArgs {
  readonly board?: string | undefined;
  readonly memory?: string | undefined;
  readonly json: boolean;
}

const DEFAULT_CLOCK = 100;
const DEFAULT_LATENCY = 40;

async function runExplore(args: Args, io: Io): Promise<void> {
  const board = optional((value) => boardByName(single("--board", value)), args.board) ?? null;
  const stated = optional(parseMemory, args.memory);
  const memory = stated ?? (board === null ? undefined : parseMemory(memoryText(board)));
  const bus = board === null ? undefined : busOf(board);
  const configurations =
    memory === undefined
      ? allConfigurations(DEFAULT_LATENCY)
      : arraysWith(bus ?? busBytesFor(memory), {
          bytes: memory.bytes,
          latency: memory.latency,
          outstanding: memory.outstanding,
        });
  const graph = loadForCommand(args, io);
  const clockMHz = board?.clock.target ?? DEFAULT_CLOCK;
  const progress = startProgress(io, "explore");
  let result: Exploration;
  try {
    result = await explore(graph, {
      configurations,
      clockMHz,
      board,
      async onStep(done, total) {
        progress.update(done, total);
        await breathe(io.signal);
      },
    });
  } finally {
    progress.stop();
  }
  const [best] = result.front;
  if (best === undefined) throw nothingFits(args.model, board?.name ?? "none");
  const command = commandFor(args, best);
  const name = board?.name ?? "none";
  if (args.json) printJson(io, { model: args.model, board: name, clockMHz, best, command, ...result });
  else io.out(format(result, clockMHz, command));
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
function commandFor({ board, memory: stated, model, seed }: Args, { array, memory }: Point): string {
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

function format(
  { configurations, front, points, refused }: Exploration,
  clock: number,
  command: string,
): string {
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
