/** Folders of work in progress that name their owner: what a killed run leaves, the next run clears away. */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const ownerFile = ".owner";
const groupsFile = ".groups";
/** A folder without an owner was never begun properly; younger ones may be about to get theirs. */
const ORPHAN_MS = 24 * 60 * 60 * 1000;

/** A new folder `root/prefix...` of this process. */
export async function ownedFolder(root: string, prefix: string): Promise<string> {
  const folder = await mkdtemp(join(root, prefix));
  await writeFile(join(folder, ownerFile), `${hostname()}\n${process.pid} ${startOf(process.pid)}\n`);
  return folder;
}

/** Takes the folder out of its owner's hands: it is no work in progress any more. */
export async function disown(folder: string): Promise<void> {
  for (const file of [ownerFile, groupsFile]) await rm(join(folder, file), { force: true });
}

/** Notes in an owned folder that the process group `pid` works for it. */
export function noteGroup(folder: string, pid: number): void {
  appendFileSync(join(folder, groupsFile), `${pid} ${startOf(pid)}\n`);
}

/**
 * Removes the folders `root/prefix...` whose owners have ended, and ends the process groups that still work for them.
 * A process counts as the one that was noted only if it began at the same time; folders of other machines stay.
 */
export async function removeAbandoned(root: string, prefix: string): Promise<void> {
  if (!existsSync(root)) return;
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    if (!name.startsWith(prefix) || !(await isAbandoned(folder))) continue;
    for (const line of linesOf(join(folder, groupsFile))) {
      const [pid = "", start = ""] = splitOnce(line);
      if (start !== "" && startOf(Number(pid)) === start) endGroup(Number(pid));
    }
    // Others may clear the same folder away at the same time.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The folders `root/prefix...` whose owners are processes of this machine that run. */
export async function livingFolders(root: string, prefix: string): Promise<readonly string[]> {
  const names = (await readdir(root)).filter((name) => name.startsWith(prefix));
  return names
    .map((name) => join(root, name))
    .filter((folder) => {
      const [host, process = ""] = linesOf(join(folder, ownerFile));
      return host === hostname() && isRunning(process);
    });
}

async function isAbandoned(folder: string): Promise<boolean> {
  const [host, process = ""] = linesOf(join(folder, ownerFile));
  if (host === undefined) {
    const made = await stat(folder).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > ORPHAN_MS;
  }
  return host === hostname() && !isRunning(process);
}

/** Whether a process, noted by its number and its start, has not ended. */
function isRunning(noted: string): boolean {
  const [pid = "", start] = splitOnce(noted);
  return startOf(Number(pid)) === start;
}

/** When a process began, in the system's own way of saying so; empty for one that is not there. */
function startOf(pid: number): string {
  try {
    if (globalThis.process.platform !== "linux")
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    // The name, in parentheses, may hold spaces; the state is the first field behind it and the start the 20th.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
}

function splitOnce(line: string): string[] {
  const at = line.indexOf(" ");
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 1)];
}
