/** memory/layout.json: what a driver has to know about the four memory regions. */
import type { MapPlace, Plan, Region } from "../../src/4-schedule/plan.ts";

/** Registers that take the base of each region; docs/hardware.md. */
const baseRegisters: Readonly<Record<Region, string>> = {
  model: "0x10",
  input: "0x1c",
  output: "0x28",
  workspace: "0x34",
};
const regions: readonly Region[] = ["model", "input", "output", "workspace"];
const alignment = 4096;

/** `offset`: one way to place the regions one behind the other; any bases on `alignment` bytes will do. */
export function layoutView(plan: Plan): object {
  let next = 0;
  const entries = regions.map((region) => {
    const bytes = plan.regionBytes[region];
    const offset = next;
    next += Math.ceil(bytes / alignment) * alignment;
    return [region, { bytes, offset, baseRegister: baseRegisters[region] }];
  });
  return {
    alignment,
    busBytes: plan.hardware.busBytes,
    input: mapView(plan, plan.input, plan.graph.input),
    modelFile: "memory/model.bin",
    output: mapView(plan, plan.output, plan.graph.logits),
    regions: Object.fromEntries(entries) as Record<string, object>,
    totalBytes: next,
  };
}

/** Values in memory are int8; a uint8 model's are its own less 128. */
function mapView({ graph }: Plan, place: MapPlace, id: number): object {
  const map = graph.maps.get(id);
  return {
    ...place,
    ...(map === undefined
      ? {}
      : { modelType: map.dtype, name: map.name, scale: map.scale, zeroPoint: map.zeroPoint }),
  };
}
