/** A model file all the way that an accepted one goes: inspected, loaded, golden, and of a sample compiled and simulated. */
import { compile, golden, simulate } from "../../../src/index.ts";
import { formatInspect, inspectGraph, inspectModel } from "../../../src/inspect.ts";
import { InputError } from "../../../src/ir/errors.ts";
import { inputsOf, type IntGraph } from "../../../src/ir/integer.ts";
import { isNetworkFile, loadGraph, loadModel } from "../../../src/load.ts";
import { loadFloatGraph } from "../../../src/quantise.ts";
import type { Random } from "../random.ts";
import type { Reading } from "./reader.ts";

/** Multiply-accumulates and values of all maps that one case may take: a small file may describe a large network. */
const GOLDEN = { macs: 2e7, values: 2e6 };
const HARDWARE = { macs: 2e6, values: 1e5 };

/** Of the accepted models whose Verilog is made, percent. */
const COMPILED = 10;

export async function readModelFile(path: string, reading: Reading): Promise<void> {
  formatInspect(isNetworkFile(path) ? inspectGraph(loadGraph(path)) : inspectModel(path));
  const graph = integerGraph(path);
  if (graph === undefined || !fits(graph, GOLDEN)) return;
  reading.begin("golden");
  const input = noise(graph, reading.draw);
  await golden(graph, input);
  if (!fits(graph, HARDWARE) || !(reading.simulate || reading.draw.chance(COMPILED))) return;
  reading.begin("compile");
  const accelerator = await compile(graph, { array: { pk: 4, pc: 4 } });
  accelerator.predict();
  accelerator.files();
  if (!reading.simulate) return;
  reading.begin("simulate");
  const { report } = await simulate(accelerator, { inputs: [input] });
  const [result] = report.inputs;
  if (result?.bitExact !== true)
    throw new Error(`the hardware differs from the golden model: ${JSON.stringify(result)}`);
}

/** Undefined for a sound float network, which has no integers before `quantize`. */
function integerGraph(path: string): IntGraph | undefined {
  try {
    return loadModel(path);
  } catch (error) {
    const isFloat = error instanceof InputError && error.problems.every(({ code }) => code === "float-model");
    if (!isFloat) throw error;
    loadFloatGraph(path);
    return undefined;
  }
}

function fits(graph: IntGraph, most: { readonly macs: number; readonly values: number }): boolean {
  const macs = graph.nodes.reduce((sum, node) => sum + node.macs, 0);
  const values = [...graph.maps.values()].reduce(
    (sum, map) => sum + map.height * map.width * map.channels,
    0,
  );
  return macs <= most.macs && values <= most.values;
}

function noise(graph: IntGraph, draw: Random): Int8Array {
  const values = inputsOf(graph).reduce((sum, id) => {
    const map = graph.maps.get(id);
    return sum + (map === undefined ? 0 : map.height * map.width * map.channels);
  }, 0);
  return Int8Array.from({ length: values }, () => draw.between(-128, 127));
}
