/** Nodes that a pass puts in front of, or in place of, others: parts of maps, maps side by side, and maps woven together. */
import type { IntConcat, IntGraph, IntInterleave, IntMap, IntNode, IntSlice, MapId } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";

/** A graph while nodes are added to it. */
export class Expansion {
  readonly maps: Map<MapId, IntMap>;
  readonly nodes: IntNode[] = [];
  #next: MapId;

  constructor({ maps }: IntGraph) {
    this.maps = new Map(maps);
    this.#next = Math.max(...maps.keys()) + 1;
  }

  mapOf(id: MapId): IntMap {
    return known(this.maps.get(id), "a node's maps exist");
  }

  /** A map like another one, of its own name and sides, or a constant. */
  map(like: IntMap, suffix: string, own: Partial<Pick<IntMap, "height" | "width" | "values">>): IntMap {
    const made = { ...like, ...own, id: this.#next++, name: `${like.name}${suffix}` };
    this.maps.set(made.id, made);
    return made;
  }

  /** Rows, axis 0, or columns, axis 1, of a map: `count` from `begin` on. The map itself where those are all. */
  part(
    name: string,
    from: IntMap,
    axis: 0 | 1,
    { begin, count }: { readonly begin: number; readonly count: number },
  ): IntMap {
    if (begin === 0 && count === (axis === 0 ? from.height : from.width)) return from;
    const to = this.map(from, `/${name}`, axis === 0 ? { height: count } : { width: count });
    this.nodes.push({
      kind: "slice",
      ...base(name, [from], to),
      begin: axis === 0 ? [begin, 0, 0] : [0, begin, 0],
      stride: [1, 1, 1],
    } satisfies IntSlice);
    return to;
  }

  /** Copies of a map's first row or column in front of it, and of its last ones behind it. */
  bordered(name: string, from: IntMap, axis: 0 | 1, [before, behind]: readonly [number, number]): IntMap {
    if (before + behind === 0) return from;
    const size = axis === 0 ? from.height : from.width;
    const edge = (count: number, at: number, side: string) =>
      Array.from({ length: count }, (_, i) =>
        this.part(`${name}/${side}${i}`, from, axis, { begin: at, count: 1 }),
      );
    const parts = [...edge(before, 0, "before"), from, ...edge(behind, size - 1, "behind")];
    const sides = size + before + behind;
    const to = this.map(from, `/${name}`, axis === 0 ? { height: sides } : { width: sides });
    const rescale = parts.map(() => null);
    this.nodes.push({ kind: "concat", ...base(name, parts, to), axis, rescale } satisfies IntConcat);
    return to;
  }

  /** Every so many rows and columns of a map. */
  everyOf(
    name: string,
    from: IntMap,
    [down, across]: readonly [number, number],
    rows: Taken,
    columns: Taken,
  ): IntMap {
    const to = this.map(from, `/${name}`, { height: rows.size, width: columns.size });
    this.nodes.push({
      kind: "slice",
      ...base(`${name}/taken`, [from], to),
      begin: [rows.begin, columns.begin, 0],
      stride: [down, across, 1],
    } satisfies IntSlice);
    return to;
  }

  /** The output of a node: maps of one size woven together, cut to its size. */
  weave(
    { name, output, sources }: IntNode,
    parts: readonly IntMap[],
    factor: readonly [number, number],
  ): void {
    const [made, { height, width }] = [this.mapOf(output), item(parts, 0)];
    const sides = { height: height * factor[0], width: width * factor[1] };
    const isWhole = sides.height === made.height && sides.width === made.width;
    const woven = isWhole ? made : this.map(made, "/woven", sides);
    const last = { name, sources, output, macs: 0 };
    const own = isWhole ? last : { ...last, name: `${name}/woven`, sources: [], output: woven.id };
    const inputs = parts.map(({ id }) => id);
    this.nodes.push({ kind: "interleave", ...own, inputs, factor } satisfies IntInterleave);
    if (isWhole) return;
    const whole = { begin: [0, 0, 0], stride: [1, 1, 1] } as const;
    this.nodes.push({ kind: "slice", ...last, inputs: [woven.id], ...whole } satisfies IntSlice);
  }
}

/** `size` elements of an axis from `begin` on. */
export interface Taken {
  readonly begin: number;
  readonly size: number;
}

function base(name: string, inputs: readonly IntMap[], { id }: IntMap) {
  return { name, sources: [], inputs: inputs.map((map) => map.id), output: id, macs: 0 };
}
