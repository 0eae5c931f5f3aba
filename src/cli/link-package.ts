import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { packageRoot } from "../platform/package.ts";

/** Lets files in `folder` import Firebrick by its name: where Node finds no installed one from there, a link to this one. */
export function linkPackage(folder: string): void {
  if (canResolve(folder)) return;
  mkdirSync(join(folder, "node_modules"));
  // A junction is what Windows lets everybody make.
  symlinkSync(packageRoot(), join(folder, "node_modules", "firebrick"), "junction");
}

function canResolve(folder: string): boolean {
  try {
    createRequire(join(resolve(folder), "index.js")).resolve("firebrick/bench");
    return true;
  } catch {
    return false;
  }
}
