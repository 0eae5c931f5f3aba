/** A kernel of the user's own: what the comment above its function says, and the function itself. */
import type { ts } from "ts-morph";
import * as hls from "../hls/index.ts";
import { usualLatency } from "../ir/activation-kernel.ts";
import { InputError } from "../ir/errors.ts";
import { readText } from "../platform/files.ts";
import { basename } from "../platform/paths.ts";
import { library } from "../platform/library.ts";
import { withinStack } from "../typescript/nesting.ts";
import { runFile, type UserFile } from "../typescript/run-file.ts";

export interface OwnKernel {
  /** Of the function. */
  readonly name: string;
  readonly latency: number;
  /** Binary places behind the point. */
  readonly places: { readonly operand: number; readonly result: number };
  readonly call: (x: bigint) => unknown;
}

/** The exported function of that name, or the only one. Throws InputError `broken-activation`. */
export function ownKernel(path: string, wanted: string | undefined): OwnKernel {
  return withinStack(path, "a kernel", () => readOwnKernel(path, wanted));
}

function readOwnKernel(path: string, wanted: string | undefined): OwnKernel {
  const file: UserFile = { path, modules: { "firebrick/hls": hls }, refused };
  const exports = runFile(file);
  const all = functionsOf(path);
  const named = all.filter(({ name: own }) => wanted === undefined || own?.text === wanted);
  const [found] = named;
  if (found === undefined || named.length > 1) {
    const names = all.map(({ name: own }) => own?.text ?? "");
    throw refused(
      path,
      `exports ${names.join(", ") || "no function"}`,
      `name one, as in ${basename(path)}#${names[0] ?? "activation"}`,
    );
  }
  const tags = tagsOf(found, path);
  return { ...tags, call: exports[tags.name] as (x: bigint) => unknown };
}

/** The file's exported functions of one operand. */
function functionsOf(path: string): readonly ts.FunctionDeclaration[] {
  const { ts } = library("ts-morph");
  const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.ES2022, true);
  return source.statements.filter((statement): statement is ts.FunctionDeclaration => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return false;
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    return isExported && statement.parameters.length === 1;
  });
}

/** What the comment above a function says. */
function tagsOf(declaration: ts.FunctionDeclaration, path: string): Omit<OwnKernel, "call"> {
  const { ts } = library("ts-morph");
  const tags = ts.getJSDocTags(declaration).map(({ comment, tagName }) => ({
    tag: tagName.text,
    words: (ts.getTextOfJSDocComment(comment) ?? "").trim().split(/\s+/),
  }));
  const name = declaration.name?.text ?? "";
  const places = (of: string) => {
    const text = tags.find(({ tag, words }) => tag === "places" && words[0] === of)?.words[1] ?? "";
    if (/^[0-7]$/.test(text)) return Number(text);
    const found = `${name} does not say how many binary places ${of} has`;
    throw refused(path, found, `write @places ${of} N above it, N from 0 to 7`);
  };
  const asked = tags.find(({ tag }) => tag === "latency")?.words[0] ?? String(usualLatency);
  const latency = /^\d+$/.test(asked) ? Number(asked) : 0;
  if (latency < 1 || latency > 64) throw refused(path, `@latency ${asked}`, "ask for 1 to 64 stages");
  const operand = places(declaration.parameters[0]?.name.getText() ?? "");
  return { name, latency, places: { operand, result: places("result") } };
}

/** What is wrong with a kernel or its name. */
export function refused(node: string, found: string, fix: string): InputError {
  return new InputError({
    code: "broken-activation",
    node,
    found,
    supported: "an exported function from Int<8> to Int<8> with @places of both",
    fix,
  });
}
