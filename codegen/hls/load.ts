/** Reads a kernel's file twice: as a syntax tree with types, and as a module that runs in this process. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { compileFunction } from "node:vm";
import { Project, ts, type SourceFile } from "ts-morph";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import * as runtime from "../../src/hls/index.ts";
import { HlsError, locate, type Diagnostic } from "./diagnostics.ts";

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
  if (!existsSync(path)) {
    throw new InputError({
      code: "missing-file",
      node: path,
      found: "no such file",
      supported: "a TypeScript file",
      fix: "check the path",
    });
  }
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ["lib.es2023.d.ts"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: [],
      paths: { "firebrick/hls": [runtimePath()] },
    },
  });
  const source = project.addSourceFileAtPath(resolve(path));
  project.resolveSourceFileDependencies();
  const own = project.getSourceFiles().filter(isOwnFile);
  const complaints = own.flatMap((file) => typeComplaints(file));
  if (complaints.length > 0) throw new HlsError(complaints);
  const modules = new Map<string, LoadedModule>();
  runModule(source, modules, project);
  return { source, modules };
}

/** Whether a file is the user's, not Firebrick's runtime or a library. */
export function isOwnFile(file: SourceFile): boolean {
  return !isRuntimeFile(file) && !file.isDeclarationFile();
}

export function isRuntimeFile(file: SourceFile): boolean {
  return resolve(file.getFilePath()) === runtimePath();
}

/** The sources of a checkout, or what an installed package has instead. */
function runtimePath(): string {
  const sources = packagePath("src", "hls", "index.ts");
  return existsSync(sources) ? sources : packagePath("dist", "src", "hls", "index.d.ts");
}

function typeComplaints(file: SourceFile): Diagnostic[] {
  const text = file.getFullText();
  return file.getPreEmitDiagnostics().map((complaint) => {
    const message = ts.flattenDiagnosticMessageText(complaint.compilerObject.messageText, "\n  ");
    const at = locate(file.getFilePath(), text, complaint.getStart() ?? 0, complaint.getLength() ?? 1);
    return { ...at, rule: `TS${complaint.getCode()}`, message, fix: null };
  });
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
    if (request === "firebrick/hls") return runtime;
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
  const body = compileFunction(`${outputText}\nreturn { ${constants.join(", ")} };`, ["exports", "require"], {
    filename: path,
  }) as (exports: object, require: (request: string) => unknown) => Record<string, unknown>;
  const result: LoadedModule = { exported, constants: body(exported, load) };
  modules.set(path, result);
  return result;
}
