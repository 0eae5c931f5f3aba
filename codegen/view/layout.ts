/** memory/layout.json: what a driver has to know about the four memory regions. */
import type { MapPlace, Plan } from "../../src/4-schedule/plan.ts";
import type { MapId } from "../../src/ir/integer.ts";
import { placeRegions, REGION_ALIGNMENT } from "../../src/format/regions.ts";
import { hexByte } from "../format/registers.ts";

/** `offset`: one way to place the regions one behind the other; any bases on `alignment` bytes will do. */
export function layoutView(plan: Plan): object {
  const { places, totalBytes } = placeRegions(plan.regionBytes);
  const entries = places.map(({ bytes, name, offset, register }) => [
    name,
    { bytes, offset, baseRegister: hexByte(register) },
  ]);
  return {
    alignment: REGION_ALIGNMENT,
    busBytes: plan.hardware.busBytes,
    inputs: plan.inputs.map(({ map, place }) => mapView(plan, place, map)),
    modelFile: "memory/model.bin",
    outputs: plan.outputs.map(({ map, place }) => mapView(plan, place, map)),
    regions: Object.fromEntries(entries) as Record<string, object>,
    totalBytes,
  };
}

/** Values in memory are int8; a uint8 model's are its own less 128. */
function mapView({ graph }: Plan, place: MapPlace, id: MapId): object {
  const map = graph.maps.get(id);
  return {
    ...place,
    ...(map === undefined
      ? {}
      : { modelType: map.dtype, name: map.name, scale: map.scale, zeroPoint: map.zeroPoint }),
  };
}
