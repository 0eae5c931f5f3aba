/** The maps that a plan's blocks write, to memory or on the chip, in their order. */
import type { Block, MapPlace } from "../../src/4-schedule/plan.ts";
import { assert } from "../../src/ir/errors.ts";
import type { MapId } from "../../src/ir/integer.ts";
import { known, lastItem } from "../../src/ir/known.ts";

/** Values of the maps that the golden model made of a picture, [H, W, C], re-centred int8. */
export type GoldenMaps = ReadonlyMap<MapId, Int8Array>;

export interface WrittenMap {
  readonly map: MapId;
  /** The layer that makes it, and in brackets those of its block whose maps pass from phase to phase. */
  readonly name: string;
  readonly place: MapPlace;
}

export function writtenMap({ destination, phases, pool, residual }: Block): WrittenMap {
  const { operator } = lastItem(phases);
  assert(operator, "a block ends with an operator");
  const node = pool?.node ?? residual?.node;
  const made = node ?? operator.node;
  const inner = phases.flatMap((phase) => (phase.operator === null ? [] : [phase.operator.node.name]));
  const behind = [residual?.node.name ?? made.name, made.name];
  const names = [...new Set([...inner, ...behind])].filter((name) => name !== made.name);
  return {
    map: node?.output ?? operator.output,
    name: names.length === 0 ? made.name : `${made.name} (with ${names.join(", ")})`,
    place: destination,
  };
}

/** The values of the maps one behind the other. */
export function expectedValues(maps: readonly WrittenMap[], golden: GoldenMaps): Uint8Array {
  const values = maps.map(({ map, name, place }) => {
    const found = known(golden.get(map), `the golden model made the map of ${name}`);
    assert(found.length === sizeOf(place), `${name} has the size of its place`);
    return found;
  });
  return joinedValues(values);
}

/** The values one behind the other. */
export function joinedValues(maps: readonly Int8Array[]): Uint8Array {
  const all = new Int8Array(maps.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const map of maps) {
    all.set(map, at);
    at += map.length;
  }
  return new Uint8Array(all.buffer);
}

/** Values of a map. */
export function sizeOf({ channels, rows, width }: MapPlace): number {
  return rows * width * channels;
}
