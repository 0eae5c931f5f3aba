import type { Field } from "./text-format.ts";

/** Adds a problem about one layer. */
export type Report = (code: string, found: string, supported: string, fix: string) => void;

/** The fields of one message. Those that nobody asks for are problems: nothing in a file is ignored silently. */
export class FieldReader {
  readonly #fields: readonly Field[];
  readonly #asked = new Set<string>();
  readonly #where: string;
  readonly #report: Report;

  /** `where` names the message, such as `convolution_param`; empty for the outermost one. */
  constructor(fields: readonly Field[], where: string, report: Report) {
    this.#fields = fields;
    this.#where = where;
    this.#report = report;
  }

  /** Integers of 0 or more; others are reported and left out. */
  sizes(name: string): number[] {
    return this.#values(name).flatMap(({ value, line }) => {
      if (
        value.kind === "number" &&
        Number.isInteger(value.number) &&
        value.number >= 0 &&
        value.number < 2 ** 31
      )
        return [value.number];
      this.#invalid(name, line, "an integer of 0 or more");
      return [];
    });
  }

  size(name: string, fallback: number): number {
    return this.sizes(name).at(-1) ?? fallback;
  }

  numbers(name: string): number[] {
    return this.#values(name).flatMap(({ value, line }) => {
      if (value.kind === "number") return [value.number];
      this.#invalid(name, line, "a number");
      return [];
    });
  }

  strings(name: string): string[] {
    return this.#values(name).flatMap(({ value, line }) => {
      if (value.kind === "string") return [value.text];
      this.#invalid(name, line, "a quoted string");
      return [];
    });
  }

  /** An enum's name, `true` or `false`. */
  word(name: string, fallback: string): string {
    const last = this.#values(name).at(-1);
    if (!last) return fallback;
    if (last.value.kind === "word") return last.value.text;
    this.#invalid(name, last.line, "a name without quotes");
    return fallback;
  }

  /** Messages of the given name, each a reader of its own. */
  messages(name: string): FieldReader[] {
    return this.#values(name).flatMap(({ value, line }) => {
      if (value.kind === "message") return [new FieldReader(value.fields, name, this.#report)];
      this.#invalid(name, line, "fields in braces");
      return [];
    });
  }

  /** The last message of the given name, or an empty one. */
  message(name: string): FieldReader {
    return this.messages(name).at(-1) ?? new FieldReader([], name, this.#report);
  }

  /** The same fields as the outermost ones of their own reports. */
  withReport(report: Report): FieldReader {
    return new FieldReader(this.#fields, "", report);
  }

  /** Takes note of fields that change nothing about the computation. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  /** Reports every field that was neither asked for nor ignored. */
  finish(): void {
    for (const { name, line } of this.#fields) {
      if (this.#asked.has(name)) continue;
      const found = `${this.#path(name)} in line ${line}`;
      const supported = [...this.#asked].toSorted().join(", ") || "no fields";
      this.#report("unsupported-attribute", found, supported, "remove the field or replace the layer");
    }
  }

  #values(name: string): Field[] {
    this.#asked.add(name);
    return this.#fields.filter((field) => field.name === name);
  }

  #path(name: string): string {
    return this.#where === "" ? name : `${this.#where}.${name}`;
  }

  #invalid(name: string, line: number, supported: string): void {
    const found = `another value of ${this.#path(name)} in line ${line}`;
    this.#report("invalid-attribute", found, supported, "mend the .prototxt");
  }
}
