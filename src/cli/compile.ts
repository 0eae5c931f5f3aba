import type { OutputFiles } from "../../codegen/generate.ts";
import { writeFiles } from "../../codegen/write.ts";
import { readInput } from "../images/read-input.ts";
import { compile, type Accelerator } from "../index.ts";
import { parseHardware, type HardwareArgs } from "./board-option.ts";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand, noteFloatLayers } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, single } from "./options.ts";
import { pictureOptions, withPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { withOutputFolder } from "./output-folder.ts";

export const compileCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("out", { ...option.out, demandOption: true })
      .option("board", option.board)
      .option("fill", option.fill)
      .option("array", option.boardArray)
      .option("memory", option.boardMemory)
      .option("buffers", option.buffers)
      .option("sparse", option.sparse)
      .option("input", {
        ...option.input,
        describe: "an image or raw .bin tensor for the testbench",
        array: false,
        demandOption: false,
        defaultDescription: "pseudo-random values",
      })
      .options(pictureOptions)
      .option("labels", option.labels)
      .option("until", option.until)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 compile net.tflite -o out", "8x8 multipliers, 128-bit memory bus")
      .example("$0 compile net.tflite -o out --array 16x16 --memory bytes=8", "256 multipliers, 64-bit bus")
      .example("$0 compile net.tflite -o out --board arty-a7-100t", "a whole project for the board"),
  (args, io) => runCompile(args, io),
);

interface Args extends ModelArgs, HardwareArgs, PictureOptions {
  readonly out: string;
  readonly input?: string | undefined;
  readonly json: boolean;
}

async function runCompile(args: Args, io: Io): Promise<void> {
  const out = single("--out", args.out);
  const request = parseHardware(args);
  const file = optional((value) => single("--input", value), args.input);
  const { files, planned } = await withOutputFolder(out, async (folder) => {
    const graph = withPictureOptions(loadForCommand(args, io), args, io);
    noteFloatLayers(graph, io);
    const planned = await compile(graph, request);
    const picture = file === undefined ? undefined : (await readInput(file, graph)).values;
    const files = planned.project(picture);
    writeFiles(files, folder);
    return { planned, files };
  });
  const summary = summarise(args.model, out, planned, files);
  if (args.json) printJson(io, summary);
  else io.out(formatSummary(summary));
}

type Summary = ReturnType<typeof summarise>;

function summarise(model: string, out: string, accelerator: Accelerator, files: OutputFiles) {
  const { array, board, busBytes, clockMHz, engine, graph, multipliers } = accelerator;
  const predictedCycles = accelerator.predict().reduce((sum, cycles) => sum + cycles, 0);
  return {
    model,
    out,
    engine,
    board: board?.name ?? "none",
    reasons: accelerator.reasons,
    resources: accelerator.resources,
    array,
    busBytes,
    macs: graph.macs,
    multipliers,
    blocks: accelerator.blocks,
    predictedCycles,
    predictedUtilization: graph.macs / (multipliers * predictedCycles),
    clockMHz,
    regionBytes: accelerator.regionBytes,
    files: [...files.keys()],
  };
}

function formatSummary(summary: Summary): string {
  const { blocks, busBytes, clockMHz, files, multipliers, out, predictedCycles, regionBytes } = summary;
  const modules = files.filter((path) => path.startsWith("rtl/")).length;
  const bus = busBytes === null ? "no memory bus" : `${8 * busBytes}-bit memory bus`;
  const memory = Object.entries(regionBytes).map(([name, bytes]) => `${name} ${bytes}`);
  const used = summary.predictedUtilization.toFixed(3);
  const rate = ((clockMHz * 1e6) / predictedCycles).toFixed(1);
  return [
    `${out}: ${modules} Verilog files in rtl/, ${multipliers} multipliers, ${bus}, ${blocks} blocks`,
    `${summary.macs} MACs in ${predictedCycles} predicted cycles, utilisation ${used}, ${rate} images a second at ${clockMHz} MHz`,
    `memory in bytes: ${memory.join(", ")}`,
    ...summary.reasons,
    ...summary.resources.map((use) => `${use.resource}: ${use.needed} of ${use.available}`),
    "",
  ].join("\n");
}
