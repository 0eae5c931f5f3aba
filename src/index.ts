/**
 * Firebrick as a library: `import { load, compile, golden, simulate, report, explore, quantise } from "firebrick"`; docs/api.md.
 * The command line is made of these functions. They print nothing and do not look at the command line; files are
 * read and written only where a path is given. Long work takes an AbortSignal and tells how far it is. What is wrong with a
 * model, a file or an option is thrown as InputError, all problems at once; a missing program as MissingToolError.
 */
import type { Quantised } from "./3-quantise/ptq/index.ts";
import type { BufferOptions } from "./4-schedule/size.ts";
import type { ArraySize } from "./boards/change.ts";
import type { Board } from "./boards/schema.ts";
import type { Exploration, Point } from "./explore/explore.ts";
import type { OutputValues } from "./golden/outputs.ts";
import type { Answer } from "./ir/answer.ts";
import { assert, InputError } from "./ir/errors.ts";
import type { Graph, Preprocess } from "./ir/graph.ts";
import type { IntGraph } from "./ir/integer.ts";
import type { PictureRule } from "./images/picture-rule.ts";
import type { LoadOptions } from "./load.ts";
import { breathe } from "./platform/breathe.ts";
import type { FloatLoadOptions } from "./quantise.ts";
import type { ModelReport } from "./report/model-report.ts";
import type { Simulated, SimulationInput, SimulationRequest } from "./targets/simulation.ts";
import { engineOfBoard, type Accelerator, type HardwareRequest } from "./targets/target.ts";
import type { MemoryOptions } from "../sim/memory-options.ts";

export { InputError, MissingToolError } from "./ir/errors.ts";
export { UnavailableError } from "./platform/unavailable.ts";
export type {
  Accelerator,
  Answer,
  ArraySize,
  Board,
  BufferOptions,
  Exploration,
  FloatLoadOptions,
  Graph,
  IntGraph,
  LoadOptions,
  MemoryOptions,
  ModelReport,
  OutputValues,
  PictureRule,
  Point,
  Preprocess,
  Quantised,
  Simulated,
};

/** A picture or a raw `.bin` tensor by path, or the input map's values, [H, W, C], re-centred int8, alone or with a name. */
export type Input = string | Int8Array | SimulationInput;

/** What an accelerator shall be; the board decides what is left out, or the defaults do. */
export interface Hardware {
  /** Multiplier array: `pk` lanes of `pc` multipliers. */
  readonly array?: ArraySize | undefined;
  /** The memory that it is connected to; a field that is left out has its default. */
  readonly memory?: Partial<MemoryOptions> | undefined;
  /** A board of `firebrick boards`, or a board's .json file, by name. */
  readonly board?: string | Board | undefined;
  readonly buffers?: BufferOptions | undefined;
  /** Percent of the board's look-up tables that an array which the board chooses may take by the estimate; 85 without. */
  readonly fill?: number | undefined;
  /** Whether zeros among the weights of convolutions take no cycles; without it where that saves much and no board is asked for. */
  readonly sparse?: boolean | undefined;
}

