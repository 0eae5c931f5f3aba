/** Checking and running TypeScript files of the user's in this process. */
import { SourceMap, type SourceMapPayload } from "node:module";
import { compileFunction } from "node:vm";
import type { Project, ProjectOptions } from "ts-morph";
import { library } from "./library.ts";

/** A project of TypeScript's compiler that reads the machine's files. */
export function openProject(options: ProjectOptions): Project {
  const { Project } = library("ts-morph");
  return new Project(options);
}

/** JavaScript as the body of a function with these parameters; errors name `path`. */
export function functionOf(
  body: string,
  parameters: readonly string[],
  path: string,
): (...values: readonly unknown[]) => unknown {
  return compileFunction(body, parameters, { filename: path }) as (...values: readonly unknown[]) => unknown;
}

/** The line, from 1, of a script's source that a place in the script came from; null when it is not known. */
export function sourceLine(sourceMap: string, line: number, column: number): number | null {
  const entry = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload).findEntry(line - 1, column - 1);
  return "originalLine" in entry ? entry.originalLine + 1 : null;
}
