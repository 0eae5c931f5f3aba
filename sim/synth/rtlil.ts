/** An elaborated design as Yosys writes it (RTLIL): its modules as text, who instantiates whom, and parts of it as designs of their own. */
import { assert } from "../../src/ir/errors.ts";

export interface Cell {
  readonly type: string;
  readonly name: string;
}

export interface Module {
  readonly name: string;
  /** Name in the Verilog, without parameters. */
  readonly source: string;
  /** From `attribute`s to `end`. */
  readonly text: string;
  /** Instances of other modules of the design. */
  readonly cells: readonly Cell[];
}

export type Design = ReadonlyMap<string, Module>;

/** Reads what `write_rtlil` wrote. */
export function parseDesign(text: string): Design {
  const parts = text.split(/^(?=(?:attribute .*\n)*module )/m).flatMap((part) => {
    const name = /^module (\S+)$/m.exec(part)?.[1];
    return name === undefined ? [] : [{ name, text: part }];
  });
  const known = new Set(parts.map(({ name }) => name));
  return new Map(
    parts.map(({ name, text: body }) => {
      const cells = [...body.matchAll(/^ {2}cell (\S+) (\S+)$/gm)]
        .map((match) => ({ type: match[1] ?? "", name: (match[2] ?? "").replace(/^\\/, "") }))
        .filter(({ type }) => known.has(type));
      return [name, { name, source: sourceName(name), text: body, cells }];
    }),
  );
}

/** `\lane` of `$paramod$8bd7...\lane` and of `$paramod\lane\Lane=s32'1`. */
function sourceName(name: string): string {
  return /^\$paramod(?:\$[0-9a-f]+)?\\([^\\]+)/.exec(name)?.[1] ?? name.replace(/^\\/, "");
}

/** A design of its own. `empty`: modules to be taken for black boxes. */
export interface Part {
  readonly text: string;
  readonly empty: readonly string[];
  /** Names in the Verilog of m0, m1, ... */
  readonly sources: readonly string[];
  /** Names in the design of m0, m1, ... */
  readonly modules: readonly string[];
}

/**
 * The part of the design that belongs to module `top`: everything below it, but modules for which `apart` holds come without
 * their contents. Modules are renamed m0 (the top), m1, ... and generated names renumbered, so that equal hardware has equal text.
 */
export function partOf(design: Design, top: string, apart: (module: Module) => boolean): Part {
  const order: Module[] = [];
  const visit = (name: string): void => {
    const module = design.get(name);
    assert(module, `the design has module ${name}`);
    if (order.includes(module)) return;
    order.push(module);
    if (name === top || !apart(module)) for (const { type } of module.cells) visit(type);
  };
  visit(top);
  const renamed = new Map(order.map(({ name }, index) => [name, `\\m${index}`]));
  const text = order
    .map((module) => {
      const names = module.text.replace(/^(module| {2}cell) (\S+)/gm, (line, word: string, name: string) => {
        const other = renamed.get(name);
        return other === undefined ? line : `${word} ${other}`;
      });
      return renumbered(names.replace(/^ *attribute \\(src|hdlname) .*\n/gm, ""));
    })
    .join("");
  const empty = order.filter((module, index) => index > 0 && apart(module));
  return {
    text,
    empty: empty.map(({ name }) => (renamed.get(name) ?? "").slice(1)),
    sources: order.map(({ source }) => source),
    modules: order.map(({ name }) => name),
  };
}

/** Yosys names what has no name `$what$file:line$number`, with numbers that depend on everything before. */
function renumbered(text: string): string {
  const numbers = new Map<string, number>();
  return text.replace(/\$[^\s$]+:[^\s$]+\$(\d+)(?=\D|$)/g, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return `$n$${number}`;
  });
}
