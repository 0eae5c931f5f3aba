/** Exported functions of a file to SSA. */
import type { FunctionDeclaration, JSDocTag, Node } from "ts-morph";
import { callFunction } from "./call.ts";
import { nodeOf } from "./builtins.ts";
import { isOwnFile } from "../../src/typescript/check-types.ts";
import { createReporter, HlsError, type Reporter } from "./diagnostics.ts";
import { formatOf, formatText, portsOf, rangeOf, type Format, type KernelPort } from "./format.ts";
import { loadKernelFile, type LoadedFile } from "./load.ts";
import { isWithin, rangeText } from "./range.ts";
import type { SsaNode } from "./ssa.ts";
import { ssaBuilder } from "./builder.ts";
import { checkSubset } from "./subset.ts";
import { itemsOf, newArray, type Context, type Value } from "./value.ts";
import { item } from "../../src/ir/known.ts";

export interface Kernel {
  /** The function's name. */
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly format: Format }[];
  readonly resultFormat: Format;
  readonly inputs: readonly KernelPort[];
  readonly outputs: readonly KernelPort[];
  /** One for each of `outputs`. */
  readonly results: readonly SsaNode[];
  /** Where the kernel or its `@latency` is, for complaints. */
  readonly declaration: Node;
  /** Pipeline stages that `@latency` asks for. */
  readonly latency: number | null;
  /** Whether `@dsp` asks for multiplier blocks. */
  readonly usesDsp: boolean;
  /** The stage that each of `inputs` comes with where there is no handshake, from 1: what `@stage` asks for. */
  readonly arrivals: readonly number[];
  /** The function as it runs in Node. */
  readonly run: (...values: readonly unknown[]) => unknown;
}

/** Every kernel of a file. Throws HlsError with all that is wrong, InputError for a file that is not there. */
export function readKernels(path: string): readonly Kernel[] {
  const loaded = loadKernelFile(path);
  const reporter = createReporter();
  const own = loaded.source.getProject().getSourceFiles().filter(isOwnFile);
  const exported = loaded.source.getFunctions().filter((f) => f.isExported() && !isHelper(f));
  if (exported.length === 0) reporter.report(loaded.source, "HLS015", "nothing to compile");
  checkSubset(exported, new Set(own), reporter);
  const kernels = exported.map((declaration) => readKernel(declaration, loaded, reporter));
  if (reporter.diagnostics.length > 0) throw new HlsError(reporter.diagnostics);
  return kernels.filter((kernel) => kernel !== null);
}

/** A function that others call with constants or plain integers has no ports of its own. */
function isHelper(declaration: FunctionDeclaration): boolean {
  if (declaration.getTypeParameters().length > 0) return true;
  return declaration.getParameters().some((parameter) => {
    const type = parameter.getType();
    return type.isNumber() || type.isBigInt() || type.isArray() || type.isReadonlyArray();
  });
}

