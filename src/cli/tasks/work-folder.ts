/** The folder that tasks leave their results in: it survives an interruption, so that the same command goes on. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { contentHash } from "../../platform/content-hash.ts";
import { InputError } from "../../ir/errors.ts";
import { packagePath, packageVersion } from "../../platform/package.ts";
import type { Task } from "./task.ts";

/** How one attempt at a task ended. */
export interface TaskEnd {
  /** Exit status of the command. */
  readonly status: number;
  /** What it printed on stdout and stderr. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface WorkFolder {
  /** Absolute. */
  readonly path: string;
  readonly key: string;
  /** The shell script that runs a task. */
  script(index: number): string;
  /** null while the task has not ended. */
  end(index: number): TaskEnd | null;
  /** Forgets how the task ended, before another attempt. */
  forget(index: number): void;
  remove(): void;
}

/** Identity of a run: the command lines, this version, and whatever `contents` they read. */
export function tasksKey(tasks: readonly Task[], contents: readonly (string | Uint8Array)[]): string {
  const lines = tasks.map(({ args }) => JSON.stringify(args));
  return contentHash([packageVersion(), process.cwd(), ...lines, ...contents]).slice(0, 12);
}

/**
 * Makes the folder, or opens the one that an earlier run with the same `key` left.
 * Throws InputError `work-folder` when it belongs to anything else.
 */
export function openWorkFolder(folder: string, key: string, tasks: readonly Task[]): WorkFolder {
  const path = resolve(folder);
  const keyFile = join(path, "run.txt");
  const script = (index: number): string => join(path, `task-${index}.sh`);
  if (!existsSync(keyFile)) {
    makeFolder(folder, path);
    for (const [index, task] of tasks.entries()) writeFileSync(script(index), taskScript(path, index, task));
    writeFileSync(`${keyFile}.partial`, `${key}\n`);
    renameSync(`${keyFile}.partial`, keyFile);
  } else if (readFileSync(keyFile, "utf8").trim() !== key) {
    throw workFolderError(folder, "results of another command, or of inputs that have changed since");
  }
  const read = (name: string): string =>
    existsSync(join(path, name)) ? readFileSync(join(path, name), "utf8") : "";
  return {
    path,
    key,
    script,
    end: (index) => {
      const status = read(`status-${index}.txt`).trim();
      if (status === "") return null;
      return {
        status: Number(status),
        stdout: read(`result-${index}.json`),
        stderr: read(`log-${index}.txt`),
      };
    },
    forget: (index) => {
      rmSync(join(path, `status-${index}.txt`), { force: true });
    },
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function makeFolder(folder: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw workFolderError(folder, error instanceof Error ? error.message : String(error));
  }
}

function workFolderError(folder: string, found: string): InputError {
  return new InputError({
    code: "work-folder",
    node: folder,
    found,
    supported: "a new folder, or the one of the same command",
    fix: "remove it or give another folder to --work",
  });
}

/**
 * A scheduler may start a script twice: the second finds the status and leaves. The status comes last and by a rename,
 * so that whoever sees it can read the result.
 */
function taskScript(folder: string, index: number, { args, name }: Task): string {
  const file = (part: string): string => quote(join(folder, part));
  const command = [process.execPath, packagePath("dist", "src", "cli.js"), ...args];
  return [
    "#!/bin/sh",
    `# ${name.replaceAll("\n", " ")}`,
    `[ -e ${file(`status-${index}.txt`)} ] && exit 0`,
    `cd ${quote(process.cwd())} || exit 1`,
    `echo "$(hostname) $$" >> ${file(`starts-${index}.txt`)}`,
    `${command.map(quote).join(" ")} > ${file(`result-${index}.json`)} 2> ${file(`log-${index}.txt`)}`,
    `echo $? > ${file(`status-${index}.partial`)}`,
    `mv ${file(`status-${index}.partial`)} ${file(`status-${index}.txt`)}`,
    "",
  ].join("\n");
}

/** One word of a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
