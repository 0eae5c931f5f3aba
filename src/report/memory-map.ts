/** What lies where in the accelerator's memory, and during which blocks. */
import type { MapPlace, Plan } from "../4-schedule/plan.ts";
import { programBytes } from "../4-schedule/program.ts";

export interface MemoryEntry {
  readonly region: MapPlace["region"];
  readonly name: string;
  readonly kind: "program" | "weights" | "image" | "map" | "result";
  readonly offset: number;
  readonly bytes: number;
  /** First and last block during which it is in use. */
  readonly from: number;
  readonly to: number;
}

/** In the order of region, then of the program. */
export function memoryMap(plan: Plan): readonly MemoryEntry[] {
  const { blocks, hardware } = plan;
  const last = blocks.length - 1;
  const entries: MemoryEntry[] = [
    {
      region: "model",
      name: "program",
      kind: "program",
      offset: 0,
      bytes: programBytes(hardware, blocks.length),
      from: 0,
      to: last,
    },
  ];
  blocks.forEach(({ phases }, block) => {
    for (const { centreTap, operator, segment } of phases) {
      const whole = { region: "model", kind: "weights", from: block, to: block } as const;
      if (centreTap) entries.push({ ...whole, ...centreTap.segment, name: centreTap.operator.node.name });
      if (segment) entries.push({ ...whole, ...segment, name: operator?.node.name ?? "" });
    }
  });
  for (const { map, place } of plan.constants) {
    const readers = blocks.flatMap(({ residual, source }, i) =>
      [source, residual?.place].some((read) => read?.region === "model" && read.offset === place.offset)
        ? [i]
        : [],
    );
    entries.push(mapEntry(place, map.name, "weights", Math.min(...readers), Math.max(...readers)));
  }
  for (const [i, { map, place }] of plan.inputs.entries()) {
    const name = i === 0 ? "input image" : (plan.graph.maps.get(map)?.name ?? "");
    entries.push(mapEntry(place, name, "image", 0, lastReader(plan, null) ?? 0));
  }
  blocks.forEach(({ destination, name }, block) => {
    const kind = destination.region === "output" ? "result" : "map";
    entries.push(mapEntry(destination, name, kind, block, lastReader(plan, block) ?? last));
  });
  return entries.map(({ bytes, from, kind, name, offset, region, to }) => {
    return { region, name, kind, offset, bytes, from, to };
  });
}

function mapEntry(
  { offset, region, rowPitch, rows }: MapPlace,
  name: string,
  kind: MemoryEntry["kind"],
  from: number,
  to: number,
): MemoryEntry {
  return { region, name, kind, offset, bytes: rowPitch * rows, from, to };
}

/** Last block that reads what `producer` wrote; null stands for the image. */
function lastReader({ blocks }: Plan, producer: number | null): number | undefined {
  const last = blocks.findLastIndex(
    (block) => block.producer === producer || block.residual?.producer === producer,
  );
  return last < 0 ? undefined : last;
}
