/** Runs a TypeScript file of the user's in this process: a network, a kernel. */
import { InputError } from "../ir/errors.ts";
import { exists, readText } from "../platform/files.ts";
import { library } from "../platform/library.ts";
import { dirname, resolve } from "../platform/paths.ts";
import { functionOf, sourceLine } from "../platform/typescript.ts";

export type Exports = Record<string, unknown>;

export interface UserFile {
  /** As messages name it. */
  readonly path: string;
  /** What it may import beside TypeScript files of its own, by name. */
  readonly modules: Readonly<Record<string, object>>;
  /** Makes the error for a file that is wrong; `node` may have a line behind the path. */
  readonly refused: (node: string, found: string, fix: string) => InputError;
}

/** What the file exports. Each file that it imports runs once. Throws what `refused` makes, with the line. */
export function runFile(file: UserFile): Exports {
  return run(resolve(file.path), file.path, file, new Map());
}

function run(path: string, shown: string, file: UserFile, done: Map<string, Exports>): Exports {
  const known = done.get(path);
  if (known !== undefined) return known;
  if (!exists(path)) throw file.refused(shown, "no such file", "check the path");
  const { ts } = library("ts-morph");
  const text = readText(path);
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
    throw file.refused(`${shown}:${line + 1}`, message, "mend the file");
  }
  const exports: Exports = {};
  done.set(path, exports);
  const load = (request: string): unknown => {
    if (Object.hasOwn(file.modules, request)) return file.modules[request];
    if (/^\.{1,2}\/.*\.ts$/.test(request)) return run(resolve(dirname(path), request), request, file, done);
    const names = Object.keys(file.modules).join(", ");
    throw new Error(`an import of "${request}"; ${names} and TypeScript files beside this one are there`);
  };
  try {
    functionOf(outputText, ["exports", "require"], path)(exports, load);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const line = lineOf(error, path, sourceMapText ?? "");
    // The builder's assertions are here about the user's file.
    const message = (error instanceof Error ? error.message : String(error)).replace("internal error: ", "");
    throw file.refused(line === null ? shown : `${shown}:${line}`, message, "mend the file");
  }
  return exports;
}

/** Line of the source where an error left the file; null when it never was there. */
function lineOf(error: unknown, path: string, sourceMap: string): number | null {
  const stack = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const frame = stack.find((entry) => entry.includes(`${path}:`));
  const place = frame === undefined ? null : /:(\d+):(\d+)\)?$/.exec(frame);
  return place === null ? null : sourceLine(sourceMap, Number(place[1]), Number(place[2]));
}
