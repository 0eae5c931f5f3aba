import { visible } from "./visible.ts";

/** One thing that is wrong with the user's input: what was found, what would work, and how to get there. */
export interface Problem {
  /** Stable code such as `unsupported-operator`; listed in docs/errors.md. */
  readonly code: string;
  /** The node, tensor, file or option that the problem is about. */
  readonly node: string;
  readonly found: string;
  readonly supported: string;
  readonly fix: string;
}

/** Of many nodes with one problem, those that the problem names. */
const NAMED_NODES = 3;

/** Each problem once. Those of many nodes that differ in nothing else become one, which names some nodes and counts the rest. */
export function mergeProblems(problems: readonly Problem[]): readonly Problem[] {
  const groups = new Map<string, Map<string, Problem>>();
  for (const problem of problems) {
    const { code, found, supported, fix } = problem;
    const key = JSON.stringify([code, found, supported, fix]);
    const group = groups.get(key) ?? new Map<string, Problem>();
    groups.set(key, group.set(problem.node, problem));
  }
  return [...groups.values()].flatMap((group) => {
    const alike = [...group.values()];
    if (alike.length < NAMED_NODES) return alike;
    const named = alike.length > NAMED_NODES + 1 ? NAMED_NODES : alike.length;
    const more = alike.length > named ? ` and ${alike.length - named} more` : "";
    const nodes = alike.slice(0, named).map(({ node }) => node);
    return alike.slice(0, 1).map((first) => ({ ...first, node: `${nodes.join(", ")}${more}` }));
  });
}

/** The user's input is at fault: exit status 2, no stack trace. Carries every problem that was found, as mergeProblems has them. */
export class InputError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[]) {
    const list = mergeProblems(
      Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem],
    );
    super(list.map(formatProblem).join("\n"));
    this.name = "InputError";
    this.problems = list;
  }
}

/** A tool outside npm is missing: exit status 3. */
export class MissingToolError extends Error {
  readonly tool: string;
  readonly install: string;

  constructor(tool: string, install: string) {
    super(`${tool} is not installed. Install it with: ${install}`);
    this.name = "MissingToolError";
    this.tool = tool;
    this.install = install;
  }
}

/** The system does not let us read or write: exit status 74. */
export class FileSystemError extends Error {
  readonly parts: readonly [path: string, reason: string, fix: string];

  constructor(path: string, reason: string, fix: string) {
    super(`cannot use ${path}: ${reason}; fix: ${fix}`);
    this.name = "FileSystemError";
    this.parts = [path, reason, fix];
  }
}

/** What a full disk, a folder without permission or a broken device answers; anything else is a bug of ours. */
const SYSTEM_CODES: readonly unknown[] = [
  "ENOSPC",
  "EDQUOT",
  "EFBIG",
  "EIO",
  "EROFS",
  "EACCES",
  "EPERM",
  "EEXIST",
  "ENOTDIR",
  "ENAMETOOLONG",
  "ELOOP",
  "EMFILE",
  "ENFILE",
  "ETXTBSY",
];

/** The same error, or where the system refused a file: FileSystemError with the path that it names, else `path`. */
export function namePath(error: unknown, path: string, fix: string): unknown {
  if (!(error instanceof Error) || !SYSTEM_CODES.includes(Reflect.get(error, "code"))) return error;
  const named: unknown = Reflect.get(error, "path");
  return new FileSystemError(typeof named === "string" ? named : path, error.message, fix);
}

/** An error as data, for another thread. */
export type PlainError =
  | { readonly problems: readonly Problem[] }
  | { readonly parts: FileSystemError["parts"] }
  | {
      readonly message: string;
      readonly stack: string | undefined;
      /** As namePath reads them. */
      readonly code: unknown;
      readonly path: unknown;
    };

export function plainError(error: unknown): PlainError {
  if (error instanceof InputError) return { problems: error.problems };
  if (error instanceof FileSystemError) return { parts: error.parts };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const field = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  return { message, stack, code: field("code"), path: field("path") };
}

/** The error that `plainError` took apart. */
export function errorOf(plain: PlainError): Error {
  if ("problems" in plain) return new InputError(plain.problems);
  if ("parts" in plain) return new FileSystemError(...plain.parts);
  return Object.assign(new Error(plain.message), plain);
}

/** `code: node: found F; supported: S; fix: X` on one line. */
export function formatProblem(p: Problem): string {
  return visible(`${p.code}: ${p.node}: found ${p.found}; supported: ${p.supported}; fix: ${p.fix}`);
}

/** States a fact that only a bug in Firebrick can break. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${message}`);
}
