import type { FileAttribute, FileTensor } from "./file.ts";
import { AttributeType } from "./schema.ts";

/** Adds a problem about one operator. */
export type Report = (code: string, found: string, supported: string, fix: string) => void;

/** Attributes of one operator. Those that nobody asks for are problems: nothing in a file is ignored silently. */
export class Attributes {
  readonly #byName: ReadonlyMap<string, FileAttribute>;
  readonly #asked: Set<string>;
  readonly #report: Report;

  constructor(attributes: readonly FileAttribute[], report: Report, asked = new Set<string>()) {
    this.#byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
    this.#report = report;
    this.#asked = asked;
  }

  /** Those of a window along one axis as of one along the second of two. */
  ofRows(): Attributes {
    const wider = (attribute: FileAttribute): FileAttribute => {
      const [first = 0, last = 0] = attribute.ints;
      const { length } = attribute.ints;
      if (attribute.name === "pads" && length === 2) return { ...attribute, ints: [0, first, 0, last] };
      const isSize = ["kernel_shape", "strides", "dilations"].includes(attribute.name);
      return isSize && length === 1 ? { ...attribute, ints: [1, first] } : attribute;
    };
    return new Attributes([...this.#byName.values()].map(wider), this.#report, this.#asked);
  }

  int(name: string, fallback: number): number {
    return this.#get(name, AttributeType.INT, "an integer")?.i ?? fallback;
  }

  float(name: string, fallback: number): number {
    return this.#get(name, AttributeType.FLOAT, "a number")?.f ?? fallback;
  }

  text(name: string, fallback: string): string {
    const found = this.#get(name, AttributeType.STRING, "a string");
    return found ? new TextDecoder().decode(found.s) : fallback;
  }

  ints(name: string): readonly number[] | undefined {
    return this.#get(name, AttributeType.INTS, "a list of integers")?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#get(name, AttributeType.FLOATS, "a list of numbers")?.floats;
  }

  tensor(name: string): FileTensor | undefined {
    return this.#get(name, AttributeType.TENSOR, "a tensor")?.t ?? undefined;
  }

  /** Reports another value than the one that Firebrick computes with. */
  expect(name: string, only: number, fix = "export the network without it"): void {
    const value = this.int(name, only);
    if (value !== only) this.#report("unsupported-attribute", `${name} ${value}`, `${name} ${only}`, fix);
  }

  /** Takes note of attributes that change nothing about inference. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  /** Reports every attribute that was neither asked for nor ignored. */
  finish(): void {
    for (const name of this.#byName.keys()) {
      if (this.#asked.has(name)) continue;
      const known = [...this.#asked].toSorted().join(", ") || "none";
      this.#report(
        "unsupported-attribute",
        `attribute ${name}`,
        `the attributes ${known}`,
        "export the network without it",
      );
    }
  }

  #get(name: string, type: number, what: string): FileAttribute | undefined {
    this.#asked.add(name);
    const found = this.#byName.get(name);
    if (!found) return undefined;
    // Files of IR version 1 leave the type out.
    if (found.refAttrName === "" && (found.type === type || found.type === 0)) return found;
    this.#report("invalid-attribute", `attribute ${name} of another kind`, what, "export the network again");
    return undefined;
  }
}
