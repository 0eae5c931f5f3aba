import { boardByName } from "../boards/index.ts";
import type { Board } from "../boards/schema.ts";
import { InputError } from "../ir/errors.ts";
import { frontOf, type Point } from "../explore/explore.ts";
import type { Explored } from "../explore/explored.ts";
import { formatExplored, formatFamily, pointLine } from "../explore/text.ts";
import { weightSizes } from "../explore/weight-sizes.ts";
import { explore } from "../index.ts";
import { DEFAULT_CLOCK } from "../targets/target.ts";
import { command } from "./command.ts";
import { DEFAULT_SYNTHESISED, parseSynth, withSynthesis } from "./explore-synthesis.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { formatBuffers, option, optional, parseMemory, single } from "./options.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { startProgress } from "./progress.ts";
import { RefusedError } from "./status.ts";
import { executorOptions, parseExecutor } from "./tasks/executor-option.ts";
import { item } from "../ir/known.ts";

export const exploreCommand = command(
  (yargs) =>
    yargs
      .positional("models", {
        describe: "model files or zoo names",
        type: "string",
        array: true,
        demandOption: true,
      })
      .option("board", option.board)
      .option("memory", {
        ...option.boardMemory,
        array: true,
        nargs: 1,
        describe: `${option.boardMemory.describe}; repeat it to try several`,
        defaultDescription: "several, or the board's",
      })
      .option("synth", {
        type: "string",
        describe: `let Yosys count LUT, FF, DSP, block RAM of the N fastest of the front`,
        defaultDescription: `none; --synth alone: ${DEFAULT_SYNTHESISED}`,
      })
      .option("executor", {
        ...executorOptions.executor,
        describe: "run --synth as jobs: local (processes of this machine), slurm (a job array)",
        defaultDescription: "local",
      })
      .option("work", executorOptions.work)
      .option("html", { type: "string", requiresArg: true, describe: "write a page with charts, one file" })
      .option("until", option.until)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 explore net.tflite --board pynq-z2", "the fastest that fits, by estimate")
      .example("$0 explore mobilenet-v1-{0.25,0.5,1.0}-{128,224}", "a family: the fastest for each network"),
  (args, io) => runExplore(args, io),
);

interface Args extends Omit<ModelArgs, "model"> {
  readonly models: readonly string[];
  readonly board?: string | undefined;
  readonly memory?: readonly string[] | undefined;
  readonly html?: string | undefined;
  readonly synth?: string | undefined;
  readonly executor?: string | undefined;
  readonly work?: string | undefined;
  readonly json: boolean;
}

async function runExplore(args: Args, io: Io): Promise<void> {
  const html = optional((value) => single("--html", value), args.html);
  if (html !== undefined) {
    if (args.models.length > 1) throw new RefusedError("--html takes one network");
    checkOutputFile(html);
  }
  const count = optional(parseSynth, args.synth);
  const { executor = count === undefined ? undefined : "local", work } = args;
  const request = parseExecutor({ executor, work });
  if (count === undefined && request) throw new RefusedError("--executor runs --synth: say both, or neither");
  const board = optional((value) => boardByName(single("--board", value)), args.board) ?? null;
  const memories = args.memory?.map(parseMemory) ?? [];
  const clockMHz = board?.clock.target ?? DEFAULT_CLOCK;
  const progress = startProgress(io, "explore");
  const found: Explored[] = [];
  try {
    for (const [index, model] of args.models.entries()) {
      const graph = loadForCommand({ ...args, model }, io);
      let front: readonly Point[] = [];
      const result = await explore(graph, {
        board: board ?? undefined,
        memories,
        signal: io.signal,
        onPoint(point) {
          front = frontOf([...front, point]);
          if (front.includes(point)) progress.say(pointLine(point));
        },
        onProgress: (done, total) => progress.update(index + done / total, args.models.length, model),
      });
      const [best] = result.front;
      if (best === undefined) throw nothingFits(model, board?.name ?? "none");
      const { macs, parameters } = graph;
      const commands = result.front.map((point) => commandFor(model, args, point));
      const name = board?.name ?? "none";
      found.push({
        model,
        board: name,
        clockMHz,
        parameters,
        macs,
        best,
        command: item(commands, 0),
        commands,
        limits: limitsOf(board),
        ...result,
        weightSizes: weightSizes(graph),
        synthesis: [],
      });
    }
  } finally {
    progress.stop();
  }
  const explored =
    count === undefined || request === undefined
      ? found
      : await withSynthesis(found, count, (point) => optionsOf(args, point), request, io);
  const only = item(explored, 0);
  if (args.json) printJson(io, explored.length === 1 ? only : { networks: explored });
  else io.out(explored.length === 1 ? formatExplored(only) : formatFamily(explored));
  if (html !== undefined) {
    const { explorePage } = await import("../../codegen/report/explore-page.ts");
    writeOutputFile(html, Buffer.from(explorePage(only)));
    if (!args.json) io.out(`page in ${html}\n`);
  }
}

function limitsOf(board: Board | null): Explored["limits"] {
  if (board === null) return { luts: null, dsps: null, ramBits: null };
  const { blockRam, dsp, lut } = board.resources;
  return { luts: lut && lut.value, dsps: dsp.value, ramBits: blockRam.value * blockRam.bits };
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
function commandFor(model: string, args: Args, point: Point): string {
  return ["firebrick", "compile", model, "-o", "out", ...optionsOf(args, point)].map(quoted).join(" ");
}

/** The options of `compile` and `report` for a point. */
function optionsOf({ activation, board, memory: stated, seed }: Args, point: Point): readonly string[] {
  const { array, buffers, busBytes, memory } = point;
  // The only accelerator that a board with a small engine has is the board's.
  const isArray = busBytes !== null;
  const words = isArray ? ["--array", `${array.pk}x${array.pc}`] : [];
  if (board !== undefined) words.push("--board", board);
  // What the board does not say; without a board --memory chooses the bus too.
  if (isArray && (board === undefined || stated !== undefined))
    words.push("--memory", `bytes=${memory.bytes},latency=${memory.latency}`);
  if (buffers !== null) words.push("--buffers", formatBuffers(buffers));
  if (seed !== option.seed.default) words.push("--seed", seed);
  if (activation !== undefined) words.push("--activation", activation);
  return words;
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
