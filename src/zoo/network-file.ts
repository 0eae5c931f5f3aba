/** MODEL as a TypeScript file that exports a network. */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";
import { compileFunction } from "node:vm";
import { ts } from "ts-morph";
import type { Network } from "../ir/builder.ts";
import { InputError } from "../ir/errors.ts";
import * as builder from "../network/index.ts";

/** The network that the file exports as `default` or `network`. Throws InputError, with the line where the file is wrong. */
export function readNetworkFile(path: string): Network {
  const exported = run(resolve(path), path, new Map());
  const network = exported["default"] ?? exported["network"];
  if (!isNetwork(network)) {
    const names = Object.keys(exported).join(", ") || "nothing";
    throw refused(path, `exports ${names}`, "export default buildNetwork(...).finish(...)");
  }
  const grouped = network.layers.find((layer) => layer.kind === "conv" && layer.groups > 1);
  if (grouped !== undefined)
    throw refused(path, `${grouped.name}: a convolution with groups`, "use a depthwise convolution");
  return network;
}

type Exports = Record<string, unknown>;

/** Runs a file and those that it imports, each once. `shown`: as messages name it. */
function run(path: string, shown: string, done: Map<string, Exports>): Exports {
  const known = done.get(path);
  if (known !== undefined) return known;
  if (!existsSync(path)) throw refused(shown, "no such file", "check the path");
  const text = readFileSync(path, "utf8");
  const { diagnostics, outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, sourceMap: true },
  });
  const [syntax] = diagnostics ?? [];
  if (syntax !== undefined) {
    const { line } = ts.getLineAndCharacterOfPosition(
      ts.createSourceFile(path, text, ts.ScriptTarget.ES2022),
      syntax.start ?? 0,
    );
    const message = ts.flattenDiagnosticMessageText(syntax.messageText, " ");
    throw refused(`${shown}:${line + 1}`, message, "mend the file");
  }
  const exports: Exports = {};
  done.set(path, exports);
  const load = (request: string): unknown => {
    if (request === "firebrick/network") return builder;
    if (/^\.{1,2}\/.*\.ts$/.test(request)) return run(resolve(dirname(path), request), request, done);
    throw new Error(
      `an import of "${request}"; firebrick/network and TypeScript files beside this one are there`,
    );
  };
  try {
    const body = compileFunction(outputText, ["exports", "require"], { filename: path }) as (
      exports: Exports,
      require: typeof load,
    ) => void;
    body(exports, load);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const line = lineOf(error, path, sourceMapText ?? "");
    // The builder's assertions are here about the user's file.
    const message = (error instanceof Error ? error.message : String(error)).replace("internal error: ", "");
    throw refused(line === null ? shown : `${shown}:${line}`, message, "mend the file");
  }
  return exports;
}

/** Line of the source where an error left the file; null when it never was there. */
function lineOf(error: unknown, path: string, sourceMap: string): number | null {
  const stack = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const frame = stack.find((entry) => entry.includes(`${path}:`));
  const place = frame === undefined ? null : /:(\d+):(\d+)\)?$/.exec(frame);
  if (place === null) return null;
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload);
  const entry = map.findEntry(Number(place[1]) - 1, Number(place[2]) - 1);
  return "originalLine" in entry ? entry.originalLine + 1 : null;
}

function isNetwork(value: unknown): value is Network {
  return (
    typeof value === "object" && value !== null && "layers" in value && "maps" in value && "input" in value
  );
}

function refused(node: string, found: string, fix: string): InputError {
  return new InputError({
    code: "broken-network",
    node,
    found,
    supported: "a TypeScript file that exports a network as default",
    fix,
  });
}
