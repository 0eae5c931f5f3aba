/** The types that a port can have, read from TypeScript's. */
import type { Node, Type } from "ts-morph";
import { intRange, uintRange, type Range } from "./range.ts";

export type Format =
  | { readonly kind: "int"; readonly signed: boolean; readonly bits: number }
  | { readonly kind: "bool" }
  | { readonly kind: "tuple"; readonly items: readonly Format[] };

/** Null for a type that no port can carry. */
export function formatOf(type: Type, at: Node): Format | null {
  if (type.isBoolean()) return { kind: "bool" };
  if (type.isTuple()) {
    const items = type.getTupleElements().map((item) => formatOf(item, at));
    return items.length > 0 && items.every((item) => item !== null) ? { kind: "tuple", items } : null;
  }
  for (const [property, signed] of [
    ["hls:int", true],
    ["hls:uint", false],
  ] as const) {
    const bits = type.getProperty(property)?.getTypeAtLocation(at).getLiteralValue();
    if (typeof bits === "number" && Number.isInteger(bits) && bits >= 1 && bits <= 64) {
      return { kind: "int", signed, bits };
    }
  }
  return null;
}

/** One wire bundle of the module. */
export interface KernelPort {
  readonly name: string;
  readonly format: Exclude<Format, { kind: "tuple" }>;
}

/** Ports of a value, a tuple's items one after the other as `name_0`, `name_1`. */
export function portsOf(name: string, format: Format): KernelPort[] {
  if (format.kind !== "tuple") return [{ name, format }];
  return format.items.flatMap((item, index) => portsOf(`${name}_${index}`, item));
}

export function rangeOf(format: KernelPort["format"]): Range {
  if (format.kind === "bool") return uintRange(1);
  return format.signed ? intRange(format.bits) : uintRange(format.bits);
}

export function bitsOf(format: KernelPort["format"]): number {
  return format.kind === "bool" ? 1 : format.bits;
}

/** Text such as `Int<8>`. */
export function formatText(format: Format): string {
  if (format.kind === "bool") return "boolean";
  if (format.kind === "tuple") return `[${format.items.map(formatText).join(", ")}]`;
  return `${format.signed ? "Int" : "UInt"}<${format.bits}>`;
}
