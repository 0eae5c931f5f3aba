/**
 * How text becomes data in each target language: the only place that escapes. Text of a model, a board or a kernel reaches
 * a generated file through one of these functions or not at all; see code.ts and ../render.ts.
 */
import { assert } from "../../src/ir/errors.ts";
import { visibleLines } from "../../src/ir/visible.ts";
import { isIdentifier } from "../names.ts";
import { Code, type Language } from "./code.ts";

type Escape = (text: string) => string;

/** One line of printable ASCII, without what ends a comment or begins a macro or a substitution in any language. */
const line: Escape = (text) => text.replace(/[^ -~]|[\\`]/g, "_");

/** A line between delimiters of these characters, which it therefore lacks. */
const without =
  (characters: RegExp): Escape =>
  (text) =>
    line(text).replace(characters, "_");

/** Text that has to be a word already: a language without quotes, or a name that others refer to. */
const only =
  (what: string, pattern: RegExp): Escape =>
  (text) => {
    assert(pattern.test(text), `${JSON.stringify(text)} is no ${what}`);
    return text;
  };

const identifier: Escape = (text) => {
  assert(isIdentifier(text), `${JSON.stringify(text)} is no identifier of Verilog`);
  return text;
};

/** Paths, part numbers, pins, options: nothing that a tool takes for syntax. */
const word = only("plain word", /^(?!-)[A-Za-z0-9_./+-]+$/);
const argument = only("argument of a tool", /^[A-Za-z0-9_./+-]+$/);
const command = only("command of Yosys", /^[A-Za-z0-9_ .:*-]+$/);
const hexadecimal = only("hexadecimal number", /^0x[0-9a-f]+$/);
const cName = only("name of C", /^[A-Za-z_][A-Za-z0-9_]*$/);
const dottedName = only("name of Python", /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/);

/** A string of JSON in ASCII, as YAML 1.2, Python and TypeScript read it too. */
const quoted: Escape = (text) =>
  JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** XML 1.0 forbids most control characters in any form, so they are spelled. */
const markup: Escape = (text) => visibleLines(text).replace(/[&<>"']/g, (found) => entities[found] ?? found);

/** A picture that a library drew: one element of SVG in which nothing runs and nothing is fetched. */
const drawing: Escape = (text) => {
  assert(/^<svg[\s>][\s\S]*<\/svg>$/.test(text), "a drawing is an SVG element");
  const found =
    /<(?:script|foreignObject|iframe|image|use|a)\b|\s(?:on\w+|href|xlink:href)\s*=(?=[^<>]*>)|<!/i.exec(
      text,
    );
  assert(found === null, `a drawing holds ${found?.[0] ?? ""}`);
  return text;
};

const dataAddress = only("data address of an image", /^data:image\/[a-z]+;base64,[A-Za-z0-9+/=]*$/);

/** Text inside of a paragraph, a heading or a cell. An underscore inside of a word means nothing in CommonMark. */
const markdown: Escape = (text) =>
  text
    .replace(/[\p{C}\u2028\u2029]+/gu, " ")
    .replace(/[\\`*[\]<>|#&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (found) => `\\${found}`);

/** By language, what templates call by name: `{{comment model}}`. */
export const escapes = {
  c: { comment: without(/[/*]/g), hex: hexadecimal, name: cName },
  constraints: { comment: line, word },
  html: { dataAddress, drawing, text: markup },
  makefile: { argument, command, comment: line, word },
  markdown: { text: markdown },
  python: { comment: line, hex: hexadecimal, name: dottedName, string: quoted },
  tcl: { comment: without(/[{}]/g), word },
  typescript: { comment: line, string: quoted },
  verilog: {
    comment: line,
    digits: only("row of digits", /^[0-9a-f]+$/),
    identifier,
    string: (text) => `"${without(/"/g)(text)}"`,
  },
  xml: { comment: without(/-(?=-)|-$/g), text: markup },
  yaml: { comment: line, string: quoted, word },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, Escape>>>>;

/** Code of Verilog: a tag for expressions, and the names that they refer to. */
export const verilog = Code.tag("verilog");
export const verilogDigits = Code.escaped("verilog", escapes.verilog.digits);
export const verilogIdentifier = Code.escaped("verilog", escapes.verilog.identifier);

export const c = Code.tag("c");
export const python = Code.tag("python");
export const pythonString = Code.escaped("python", escapes.python.string);
export const html = Code.tag("html");
export const htmlText = Code.escaped("html", escapes.html.text);
export const htmlDrawing = Code.escaped("html", escapes.html.drawing);
export const htmlDataAddress = Code.escaped("html", escapes.html.dataAddress);
