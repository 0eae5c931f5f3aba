/** `compile` and `simulate` for a board with a small engine; `report` is in small-report.ts. */
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { NETWORK_FILE, SMALL_TOP } from "../../codegen/small/generate.ts";
import { verilateModule, type Dut } from "../../sim/bench/index.ts";
import { smallRunner, type SmallImage } from "../../sim/small/run.ts";
import { predictSmall } from "../4-schedule/small/cycles.ts";
import { SMALL, type SmallPlan } from "../4-schedule/small/plan.ts";
import type { Board } from "../boards/index.ts";
import type { CompiledSmall } from "../compile.ts";
import { ownType } from "../golden/logits.ts";
import { runGolden } from "../golden/run.ts";
import { assert, InputError } from "../ir/errors.ts";
import type { HardwareRequest } from "./board-option.ts";
import { dumpLogits, type NamedInput } from "./inputs.ts";
import { breathe, type Io } from "./io.ts";
import { startProgress } from "./progress.ts";
import type { FirstDivergence, InputReport, LayerReport, SimulationReport } from "./simulation-report.ts";
import { answerOf } from "./top.ts";

/** The board of the request when it has a small engine. Throws InputError when options for arrays stand beside it. */
export function smallBoard({ array, board, buffers, memory }: HardwareRequest): Board | undefined {
  if (board?.smallEngine === undefined) return undefined;
  const options = Object.entries({ "--array": array, "--memory": memory, "--buffers": buffers });
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length === 0) return board;
  throw new InputError(
    given.map((name) => ({
      code: "bad-option",
      node: name,
      found: `${name} with --board ${board.name}`,
      supported: `${board.title} has a small engine: 4x4 multipliers, its own memories and a flash`,
      fix: `leave ${name} out`,
    })),
  );
}

/** What `compile` prints: the JSON object of the command, and the same for people. */
export function smallSummary(model: string, out: string, { plan, files }: CompiledSmall, board: Board) {
  const predictedCycles = predictSmall(plan).reduce((sum, { cycles }) => sum + cycles, 0);
  const network = files.get(NETWORK_FILE);
  assert(network instanceof Uint8Array, "the compiled files hold the network");
  return {
    model,
    out,
    board: board.name,
    array: { pk: SMALL.lanes, pc: SMALL.channels },
    macs: plan.graph.macs,
    multipliers: plan.multipliers,
    layers: plan.layers.length,
    predictedCycles,
    predictedUtilization: utilization(plan, plan.graph.macs, predictedCycles),
    clockMHz: board.clock.target,
    flashBytes: network.length,
    files: [...files.keys()],
  };
}

export function formatSmallSummary(summary: ReturnType<typeof smallSummary>): string {
  const { board, clockMHz, flashBytes, layers, macs, multipliers, out, predictedCycles } = summary;
  const rate = ((clockMHz * 1e6) / predictedCycles).toFixed(1);
  return [
    `${out}: a project for ${board}: ${layers} layers on the small engine, ${multipliers} multipliers`,
    `${macs} MACs in ${predictedCycles} predicted cycles, utilisation ${summary.predictedUtilization.toFixed(3)}: ` +
      `${rate} pictures a second at ${clockMHz} MHz`,
    `${flashBytes} bytes of flash behind the bitstream`,
    "",
  ].join("\n");
}

export interface SmallSimulation {
  readonly folder: string;
  readonly logitsFolder: string | undefined;
  /** Waveform file. */
  readonly trace: string | undefined;
}

