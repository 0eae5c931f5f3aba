import { writeFiles } from "../../codegen/write.ts";
import { chooseHardware, parseHardware, type HardwareArgs, type HardwareChoice } from "./board-option.ts";
import { compileModel, compileSmall, type Compiled } from "../compile.ts";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand, noteFloatLayers } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option, single } from "./options.ts";
import { formatSmallSummary, smallBoard, smallSummary } from "./small-engine.ts";
import { withOutputFolder } from "./output-folder.ts";
import { predictedByLayer } from "./predicted.ts";

export const compileCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("out", { ...option.out, demandOption: true })
      .option("board", option.board)
      .option("array", option.boardArray)
      .option("memory", option.boardMemory)
      .option("buffers", option.buffers)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 compile net.tflite -o out", "8x8 multipliers, 128-bit memory bus")
      .example("$0 compile net.tflite -o out --array 16x16 --memory bytes=8", "256 multipliers, 64-bit bus")
      .example("$0 compile net.tflite -o out --board arty-a7-100t", "a whole project for the board"),
  (args, io) => runCompile(args, io),
);

interface Args extends ModelArgs, HardwareArgs {
  readonly out: string;
  readonly json: boolean;
}

async function runCompile(args: Args, io: Io): Promise<void> {
  const out = single("--out", args.out);
  const request = parseHardware(args);
  const small = smallBoard(request);
  if (small !== undefined) {
    const compiled = await withOutputFolder(out, (folder) => {
      const result = compileSmall(loadForCommand(args, io), small);
      writeFiles(result.files, folder);
      return result;
    });
    const summary = smallSummary(args.model, out, compiled, small);
    if (args.json) printJson(io, summary);
    else io.out(formatSmallSummary(summary));
    return;
  }
  const { compiled, hardware } = await withOutputFolder(out, (folder) => {
    const graph = loadForCommand(args, io);
    noteFloatLayers(graph, io);
    const chosen = chooseHardware(graph, request);
    const { array, buffers, busBytes, choice } = chosen;
    const result = compileModel(graph, { array, busBytes, buffers, board: choice?.board });
    writeFiles(result.files, folder);
    return { compiled: result, hardware: chosen };
  });
  const summary = summarise(args.model, out, compiled, hardware);
  if (args.json) printJson(io, summary);
  else io.out(formatSummary(summary));
}

type Summary = ReturnType<typeof summarise>;

function summarise(
  model: string,
  out: string,
  { plan, files }: Compiled,
  { choice, memory }: HardwareChoice,
) {
  const { busBytes, pc, pk } = plan.hardware;
  const { macs } = plan.graph;
  const predictedCycles = predictedByLayer(plan, memory).reduce((sum, cycles) => sum + cycles, 0);
  return {
    model,
    out,
    board: choice?.board.name ?? "none",
    reasons: choice?.reasons ?? [],
    resources: choice?.uses ?? [],
    array: { pk, pc },
    busBytes,
    macs,
    multipliers: plan.multipliers,
    blocks: plan.blocks.length,
    predictedCycles,
    predictedUtilization: macs / (plan.multipliers * predictedCycles),
    regionBytes: plan.regionBytes,
    files: [...files.keys()],
  };
}

function formatSummary(summary: Summary): string {
  const { blocks, busBytes, files, multipliers, out, predictedCycles, regionBytes } = summary;
  const modules = files.filter((path) => path.startsWith("rtl/")).length;
  const memory = Object.entries(regionBytes).map(([name, bytes]) => `${name} ${bytes}`);
  const used = summary.predictedUtilization.toFixed(3);
  return [
    `${out}: ${modules} Verilog files in rtl/, ${multipliers} multipliers, ${8 * busBytes}-bit memory bus, ${blocks} blocks`,
    `${summary.macs} MACs in ${predictedCycles} predicted cycles, utilisation ${used}`,
    `memory in bytes: ${memory.join(", ")}`,
    ...summary.reasons,
    ...summary.resources.map((use) => `${use.resource}: ${use.needed} of ${use.available}`),
    "",
  ].join("\n");
}
