/** Checking and running TypeScript files that lie in the page's memory. */
import { Project, type ProjectOptions } from "ts-morph";
import { textOf } from "../bytes.ts";
import { givenFiles } from "./given.ts";

export function openProject(options: ProjectOptions): Project {
  const project = new Project({ ...options, useInMemoryFileSystem: true });
  const files = project.getFileSystem();
  for (const [path, content] of givenFiles())
    if (path.endsWith(".ts"))
      files.writeFileSync(path, typeof content === "string" ? content : textOf(content));
  return project;
}

/** A kernel's file is a program: running it is what the caller asks for. A page that forbids `eval` cannot. */
export function functionOf(
  body: string,
  parameters: readonly string[],
  path: string,
): (...values: readonly unknown[]) => unknown {
  return new Function(...parameters, `${body}\n//# sourceURL=${path}`) as ReturnType<typeof functionOf>;
}

/** Browsers read no source maps for a script. */
export function sourceLine(_sourceMap: string, _line: number, _column: number): null {
  return null;
}
