/** Reads a kernel's file twice: as a syntax tree with types, and as a module that runs in this process. */
import { ts, type Project, type SourceFile } from "ts-morph";
import { InputError } from "../../src/ir/errors.ts";
import * as runtime from "../../src/hls/index.ts";
import { exists } from "../../src/platform/files.ts";
import { dirname, resolve } from "../../src/platform/paths.ts";
import { functionOf } from "../../src/platform/typescript.ts";
import { checkTypes, isOwnFile, moduleTypes } from "../../src/typescript/check-types.ts";
import { HlsError } from "./diagnostics.ts";

const runtimeModule = "firebrick/hls";

/** What a module holds once it has run. */
export interface LoadedModule {
  readonly exported: Readonly<Record<string, unknown>>;
  /** Its top-level constants by name. */
  readonly constants: Readonly<Record<string, unknown>>;
}

export interface LoadedFile {
  readonly source: SourceFile;
  /** By path: the file itself, and every file of the user's that it imports. */
  readonly modules: ReadonlyMap<string, LoadedModule>;
}

/** Throws HlsError with every complaint of TypeScript's, InputError for a file that is not there. */
export function loadKernelFile(path: string): LoadedFile {
  if (!exists(path)) {
    throw new InputError({
      code: "missing-file",
      node: path,
      found: "no such file",
      supported: "a TypeScript file",
      fix: "check the path",
    });
  }
  const { complaints, project, source } = checkTypes(path, runtimeModule);
  if (complaints.length > 0) throw new HlsError(complaints);
  const modules = new Map<string, LoadedModule>();
  runModule(source, modules, project);
  return { source, modules };
}

export function isRuntimeFile(file: SourceFile): boolean {
  return resolve(file.getFilePath()) === moduleTypes(runtimeModule);
}

function runModule(file: SourceFile, modules: Map<string, LoadedModule>, project: Project): LoadedModule {
  const path = file.getFilePath();
  const known = modules.get(path);
  if (known !== undefined) return known;
  const constants: string[] = [];
  for (const declaration of file.getVariableDeclarations()) {
    const name = declaration.getName();
    const isExported = declaration.getVariableStatement()?.isExported() ?? false;
    if (/^[A-Za-z_$][\w$]*$/.test(name)) constants.push(`${name}: ${isExported ? "exports." : ""}${name}`);
  }
  const { outputText } = ts.transpileModule(file.getFullText(), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const load = (request: string): unknown => {
    if (request === runtimeModule) return runtime;
    const imported = file
      .getImportDeclarations()
      .find((declaration) => declaration.getModuleSpecifierValue() === request)
      ?.getModuleSpecifierSourceFile();
    if (imported !== undefined && isOwnFile(imported)) return runModule(imported, modules, project).exported;
    throw new InputError({
      code: "missing-file",
      node: file.getBaseName(),
      found: `an import of "${request}" from ${dirname(path)}`,
      supported: "firebrick/hls and TypeScript files beside this one",
      fix: "import only those in a file of kernels",
    });
  };
  const exported: Record<string, unknown> = {};
  const body = `${outputText}\nreturn { ${constants.join(", ")} };`;
  const found = functionOf(body, ["exports", "require"], path)(exported, load);
  const result: LoadedModule = { exported, constants: found as LoadedModule["constants"] };
  modules.set(path, result);
  return result;
}
