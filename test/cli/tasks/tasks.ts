import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "../../../src/cli/tasks/task.ts";
import { packagePath } from "../../../src/platform/package.ts";

/** Drawings that ship with the embedded network. */
export function pictures(count: number): readonly string[] {
  const folder = packagePath("src", "zoo", "pictures", "examples");
  return readdirSync(folder)
    .sort()
    .slice(0, count)
    .map((name) => join(folder, name));
}

/** A golden run of the embedded network a task, on one drawing each: a second of work. */
export function pictureTasks(count: number): readonly Task[] {
  return pictures(count).map((file, index) => ({
    name: `drawing ${index}`,
    args: ["golden", "pictures", "--input", file, "--json"],
  }));
}
