/** The memory of what the host computes: buffers in `fb_results`, and constant tables. */
import type { MapId } from "../../../src/ir/integer.ts";
import { known } from "../../../src/ir/known.ts";
import type { Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";

export type ElementType = "int8_t" | "uint8_t" | "int16_t" | "uint32_t" | "int32_t" | "float" | "corners";

/** Code of a type's name. */
const TYPES = {
  int8_t: c`int8_t`,
  uint8_t: c`uint8_t`,
  int16_t: c`int16_t`,
  uint32_t: c`uint32_t`,
  int32_t: c`int32_t`,
  float: c`float`,
  corners: c`fb_corners`,
} as const satisfies Readonly<Record<ElementType, Code<"c">>>;

/** A list of values: a member of `work`. */
export interface Values {
  readonly type: ElementType;
  readonly name: Code<"c">;
  /** Pointer to the first. */
  readonly code: Code<"c">;
}

export interface Table {
  readonly type: Code<"c">;
  readonly name: Code<"c">;
  readonly values: ArrayLike<number>;
}

export class HostMemory {
  readonly #values = new Map<MapId, Values>();
  readonly buffers: { readonly type: Code<"c">; readonly name: Code<"c">; readonly count: number }[] = [];
  readonly tables: Table[] = [];

  /** Room for values that no map has. */
  room(type: ElementType, count: number): Values {
    const name = c`values${this.buffers.length}`;
    this.buffers.push({ type: TYPES[type], name, count });
    return { type, name, code: c`results->work.${name}` };
  }

  /** Room for a map, or for a value of the tail. */
  add(id: MapId, type: ElementType, count: number): Values {
    const values = this.room(type, count);
    this.#values.set(id, values);
    return values;
  }

  /** The same values under another number. */
  alias(id: MapId, values: Values): void {
    this.#values.set(id, values);
  }

  has(id: MapId): boolean {
    return this.#values.has(id);
  }

  of(id: MapId): Values {
    return known(this.#values.get(id), `the host has map ${id}`);
  }

  /** The name of a constant list. */
  table(values: Int8Array | Int16Array | Int32Array | Float32Array): Code<"c"> {
    const name = c`table${this.tables.length}`;
    this.tables.push({ type: TYPES[typeOf(values)], name, values });
    return name;
  }
}

function typeOf(values: Int8Array | Int16Array | Int32Array | Float32Array): ElementType {
  if (values instanceof Int8Array) return "int8_t";
  if (values instanceof Int16Array) return "int16_t";
  return values instanceof Int32Array ? "int32_t" : "float";
}
