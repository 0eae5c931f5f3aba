/** A kernel as the activation of a network: the function itself, and what its file says of its values. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { ts } from "ts-morph";
import * as hls from "../hls/index.ts";
import { InputError } from "../ir/errors.ts";
import { packagePath } from "../ir/package-root.ts";
import { realFunctions } from "./real.ts";
import { runFile, type UserFile } from "../typescript/run-file.ts";
import { isActivationName, type ActivationKernel, type ShippedActivation } from "../ir/activation-kernel.ts";

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
  const functions = declarationsOf(path).filter(({ id }) => wanted === null || id === wanted);
  const [found] = functions;
  if (found === undefined || functions.length > 1) {
    const all = declarationsOf(path).map(({ id }) => id);
    throw refused(
      path,
      `exports ${all.join(", ") || "no function"}`,
      `name one, as in ${basename(path)}#${all[0] ?? "activation"}`,
    );
  }
  const { id, latency, operand, result } = found;
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
    real: realOf(name),
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

function realOf(name: string): ((x: number) => number) | null {
  return Object.hasOwn(realFunctions, name) ? realFunctions[name as ShippedActivation] : null;
}

/** File and function that a name stands for. */
function pathOf(name: string): readonly [string, string | null] {
  if (!isActivationName(name)) throw refused(name, "no kernel of that name", "see docs/hls.md");
  if (!name.includes(".ts")) return [packagePath("hw", "kernels", `${name}.ts`), null];
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

/** The file's exported functions of one operand, with their tags. */
function declarationsOf(path: string): Declaration[] {
  if (!existsSync(path)) return [];
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  return source.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return [];
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    const [operand] = statement.parameters;
    if (!isExported || operand === undefined || statement.parameters.length > 1) return [];
    const tags = ts.getJSDocTags(statement).map((tag) => ({
      name: tag.tagName.text,
      words: (ts.getTextOfJSDocComment(tag.comment) ?? "").trim().split(/\s+/),
    }));
    const id = statement.name.text;
    const places = (of: string) => {
      const text = tags.find(({ name, words }) => name === "places" && words[0] === of)?.words[1] ?? "";
      if (/^\d$/.test(text) && Number(text) <= 7) return Number(text);
      const found = `${id} does not say how many binary places ${of} has`;
      throw refused(path, found, `write @places ${of} N above it, N from 0 to 7`);
    };
    const stages = Number(tags.find(({ name }) => name === "latency")?.words[0] ?? usualLatency);
    return [{ id, latency: stages, operand: places(operand.name.getText()), result: places("result") }];
  });
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
