/** Runs the small engine on pictures, with a flash that holds the network, and looks at every result. */
import { SMALL, type SmallLayer, type SmallMap, type SmallPlan } from "../../src/4-schedule/small/plan.ts";
import { assert } from "../../src/ir/errors.ts";
import { item } from "../../src/ir/known.ts";
import { cycle, type Actor, type Dut } from "../bench/index.ts";
import { recorder, type EngineEvents, type Recorder } from "./events.ts";
import { quadFlash } from "./flash.ts";

/** Where hardware and expectation part: the first result that differs, was not expected, or never came. */
export interface SmallDivergence {
  readonly kind: "value" | "unexpected" | "missing";
  readonly layer: number;
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  readonly cycle: number;
  readonly expected: number;
  readonly got: number;
}

export interface SmallLayerCycles {
  /** From the end of the layer before it to its own. */
  readonly cycles: number;
  /** Words met weights. */
  readonly computeCycles: number;
  /** The engine waited for the flash. */
  readonly stallCycles: number;
}

export interface SmallImage {
  readonly divergence: SmallDivergence | null;
  readonly mismatches: number;
  /** From start to done, as the engine counts them. */
  readonly cycles: number;
  readonly layers: readonly SmallLayerCycles[];
  /** Of the last layer, [H, W, C]. */
  readonly output: Int8Array;
  readonly class: number;
  readonly score: number;
  /** Bytes that the flash sent. */
  readonly flashBytes: number;
  readonly writeBytes: number;
  /** Why it did not end; null when it did. */
  readonly failure: string | null;
  /** The simulation's cycle behind the start of the image. */
  readonly startCycle: number;
  /** null where they were not asked for. */
  readonly events: EngineEvents | null;
}

export interface SmallRun {
  readonly plan: SmallPlan;
  /** [H, W, C], re-centred int8. */
  readonly input: Int8Array;
  /** What each layer has to make, [H, W, C]. */
  readonly expected: readonly Int8Array[];
  /** Whether the answer has what the engine did and when. */
  readonly events?: boolean | undefined;
  /** Called now and then with the cycles of this image so far. */
  readonly onProgress?: (cycles: number) => void;
}

/** Ten times what a network may take. */
const MAX_CYCLES = 50_000_000;
const PROGRESS_CYCLES = 65_536;

/**
 * `dut`: small_engine or its netlist, reset. `network`: what the flash holds at `address`; `wakeCycles`: how long it wakes. The flash keeps its state
 * between images, so one runner goes with one module.
 */
