/** Protocol buffers' text format, as far as Caffe's .prototxt files use it: `name: value`, `name { fields }`. */

export interface Field {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  readonly value: Value;
}

export type Value =
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "string"; readonly text: string }
  /** An enum's name, `true` or `false`. */
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "message"; readonly fields: readonly Field[] };

/** The text breaks the grammar. */
export class TextFormatError extends Error {}

/** Deeper nesting is no Caffe network, and would exhaust the stack. */
const MOST_LEVELS = 50;

interface Token {
  readonly text: string;
  readonly line: number;
}

/** @throws TextFormatError with the line of the first mistake. */
export function parseTextFormat(text: string): readonly Field[] {
  const tokens = tokenize(text);
  let at = 0;
  const next = (): Token | undefined => tokens[at++];
  const peek = (): string | undefined => tokens[at]?.text;

  const parseFields = (level: number): Field[] => {
    const fields: Field[] = [];
    for (;;) {
      const token = next();
      if (!token) {
        if (level > 0) throw new TextFormatError("the text ends inside braces");
        return fields;
      }
      if (token.text === "}" && level > 0) return fields;
      if (!/^[A-Za-z_]\w*$/.test(token.text)) throw unexpected(token, "a field's name");
      const colon = peek() === ":";
      if (colon) at++;
      for (const value of parseValues(token, colon, level)) {
        fields.push({ name: token.text, line: token.line, value });
      }
      if (peek() === ";" || peek() === ",") at++;
    }
  };

  const parseValues = (field: Token, colon: boolean, level: number): Value[] => {
    const token = next();
    if (!token) throw new TextFormatError(`line ${field.line}: ${field.text} has no value`);
    if (token.text === "{") {
      if (level >= MOST_LEVELS)
        throw new TextFormatError(`line ${token.line}: more than ${MOST_LEVELS} levels`);
      return [{ kind: "message", fields: parseFields(level + 1) }];
    }
    if (!colon) throw unexpected(token, "':' or '{'");
    if (token.text !== "[") return [scalar(token)];
    const list: Value[] = [];
    while (peek() !== "]") {
      const item = next();
      if (!item) throw new TextFormatError(`line ${token.line}: a list without its end`);
      list.push(scalar(item));
      if (peek() === ",") at++;
    }
    at++;
    return list;
  };

  return parseFields(0);
}

function scalar(token: Token): Value {
  const { text } = token;
  if (/^["']/.test(text)) return { kind: "string", text: unescape(text.slice(1, -1)) };
  if (/^[A-Za-z_]\w*$/.test(text)) return { kind: "word", text };
  const number = Number(text.replace(/f$/i, ""));
  if (!/^[-+.\d]/.test(text) || Number.isNaN(number)) throw unexpected(token, "a value");
  return { kind: "number", number };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c === "t" ? "\t" : c));
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /(\n)|[^\S\n]+|#[^\n]*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}[\]:;,]|[-+.\w]+)|(.)/gu;
  let line = 1;
  for (const [, newline, token, stray] of text.matchAll(pattern)) {
    if (newline) line++;
    if (stray) throw new TextFormatError(`line ${line}: unexpected ${JSON.stringify(stray)}`);
    if (token) tokens.push({ text: token, line });
  }
  return tokens;
}

function unexpected(token: Token, wanted: string): TextFormatError {
  return new TextFormatError(`line ${token.line}: ${JSON.stringify(token.text)} where ${wanted} belongs`);
}
