/** A kernel as the activation of a network: the function itself, and what its file says of its values. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ts } from "ts-morph";
import * as hls from "../hls/index.ts";
import { InputError } from "../ir/errors.ts";
import { packagePath } from "../ir/package-root.ts";
import { realFunctions } from "./real.ts";
import { runFile, type UserFile } from "../typescript/run-file.ts";
import { isActivationName, isShipped, type ActivationKernel } from "../ir/activation-kernel.ts";

/** Stages of a kernel whose `@latency` says nothing. */
const usualLatency = 3;

/**
 * The kernel of that name. Its function is called with all 256 values: the table is what it returned.
 * Throws InputError `broken-activation` for a file that exports no such function of one Int<8>.
 */
export function activationKernel(name: string): ActivationKernel {
  const [path, wanted] = pathOf(name);
  const file: UserFile = { path, modules: { "firebrick/hls": hls }, refused };
  const exports = runFile(file);
  const all = functionsOf(path);
  const named = all.filter(({ name: own }) => wanted === null || own?.text === wanted);
  const [found] = named;
  if (found === undefined || named.length > 1) {
    const names = all.map(({ name: own }) => own?.text ?? "");
    throw refused(
      path,
      `exports ${names.join(", ") || "no function"}`,
      `name one, as in ${basename(path)}#${names[0] ?? "activation"}`,
    );
  }
  const { id, latency, operand, result } = tagsOf(found, path);
  const call = exports[id] as (x: bigint) => unknown;
  const table = Int8Array.from({ length: 256 }, (_, i) => {
    const value = valueOf(call, BigInt(i - 128), `${path}#${id}`);
    return Number(value);
  });
  return {
    spec: name,
    name: id,
    file: path,
    latency,
    places: { operand, result },
    table,
    real: isShipped(name) ? realFunctions[name] : null,
  };
}

/** `activationKernel` that reads each kernel once. */
export function kernelReader(): (name: string) => ActivationKernel {
  const known = new Map<string, ActivationKernel>();
  return (name) => {
    const kernel = known.get(name) ?? activationKernel(name);
    known.set(name, kernel);
    return kernel;
  };
}

/** File and function that a name stands for. */
function pathOf(name: string): readonly [string, string | null] {
  if (!isActivationName(name)) throw refused(name, "no kernel of that name", "see docs/hls.md");
  if (isShipped(name)) return [packagePath("hw", "kernels", `${name}.ts`), null];
  const [path = "", id] = name.split("#");
  return [path, id ?? null];
}

function valueOf(call: (x: bigint) => unknown, x: bigint, place: string): bigint {
  let value: unknown;
  try {
    value = call(x);
  } catch (error) {
    throw refused(place, `${String(error)} for ${x}`, "return an Int<8> for every Int<8>");
  }
  if (typeof value === "bigint" && value >= -128n && value <= 127n) return value;
  throw refused(place, `${String(value)} for ${x}`, "return an Int<8> for every Int<8>");
}

interface Declaration {
  readonly id: string;
  readonly latency: number;
  /** Binary places behind the point. */
  readonly operand: number;
  readonly result: number;
}

/** The file's exported functions of one operand. */
function functionsOf(path: string): readonly ts.FunctionDeclaration[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  return source.statements.filter((statement): statement is ts.FunctionDeclaration => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return false;
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    return isExported && statement.parameters.length === 1;
  });
}

/** What the comment above a function says. */
function tagsOf(declaration: ts.FunctionDeclaration, path: string): Declaration {
  const tags = ts.getJSDocTags(declaration).map((tag) => ({
    name: tag.tagName.text,
    words: (ts.getTextOfJSDocComment(tag.comment) ?? "").trim().split(/\s+/),
  }));
  const id = declaration.name?.text ?? "";
  const places = (of: string) => {
    const text = tags.find(({ name, words }) => name === "places" && words[0] === of)?.words[1] ?? "";
    if (/^[0-7]$/.test(text)) return Number(text);
    const found = `${id} does not say how many binary places ${of} has`;
    throw refused(path, found, `write @places ${of} N above it, N from 0 to 7`);
  };
  const asked = tags.find(({ name }) => name === "latency")?.words[0] ?? String(usualLatency);
  const latency = /^\d+$/.test(asked) ? Number(asked) : 0;
  if (latency < 1 || latency > 64) throw refused(path, `@latency ${asked}`, "ask for 1 to 64 stages");
  const operand = places(declaration.parameters[0]?.name.getText() ?? "");
  return { id, latency, operand, result: places("result") };
}

function refused(node: string, found: string, fix: string): InputError {
  return new InputError({
    code: "broken-activation",
    node,
    found,
    supported: "an exported function from Int<8> to Int<8> with @places of both",
    fix,
  });
}