export function smallRunner(
  dut: Dut,
  network: Uint8Array,
  address: number,
  wakeCycles = 72,
): (run: SmallRun) => SmallImage {
  const flash = quadFlash(dut, { bytes: network, address, wakeCycles });
  let now = 0;
  const clock: Actor = {
    drive: () => undefined,
    observe() {
      now += 1;
    },
  };
  return (run) => {
    let waited = 0;
    while (dut.peekNumber("idle_o") === 0 && waited < MAX_CYCLES) {
      cycle(dut, [flash, clock]);
      waited += 1;
    }
    writePicture(dut, [flash, clock], run.plan.input, run.input);
    const readBefore = flash.readBytes;
    const events = run.events === true ? recorder(() => flash.readBytes - readBefore) : null;
    const watch = watchResults(dut, run.plan, run.expected, events);
    dut.poke("start_i", 1);
    cycle(dut, [flash, clock]);
    dut.poke("start_i", 0);
    const startCycle = now;
    let cycles = 0;
    let failure: string | null = null;
    while (dut.peekNumber("done_o") === 0 && failure === null) {
      try {
        cycle(dut, [flash, watch, clock]);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
      cycles += 1;
      if (cycles >= MAX_CYCLES) failure = `not done after ${cycles} cycles`;
      if (cycles % PROGRESS_CYCLES === 0) run.onProgress?.(cycles);
    }
    return {
      ...watch.result(),
      cycles: failure === null ? dut.peekNumber("cycles_o") : cycles,
      class: dut.peekNumber("class_o"),
      score: Number(dut.peekSigned("score_o")),
      flashBytes: flash.readBytes - readBefore,
      failure,
      startCycle,
      events,
    };
  };
}

/** A byte a cycle into bank 0. */
function writePicture(dut: Dut, around: readonly Actor[], map: SmallMap, values: Int8Array): void {
  assert(values.length === map.height * map.width * map.channels, "the picture has the input's size");
  dut.poke("picture_valid_i", 1);
  for (const [i, value] of values.entries()) {
    const channel = i % map.channels;
    const byte = channel % SMALL.channels;
    dut.poke("picture_data_i", value & 255);
    dut.poke("picture_byte_i", byte);
    dut.poke("picture_next_i", byte === 3 || channel === map.channels - 1);
    cycle(dut, around);
  }
  dut.poke("picture_valid_i", 0);
}

function watchResults(dut: Dut, plan: SmallPlan, expected: readonly Int8Array[], events: Recorder | null) {
  const counted = plan.layers.map(() => ({ cycles: 0, computeCycles: 0, stallCycles: 0 }));
  const seen = plan.layers.map(
    ({ result }) => new Uint8Array(result.height * result.width * result.channels),
  );
  const output = new Int8Array(item(seen, seen.length - 1).length);
  let divergence: SmallDivergence | null = null;
  let mismatches = 0;
  let writeBytes = 0;
  let now = 0;
  const differ = (found: Omit<SmallDivergence, "cycle">): void => {
    mismatches += 1;
    divergence ??= { ...found, cycle: now };
  };
  const result = (index: number, layer: SmallLayer): void => {
    const place = placeOf(layer.result, dut.peekNumber("trace_addr_o"));
    const got = (dut.peekNumber("trace_data_o") << 24) >> 24;
    writeBytes += 1;
    if (place === null) return;
    const { channel, column, row } = place;
    const at = (row * layer.result.width + column) * layer.result.channels + channel;
    const want = expected[index]?.[at];
    assert(want !== undefined, "every result has an expected value");
    if (index === plan.layers.length - 1) output[at] = got;
    const found = { layer: index, ...place, expected: want, got };
    if (item(seen, index)[at]) differ({ kind: "unexpected", ...found });
    else if (want !== got) differ({ kind: "value", ...found });
    item(seen, index)[at] = 1;
  };
  return {
    drive: () => undefined,
    observe(): void {
      now += 1;
      const index = dut.peekNumber("trace_layer_o");
      const layer = plan.layers[index];
      const cycles = counted[index];
      if (layer === undefined || cycles === undefined)
        throw new Error(`layer ${index} of ${plan.layers.length}`);
      cycles.cycles += 1;
      const step = dut.peekNumber("trace_step_o");
      const wait = dut.peekNumber("trace_wait_o");
      cycles.computeCycles += step;
      cycles.stallCycles += wait;
      events?.note(now - 1, index, step === 1 ? "compute" : wait === 1 ? "weights" : "between");
      if (dut.peekNumber("trace_valid_o") === 1) result(index, layer);
    },
    result() {
      for (const [index, { result: map }] of plan.layers.entries()) {
        const at = item(seen, index).indexOf(0);
        if (at < 0) continue;
        const channel = at % map.channels;
        const pixel = (at - channel) / map.channels;
        const place = { row: Math.floor(pixel / map.width), column: pixel % map.width, channel };
        differ({
          kind: "missing",
          layer: index,
          ...place,
          expected: item(item(expected, index), at),
          got: 0,
        });
      }
      return { divergence, mismatches, layers: counted, output, writeBytes };
    },
  };
}

/** Row, column and channel of a byte; null for the lanes behind the last channel. */
function placeOf(map: SmallMap, address: number): { row: number; column: number; channel: number } | null {
  const word = address >> 2;
  const channel = (word % map.words) * SMALL.channels + (address & 3);
  const pixel = Math.floor(word / map.words);
  const row = Math.floor(pixel / map.width);
  return channel < map.channels && row < map.height ? { row, column: pixel % map.width, channel } : null;
}
