/** TypeScript's own complaints about a file of the user's. */
import type { Project, SourceFile } from "ts-morph";
import { exists } from "../platform/files.ts";
import { library } from "../platform/library.ts";
import { packagePath } from "../platform/package.ts";
import { resolve, sep } from "../platform/paths.ts";
import { openProject } from "../platform/typescript.ts";
import { locate, type Diagnostic } from "./diagnostic.ts";

/** What such a file may import of Firebrick. */
export type FirebrickModule = "firebrick/hls" | "firebrick/network";

/** What a network may use of Node beside that: kernels have no side effects. */
const globals: Readonly<Record<FirebrickModule, string>> = {
  "firebrick/hls": "",
  "firebrick/network":
    "declare const console: Record<'error' | 'log' | 'warn', (...values: unknown[]) => void>;\n" +
    "declare const process: { readonly argv: string[]; readonly env: Record<string, string | undefined> };\n",
};

export interface CheckedFile {
  readonly project: Project;
  readonly source: SourceFile;
  /** Of this file and of those of the user's that it imports; [] when all types are right. */
  readonly complaints: readonly Diagnostic[];
}

/** Reads an existing file, and what it imports, with the strictest types. */
export function checkTypes(path: string, module: FirebrickModule): CheckedFile {
  const { ts } = library("ts-morph");
  const project = openProject({
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
      paths: { [module]: [moduleTypes(module)] },
    },
  });
  project.createSourceFile(packagePath("src", "typescript", "globals.d.ts"), globals[module]);
  const source = project.addSourceFileAtPath(resolve(path));
  project.resolveSourceFileDependencies();
  const own = project.getSourceFiles().filter(isOwnFile);
  return { project, source, complaints: own.flatMap(complaintsOf) };
}

/** Whether a file is the user's, not Firebrick's runtime or a library. */
export function isOwnFile(file: SourceFile): boolean {
  return !file.isDeclarationFile() && !resolve(file.getFilePath()).startsWith(packagePath("src") + sep);
}

/** The sources of a checkout, or what an installed package has instead. */
export function moduleTypes(module: FirebrickModule): string {
  const folder = module.replace("firebrick/", "");
  const sources = packagePath("src", folder, "index.ts");
  return exists(sources) ? sources : packagePath("dist", "src", folder, "index.d.ts");
}

function complaintsOf(file: SourceFile): Diagnostic[] {
  const { ts } = library("ts-morph");
  const text = file.getFullText();
  return file.getPreEmitDiagnostics().map((complaint) => {
    const message = ts.flattenDiagnosticMessageText(complaint.compilerObject.messageText, "\n  ");
    const at = locate(file.getFilePath(), text, complaint.getStart() ?? 0, complaint.getLength() ?? 1);
    return { ...at, rule: `TS${complaint.getCode()}`, message, fix: null };
  });
}