function readKernel(declaration: FunctionDeclaration, loaded: LoadedFile, reporter: Reporter): Kernel | null {
  const name = declaration.getName() ?? "kernel";
  const parameters = declaration.getParameters().map((parameter) => {
    const format = formatOf(parameter.getType(), parameter);
    if (format === null || parameter.isRestParameter()) {
      reporter.report(parameter, "HLS009", `\`${parameter.getText()}\``);
    }
    return { name: parameter.getName(), format };
  });
  const resultFormat = formatOf(declaration.getReturnType(), declaration);
  if (resultFormat === null) {
    const at = declaration.getReturnTypeNode() ?? declaration.getNameNode() ?? declaration;
    reporter.report(at, "HLS009", `a result of type ${declaration.getReturnType().getText(declaration)}`);
  }
  if (parameters.length === 0)
    reporter.report(declaration.getNameNode() ?? declaration, "HLS009", "no parameter");
  const latency = latencyOf(declaration, reporter);
  const typed = parameters.flatMap(({ name: own, format }) =>
    format === null ? [] : [{ name: own, format }],
  );
  if (resultFormat === null || typed.length < parameters.length) return null;

  const usesDsp = tagsOf(declaration, "dsp").length > 0;
  const context = newContext(loaded, reporter, usesDsp);
  const inputs = typed.flatMap((parameter) => portsOf(parameter.name, parameter.format));
  let port = 0;
  const valueOf = (format: Format): Value => {
    if (format.kind === "tuple") return newArray(context, format.items.map(valueOf));
    const node = context.builder.input(port, item(inputs, port).name, rangeOf(format));
    port += 1;
    return { kind: format.kind === "bool" ? "bool" : "bits", node };
  };
  const values = typed.map(({ format }) => valueOf(format));
  const result = callFunction(context, declaration, declaration, values);
  const outputs = portsOf("result", resultFormat);
  const results = flatten(context, result).map((value) => nodeOf(context, declaration, value));
  if (reporter.diagnostics.length > 0) return null;
  if (results.length !== outputs.length) {
    reporter.report(declaration, "HLS009", `${results.length} values for ${formatText(resultFormat)}`);
    return null;
  }
  for (const [i, node] of results.entries()) {
    const range = rangeOf(item(outputs, i).format);
    if (isWithin(node.range, range)) continue;
    const found = `the result can be ${rangeText(node.range)}, ${formatText(item(outputs, i).format)} holds ${rangeText(range)}`;
    reporter.report(declaration.getReturnTypeNode() ?? declaration, "HLS008", found);
  }
  const run = loaded.modules.get(loaded.source.getFilePath())?.exported[name] as Kernel["run"];
  const arrivals = arrivalsOf(declaration, typed, latency, reporter);
  return {
    name,
    parameters: typed,
    resultFormat,
    inputs,
    outputs,
    results,
    latency,
    declaration: tagsOf(declaration, "latency")[0] ?? declaration,
    usesDsp,
    arrivals,
    run,
  };
}

function newContext(loaded: LoadedFile, reporter: Reporter, usesDsp: boolean): Context {
  return {
    builder: ssaBuilder(usesDsp),
    reporter,
    loaded,
    state: { variables: new Map(), store: new Map(), facts: new Map() },
    frames: [],
    nextCell: 0,
    constants: new Map(),
    tables: new Map(),
    shared: new Set(),
  };
}

function flatten(context: Context, value: Value): Value[] {
  const items = itemsOf(context, value);
  return items === null ? [value] : items.flatMap((item) => flatten(context, item));
}

function tagsOf(declaration: FunctionDeclaration, name: string): JSDocTag[] {
  const tags = declaration.getJsDocs().flatMap((doc) => doc.getTags());
  return tags.filter((tag) => tag.getTagName() === name);
}

/** `@stage N NAME...`: these parameters come with stage N of the latency that the kernel asks for. */
function arrivalsOf(
  declaration: FunctionDeclaration,
  parameters: Kernel["parameters"],
  latency: number | null,
  reporter: Reporter,
): number[] {
  const stages = new Map<string, number>();
  for (const tag of tagsOf(declaration, "stage")) {
    const [first = "", ...names] = (tag.getCommentText() ?? "").trim().split(/\s+/);
    const stage = Number(first);
    const isKnown = names.length > 0 && names.every((name) => parameters.some((p) => p.name === name));
    if (Number.isInteger(stage) && stage >= 1 && latency !== null && stage <= latency && isKnown) {
      for (const name of names) stages.set(name, stage);
    } else reporter.report(tag, "HLS017", `\`${tag.getText().trim()}\``);
  }
  return parameters.flatMap(({ name, format }) => portsOf(name, format).map(() => stages.get(name) ?? 1));
}

function latencyOf(declaration: FunctionDeclaration, reporter: Reporter): number | null {
  const [tag] = tagsOf(declaration, "latency");
  if (tag === undefined) return null;
  const stages = Number(tag.getCommentText() ?? "");
  if (Number.isInteger(stages) && stages >= 1 && stages <= 64) return stages;
  reporter.report(tag, "HLS017", `\`${tag.getText().trim()}\``);
  return null;
}