/** Every input on the Verilog of `folder`, one after the other; an input that does not end is the last. */
export async function simulateSmall(
  model: string,
  { plan, files }: CompiledSmall,
  board: Board,
  inputs: readonly NamedInput[],
  { folder, logitsFolder, trace }: SmallSimulation,
  io: Io,
): Promise<SimulationReport> {
  const network = files.get(NETWORK_FILE);
  assert(
    board.smallEngine && network instanceof Uint8Array,
    "a board with a small engine has a network file",
  );
  const build = startProgress(io, "build");
  const started = performance.now();
  const rtl = join(folder, "rtl");
  const dut = await verilateModule({
    top: SMALL_TOP,
    files: [join(rtl, `${SMALL_TOP}.v`)],
    libraries: [rtl],
    ...(trace === undefined ? {} : { trace }),
    signal: io.signal,
  }).finally(() => {
    build.stop();
  });
  const buildSeconds = (performance.now() - started) / 1000;
  const begun = performance.now();
  const images: SmallImage[] = [];
  try {
    reset(dut);
    const wakeCycles = Math.ceil(board.smallEngine.flash.wakeMicroseconds.value * board.clock.target);
    const run = smallRunner(dut, network, board.smallEngine.flash.offset, wakeCycles);
    const total = predictSmall(plan).reduce((sum, { cycles }) => sum + cycles, 0);
    const progress = startProgress(io, "simulate");
    for (const { values } of inputs) {
      await breathe(io.signal);
      const golden = runGolden(plan.graph, values);
      const expected = plan.layers.map(({ operator }) => {
        const map = golden.maps.get(operator.output);
        assert(map, "the golden model made every map");
        return map;
      });
      const onProgress = (cycles: number): void => {
        progress.update(Math.min(cycles, total), total, `input ${images.length + 1} of ${inputs.length}`);
      };
      images.push(run({ plan, input: values, expected, onProgress }));
      if (images.at(-1)?.failure !== null) break;
    }
    progress.stop();
  } catch (error) {
    if (trace !== undefined) await rm(trace, { force: true });
    throw error;
  } finally {
    dut.close();
  }
  if (logitsFolder !== undefined)
    dumpLogits(
      logitsFolder,
      images.map((image, i) => ({ name: inputs[i]!.name, logits: logitsOf(plan, image) })),
    );
  const seconds = (performance.now() - begun) / 1000;
  return {
    model,
    board: board.name,
    array: { pk: SMALL.lanes, pc: SMALL.channels },
    macs: plan.graph.macs,
    multipliers: plan.multipliers,
    inputs: images.map((image, index) => inputReport(plan, inputs[index]!.file, image)),
    layers: layerReports(plan, images[0]!),
    simulation: {
      buildSeconds,
      cyclesPerSecond: Math.round(sum(images.map(({ cycles }) => cycles)) / seconds),
    },
  };
}

function reset(dut: Dut): void {
  for (const port of dut.ports.values()) if (port.direction === "input") dut.poke(port.name, 0);
  dut.reset();
}

/** The logits that the hardware made, in the model's own type. */
function logitsOf({ graph }: SmallPlan, image: SmallImage): Uint8Array | Int8Array {
  const map = graph.maps.get(graph.logits);
  assert(map, "the graph has logits");
  return ownType(map, image.output);
}

function inputReport(plan: SmallPlan, file: string, image: SmallImage): InputReport {
  const { cycles, divergence, failure, flashBytes, mismatches } = image;
  return {
    file,
    bitExact: divergence === null && mismatches === 0 && failure === null,
    firstDivergence: divergence === null ? null : firstDivergence(plan, divergence),
    failure,
    cycles,
    utilization: utilization(plan, plan.graph.macs, cycles),
    // The flash is all the memory there is outside; it is not written.
    memory: {
      readBytes: flashBytes,
      writeBytes: 0,
      stallCycles: sum(image.layers.map(({ stallCycles }) => stallCycles)),
    },
    ...answerOf(plan.graph, logitsOf(plan, image)),
  };
}

function firstDivergence(plan: SmallPlan, found: NonNullable<SmallImage["divergence"]>): FirstDivergence {
  const { layer, ...rest } = found;
  return { layer: plan.layers[layer]?.operator.node.name ?? `layer ${layer}`, ...rest };
}

function layerReports(plan: SmallPlan, image: SmallImage): readonly LayerReport[] {
  const predicted = predictSmall(plan);
  return plan.layers.map(({ engine, operator }, index) => {
    const { macs, name } = operator.node;
    const spent = image.layers[index]!;
    return {
      name,
      engine,
      macs,
      ...spent,
      predictedCycles: predicted[index]!.cycles,
      utilization: utilization(plan, macs, spent.cycles),
    };
  });
}

function utilization({ multipliers }: SmallPlan, macs: number, cycles: number): number {
  return cycles === 0 ? 0 : macs / (multipliers * cycles);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