/** Long work: how to stop it, and who is told of its steps. */
export interface Work {
  /** The work ends with the signal's reason; children are stopped and nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A model file (.tflite, .onnx, .net, .firebrick), a network in TypeScript or a name of the zoo, as an integer graph. */
export async function load(model: string, options: LoadOptions = {}): Promise<IntGraph> {
  const { loadModel } = await import("./load.ts");
  return loadModel(model, options);
}

/** The same as a float graph, as `quantise` takes it. Throws InputError for networks that have no integer form. */
export async function loadFloat(model: string, options: FloatLoadOptions = {}): Promise<Graph> {
  const { loadFloatGraph } = await import("./quantise.ts");
  return loadFloatGraph(model, options);
}

/** What the golden model makes of an input. */
export interface GoldenAnswer extends Answer {
  /** In the model's own type, NHWC. */
  readonly logits: Uint8Array | Int8Array;
  /** Every output of the network in the file's order, [H, W, C], in the model's own type. */
  readonly outputs: readonly OutputValues[];
  /** Every map that the network makes, [H, W, C], re-centred int8, by its number in the graph. */
  readonly maps: ReadonlyMap<number, Int8Array>;
}

/** The boards that come with Firebrick. */
export async function boards(): Promise<readonly Board[]> {
  const { knownBoards } = await import("./boards/index.ts");
  return knownBoards();
}

/** Names of the zoo's networks, as `load` takes them. */
export async function models(): Promise<readonly string[]> {
  const { listZoo } = await import("./zoo/index.ts");
  return listZoo().map(({ name }) => name);
}

/**
 * A picture as `golden` and `project` take it. `pixels`: [H, W, C] of the network's input, R, G, B or grey, 0 to 255. Throws InputError
 * `unknown-preprocess` where neither model nor options say what pixels become.
 */
export async function pictureInput(graph: IntGraph, pixels: Uint8Array): Promise<Int8Array> {
  const { quantisePixels } = await import("./images/quantise.ts");
  const { unknownPreprocess } = await import("./images/unknown-preprocess.ts");
  const { preprocess } = graph;
  const map = graph.maps.get(graph.input);
  assert(map !== undefined, `the graph has no input map ${graph.input}`);
  if (preprocess === undefined) throw new InputError(unknownPreprocess("the picture"));
  return quantisePixels(pixels, map, preprocess);
}

/** Runs the golden integer model. */
export async function golden(graph: IntGraph, input: Input): Promise<GoldenAnswer> {
  const { runGolden } = await import("./golden/run.ts");
  const { logitsOf } = await import("./golden/logits.ts");
  const { answerTo } = await import("./golden/answer.ts");
  const { outputsOf } = await import("./golden/outputs.ts");
  const { values } = await readNamed(graph, input);
  const result = runGolden(graph, values);
  return {
    ...answerTo(result),
    logits: logitsOf(result),
    outputs: outputsOf(result),
    maps: result.maps,
  };
}

/**
 * An accelerator for the network: `files()` are its Verilog, memory image and project by path, `predict()` its cycles by
 * layer. Throws InputError also where it does not fit its board.
 */
export async function compile(graph: IntGraph, hardware: Hardware = {}): Promise<Accelerator> {
  const { fittingAccelerator } = await import("./targets/index.ts");
  return fittingAccelerator(graph, await requestOf(hardware));
}

/** What is simulated, and how. */
export interface SimulateOptions extends Pick<
  SimulationRequest,
  "signal" | "onBuild" | "onProgress" | "waveform" | "perfetto"
> {
  readonly inputs: readonly Input[];
  /** As the report names the model; the network's own name without it. */
  readonly model?: string | undefined;
  /** Where the accelerator's files are already; a temporary folder without it. */
  readonly folder?: string | undefined;
}

/**
 * Runs the Verilog cycle by cycle and compares every layer with the golden model. Hardware that computes wrongly or hangs is
 * a result: `report.inputs[i].bitExact`.
 */
export async function simulate(accelerator: Accelerator, options: SimulateOptions): Promise<Simulated> {
  const { folder, inputs: given, model = accelerator.graph.name, ...rest } = options;
  const inputs: SimulationInput[] = [];
  for (const input of given) inputs.push(await readNamed(accelerator.graph, input, inputs.length));
  const run = (from: string) => accelerator.simulate({ ...rest, model, inputs, folder: from });
  if (folder !== undefined) return run(folder);
  const { writeFiles } = await import("../codegen/write.ts");
  const { inTemporaryFolder } = await import("../sim/tools/temporary-folder.ts");
  return inTemporaryFolder((temporary) => {
    writeFiles(accelerator.files(), temporary);
    return run(temporary);
  });
}

export interface ReportOptions {
  /** As the report names the model; the network's own name without it. */
  readonly model?: string | undefined;
  /** MHz; the board's or 100 without it. */
  readonly clockMHz?: number | undefined;
  /** The first image, or one behind it, which finds program and kept weights on the chip; the first without it. */
  readonly images?: "first" | "next" | undefined;
  /** For class scores and activation histograms. */
  readonly input?: Input | undefined;
}

/** Cycles, traffic, memory and what limits each layer, by the cycle model. */
export async function report(accelerator: Accelerator, options: ReportOptions = {}): Promise<ModelReport> {
  const { clockMHz, images, input, model = accelerator.graph.name } = options;
  if (input === undefined) return accelerator.report({ model, clockMHz, images, input: null });
  const named = await readNamed(accelerator.graph, input);
  const { maps, top, values } = await golden(accelerator.graph, named);
  return accelerator.report({ model, clockMHz, images, input: { file: named.file, maps, top, values } });
}

export interface ExploreOptions extends Work {
  readonly board?: string | Board | undefined;
  /** Memories to try; without any the board's, or several. */
  readonly memories?: readonly Partial<MemoryOptions>[] | undefined;
  /** Told each accelerator as soon as it is evaluated; only the whole list says what nothing beats. */
  readonly onPoint?: ((point: Point) => void) | undefined;
}

/** Tries arrays, memories and buffers with the cycle model; `front`: what nothing beats, the fastest first. */
export async function explore(graph: IntGraph, options: ExploreOptions = {}): Promise<Exploration> {
  const { onPoint, onProgress, signal } = options;
  const board = (await boardOf(options.board)) ?? null;
  const memories = await Promise.all((options.memories ?? []).map(memoryOf));
  const request = {
    board,
    memories,
    onPoint: (point: Point) => onPoint?.(point),
    async onStep(done: number, total: number) {
      onProgress?.(done, total);
      await breathe(signal);
    },
  };
  // not with all that a target can do: the first point would wait for the compilers of Verilog to load
  if (engineOfBoard(board) === "array")
    return (await import("./targets/array/explore.ts")).exploreArrays(graph, request);
  return (await import("./targets/small/explore.ts")).exploreSmall(graph, request);
}

export interface QuantiseOptions extends Work {
  /** How the network wants its pictures, whole; without it what the model says, or `loadFloat` was told. */
  readonly preprocess?: Preprocess | undefined;
}

/** A network that `quantise` made, and what it cost. */
export interface QuantisedModel extends Quantised {
  /** The `.firebrick` file. */
  readonly bytes: Uint8Array;
}

/**
 * Turns a float network into an int8 one that reads plain pictures. `pictures`: files to calibrate with, a hundred or more
 * like those that the network will see.
 */
export async function quantise(
  graph: Graph,
  pictures: readonly string[],
  { onProgress, preprocess = graph.preprocess, signal }: QuantiseOptions = {},
): Promise<QuantisedModel> {
  const { quantiseFiles } = await import("./quantise.ts");
  const onStep = async (done: number, total: number): Promise<void> => {
    onProgress?.(done, total);
    await breathe(signal);
  };
  return quantiseFiles(graph, pictures, preprocess, onStep, signal);
}

async function readNamed(graph: IntGraph, input: Input, index = 0): Promise<SimulationInput> {
  if (input instanceof Int8Array) return { file: `input ${index + 1}`, values: input };
  if (typeof input !== "string") return input;
  const { readInput } = await import("./images/read-input.ts");
  const map = graph.maps.get(graph.input);
  assert(map !== undefined, `the graph has no input map ${graph.input}`);
  return { file: input, ...(await readInput(input, graph)) };
}

async function requestOf({
  array,
  board,
  buffers,
  fill,
  memory,
  sparse,
}: Hardware): Promise<HardwareRequest> {
  return {
    array,
    buffers,
    fill,
    sparse,
    board: await boardOf(board),
    memory: memory && (await memoryOf(memory)),
  };
}

async function boardOf(board: string | Board | undefined): Promise<Board | undefined> {
  if (typeof board !== "string") return board;
  const { boardByName } = await import("./boards/index.ts");
  return boardByName(board);
}

async function memoryOf(memory: Partial<MemoryOptions>): Promise<MemoryOptions> {
  const { defaultMemory } = await import("../sim/memory-options.ts");
  return { ...defaultMemory, ...memory };
}
