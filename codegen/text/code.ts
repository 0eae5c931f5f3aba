/** Text of a target language that is safe to stand in a generated file as it is. */
import { assert } from "../../src/ir/errors.ts";

/** The languages that templates are written in. */
export type Language =
  | "c"
  | "constraints"
  | "html"
  | "makefile"
  | "markdown"
  | "python"
  | "tcl"
  | "typescript"
  | "verilog"
  | "xml"
  | "yaml";

/**
 * A piece of a language. Only the functions of this file and of languages.ts make one: from literals of our own source, from
 * numbers, from other pieces, and from escaped text. A template lets nothing else through.
 */
export class Code<L extends Language = Language> {
  readonly language: L;
  readonly #text: string;

  private constructor(language: L, text: string) {
    this.language = language;
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** The tag of a template literal, whose values are numbers and pieces of the same language. */
  static tag<L extends Language>(language: L): Tag<L> {
    return (strings, ...values) => {
      // Only a tagged literal has `raw`, and nobody can change it: text that came at run time has no way in.
      assert(
        Object.isFrozen(strings) && Object.isFrozen(strings.raw),
        `${language}: a tag without a literal`,
      );
      for (const value of values) assert(isPiece(value, language), `${String(value)} is no ${language}`);
      return new Code(language, String.raw({ raw: strings }, ...values.map(String)));
    };
  }

  /** What `escape` makes of text; for languages.ts alone, whose functions are tried with hostile text. */
  static escaped<L extends Language>(
    language: L,
    escape: (text: string) => string,
  ): (text: string) => Code<L> {
    return (text) => new Code(language, escape(text));
  }
}

export type Tag<L extends Language> = (
  strings: TemplateStringsArray,
  ...values: readonly (number | Code<L>)[]
) => Code<L>;

/** Pieces one after the other, with the same piece between every two. */
export function joined<L extends Language>(
  tag: Tag<L>,
  pieces: readonly Code<L>[],
  between: Code<L>,
): Code<L> {
  return pieces.reduce((all, piece, i) => (i === 0 ? piece : tag`${all}${between}${piece}`), tag``);
}

/** True for what may stand in a text of `language` as it is. */
export function isPiece(value: unknown, language: Language): value is number | Code {
  return typeof value === "number"
    ? Number.isFinite(value)
    : value instanceof Code && value.language === language;
}
