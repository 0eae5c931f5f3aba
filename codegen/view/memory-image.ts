/** Bytes of the memory regions: what the host puts in front of the accelerator, and what it finds afterwards. */
import { assert } from "../../src/ir/errors.ts";
import type { MapPlace, Plan } from "../../src/4-schedule/plan.ts";
import { programWords } from "../../src/4-schedule/program.ts";
import { checkTable, TABLE_BYTES } from "../../src/format/check.ts";
import { writeSegment } from "./weight-records.ts";

/** The model region: header, descriptors, weight segments, constants. */
export function modelImage(plan: Plan): Uint8Array {
  const bytes = new Uint8Array(plan.regionBytes.model);
  const program = programWords(plan);
  assert(program.byteLength <= bytes.length, "the model region does not hold the program");
  const view = new DataView(bytes.buffer);
  program.forEach((word, index) => view.setUint32(4 * index, word, true));
  for (const { name, phases, tables } of plan.blocks) {
    tables?.values.forEach((table, i) => {
      const at = tables.offset + TABLE_BYTES * i;
      new Int8Array(bytes.buffer).set(table, at);
      checkTable(bytes.subarray(at, at + TABLE_BYTES));
    });
    for (const phase of phases) {
      assert(
        phase.segment === null || phase.segment.offset >= program.byteLength,
        `the weights of ${name} lie in the program`,
      );
      writeSegment(bytes, plan.hardware, phase);
    }
  }
  for (const { map, place } of plan.constants) {
    forEachPixel(place, (dense, at) => {
      new Int8Array(bytes.buffer).set(map.values.subarray(dense, dense + place.channels), at);
    });
  }
  return bytes;
}

/** The input region. `values`: the input maps, [H, W, C], re-centred int8, one behind the other. */
export function inputImage(plan: Plan, values: Int8Array): Uint8Array {
  const bytes = new Uint8Array(plan.regionBytes.input);
  const target = new Int8Array(bytes.buffer);
  let from = 0;
  for (const { place } of plan.inputs) {
    forEachPixel(place, (dense, at) => {
      target.set(values.subarray(from + dense, from + dense + place.channels), at);
    });
    from += place.rows * place.width * place.channels;
  }
  assert(values.length === from, `an input of ${values.length} values for maps of ${from}`);
  return bytes;
}

/** Calls with a pixel's index in the dense map and in its region. */
function forEachPixel(map: MapPlace, visit: (dense: number, place: number) => void): void {
  for (let y = 0; y < map.rows; y += 1) {
    for (let x = 0; x < map.width; x += 1) {
      visit((y * map.width + x) * map.channels, map.offset + y * map.rowPitch + x * map.pixelPitch);
    }
  }
}
