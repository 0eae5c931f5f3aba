/** Nodes that a pass puts in front of, or in place of, others: parts of maps, and maps side by side. */
import type { IntConcat, IntGraph, IntMap, IntNode, IntSlice, MapId } from "../ir/integer.ts";
import { known } from "../ir/known.ts";

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

  /** A map like another one, of its own name and sides. */
  map(like: IntMap, suffix: string, sides: Partial<Pick<IntMap, "height" | "width">>): IntMap {
    const made = { ...like, ...sides, id: this.#next++, name: `${like.name}${suffix}` };
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
}

function base(name: string, inputs: readonly IntMap[], { id }: IntMap) {
  return { name, sources: [], inputs: inputs.map((map) => map.id), output: id, macs: 0 };
}
